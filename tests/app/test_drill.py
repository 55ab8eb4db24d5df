"""`plimsoll drill`: the smallest close, on demo accounts only, kept before it is sent and never sent twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.checks.drill import Book, Closing, Held, Outcome, Unfit, chosen, close
from app.checks.drilling import PROOF_S, closed
from app.cli import main
from app.commands.drill import LEDGER
from bridge.attach import Attachment
from bridge.session import Session
from bridge.simulator.face.module import as_module
from bridge.simulator.launch import launched
from monitors.kinds import Side
from monitors.model import Instrument, Position
from monitors.outcomes import State
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, SELL, World
from tests.bridge.standin.installation import PACKAGES, installed

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
HANG = """
[scenario]
length_s = 3600
[[symbol]]
name = "EURUSD"
[[event]]
at = 0.0
do = "hang"
seconds = 3600.0
"""
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


class Drill:
    """One position on a simulated account, and a close of a step of it."""

    def __init__(self, side: int = BUY) -> None:
        self.world = World(EURUSD)
        self.world.quote("EURUSD", 1.10000, 1.10010)
        self.mt5 = Recorder(as_module(self.world.exchange.backend("main")))
        self.terminal = Session(self.mt5, self.world.clock, "UTC")
        self.position = self.world.open("EURUSD", side, 0.5)
        self.closing = Closing(login=1001, server=self.world.desk.account.server, position=self.position, held=50,
                               steps=1, comment=TAGGED)  # fmt: skip

    def run(self, **changed: Any) -> Outcome:
        return closed(self.terminal, replace(self.closing, **changed), self.world.clock, lambda: self.world.after(0.1))

    @property
    def sends(self) -> list[dict[str, Any]]:
        return [request for (request,) in self.mt5.named("order_send")]

    @property
    def lots(self) -> float:
        return float(self.mt5.mt5.positions_get(ticket=self.position)[0].volume)


def hanging(folder: Path) -> Path:
    scenario = folder / "hang.toml"
    scenario.write_text(HANG, encoding="utf-8")
    return scenario


@pytest.fixture
def drill() -> Drill:
    return Drill()


def test_a_close_is_measured_and_proven_by_the_brokers_records(drill: Drill) -> None:
    outcome = drill.run()
    assert (outcome.state, outcome.requested, outcome.filled, outcome.slippage_points) == (State.DONE, 1.1, 1.1, 0.0)
    assert (outcome.comment, outcome.answers[0].filling, outcome.answers[0].retcode) == (TAGGED, "IOC", 10009)
    assert None not in (outcome.shown_ms, outcome.booked_ms)
    assert drill.lots == pytest.approx(0.49)


@pytest.mark.parametrize(("side", "fill"), [(BUY, 1.0998), (SELL, 1.1003)])
def test_slippage_is_positive_where_the_fill_was_worse(side: int, fill: float) -> None:
    drill = Drill(side)
    send = drill.mt5.mt5.order_send

    def moved(request: dict[str, Any]) -> Any:
        drill.world.quote("EURUSD", 1.0998, 1.0999) if side == BUY else drill.world.quote("EURUSD", 1.1002, 1.1003)
        return send(request)

    drill.mt5.answers["order_send"] = moved
    outcome = drill.run()
    assert outcome.filled == pytest.approx(fill)
    assert outcome.slippage_points == pytest.approx(20.0)


def test_an_answer_that_is_lost_is_unknown_and_never_sent_again(drill: Drill) -> None:
    drill.mt5.nothing("order_send", -10002, "IPC recv failed")
    began = drill.world.clock.monotonic()
    outcome = drill.run()
    assert outcome.state is State.UNKNOWN
    assert len(drill.sends) == 1
    assert drill.world.clock.monotonic() - began >= PROOF_S


def test_a_lost_answer_is_proven_by_the_deal_where_the_broker_did_it(drill: Drill) -> None:
    send = drill.mt5.mt5.order_send

    def lost(request: dict[str, Any]) -> None:
        send(request)
        drill.mt5.error = -10002, "IPC recv failed"

    drill.mt5.answers["order_send"] = lost
    outcome = drill.run()
    assert (outcome.state, outcome.answers[0].retcode, len(drill.sends)) == (State.DONE, None, 1)


def test_a_request_that_never_left_is_refused_at_once(drill: Drill) -> None:
    drill.mt5.nothing("order_send", -8, "Auto-Trading using Python API disabled in Terminal")
    outcome = drill.run()
    assert outcome.state is State.REFUSED
    assert "Python API disabled" in outcome.why


def test_a_refusal_is_the_outcome_and_is_not_repeated(drill: Drill) -> None:
    drill.mt5.answers["order_send"] = lambda _: SimpleNamespace(retcode=10018, order=0, comment="Market closed")
    outcome = drill.run()
    assert (outcome.state, outcome.why, len(drill.sends)) == (State.REFUSED, "market closed", 1)


def test_only_a_filling_mode_that_is_not_accepted_leads_to_the_next_one(drill: Drill) -> None:
    send = drill.mt5.mt5.order_send

    def picky(request: dict[str, Any]) -> Any:
        if request["type_filling"] == 1:
            return SimpleNamespace(retcode=10030, order=0, comment="Unsupported filling mode")
        return send(request)

    drill.mt5.answers["order_send"] = picky
    outcome = drill.run()
    assert (outcome.state, [a.filling for a in outcome.answers]) == (State.DONE, ["IOC", "FOK"])


@pytest.mark.parametrize("changed", [{"login": 2}, {"server": "Other"}, {"held": 51}, {"position": 1}])
def test_what_changed_since_the_question_is_not_touched(drill: Drill, changed: dict[str, Any]) -> None:
    outcome = drill.run(**changed)
    assert (outcome.state, drill.sends) == (State.REFUSED, [])


def test_records_that_fail_meanwhile_are_asked_again(drill: Drill) -> None:
    genuine, failures = drill.mt5.mt5.history_deals_get, [1, 2]

    def flaky(*given: Any) -> Any:
        if drill.sends and failures:
            failures.pop()
            return None
        return genuine(*given)

    drill.mt5.answers["history_deals_get"] = flaky
    assert drill.run().state is State.DONE
    assert failures == []


def test_a_close_that_hangs_is_given_up_and_may_have_gone_out(tmp_path: Path, drill: Drill) -> None:
    with launched(tmp_path / "simulator.json", scenario=hanging(tmp_path)):
        where = Attachment(name="main", backend="simulator", path=str(tmp_path / "simulator.json"))
        outcome = close(where, drill.closing, 1.0)
    assert outcome.state is State.UNKNOWN
    assert "no answer within 1 s" in outcome.why


def test_a_close_that_finds_no_terminal_was_not_sent(tmp_path: Path, drill: Drill) -> None:
    outcome = close(Attachment(name="main", backend="simulator", path=str(tmp_path / "none")), drill.closing)
    assert outcome.state is State.REFUSED
    assert outcome.why.endswith("nothing was sent")


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
    assert code != 0
    assert "not running" in err
    assert ledger(tmp_path) == []
