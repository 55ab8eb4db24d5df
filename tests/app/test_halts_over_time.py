"""How long a rule's halt lasts: until a person, for minutes or until the next day; over restarts, sleep and clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from monitors.ports import Reset
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule
from tests.app.test_disk_trouble import full

HOUR_S = 3600.0


def halting(until: object, at: float = 9_500.0) -> dict[str, Any]:
    level = {"at": at, "severity": "critical", "action": "halt", "until": until}
    return rule("equity", "below", level, rearm=1.0) | {"name": f"equity {at:g}"}


def halted(make: Make, *rules: dict[str, Any], **more: Any) -> Stand:
    """A stand whose floors were broken with one position held."""
    stand = make(*rules, **more)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(3)
    assert stand.of("halt")
    return stand


def until(stand: Stand, moment: datetime) -> None:
    stand.clock.advance_to(moment)


def over(stand: Stand) -> bool:
    """Whether it is, once the broker has shown what time it is."""
    for _ in range(2):
        tick(stand)
        stand.beat()
    return stand.guard.halting.halt is None


def tick(stand: Stand, *, true: bool = False) -> None:
    """The broker ticks; where the clock was stepped because it was set, `true` is the broker's time."""
    stand.terminal.bid = round(stand.terminal.bid + 0.00001, 5)
    if true:
        stand.terminal._ticked = stand.terminal.bid, stand.clock.true_ms()


def truly_over(stand: Stand) -> bool:
    """Whether it is where the broker ticks at the true time, and this machine's clock was set."""
    for _ in range(3):
        tick(stand, true=True)
        stand.beat()
    return stand.guard.halting.halt is None


def pass_minutes(stand: Stand, minutes: float) -> None:
    stand.clock.advance_to(stand.clock.utc_ms() + round(minutes * 60_000))


def test_a_halt_until_reset_outlives_days_and_restarts_and_ends_with_a_person(make: Make) -> None:
    stand = halted(make, halting("reset"))
    for _ in range(3):
        stand.clock.step(40 * HOUR_S)
        stand.restart()
        assert not over(stand)
    stand.engine.obey(Reset("main"))
    assert over(stand)


def test_a_halt_for_minutes_counts_the_time_that_the_program_was_off(make: Make) -> None:
    stand = halted(make, halting(30))
    stand.kill()
    stand.clock.step(29 * 60.0)
    stand.start()
    assert not over(stand)
    stand.kill()
    stand.clock.step(60.0)
    stand.start()
    assert over(stand)
    assert stand.of("reset", reason="its time is over")


def test_a_halt_for_minutes_counts_the_time_that_the_machine_slept(make: Make) -> None:
    stand = halted(make, halting(30))
    stand.clock.step(29 * 60.0)
    assert not over(stand)
    stand.clock.step(60.0)
    assert over(stand)


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
def test_a_clock_that_was_set_moves_no_halts_end(make: Make, step_s: float) -> None:
    stand = halted(make, halting(30))
    stand.clock.step(step_s)
    assert not truly_over(stand)
    pass_minutes(stand, 29)
    assert not truly_over(stand)
    pass_minutes(stand, 1)
    assert truly_over(stand)


@pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])
def test_a_halt_that_begins_while_the_clock_is_wrong_lasts_as_long(make: Make, step_s: float) -> None:
    stand = make(halting(30))
    stand.terminal.hold(plain(1))
    assert truly_over(stand)
    stand.clock.step(step_s)
    assert truly_over(stand)
    stand.terminal.bid = 0.99
    assert not truly_over(stand)
    pass_minutes(stand, 29)
    assert not truly_over(stand)
    pass_minutes(stand, 1)
    assert truly_over(stand)


def test_a_start_that_finds_the_clock_set_forward_ends_no_halt(make: Make) -> None:
    stand = halted(make, halting(30))
    tick(stand, true=True)
    stand.kill()
    stand.clock.step(HOUR_S)
    stand.start()
    stand.beat(3)
    assert not truly_over(stand)
    pass_minutes(stand, 30)
    assert truly_over(stand)


def test_a_halt_that_begins_after_a_start_with_the_clock_set_back_lasts_its_minutes(make: Make) -> None:
    stand = make(halting(30))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.kill()
    stand.clock.step(-2 * HOUR_S)
    stand.start()
    stand.terminal.bid = 0.99
    stand.terminal._ticked = stand.terminal.bid, stand.clock.true_ms()
    stand.beat(3)
    assert stand.of("halt")
    assert not truly_over(stand)
    pass_minutes(stand, 29)
    assert not truly_over(stand)
    pass_minutes(stand, 1)
    assert truly_over(stand)


def test_a_halt_that_begins_on_a_tick_of_unknown_age_does_not_end_early_by_that(make: Make) -> None:
    stand = make(halting(1))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.clock.step(-2 * HOUR_S)
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.terminal._ticked = stand.terminal.bid, stand.clock.true_ms()
    stand.clock.advance_to(stand.clock.utc_ms() + 25_000)
    stand.beat(3)
    assert stand.of("halt")
    pass_minutes(stand, 0.9)
    assert not truly_over(stand)


def test_a_halt_that_begins_after_a_sleep_and_a_clock_set_back_lasts_from_the_newest_tick(make: Make) -> None:
    stand = make(halting(1))
    stand.terminal.hold(plain(1))
    assert truly_over(stand)
    pass_minutes(stand, 1)
    asleep_ms = 40_000
    stand.clock.step(asleep_ms / 1000)
    stand.terminal.bid = 0.99
    stand.terminal._ticked = stand.terminal.bid, stand.clock.true_ms() + asleep_ms
    stand.clock.step(-2 * HOUR_S)
    stand.beat(3)
    halt = stand.guard.halting.halt
    assert halt is not None
    assert halt.until_ms is not None
    assert halt.until_ms >= stand.terminal._ticked[1] + 60_000


def test_a_clock_set_twice_around_a_start_ends_no_halt_that_neither_time_ends(make: Make) -> None:
    stand = halted(make, halting(30))
    stand.kill()
    stand.clock.step(HOUR_S)
    stand.start()
    stand.beat(2, seconds=1.0)
    stand.clock.step(-2 * HOUR_S)
    stand.beat(10, seconds=1.0)
    assert stand.guard.halting.halt is not None


def test_a_market_that_does_not_tick_is_waited_for_five_seconds_and_then_the_clock_is_believed(make: Make) -> None:
    stand = halted(make, halting(30))
    stand.kill()
    stand.clock.step(HOUR_S)
    stand.start()
    stand.beat(5, seconds=1.0)
    assert stand.guard.halting.halt is not None
    stand.beat(2, seconds=1.0)
    assert stand.guard.halting.halt is None


@pytest.mark.parametrize(("day", "before", "ends"), [
    # START is a Monday in March 2026; on 29 March Prague goes from UTC+1 to UTC+2, in October back.
    (datetime(2026, 3, 27, 12, tzinfo=UTC), "2026-03-27T22:59:59", "2026-03-27T23:00:01"),
    (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), "2026-03-29T21:59:59", "2026-03-29T22:00:01"),
    (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), "2026-10-25T22:59:59", "2026-10-25T23:00:01"),
])  # fmt: skip
def test_a_halt_until_the_day_ends_at_the_firms_midnight_also_when_clocks_change(
    make: Make, day: datetime, before: str, ends: str
) -> None:
    stand = make(halting("day"), day={"zone": "Europe/Prague", "reset": "00:00"})
    until(stand, day)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(3)
    assert stand.of("halt")
    until(stand, datetime.fromisoformat(f"{before}+00:00"))
    stand.restart()
    stand.beat()
    assert stand.guard.halting.halt is not None
    until(stand, datetime.fromisoformat(f"{ends}+00:00"))
    assert over(stand)


def test_a_later_rules_stronger_halt_prolongs_the_one_in_force(make: Make) -> None:
    stand = halted(make, halting(30), halting("reset", 8_500.0))
    first = stand.guard.halting.halt
    assert first is not None
    assert first.until_ms is not None
    baseline = dict(first.baseline)
    stand.terminal.bid = 0.98
    stand.beat(3)
    halt = stand.guard.halting.halt
    assert halt is not None
    assert halt.until_ms is None
    assert halt.reason.startswith("equity 8500")
    assert halt.baseline == baseline
    assert [e["reason"] for e in stand.of("halt")] == ["equity 9500 below 9500", "equity 8500 below 8500"]
    stand.clock.step(2 * HOUR_S)
    stand.restart()
    assert not over(stand)


def test_a_later_rules_shorter_halt_shortens_nothing_and_is_not_said(make: Make) -> None:
    stand = halted(make, halting(30), halting(10, 8_500.0))
    stand.terminal.bid = 0.98
    stand.beat(3)
    assert len(stand.of("halt")) == 1
    assert stand.of("alert", rule="equity 8500")
    stand.clock.step(29 * 60.0)
    assert not over(stand)


def test_a_halt_in_minutes_is_prolonged_to_the_end_of_a_later_one(make: Make) -> None:
    stand = halted(make, halting(30), halting(20, 8_500.0))
    stand.clock.step(20 * 60.0)
    stand.terminal.bid = 0.98
    stand.beat(3)
    assert len(stand.of("halt")) == 2
    stand.clock.step(15 * 60.0)
    assert not over(stand)
    stand.clock.step(5 * 60.0)
    assert over(stand)


def test_a_halt_that_begins_after_a_sleep_that_no_tick_has_measured_does_not_end_early(make: Make) -> None:
    """The machine slept for ten minutes; before a tick shows that, the halt of thirty begins."""
    stand = make(halting(30))
    stand.terminal.hold(plain(1))
    assert truly_over(stand)
    _, ticked_ms = stand.terminal._ticked
    stand.clock.step(600.0)
    stand.terminal.bid = 0.99
    stand.terminal._ticked = 0.99, ticked_ms
    stand.beat(4)
    assert stand.guard.halting.halt
    pass_minutes(stand, 25)
    assert not over(stand)


def test_a_halt_is_prolonged_and_said_once_the_disk_takes_it(make: Make) -> None:
    stand = halted(make, halting(30), halting("reset", 8_500.0))
    stand.terminal.bid = 0.98
    with full(stand):
        stand.beat(3)
        halt = stand.guard.halting.halt
        assert halt is not None
        assert halt.until_ms is not None, "what is not on disk is not shown"
    stand.beat(3)
    assert stand.guard.halting.halt is not None
    assert stand.guard.halting.halt.until_ms is None
    assert [e["reason"] for e in stand.of("halt")] == ["equity 9500 below 9500", "equity 8500 below 8500"]
