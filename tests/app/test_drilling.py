"""The drill's one close: measured, proven by the broker's records, and never sent twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.checks.drill import Closing, Outcome, close
from app.checks.drilling import PROOF_S, closed
from bridge.attach import Attachment
from bridge.session import Session
from bridge.simulator.face.module import as_module
from bridge.simulator.launch import launched
from monitors.outcomes import State
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, SELL, World

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


def test_an_older_deal_of_the_position_proves_nothing(drill: Drill) -> None:
    drill.world.send(symbol="EURUSD", type=SELL, volume=0.01, position=drill.position, comment=TAGGED)
    drill.world.after(1.0)
    drill.mt5.nothing("order_send", -10002, "IPC recv failed")
    outcome = drill.run(held=49)
    assert (outcome.state, outcome.booked_ms, outcome.filled) == (State.UNKNOWN, None, None)


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


def test_a_terminal_that_fails_at_the_send_is_an_answer_and_nobody_tries_again(drill: Drill) -> None:
    genuine, asked = drill.mt5.mt5.positions_get, []

    def fails(**named: Any) -> Any:
        if named:
            asked.append(named)
        return None if named else genuine()

    drill.mt5.answers["positions_get"] = fails
    outcome = drill.run()
    assert (outcome.state, drill.sends, len(asked)) == (State.UNKNOWN, [], 1)
    assert "no answer to positions_get" in outcome.answers[0].text


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
