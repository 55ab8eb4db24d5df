"""`plimsoll drill`: the smallest close, on demo accounts only, kept before it is sent and never sent twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.checks.drill import LOOK_AT_IT, Book, Held, Unfit, chosen, look
from app.cli import main
from app.commands.drill import LEDGER
from bridge.port import TerminalError
from bridge.simulator.launch import launched
from monitors.kinds import Side
from monitors.model import Instrument, Position
from tests.app.flat_stand import PATIENCE_S, Served
from tests.bridge.standin.installation import PACKAGES, installed

ROOT = Path(__file__).resolve().parents[2]
INSTRUMENT = Instrument(
    symbol="EURUSD", digits=5, point=0.00001, tick_size=0.00001, contract_size=100_000.0, volume_min=0.1,
    volume_step=0.01, volume_max=100.0, currency_base="EUR", currency_profit="USD", currency_margin="EUR",
    filling_mask=3,
)  # fmt: skip
CONFIG = """
[app]
data_dir = "{data}"
[[terminal]]
name = "main"
backend = "simulator"
path = "{path}"
login = {login}
[[terminal]]
name = "other"
backend = "simulator"
path = "{path}"
"""
TAGGED = "plimsoll drill 1"
Run = Callable[..., tuple[int, str, str]]


def held(identifier: int, steps: int, instrument: Instrument = INSTRUMENT) -> Held:
    position = Position(
        identifier=identifier, ticket=identifier, symbol="EURUSD", side=Side.BUY, steps=steps,
        lots=instrument.lots(steps), open=1.1, price=1.1, stop=0.0, target=0.0, profit=0.0, swap=0.0, magic=0,
        opened_ms=0,
    )  # fmt: skip
    return Held(position=position, instrument=instrument)


def book(*holdings: Held, kind: str = "demo", connected: bool = True) -> Book:
    return Book(login=1001, server="Broker-Demo", kind=kind, connected=connected, held=holdings)


@pytest.mark.parametrize("kind", ["real", "contest", "kind 7"])
def test_only_a_demo_account_is_drilled(kind: str) -> None:
    with pytest.raises(Unfit, match=f"is a {kind} account"):
        chosen(book(held(1, 100), kind=kind), None)


def test_a_terminal_without_its_broker_is_not_drilled() -> None:
    with pytest.raises(Unfit, match="not connected"):
        chosen(book(held(1, 100), connected=False), None)


def test_the_largest_position_is_cut_by_the_smallest_volume() -> None:
    found, steps = chosen(book(held(1, 50), held(2, 100), held(3, 70)), None)
    assert (found.position.identifier, steps) == (2, INSTRUMENT.min_steps)


def test_the_position_that_is_named_is_the_one() -> None:
    assert chosen(book(held(1, 50), held(2, 100)), 1)[0].position.identifier == 1


def test_a_position_that_is_not_held_is_refused() -> None:
    with pytest.raises(Unfit, match="no position 9"):
        chosen(book(held(1, 50)), 9)


def test_an_account_that_holds_nothing_is_refused() -> None:
    with pytest.raises(Unfit, match="holds nothing"):
        chosen(book(), None)


@pytest.mark.parametrize(("steps", "why"), [(15, "would leave 0.05"), (19, "would leave 0.09"), (5, "less than")])
def test_a_crumb_is_never_left(steps: int, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        chosen(book(held(1, steps)), 1)


@pytest.mark.parametrize("steps", [10, 20])
def test_all_of_it_or_at_least_the_smallest_volume_may_be_left(steps: int) -> None:
    assert chosen(book(held(1, steps)), 1)[1] == 10


def test_a_smaller_position_is_taken_where_the_largest_cannot_be_cut() -> None:
    assert chosen(book(held(1, 19), held(2, 10)), None)[0].position.identifier == 2


def test_a_symbol_whose_trading_is_disabled_is_refused() -> None:
    with pytest.raises(Unfit, match="disabled"):
        chosen(book(held(1, 50, replace(INSTRUMENT, trade_mode=0))), 1)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    with launched(tmp_path / "simulator.json", rehearse=True):
        yield tmp_path / "simulator.json"


@pytest.fixture
def plimsoll(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Exit code, stdout and stderr of a drill, with what the person types."""
    monkeypatch.chdir(tmp_path)

    def run(*given: str, typed: str = "", login: int = 51023381) -> tuple[int, str, str]:
        path = tmp_path / "simulator.json"
        text = CONFIG.format(data=(tmp_path / "data").as_posix(), path=path.as_posix(), login=login)
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        (tmp_path / "typed").write_text(typed, encoding="utf-8")
        with (tmp_path / "typed").open(encoding="utf-8") as lines:
            monkeypatch.setattr("sys.stdin", lines)
            code = main(["drill", *given])
        told = capfd.readouterr()
        return code, told.out, told.err

    return run


def ledger(tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "data" / LEDGER
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_a_drill_is_said_asked_kept_sent_and_kept_again(served: Path, tmp_path: Path, plimsoll: Run) -> None:
    code, out, err = plimsoll("--account", "main", typed="yes\n")
    intent, outcome = ledger(tmp_path)
    assert code == 0
    assert "close 0.01 of" in err
    assert out.startswith("done")
    assert (intent["event"], intent["volume"], intent["comment"]) == ("drill_intent", 0.01, TAGGED)
    assert (outcome["event"], outcome["state"], outcome["comment"]) == ("drill_outcome", "done", TAGGED)


@pytest.mark.parametrize("typed", ["", "no\n", "y\n"])
def test_without_a_yes_nothing_is_kept_or_sent(served: Path, tmp_path: Path, plimsoll: Run, typed: str) -> None:
    code, _, err = plimsoll("--account", "main", typed=typed)
    assert (code, ledger(tmp_path)) == (1, [])
    assert "nothing was sent" in err


def test_a_script_gets_the_outcome_as_json_and_a_number_of_its_own(served: Path, plimsoll: Run) -> None:
    numbers = [json.loads(plimsoll("--account", "main", "--yes", "--json")[1])["drill"] for _ in range(2)]
    assert numbers == [1, 2]


def test_another_account_than_the_configs_is_not_touched(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PACKAGES))
    with installed(tmp_path / "mt5") as path:
        text = CONFIG.format(data=(tmp_path / "data").as_posix(), path=path.as_posix(), login=5)
        text = text.replace('backend = "simulator"', 'backend = "mt5"\nclock = "UTC"', 1)
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        assert main(["drill", "--config", str(tmp_path / "config.toml"), "--account", "main", "--yes"]) == 1
    assert "the config expects 5" in capfd.readouterr().err
    assert ledger(tmp_path) == []


def test_of_several_accounts_one_has_to_be_named(plimsoll: Run) -> None:
    code, _, err = plimsoll("--yes")
    assert code == 2
    assert "main, other" in err


def test_an_intent_that_cannot_be_kept_keeps_the_close_from_being_sent(
    served: Path, tmp_path: Path, plimsoll: Run
) -> None:
    (tmp_path / "data" / LEDGER).mkdir(parents=True)
    code, _, err = plimsoll("--account", "main", "--yes")
    assert code == 1
    assert "drills.jsonl" in err
    (tmp_path / "data" / LEDGER).rmdir()
    plimsoll("--account", "main", "--yes")
    assert ledger(tmp_path)[-1]["order"] == 90000106


def test_a_terminal_that_is_not_there_is_said_to_be_missing(tmp_path: Path, plimsoll: Run) -> None:
    code, _, err = plimsoll("--account", "main", "--yes")
    assert code == 1
    assert err.startswith("main: no drill: ")
    assert "not running" in err
    assert ledger(tmp_path) == []


def test_a_terminal_that_hangs_is_given_up_before_anything_is_asked(served: Path, tmp_path: Path) -> None:
    terminal = Served(served, tmp_path, login=51023381)
    terminal.happen(do="hang", seconds=3600.0)
    with pytest.raises(TerminalError, match="no answer within 1 s"):
        look(terminal.attachment, 1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_a_drill_that_is_interrupted_says_that_its_outcome_is_unknown_and_where_it_stands(
    served: Path, tmp_path: Path
) -> None:
    path, place = tmp_path / "config.toml", tmp_path / "data"
    path.write_text(CONFIG.format(data=place, path=served, login=51023381), encoding="utf-8")
    line = [sys.executable, "-m", "app", "drill", "--account", "main", "--config", str(path)]
    with subprocess.Popen(line, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as drill:  # fmt: skip
        assert drill.stdin
        assert drill.stderr
        assert "close 0.01 of" in drill.stderr.readline()
        Served(served, place, login=51023381).happen(do="hang", seconds=3600.0)
        drill.stdin.write("yes\n")
        drill.stdin.flush()
        pause = threading.Event()
        assert any(ledger(tmp_path) or pause.wait(0.1) for _ in range(round(PATIENCE_S / 0.1)))
        drill.send_signal(signal.SIGINT)
        out, err = drill.communicate(timeout=30)
    assert (drill.returncode, out) == (1, "")
    assert "main: interrupted: what became of the close is unknown" in err
    assert str(place / LEDGER) in err
    assert err.endswith(f"{LOOK_AT_IT}\n")
    assert [told["event"] for told in ledger(tmp_path)] == ["drill_intent", "drill_outcome"]
    assert ledger(tmp_path)[1]["state"] == "unknown"
