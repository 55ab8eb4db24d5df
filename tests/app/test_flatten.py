"""The stop process on a served terminal: latched first, flat at the end, and nothing is ever sent twice."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from app.commands.stop import Closers
from app.flatten import Order
from app.stopping.closing import Closing
from app.store.journal import Journal
from app.store.latch import REASON, Held, file_of, hold, latch, latched
from bridge.clock import SystemClock
from monitors.gate import HaltKind
from monitors.kinds import Side
from monitors.outcomes import Request, State
from tests.app.flat_stand import PATIENCE_S, Served, closing, served
from tests.builders import instrument

LATCHED = "latched"


@pytest.fixture
def hedging(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as made:
        yield made


@pytest.fixture
def netting(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, "netting") as made:
        yield made


def once_each(on: Served) -> None:
    """Nothing is held, each position was asked to be closed once, and nothing was opened or turned."""
    assert not on.positions()
    sent = Counter(request.position for request in on.requests().values())
    assert set(sent.values()) == {1}, sent
    closed = sorted((deal.position_id, deal.volume, deal.entry) for deal in on.deals())
    assert closed == [(1, 0.3, 1), (2, 0.2, 1), (3, 0.1, 1)]


def test_it_latches_closes_everything_and_ends_with_zero(hedging: Served) -> None:
    with closing(hedging) as (process, heard):
        assert process.wait(30) == 0, heard.lines
    assert heard.lines[0].endswith(f"main  {LATCHED}")
    assert heard.lines[-1].endswith("flat: no positions, no pending orders")
    once_each(hedging)


def test_each_request_is_on_disk_before_it_is_sent_and_after(hedging: Served) -> None:
    with closing(hedging) as (process, _):
        assert process.wait(30) == 0
    stages: dict[int, list[State]] = {}
    for record in hedging.records():
        if record.request:
            stages.setdefault(record.request.number, []).append(record.request.state)
    assert list(stages.values()) == [[State.SENT, State.DONE]] * 3
    assert {d.comment for d in hedging.deals()} == {r.tag for r in hedging.requests().values()}
    assert max(len(d.comment) for d in hedging.deals()) <= 29


def test_the_latch_is_written_before_anything_slow_is_imported(tmp_path: Path) -> None:
    code = "import sys; from app import flatten; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not {"numpy", "msgspec", "sqlite3", "bridge.session", "app.engine"} & set(done.stdout.split())


def test_an_order_that_is_none_is_refused_in_one_line() -> None:
    for given in ("", "{}", "[1]", '{"attachment": {"backend": "mt5"}, "data": "x"}'):
        line = [sys.executable, "-m", "app.flatten", given]
        done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout.count("\n"), done.stderr) == (2, 1, "")
        assert "not understood" in done.stdout


def test_it_is_flat_though_the_journal_is_locked(hedging: Served) -> None:
    path = hedging.data / "journal.db"
    Journal(path).close()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with closing(hedging) as (process, heard):
            assert process.wait(30) == 0, heard.lines
    finally:
        other.rollback()
        other.close()
    once_each(hedging)


def test_it_is_flat_though_its_own_file_cannot_be_written(hedging: Served) -> None:
    file_of(hedging.data, "main").mkdir()
    with closing(hedging) as (process, heard):
        assert process.wait(30) == 0, heard.lines
    assert process.trouble
    assert f"the latch cannot be written ({process.trouble}); closing all the same" in heard.lines[0]
    assert not hedging.positions()


def test_it_is_flat_though_the_folder_takes_no_file(hedging: Served, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with closing(hedging, data=tmp_path / "file" / "data") as (process, heard):
        assert process.wait(30) == 0, heard.lines
    assert not hedging.positions()


@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4, 5])
def test_killed_at_any_stage_and_started_again_it_closes_each_position_once(netting: Served, lines: int) -> None:
    netting.happen(do="no_answer", executed=True, late_s=1.0, times=3)
    with closing(netting) as (process, heard):
        heard.until(lambda said: len(said) >= lines)
        process.kill()
        process.wait()
    with closing(netting, seconds=9) as (process, heard):
        code = process.wait(30)
    requests = netting.requests().values()
    assert set(Counter(request.position for request in requests).values()) == {1}
    blocked = {request.position for request in requests if request.open}
    assert {p.ticket for p in netting.positions()} <= blocked, "an intent that may have been sent waits for its minute"
    assert (code == 0) is not bool(netting.positions())
    assert all(count == 1 for count in Counter(deal.position_id for deal in netting.deals()).values())


def test_an_unknown_answer_is_settled_before_anything_more_is_sent_for_its_position(hedging: Served) -> None:
    hedging.happen(do="no_answer", executed=True, late_s=2.0)
    with closing(hedging) as (process, heard):
        heard.until_said("answer unknown, settling")
        assert process.wait(30) == 0, heard.lines
    once_each(hedging)
    assert [r.state for r in hedging.requests().values()] == [State.DONE] * 3


def test_what_the_instance_has_sent_and_not_settled_is_not_sent_again(hedging: Served) -> None:
    clock, path = SystemClock(), hedging.data / "journal.db"
    journal, spec = Journal(path), instrument("EURUSD")
    known = max(deal.ticket for deal in hedging.history())
    open_ = Request(number=7, episode=None, position=1, symbol="EURUSD", side=Side.BUY, steps=30, held=30,
                    sent_ms=clock.utc_ms(), deal_floor=known, tag="plimsoll 000000 7", state=State.UNKNOWN)  # fmt: skip
    journal.write_request("Demo", 1001, "main", open_, lots=0.3, filled=0.0)
    journal.save("instrument:EURUSD", spec)
    with closing(hedging) as (_, heard):
        heard.until_said("1 positions and 0 orders left")
        heard.until_said("answer unknown, settling")
    journal.close()
    assert [p.ticket for p in hedging.positions()] == [1]
    assert 1 not in {request.position for request in hedging.requests().values() if request.number != 7}


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe without waiting is there from Python 3.12 on")
def test_one_to_whom_nobody_listens_any_more_closes_all_the_same(hedging: Served) -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writes, b"x" * 4096)
    os.set_blocking(writes, True)
    order = json.dumps({"attachment": asdict(hedging.attachment), "data": str(hedging.data), "for": PATIENCE_S})
    done = subprocess.run([sys.executable, "-m", "app.flatten", order], stdout=writes, timeout=60, check=False)
    os.close(reads)
    os.close(writes)
    assert done.returncode == 0
    once_each(hedging)


def test_it_asks_for_no_ticks_which_a_terminal_may_have_to_fetch_first(hedging: Served) -> None:
    order = Order(attachment=asdict(hedging.attachment), data=hedging.data)
    closing_ = Closing(order, Held.of_nobody(hedging.data, "main"), lambda _: None)
    session = closing_.opened()
    try:
        session.look(SystemClock().utc_ms() - 60_000)
        assert session.prices.cold == {"EURUSD", "GBPUSD", "AUDUSD"}
    finally:
        session.hang_up()
        closing_.close()


def longer_than_a_start() -> float:
    """Seconds in which a stop process that does not hang says its second line, however busy this machine is now."""
    watch = SystemClock()
    began_s = watch.monotonic()
    subprocess.run([sys.executable, "-c", "import app.stopping.closing"], check=True)
    return 4.0 + 4 * (watch.monotonic() - began_s)


def test_one_that_hangs_in_a_call_is_replaced(hedging: Served, capsys: pytest.CaptureFixture[str]) -> None:
    hedging.spoil("silent", times=1)
    assert Closers(hedging.data, {0: hedging.attachment}, None, silent_s=longer_than_a_start()).run() == 0
    told = capsys.readouterr()
    assert told.err == "main: its stop process hangs in a call; another one takes over\n"
    assert told.out.endswith("flat: no positions, no pending orders\n")
    once_each(hedging)


def test_a_market_that_is_closed_is_said_and_the_time_ends_it_with_one(hedging: Served) -> None:
    hedging.happen(do="market", symbol="GBPUSD", open=False)
    with closing(hedging, seconds=3) as (process, heard):
        assert process.wait(30) == 1, heard.lines
    assert any("GBPUSD: market closed" in line for line in heard.lines)
    assert "NOT flat after 3 s" in heard.lines[-1]
    assert [p.ticket for p in hedging.positions()] == [2]


def test_a_terminal_that_is_away_is_waited_for_and_its_remedy_said(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    absent = Served(data / "simulator.json", data)
    with closing(absent) as (process, heard):
        heard.until_said("NOT flat: the simulated terminal is not running; start it:")
        with served(tmp_path) as made:
            assert process.wait(30) == 0, heard.lines
            once_each(made)


def test_a_terminal_that_ends_and_is_another_when_it_comes_back_is_closed_all_the_same(tmp_path: Path) -> None:
    with served(tmp_path) as made:
        made.happen(do="market", symbol="GBPUSD", open=False)
        stop = closing(made, seconds=None)
        process, heard = stop.__enter__()
        heard.until_said("GBPUSD: market closed")
    try:
        with served(tmp_path) as made:
            assert process.wait(60) == 0, heard.lines
            assert not made.positions()
    finally:
        stop.__exit__(None, None, None)


def test_what_nobody_thought_of_is_said_and_tried_again(hedging: Served) -> None:
    order = Order(attachment=asdict(hedging.attachment) | {"clock": "Nowhere/Land"}, data=hedging.data)
    said: list[str] = []
    closing_ = Closing(order, Held.of_nobody(hedging.data, "main"), said.append)
    assert not closing_.beat()
    assert not closing_.beat()
    closing_.close()
    assert len(said) == 1
    assert said[0].startswith("NOT flat: ValueError: 'Nowhere/Land'")


def test_another_account_than_the_one_expected_is_sent_nothing(hedging: Served) -> None:
    hedging.happen(do="switch_account", login=2002)
    with closing(hedging, seconds=3) as (process, heard):
        assert process.wait(30) == 1, heard.lines
    assert any("2002" in line for line in heard.lines), heard.lines
    assert not hedging.requests()


def test_a_second_stop_process_says_that_one_is_at_it_and_looks_after_it(hedging: Served) -> None:
    held = hold(hedging.data, "main")
    assert held
    with closing(hedging) as (process, heard):
        heard.until_said("another stop process is closing already")
        assert not hedging.requests()
        held.close()
        assert process.wait(30) == 0, heard.lines
    once_each(hedging)


def test_what_was_opened_since_an_earlier_stop_is_closed_too(hedging: Served) -> None:
    with closing(hedging) as (process, _):
        assert process.wait(30) == 0
    for number in range(11, 16):
        hedging.happen(do="open", id=number, symbol="EURUSD", side="buy", volume=0.1, magic=7)
    with closing(hedging) as (process, heard):
        assert process.wait(30) == 0, heard.lines
    assert not hedging.positions(), "not only three of them, as of an EA that opens again under a halt"


def test_the_latch_stands_in_the_file_once_and_reads_as_a_halt(tmp_path: Path) -> None:
    for now_ms in (5, 6):
        assert not latch(tmp_path, name="A/b ü", login=0, server="", now_ms=now_ms)
    file = file_of(tmp_path, "A/b ü")
    assert file.parent == tmp_path
    assert latched(file)
    (record,) = Served(file, tmp_path, name="A/b ü").records()
    assert record.key == "unseen:A/b ü"
    assert record.halt
    assert (record.halt.kind, record.halt.reason, record.halt.since_ms) == (HaltKind.STOP, REASON, 5)
    assert record.halt.by_person
    assert not record.halt.taken


def test_a_line_that_a_kill_tore_spoils_no_other(tmp_path: Path) -> None:
    file = file_of(tmp_path, "main")
    file.write_bytes(b'{"key": "x", "na')
    assert not latch(tmp_path, name="main", login=7, server="Demo", now_ms=5)
    assert latched(file)
    assert json.loads(file.read_bytes().splitlines()[-1])["key"] == "memory:Demo:7"
