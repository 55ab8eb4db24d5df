"""What a strategy's closed trades say of stops and targets, and that a few say nothing."""

from __future__ import annotations

import math
from typing import Any

import pytest

from monitors.advice import ENOUGH, Habits, habits, sentences, too_few
from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.settings import Strategy
from monitors.trades import Trade
from tests.builders import NOW_MS, instrument

NAN = math.nan
STRATEGIES = {7001: Strategy(name="London breakout", timeframe="M15")}
SPECS = {"EURUSD": instrument()}
NAME = "London breakout M15"


def trade(against: float = 0.5, reached: float = 1.0, net: float = 10.0, *, side: Side = Side.BUY,
          stop: float | None = None, since_ms: int = NOW_MS, under_ms: int = 1000, **more: Any) -> Trade:  # fmt: skip
    """A closed trade that risked 100 points and went so many R against and for its owner."""
    seen = Excursion(worst_points=-100 * against, best_points=100 * reached, under_ms=under_ms, since_ms=since_ms,
                     stop=1.1 - side.sign * 0.001 if stop is None else stop)  # fmt: skip
    facts = {"position": 1, "symbol": "EURUSD", "side": side, "magic": 7001, "lots": 1.0, "opened_ms": NOW_MS,
             "closed_ms": NOW_MS + 1, "open": 1.1, "close": 1.1, "net": net, "excursion": seen}  # fmt: skip
    return Trade(**{**facts, **more})


def learnt(*trades: Trade) -> Habits:
    (found,) = habits(trades, STRATEGIES, SPECS).values()
    return found


def test_the_distribution_is_of_winners_for_stops_and_of_all_for_targets() -> None:
    winners = [trade(n / 10, reached=n / 2, under_ms=n * 1000) for n in range(1, 11)]
    losers = [trade(1.0, reached=0.2, net=-100.0, side=Side.SELL, under_ms=500) for _ in range(5)]
    found = learnt(*winners, *losers)
    assert (found.strategy, found.trades, found.winners) == (NAME, 15, 10)
    assert found.against == pytest.approx(0.8)
    assert found.half == pytest.approx(1.5)
    assert found.under_ms == 3000.0
    assert found.reached_pct(1.5) == pytest.approx(100 * 8 / 15)
    assert (found.reached_pct(0.0), found.reached_pct(9.0)) == (100.0, 0.0)


@pytest.mark.parametrize(
    "unfit",
    [
        trade(excursion=None), trade(stop=0.0), trade(stop=1.2), trade(stop=NAN), trade(symbol="GBPUSD"),
        trade(since_ms=NOW_MS + 60_001), trade(against=NAN), trade(reached=NAN), trade(open=NAN),
    ],
)  # fmt: skip
def test_a_trade_without_a_whole_way_or_without_r_teaches_nothing(unfit: Trade) -> None:
    assert habits([unfit], STRATEGIES, SPECS) == {}
    assert habits([trade()], STRATEGIES, {"EURUSD": instrument(point=0.0)}) == {}
    assert learnt(unfit, trade(since_ms=NOW_MS + 60_000)).trades == 1


def test_a_winner_that_was_never_against_its_owner_counts_as_nought() -> None:
    assert learnt(*[trade(-0.5) for _ in range(10)]).against == 0.0


def test_each_strategy_learns_from_its_own_trades() -> None:
    found = habits([trade(), trade(magic=0), trade(magic=5)], STRATEGIES, SPECS)
    assert {name: kept.trades for name, kept in found.items()} == {NAME: 1, "Manual": 1, "Magic 5": 1}


def test_fewer_than_thirty_trades_say_only_that_they_are_too_few() -> None:
    few = learnt(*[trade() for _ in range(ENOUGH - 1)])
    words = "closed trades of London breakout M15 were followed with a stop; from 30 on they say something."
    assert too_few(NAME, few) == (f"29 {words}",)
    assert too_few(NAME, None) == (f"0 {words}",)
    assert too_few(NAME, learnt(*[trade() for _ in range(ENOUGH)])) == ()


def test_the_sentences_are_calculations_on_this_stop_and_this_target() -> None:
    found = learnt(*[trade(0.62, reached=1.4) for _ in range(24)], *[trade(1.0, 0.3, net=-1.0) for _ in range(6)])
    stop, target = sentences(found, 1.0, 2.0)
    assert stop == ("80 % of the 24 winners of London breakout M15 never went beyond 0.62 R against; "
                    "this stop allows 1.00 R.")  # fmt: skip
    assert target == ("Half of the 30 closed trades of London breakout M15 reached 1.40 R or more; "
                      "0 % reached the 2.00 R of this target.")  # fmt: skip
    stop, target = sentences(found, -0.3, 1.4)
    assert stop.endswith("this stop keeps 0.30 R of profit.")
    assert target.endswith("80 % reached the 1.40 R of this target.")
    stop, target = sentences(found, NAN, NAN)
    assert stop.endswith("this position has no stop in R.")
    assert target.endswith("this position has no target in R.")


def test_a_few_winners_say_nothing_of_stops() -> None:
    found = learnt(*[trade() for _ in range(9)], *[trade(net=-1.0) for _ in range(30)])
    assert len(sentences(found, 1.0, 2.0)) == 1
