"""A request with no answer while the machine sleeps or its clock is set, and a restart: settled in its own time."""

from __future__ import annotations

import pytest

from app.pace import A_SECOND, Pace
from bridge.port import CloseOrder, Receipt
from bridge.simulator.clock import VirtualClock
from monitors.gate import Sent
from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Deal
from monitors.ports import EmergencyStop
from tests.app.scripted import START, plain
from tests.app.stand import Make, Stand

HOUR_S = 3_600.0
EARLY_S, LATE_S = 55.0, 75.0
"""A minute of silence settles it, seen in a row for ten seconds."""
STEPS = [HOUR_S, 2 * HOUR_S, -2 * HOUR_S, 30.0, -30.0, 1.5]
"""Of UTC against the monotonic clock; forwards is also what a sleep looks like on Linux."""


def silent(_order: CloseOrder) -> Receipt:
    return Receipt(retcode=None)


def asked(make: Make) -> Stand:
    """One close is on its way, sent five seconds ago and not answered."""
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    stand.terminal.answer = silent
    stand.engine.obey(EmergencyStop())
    stand.beat(50)
    assert len(stand.terminal.sent) == 1
    return stand


def settled_after(stand: Stand) -> float:
    """Seconds, of those that really pass, until it goes out again."""
    began = stand.clock.monotonic()
    while len(stand.terminal.sent) == 1:
        stand.beat(1, seconds=0.5)
        assert stand.clock.monotonic() - began < LATE_S, "hours late"
    return stand.clock.monotonic() - began


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_clock_makes_an_open_request_neither_older_nor_younger(make: Make, step: float) -> None:
    stand = asked(make)
    stand.clock.step(step)
    assert EARLY_S - 5 <= settled_after(stand) <= LATE_S - 5


@pytest.mark.parametrize("step", STEPS)
def test_nor_does_it_over_a_restart_that_follows(make: Make, step: float) -> None:
    stand = asked(make)
    stand.clock.step(step)
    stand.beat(20)
    stand.restart()
    assert EARLY_S - 7 <= settled_after(stand) <= LATE_S - 7


@pytest.mark.parametrize("step", STEPS)
def test_a_second_step_after_the_restart_counts_too(make: Make, step: float) -> None:
    stand = asked(make)
    stand.clock.step(step)
    stand.beat(20)
    stand.restart()
    stand.beat(20)
    stand.clock.step(-step)
    stand.beat(20)
    stand.restart()
    assert EARLY_S - 11 <= settled_after(stand) <= LATE_S - 11


@pytest.mark.parametrize("back", [-2 * HOUR_S, -30.0])
def test_a_clock_set_back_while_nothing_ran_delays_it_by_a_minute_at_most(make: Make, back: float) -> None:
    stand = asked(make)
    stand.kill()
    stand.clock.step(back)
    stand.start()
    assert EARLY_S - 5 <= settled_after(stand) <= LATE_S


def test_an_hour_off_is_silence_only_once_the_records_were_seen_for_a_while(make: Make) -> None:
    stand = asked(make)
    stand.kill()
    stand.clock.step(HOUR_S)
    stand.start()
    assert 10.0 <= settled_after(stand) <= 15.0


@pytest.mark.parametrize("step", [HOUR_S, -2 * HOUR_S])
def test_what_a_late_record_proves_after_a_step_and_a_restart_is_never_sent_again(make: Make, step: float) -> None:
    stand = asked(make)
    stand.clock.step(step)
    stand.beat(20)
    stand.restart()
    stand.beat(400)
    stand.terminal.answer = lambda _: None
    stand.terminal.fill(stand.terminal.sent[0], 1.0)
    stand.beat(50)
    assert len(stand.terminal.sent) == 1
    assert [e["filled"] for e in stand.of("outcome", state="done")] == [1.0]


@pytest.mark.parametrize("step", [HOUR_S, -2 * HOUR_S])
def test_after_a_sleep_the_records_are_looked_at_anew_before_their_silence_counts(make: Make, step: float) -> None:
    stand = asked(make)
    stand.beat(540)
    stand.clock.step(step)
    stand.beat(70)
    assert len(stand.terminal.sent) == 1, "the minute is over, and the broker's history may lag after the gap"
    stand.beat(50)
    assert len(stand.terminal.sent) > 1


@pytest.mark.parametrize("step", [1.5, 30.0])
def test_a_step_between_a_start_and_its_first_beat_counts_too(make: Make, step: float) -> None:
    stand = asked(make)
    stand.kill()
    stand.start()
    stand.clock.step(step)
    assert EARLY_S - 5 <= settled_after(stand) <= LATE_S - 5


def test_the_opening_of_a_position_proves_nothing_though_a_clock_set_forward_had_hidden_it(make: Make) -> None:
    stand = make()
    terminal = stand.terminal.hold(plain(1))
    terminal.deals.append(_deal(stand, 1.0, Entry.IN, 0))
    stand.beat(5)
    stand.clock.step(HOUR_S)
    stand.restart()
    terminal.answer = silent
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert len(terminal.sent) == 1
    assert [e["state"] for e in stand.of("outcome")] == ["unknown"]


def test_what_a_stop_loss_closed_is_not_ours_though_this_machines_clock_is_ahead(make: Make) -> None:
    stand = make()
    terminal = stand.terminal.hold(plain(1))
    stand.beat(5)
    stand.clock.step(HOUR_S)
    terminal.bid = 1.0001
    terminal._ticked = terminal.bid, stand.clock.true_ms()
    stand.beat(5)
    terminal.answer = silent
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    terminal.positions.clear()
    terminal.deals.append(_deal(stand, 1.0, Entry.OUT, DealReason.STOP_LOSS))
    stand.beat(3)
    assert [e["state"] for e in stand.of("outcome")] == ["unknown"]
    stand.beat(700)
    assert [e["state"] for e in stand.of("outcome")] == ["unknown", "refused"]


def _deal(stand: Stand, lots: float, entry: Entry, reason: int) -> Deal:
    """One of position 1, by the broker's clock."""
    return Deal(ticket=4_000, order=0, position=1, symbol="PLAIN", kind=DealKind.TRADE, entry=entry, lots=lots,
                side=Side.BUY if entry is Entry.IN else Side.SELL, price=1.0, profit=0.0, swap=0.0, commission=0.0,
                fee=0.0, time_ms=stand.clock.true_ms(), magic=0, reason=reason)  # fmt: skip


@pytest.mark.parametrize("back", [-30.0, -2 * HOUR_S])
def test_sends_ahead_of_a_clock_that_was_set_back_count_from_when_they_were_found_so(make: Make, back: float) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    stand.engine.obey(EmergencyStop())
    stand.beat(2)
    stand.clock.step(back)
    stand.restart()

    def ages_s() -> list[float]:
        return [(stand.clock.utc_ms() - sent.at_ms) / 1000 for sent in stand.guard.executor.sent_lately()]

    assert ages_s() == [0.0]
    stand.beat(10, seconds=1.0)
    assert ages_s() == [10.0]


def test_what_the_process_before_has_sent_counts_for_the_pace_of_this_one() -> None:
    clock = VirtualClock(START)
    sent = [Sent(clock.utc_ms(), position, 0.1, number=position) for position in range(A_SECOND)]
    assert Pace(clock).ready(sent[1:])
    assert not Pace(clock).ready(sent)
    clock.advance_to(clock.utc_ms() + 1_000)
    assert Pace(clock).ready(sent)


def test_sends_of_two_lives_count_together_whatever_the_clock_was_set_to() -> None:
    clock = VirtualClock(START)
    before = [Sent(clock.utc_ms() + 7_200_000, 1, 0.1, number=1), Sent(clock.utc_ms() - 1_000, 1, 0.1, number=2)]
    pace = Pace(clock)
    for number in (3, 4):
        pace.count(number, (1,), capped=True)
    own = [Sent(clock.utc_ms() - 600_000, 1, 0.1, number=number) for number in (3, 4)]
    assert not pace.often(1, before[1:] + own)

    assert pace.often(1, before + own + [Sent(clock.utc_ms(), 1, 0.1, number=5)])
    assert not pace.often(1, [*before, Sent(clock.utc_ms(), 1, 0.1, number=3)])
