"""`plimsoll backstop`: the preview as a table, and the consent that is asked for by the account's name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.instance.answers import answerer
from app.instance.control import Listener
from monitors.model import PendingOrder
from monitors.ports import Command, Consent, Frame
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

BACKSTOP = rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "backstop", "within": 9_000.0})


class Told:
    """Stands for a running instance: shows a stand's frame and keeps what was posted."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.posted: list[Command] = []
        self.takes = True

    def post(self, command: Command) -> Future[bool]:
        self.posted.append(command)
        done: Future[bool] = Future()
        done.set_result(self.takes)
        return done


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def folder(tmp_path: Path, told: Told) -> Iterator[Path]:
    made = tmp_path / "running"
    made.mkdir()
    listener = Listener(made, answerer(lambda: told.frame, told.post))
    yield made
    listener.close()


def stood(make: Make, *rules: dict[str, Any]) -> Stand:
    """Two positions at the level: one without a stop, one whose stop is far."""
    stand = make(*rules)
    stand.terminal.hold(plain(1), plain(2, lots=0.5, stop=0.99, target=1.05))
    stand.beat(3)
    stand.terminal.bid = 0.9991
    stand.beat(3)
    return stand


def test_the_preview_names_every_stop_and_asks_for_the_accounts_name(
    make: Make, told: Told, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand = stood(make, BACKSTOP)
    told.frame = stand.engine.frame()
    monkeypatch.setattr("sys.stdin", io.StringIO("main\n"))
    assert main(["backstop", "--data", str(folder)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:6] == [
        "main: if this machine dies now: worst case not bounded, room 865.00 to equity",
        "equity at 9900, equity kept within 9000: NOT agreed, tripped",
        "  position  symbol  side  lots  stop now  stop then  loss there",
        "         1   PLAIN   buy     1      none    0.99334      576.00",
        "         2   PLAIN   buy   0.5      0.99    0.99334      288.00",
        "  worst case 864.00, room 865.00",
    ]
    assert "in a gap" in out[6]
    (consent,) = told.posted
    assert isinstance(consent, Consent)
    assert stand.engine.obey(consent)
    stand.beat(10)
    assert [p.stop for p in stand.terminal.positions.values()] == pytest.approx([0.99334, 0.99332])
    told.frame = stand.engine.frame()
    assert main(["backstop", "--data", str(folder)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert "worst case 865.00, room 865.00" in out[0]
    assert out[1].endswith("agreed, tripped")
    assert "as it is" in out[3]
    assert len(told.posted) == 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--yes", "wrong"], 'not agreed: "wrong" is not the account\'s name "main"'),
        (["--account", "nobody"], 'no account "nobody"; there are main'),
    ],
)
def test_without_the_accounts_name_nothing_is_agreed(
    make: Make, told: Told, folder: Path, capsys: pytest.CaptureFixture[str], given: list[str], why: str
) -> None:
    told.frame = stood(make, BACKSTOP).engine.frame()
    assert main(["backstop", "--data", str(folder), *given]) == 1
    assert capsys.readouterr().err.strip() == why
    assert not told.posted


def test_consent_that_was_not_taken_is_said_not_to_be(
    make: Make, told: Told, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told.frame, told.takes = stood(make, BACKSTOP).engine.frame(), False
    assert main(["backstop", "--data", str(folder), "--yes", "main"]) == 1
    assert "not taken" in capsys.readouterr().err


def test_without_a_backstop_the_worst_case_is_shown_all_the_same(
    make: Make, told: Told, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stand = stood(make)
    assert main(["backstop", "--data", str(folder)]) == 1
    assert "has not read anything yet" in capsys.readouterr().err
    stand.terminal.orders = (PendingOrder(ticket=5, symbol="PLAIN", side=plain(1).side, lots=1.0, price=0.9, magic=0),)
    stand.beat(5)
    told.frame = stand.engine.frame()
    assert main(["backstop", "--data", str(folder)]) == 1
    assert "no account has a rule" in capsys.readouterr().err
    assert main(["backstop", "--data", str(folder), "--account", "main"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "main: if this machine dies now: worst case not bounded, no rule limits it",
        "  1 pending orders may open more meanwhile",
    ]
    assert "no rule with the action" in said.err
    stand.terminal.down = "gone"
    stand.beat(120)
    told.frame = stand.engine.frame()
    for given in (["--account", "main"], []):
        assert main(["backstop", "--data", str(folder), *given]) == 1
        assert "main cannot be seen now" in capsys.readouterr().err


def test_several_accounts_are_named_one_by_one(
    make: Make, told: Told, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stand = make(BACKSTOP, names=("main", "other"))
    for name, terminal in stand.terminals.items():
        terminal.server = f"Demo {name}"
    stand.beat(3)
    told.frame = stand.engine.frame()
    assert main(["backstop", "--data", str(folder), "--yes", "main"]) == 1
    assert "main, other have a backstop; name one with --account" in capsys.readouterr().err
    assert main(["backstop", "--data", str(folder), "--account", "other", "--yes", "other"]) == 0
    assert [getattr(command, "account", None) for command in told.posted] == ["other"]
