"""`plimsoll desk` without a window: lines for a person, JSON for a program, and what it says where it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.desk.board import Board
from app.desk.lines import Lines
from bridge.simulator.clock import VirtualClock
from tests.app.desk.parts import state, told
from tests.app.scripted import START

ROOT = Path(__file__).resolve().parents[3]


def desk(folder: Path, *given: str, script: str = "-m app") -> subprocess.CompletedProcess[str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environ = {name: value for name, value in os.environ.items() if name not in hidden} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, *(script.split() if script == "-m app" else ["-c", script]), "desk", *given]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


class Told:
    """Lines of a board that the test moves."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.clock, self.lines = VirtualClock(START), list[str]()
        self.board = Board(self.clock)
        self._lines = Lines(self.lines.append, as_json=as_json)

    def view(self) -> list[str]:
        """What is said of it now."""
        self.lines.clear()
        self._lines.viewed(self.board.view())
        return list(self.lines)

    def event(self, number: int) -> list[str]:
        self.lines.clear()
        self._lines.told(told(number))
        return list(self.lines)


def test_a_line_says_an_account_once_and_again_when_something_is_another() -> None:
    lines = Told()
    lines.board.learn(state(), "k", fresh=True)
    (line,) = lines.view()
    assert line.startswith("08:00:00Z  Funded 100k @ pc-1, 51023381, armed, live, equity 97446.55 USD, today -2553.45")
    assert line.endswith("margin level 143.30, worst: Margin level (critical)")
    assert lines.view() == []
    lines.clock.advance_to(lines.clock.utc_ms() + 10_000)
    silent, account = lines.view()
    assert silent == "08:00:10Z  pc-1: silent since 2026-03-02T08:00:00.000Z"
    assert "silent (silent since 08:00:00Z), equity 97446.55 USD" in account
    lines.board.learn(state(2), "k", fresh=True)
    assert lines.view()[0] == "08:00:10Z  pc-1: heard again"


def test_an_event_is_a_line_with_its_machine() -> None:
    assert Told().event(3) == ["pc-1  12:32:07Z  Funded 100k  blind: number 3"]


def test_as_json_every_line_is_an_object_that_names_its_machine() -> None:
    lines = Told(as_json=True)
    lines.board.learn(state(), "k", fresh=True)
    lines.board.away = "no broker answers"
    away, account = map(json.loads, lines.view())
    assert (away["event"], away["reason"]) == ("desk", "no broker answers")
    assert list(account)[:4] == ["at", "event", "account", "machine"]
    assert (account["machine"], account["equity"], account["alert"]) == ("pc-1", 97446.55, "Margin level")
    (event,) = map(json.loads, lines.event(1))
    assert (event["event"], event["machine"], event["account"]) == ("blind", "pc-1", "Funded 100k")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "--brokers: found nothing, expected HOST:PORT"),
        (("--brokers", "nowhere"), '--brokers: found "nowhere", expected brokers such as'),
        (("--brokers", "a:1", "--topic", "a/b"), '--topic: found "a/b", expected letters'),
        (("--brokers", "a:1", "--config", "none.toml"), "none.toml: file: found no such file"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    done = desk(tmp_path, *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_brokers_that_do_not_answer_are_said_and_its_time_ends_it(tmp_path: Path) -> None:
    done = desk(tmp_path, "--brokers", "127.0.0.1:1", "--json", "--for", "8")
    assert done.returncode == 0
    found: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["event"], one["reason"]) for one in found] == [("desk", "no broker answers at 127.0.0.1:1")]


def test_where_the_package_is_missing_one_line_says_how_to_bring_it(tmp_path: Path) -> None:
    script = "import sys; sys.modules['confluent_kafka'] = None; from app.cli import main; sys.exit(main(sys.argv[1:]))"
    done = desk(tmp_path, "--brokers", "a:1", "--headless", script=script)
    assert done.returncode == 1
    assert done.stderr == "confluent-kafka is not installed; bring it with: pip install plimsoll[desk]\n"


def test_a_guard_imports_nothing_of_kafka_where_no_desk_is_configured(tmp_path: Path) -> None:
    script = "import sys, app.main, app.engine; print([m for m in sys.modules if 'kafka' in m or 'app.desk' in m])"
    done = desk(tmp_path, script=script)
    assert done.stdout == "[]\n"
