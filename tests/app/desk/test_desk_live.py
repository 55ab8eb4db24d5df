"""The program itself and a real cluster: killed while the broker is away and started again it tells all of it once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from app.desk.listener import Listener
from app.desk.outbox import FILE
from bridge.clock import SystemClock
from monitors.ports import Link
from monitors.settings import DeskSettings
from tests.app.desk.parts import reader, until
from tests.kafka import Cluster

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.timeout(300)


@contextmanager
def demo(folder: Path, brokers: str) -> Iterator[subprocess.Popen[bytes]]:
    """Headless, and killed at the end."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    environ |= {"PYTHONPATH": str(ROOT), "PLIMSOLL_DESK__BROKERS": brokers, "PLIMSOLL_DESK__MACHINE": "pc-1"}
    process = subprocess.Popen([sys.executable, "-m", "app", "demo", "--data", str(folder)], cwd=folder.parent,
                               env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def waiting(folder: Path) -> int:
    """Events in the outbox; none while there is no such file or table yet."""
    if not (folder / FILE).exists():
        return 0
    db = sqlite3.connect(folder / FILE)
    try:
        return int(db.execute("SELECT count(*) FROM event").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()


def first_run(folder: Path) -> str:
    """The run that the oldest event in the outbox is of."""
    db = sqlite3.connect(folder / FILE)
    try:
        (message,) = db.execute("SELECT message FROM event ORDER BY id LIMIT 1").fetchone()
    finally:
        db.close()
    return str(msgspec.json.decode(message)["run"])


def test_what_a_killed_program_could_not_send_is_sent_by_the_next_one(tmp_path: Path, cluster: Cluster) -> None:
    data = tmp_path / "data"
    data.mkdir()
    cluster.go()
    with demo(data, cluster.brokers):
        until(lambda: waiting(data) >= 3)
    cluster.come_back()
    kept, killed = waiting(data), first_run(data)
    with demo(data, cluster.brokers), reader(cluster.brokers) as events:
        until(lambda: len({one.body["run"] for one in events()}) == 2 and len(events()) > kept + 2)
        # By its name: partitions are read in no order, so the newer run's events can come first.
        first = sorted(one.number for one in events() if one.body["run"] == killed)
        assert sorted(set(first)) == list(range(1, kept + 1))
        assert [one.body["event"]["event"] for one in events()].count("started") == 6


def test_the_demo_is_seen_on_a_desk(tmp_path: Path, cluster: Cluster) -> None:
    listener = Listener(DeskSettings(brokers=cluster.brokers), SystemClock())
    thread = threading.Thread(target=listener.run)
    thread.start()
    data = tmp_path / "data"
    data.mkdir()
    try:
        with demo(data, cluster.brokers):
            until(lambda: (view := listener.newest()) and [one.link for one in view.frame.accounts] == [Link.LIVE] * 3)
            view = listener.newest()
            assert view is not None
            assert [one.name for one in view.frame.accounts] == [
                "Funded 100k @ pc-1", "Gold EA @ pc-1", "Swing @ pc-1",
            ]  # fmt: skip
            until(lambda: (view := listener.newest()) and view.together.legs)
    finally:
        listener.stop()
        thread.join()
