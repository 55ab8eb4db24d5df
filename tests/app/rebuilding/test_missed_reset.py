"""The app was off over a reset: once bars have come, its figures are those of a run that was never interrupted."""

from __future__ import annotations

import pytest

from app.rebuilding import ATTEMPTS
from monitors.drawdown import MISSED
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Unknown
from tests.app.rebuilding.absence import END, PRICES, RESET, Make, away, bars, book, deal, figures, live, of, remembered
from tests.builders import NOW_MS


def test_a_reset_missed_is_as_if_it_had_been_watched(make: Make) -> None:
    watched, missed = make("watched"), make("missed")
    live(watched)
    missed.terminal.charts["PLAIN"] = bars()
    away(missed)
    missed.beat(2)
    assert figures(missed) == figures(watched)
    assert figures(watched)["reset"] == 10_250.0
    assert figures(watched)["day"] == 10_710.0
    for base in ("equity", "peak"):
        assert of(missed, base) == of(watched, base)
    assert remembered(missed).day.reconstructed
    assert not remembered(watched).day.reconstructed
    assert missed.guard.keeper.memory.unseen is None


def test_a_position_closed_meanwhile_and_a_deposit_are_undone(make: Make) -> None:
    """Half of it is closed by its target after the reset, and money comes in before and after that."""
    happened = (
        deal(1, RESET - 7_200_000, kind=DealKind.TRANSFER, profit=500.0),
        deal(2, RESET + 3_600_000, entry=Entry.OUT, side=Side.SELL, position=1, lots=0.5, price=1.0071, profit=355.0),
        deal(3, RESET + 3_700_000, kind=DealKind.TRANSFER, profit=-200.0),
    )
    watched, missed = make("watched"), make("missed")
    prices = tuple(sorted({*PRICES, *((d.time_ms, 0.0) for d in happened)}))
    known = dict(PRICES)
    bids, stood = [], 1.0
    for ms, _ in prices:
        stood = known.get(ms, stood)
        bids.append((ms, stood))
    for ms, bid in dict(bids).items():
        watched.clock.advance_to(ms - 100)
        watched.engine.beat()
        watched.clock.advance_to(ms)
        watched.terminal.bid = bid
        watched.engine.beat()
        for d in happened:
            if d.time_ms == ms:
                book(watched.terminal, d)
                watched.engine.beat()
        if ms == RESET - 40_000:
            watched.clock.advance_to(RESET - 100)
            watched.engine.beat()
            watched.clock.advance_to(RESET + 100)
            watched.engine.beat()
    watched.clock.advance_to(END)
    watched.engine.beat()
    live(missed, until_ms=NOW_MS + 660_000)
    missed.kill()
    missed.clock.advance_to(END)
    missed.terminal.bid = PRICES[-1][1]
    for d in happened:
        book(missed.terminal, d)
    missed.terminal.charts["PLAIN"] = bars()
    missed.start()
    missed.beat(2)
    mine, right = figures(missed), figures(watched)
    assert (mine.pop("deepest"), right.pop("deepest")) == (810.0, 430.0), "the minute of the close allows the deeper"
    assert mine == right
    assert remembered(missed).day.peak == pytest.approx(remembered(watched).day.peak)


def test_where_it_is_impossible_the_figures_stay_unknown_and_say_why(make: Make) -> None:
    stand = make("missed")
    away(stand)
    for _ in range(ATTEMPTS):
        stand.beat(2, seconds=31.0)
    assert of(stand, "equity") == of(stand, "peak") == Unknown(f"{MISSED}; there are no bars of PLAIN")
    assert stand.guard.keeper.memory.unseen is None
    asked = len(stand.terminal.charted)
    stand.beat(10, seconds=31.0)
    assert len(stand.terminal.charted) == asked


def test_a_balance_that_the_deals_do_not_explain_is_not_rebuilt(make: Make) -> None:
    stand = make("missed")
    stand.terminal.charts["PLAIN"] = bars()
    live(stand, until_ms=NOW_MS + 660_000)
    stand.kill()
    stand.clock.advance_to(END)
    stand.terminal.balance += 123.0
    stand.start()
    stand.beat(5)
    assert remembered(stand).day.peak is None


def test_bars_that_are_missing_are_asked_for_again_and_not_in_every_beat(make: Make) -> None:
    stand = make("missed")
    away(stand)
    stand.beat(20)
    assert len(stand.terminal.charted) == 1
    assert stand.guard.keeper.memory.unseen is not None
    stand.terminal.charts["PLAIN"] = bars()
    stand.beat(2, seconds=60.0)
    assert figures(stand)["reset"] == 10_250.0


@pytest.mark.parametrize("beats", [1, 30], ids=["not yet on disk", "on disk"])
def test_a_deal_of_the_last_moment_seen_counts_once(make: Make, beats: int) -> None:
    stand = make("missed")
    stand.terminal.charts["PLAIN"] = bars()
    live(stand, until_ms=NOW_MS + 660_000)
    book(stand.terminal, deal(1, stand.clock.utc_ms(), entry=Entry.OUT, side=Side.SELL, position=1, lots=0.5,
                              price=1.004, profit=200.0))  # fmt: skip
    stand.beat(beats)
    away(stand)
    stand.beat(2)
    assert figures(stand)["reset"] == 10_325.0


def test_a_short_absence_within_a_day_asks_for_no_bars(make: Make) -> None:
    stand = make("short")
    live(stand, until_ms=NOW_MS + 660_000)
    stand.restart()
    stand.beat(3)
    assert stand.terminal.charted == []
