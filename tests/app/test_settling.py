"""From an answer to an outcome where something is missing: records, an instrument, a disk, a leg, the answer itself."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from bridge.port import CloseOrder, Receipt, TerminalError
from monitors.gate import Circumstances, Source, Wish
from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Deal, Snapshot, TerminalState
from monitors.ports import EmergencyStop
from tests.app.scripted import plain
from tests.app.stand import Make, Stand
from tests.app.test_disk_trouble import locked


def silent(_order: CloseOrder) -> Receipt:
    return Receipt(retcode=None)


def stopped(make: Make, *, answer: object = None) -> Stand:
    """A stop was pressed with one position held."""
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    if answer is not None:
        stand.terminal.answer = answer  # type: ignore[assignment]  # a script of the test's own
    stand.engine.obey(EmergencyStop())
    return stand


def states(stand: Stand) -> list[str]:
    return [told["state"] for told in stand.of("outcome")]


def test_a_yes_whose_records_cannot_be_had_is_unknown_until_they_can(make: Make) -> None:
    stand = stopped(make)
    terminal = stand.terminal

    def gone_after_it(order: CloseOrder) -> Receipt:
        terminal.fill(order, order.lots)
        terminal.down = "the connection is lost"
        return Receipt(retcode=10009)

    terminal.answer = gone_after_it
    stand.beat(2)
    assert states(stand) == ["unknown"]
    terminal.down = ""
    stand.beat(3)
    assert states(stand) == ["unknown", "done"]


def test_a_terminal_that_fails_in_the_send_has_said_nothing(make: Make) -> None:
    def failing(_order: CloseOrder) -> Receipt:
        raise TerminalError("the pipe broke")

    stand = stopped(make, answer=failing)
    stand.beat(2)
    assert states(stand) == ["unknown"]
    assert len(stand.terminal.sent) == 1


def test_a_request_whose_instrument_nobody_knows_any_more_waits_over_a_step_of_the_clock(make: Make) -> None:
    stand = stopped(make, answer=silent)
    stand.beat(2)
    stand.kill()
    conn = sqlite3.connect(stand.folder / "journal.db", isolation_level=None)
    conn.execute("DELETE FROM state WHERE key LIKE 'instrument:%'")
    conn.close()
    stand.terminal.positions.clear()
    look = stand.terminal.look

    def unnamed(deals_since_ms: int) -> Snapshot:
        return replace(look(deals_since_ms), instruments={})

    stand.terminal.look = unnamed  # type: ignore[method-assign]
    stand.start()
    stand.beat(2)
    stand.clock.step(30.0)
    stand.beat(900)
    assert states(stand) == ["unknown"], "nothing is claimed of it"


def test_a_step_of_the_clock_while_the_disk_fails_is_in_the_spare_file(make: Make) -> None:
    stand = stopped(make, answer=silent)
    stand.beat(2)
    with locked(stand):
        stand.clock.step(3_600.0)
        stand.beat(2)
        stand.kill()
    stand.start()
    stand.beat(20)
    assert len(stand.terminal.sent) == 1, "a restart would else take it for silent for an hour"


def test_what_was_refused_is_forgotten_once_the_position_is_gone_and_its_alarm_is_over(make: Make) -> None:
    stand = stopped(make, answer=lambda _: Receipt(retcode=10044))
    stand.beat(3)
    assert stand.of("alert", rule="Execution", state="raised")
    assert stand.guard.executor.states() == {1: "refused 1 x, act in MT5"}
    stand.terminal.positions.clear()
    stand.beat(3)
    assert stand.of("alert", rule="Execution", state="cleared")
    assert stand.guard.executor.states() == {}


def test_once_a_person_has_allowed_trading_again_nothing_waits_for_its_pause(make: Make) -> None:
    stand = stopped(make, answer=lambda _: Receipt(retcode=10027))
    stand.beat(3)
    assert len(stand.terminal.sent) == 1
    stand.terminal.state = TerminalState(connected=True, algo_allowed=False)
    stand.beat(3)
    stand.terminal.state, stand.terminal.answer = TerminalState(connected=True, algo_allowed=True), lambda _: None
    stand.beat(2)
    assert len(stand.terminal.sent) == 2
    assert states(stand) == ["refused", "done"]


@pytest.mark.parametrize("seen", [True, False])
def test_a_wish_for_a_position_that_is_gone_or_without_a_reading_is_denied(make: Make, *, seen: bool) -> None:
    stand = make()
    stand.beat(2)
    reading = stand.guard.now.reading if seen else None
    wish = Wish(position=99, target=0, source=Source.STOP, by_person=True)
    stand.guard.executor.run([wish], Circumstances(armed=True, halt=None, reading=reading, now_ms=0))
    assert len(stand.of("denied")) == 1
    assert not stand.terminal.sent


def test_receipts_are_no_longer_collected_once_a_burst_has_taken_too_long(make: Make) -> None:
    stand = make()
    terminal = stand.terminal.hold(plain(1), plain(2), plain(3))
    stand.beat(2)

    def slowly(_order: CloseOrder) -> None:
        stand.clock.advance_to(stand.clock.utc_ms() + 3_000)

    terminal.answer = slowly
    stand.engine.obey(EmergencyStop())
    stand.beat(5)
    assert sorted(order.ticket for order in terminal.sent) == [900_001, 900_002, 900_003]
    assert states(stand) == ["done"] * 3


def test_a_pair_that_the_broker_refuses_to_close_by_each_other_is_closed_leg_by_leg(make: Make) -> None:
    stand = make()
    terminal = stand.terminal.hold(plain(1), plain(2, side=Side.SELL))
    terminal.spec = replace(terminal.spec, close_by=True)
    stand.beat(2)
    terminal.answer = lambda order: Receipt(retcode=10044) if order.by else None
    stand.engine.obey(EmergencyStop())
    stand.beat(4)
    assert [(order.ticket, order.by) for order in terminal.sent] == [(900_001, 900_002), (900_001, 0), (900_002, 0)]
    assert states(stand) == ["refused", "done", "done"]


def test_a_pair_closed_by_each_other_is_done_and_teaches_no_filling_mode(make: Make) -> None:
    stand = make()
    terminal = stand.terminal.hold(plain(1), plain(2, side=Side.SELL))
    terminal.spec = replace(terminal.spec, close_by=True)
    stand.beat(2)

    def both(order: CloseOrder) -> Receipt:
        for identifier, side in ((1, Side.SELL), (2, Side.BUY)):
            terminal.deals.append(Deal(
                ticket=6_000 + identifier, order=1, position=identifier, symbol="PLAIN", kind=DealKind.TRADE,
                entry=Entry.OUT_BY, side=side, lots=1.0, price=1.0, profit=0.0, swap=0.0, commission=0.0, fee=0.0,
                time_ms=stand.clock.utc_ms(), magic=0, reason=DealReason.EXPERT, comment=order.comment))  # fmt: skip
        terminal.positions.clear()
        return Receipt(retcode=10009, order=1)

    terminal.answer = both
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert [(order.ticket, order.by) for order in terminal.sent] == [(900_001, 900_002)]
    assert states(stand) == ["done"]
    assert stand.engine.shared.journal.load_all("filling:", int) == []
