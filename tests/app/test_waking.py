"""A machine that slept, or whose clock was set, follows on nothing: samples go, days neither fire early nor twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.moment import Moment
from app.waking import Waking
from bridge.port import CloseOrder, Receipt
from monitors.kinds import DealKind
from monitors.ports import EmergencyStop
from monitors.zones import DAY_MS, HOUR_MS
from tests.app.scripted import START, plain
from tests.app.stand import Make, Stand, SteppedClock, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "close_all"}, rearm=1.0, confirm=5)
CHANGE = rule("pnl.change", "below", {"at": -500.0, "severity": "high", "action": "alert"}, window_s=600)


class Asleep(Stand):
    """A stand whose broker ticks at the true time, whatever the machine's clock is set to."""

    def beat(self, times: int = 1, seconds: float = 0.1, *, ticking: bool = True) -> None:
        for turn in range(times):
            if ticking:
                self.terminal.bid = 1.0 + 0.0001 * (turn % 2)
                self.terminal._ticked = self.terminal.bid, self.clock.true_ms()
            self.engine.beat()
            self.clock.advance_to(self.clock.utc_ms() + round(1000 * seconds))

    @property
    def day_ms(self) -> int:
        history = self.guard.keeper.memory.history
        assert history is not None
        return history.day.start_ms


Wake = Callable[..., Asleep]


@pytest.fixture
def asleep(tmp_path: Path) -> Iterator[Wake]:
    """Such a stand, closed after the test."""
    made: list[Asleep] = []

    def build(*rules: dict[str, Any]) -> Asleep:
        made.append(Asleep(tmp_path, *rules))
        return made[-1]

    yield build
    for stand in made:
        stand.engine.close()


@pytest.mark.parametrize(("utc_s", "passed_s", "broken"), [(0.1, 0.1, False), (4.0, 0.1, False), (7200.0, 0.1, True),
                                                           (-7200.0, 0.1, True), (661.0, 661.0, True),
                                                           (659.0, 659.0, False)])  # fmt: skip
def test_a_sleep_is_known_by_utc_or_by_a_beat_that_is_late(utc_s: float, passed_s: float, broken: bool) -> None:
    clock, forgotten = SteppedClock(START), []
    waking = Waking(clock, lambda: forgotten.append(1))
    assert not waking.watch()
    clock.advance_to(clock.utc_ms() + round(1000 * passed_s))
    clock.wrong_ms += round(1000 * (utc_s - passed_s))
    assert waking.watch() is broken
    assert bool(forgotten) is broken
    assert not waking.watch()


def test_readings_before_a_sleep_confirm_nothing_after_it(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.bid = 0.99
    stand.beat(4)
    stand.clock.advance_to(stand.clock.utc_ms() + HOUR_MS)
    stand.beat(4)
    assert not stand.terminal.sent
    stand.beat(2)
    assert len(stand.terminal.sent) == 1


def test_equity_before_a_sleep_is_no_change_of_the_last_minutes(make: Make) -> None:
    stand = make(CHANGE)
    stand.terminal.hold(plain(1))
    stand.beat(30, seconds=25.0)
    stand.clock.advance_to(stand.clock.utc_ms() + HOUR_MS)
    stand.terminal.bid = 0.99
    stand.beat(5, seconds=1.0)
    assert not stand.of("alert", state="raised", threshold=-500.0), "it fell in an hour that nobody watched"


def test_a_look_that_slept_in_a_host_is_no_reading(asleep: Wake) -> None:
    stand = asleep()
    stand.terminal.hold(plain(1))
    stand.beat(3)
    old = stand.terminal.look(0)
    stand.clock.wrong_ms = HOUR_MS
    stand.terminal.look = lambda deals_since_ms: old  # type: ignore[method-assign]  # noqa: ARG005
    stand.beat(1)
    assert stand.guard.now.reading is None
    assert "of another time: 3600 s apart" in stand.guard.now.sighting.reason


def test_a_clock_set_forward_begins_no_day_early_and_set_right_none_twice(asleep: Wake) -> None:
    stand = asleep()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    day = stand.day_ms
    stand.clock.wrong_ms = DAY_MS
    stand.beat(1, ticking=False)
    assert stand.day_ms == day, "not even before the first tick shows the true time"
    stand.beat(20)
    assert stand.day_ms == day
    stand.clock.wrong_ms = 0
    stand.beat(20)
    assert stand.day_ms == day
    stand.clock.advance_to(day + DAY_MS - 1000)
    stand.beat(30)
    assert stand.day_ms == day + DAY_MS


def test_a_clock_set_back_begins_no_day_a_second_time_even_over_a_restart(asleep: Wake) -> None:
    stand = asleep()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    day = stand.guard.keeper.memory.history.day  # type: ignore[union-attr]
    stand.clock.wrong_ms = -DAY_MS
    stand.beat(5)
    stand.restart()
    stand.beat(5, ticking=False)
    found = stand.guard.keeper.memory.history.day  # type: ignore[union-attr]
    assert (found.start_ms, found.balance, found.equity) == (day.start_ms, day.balance, day.equity)


def test_after_a_sleep_in_a_closed_market_the_day_begins_without_a_tick(asleep: Wake) -> None:
    stand = asleep()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    day = stand.day_ms
    stand.clock.wrong_ms = DAY_MS  # on Linux a sleep looks like this
    stand.beat(59, seconds=10.0, ticking=False)
    assert stand.day_ms == day
    stand.beat(3, seconds=10.0, ticking=False)
    assert stand.day_ms == day + DAY_MS


@pytest.mark.parametrize("wrong_ms", [-2 * HOUR_MS, 2 * HOUR_MS])
def test_a_clock_that_is_set_settles_no_request_and_blocks_none_for_hours(asleep: Wake, wrong_ms: int) -> None:
    def silent(_order: CloseOrder) -> Receipt:
        return Receipt(retcode=None)

    stand = asleep()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    stand.terminal.answer = silent
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    stand.clock.wrong_ms = wrong_ms
    stand.beat(100)
    assert len(stand.terminal.sent) == 1, "not a minute of silence yet"
    stand.beat(700)
    assert len(stand.terminal.sent) > 1


def test_a_request_of_the_run_before_is_not_blocked_for_hours_by_a_clock_set_back(asleep: Wake) -> None:
    def silent(_order: CloseOrder) -> Receipt:
        return Receipt(retcode=None)

    stand = asleep()
    stand.terminal.hold(plain(1))
    stand.beat(5)
    stand.terminal.answer = silent
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    stand.clock.wrong_ms = -2 * HOUR_MS
    stand.restart()
    stand.beat(900)
    assert len(stand.terminal.sent) > 1
    assert not [d for d in stand.terminal.deals if d.kind is not DealKind.TRADE]


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_tick_that_may_be_old_says_nothing_against_this_machine(asleep: Wake, seen_before: bool) -> None:
    stand = asleep()
    moment, terminal, clock = Moment(stand.clock), stand.terminal, stand.clock
    if seen_before:
        terminal.hold(plain(1))
        terminal._ticked = terminal.bid, clock.utc_ms()
    assert moment.of(terminal.look(0)) == clock.utc_ms()
    clock.advance_to(clock.utc_ms() + (HOUR_MS if seen_before else 1000))  # nothing was seen in between, or held before
    terminal.hold(plain(1))
    terminal._ticked = terminal.bid, clock.utc_ms() - HOUR_MS // 2
    assert moment.of(terminal.look(0)) == clock.utc_ms()


def test_a_tick_that_has_just_come_says_what_time_it_is_until_one_agrees(asleep: Wake) -> None:
    stand = asleep()
    moment, terminal, clock = Moment(stand.clock), stand.terminal, stand.clock
    terminal.hold(plain(1))
    for wrong_ms in (0, HOUR_MS, -HOUR_MS, 0):
        clock.advance_to(clock.utc_ms() + 1000)
        clock.wrong_ms = wrong_ms
        terminal._ticked = terminal.bid, clock.true_ms()
        assert moment.of(terminal.look(0)) == clock.true_ms()
        clock.advance_to(clock.utc_ms() + 20_000)
        assert moment.of(terminal.look(0)) == clock.true_ms(), "and goes on from there"


def test_a_tick_that_is_nearly_on_time_leaves_this_machines_clock_in_force(asleep: Wake) -> None:
    stand = asleep()
    moment, terminal, clock = Moment(stand.clock), stand.terminal, stand.clock
    terminal.hold(plain(1))
    for apart_ms in (0, -60_000, 119_000):
        clock.advance_to(clock.utc_ms() + 25_000)
        terminal._ticked = terminal.bid, clock.utc_ms() + apart_ms
        assert moment.of(terminal.look(0)) == clock.utc_ms()
