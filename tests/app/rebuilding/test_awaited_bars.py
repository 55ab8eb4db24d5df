"""While bars are awaited the market goes on, the program may be killed and a person may type: none of it is lost."""

from __future__ import annotations

import pytest

from app.rebuilding import PATIENCE_S
from monitors.drawdown import MISSED
from monitors.model import Unknown
from monitors.ports import Opening
from tests.app.rebuilding.absence import END, Make, awaiting, away, bars, figures, of, remembered


def test_what_happens_while_bars_are_awaited_is_not_lost(make: Make) -> None:
    stand, slow = awaiting(make)
    stand.beat(2)
    assert remembered(stand).day.peak is None
    assert of(stand, "peak") == Unknown(MISSED)
    slow.bid = 1.02
    stand.beat(2)
    slow.bid = 0.9985
    stand.beat(2)
    slow.comes = True
    stand.beat()
    peak = remembered(stand).day.peak
    assert peak is not None
    assert peak.money == pytest.approx(12_000.0)
    assert of(stand, "peak") == pytest.approx(12_000.0 - 9_850.0)
    assert of(stand, "equity") == pytest.approx(10_250.0 - 9_850.0)


def test_killed_while_bars_are_awaited_it_is_rebuilt_after_the_next_start(make: Make) -> None:
    stand, slow = awaiting(make)
    stand.beat(20)
    stand.kill()
    stand.clock.advance_to(stand.clock.utc_ms() + 120_000)
    stand.start()
    slow.comes = True
    stand.beat(2)
    assert figures(stand)["reset"] == 10_250.0
    assert figures(stand)["day"] == 10_710.0


def test_what_a_person_types_while_bars_are_awaited_goes_before_what_is_rebuilt(make: Make) -> None:
    stand, slow = awaiting(make)
    stand.beat(2)
    assert stand.engine.obey(Opening(account="main", day_high=10_900.0))
    stand.beat()
    assert of(stand, "peak") == pytest.approx(10_900.0 - 9_850.0)
    slow.comes = True
    stand.beat(2)
    assert of(stand, "peak") == pytest.approx(10_900.0 - 9_850.0)
    assert of(stand, "equity") == pytest.approx(10_250.0 - 9_850.0)
    assert stand.of("opening", day_high=10_900.0)


@pytest.mark.parametrize("killed", [False, True])
def test_what_was_typed_stays_where_bars_come_after_a_minute_or_a_restart(make: Make, killed: bool) -> None:
    """What is asked for anew reaches from before the absence to now, so past the moment it was typed."""
    stand = make("missed")
    away(stand)
    stand.beat(2)
    assert stand.engine.obey(Opening(account="main", equity=10_400.0, week_high=10_800.0, high_water=11_000.0))
    if killed:
        stand.restart()
    stand.terminal.charts["PLAIN"] = bars(until_ms=END + 3_600_000)
    stand.beat(3, seconds=PATIENCE_S + 10)
    assert stand.guard.keeper.memory.unseen is None
    assert of(stand, "equity") == pytest.approx(10_400.0 - 9_850.0)
    assert of(stand, "peak") == pytest.approx(10_710.0 - 9_850.0), "the day's high was not typed"
    found = remembered(stand)
    assert (found.week.peak and found.week.peak.money, found.peak.money) == (10_800.0, 11_000.0)


def test_an_opening_of_an_account_that_was_never_read_means_nothing(make: Make) -> None:
    stand = make("new")
    assert not stand.engine.obey(Opening(account="main", equity=10_000.0))
    stand.beat()
    assert not stand.engine.obey(Opening(account="other", equity=10_000.0))
    assert not stand.engine.obey(Opening(account="main", equity=-1.0))
    assert stand.engine.obey(Opening(account="main", equity=10_000.0))
    assert len(stand.of("opening")) == 1
