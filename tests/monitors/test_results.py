"""Profit and loss by symbol, strategy, timeframe and period, statistics, and all accounts together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.booked import Booked, Starts, booked
from monitors.excursions import Excursion
from monitors.history import fold
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Conversion, Deal, NotApplicable, Unknown, Value
from monitors.path import EMPTY
from monitors.results import Results, Tally, desk, display_rate, results
from monitors.settings import Strategy
from monitors.statistics import statistics
from monitors.trades import Trade
from tests.builders import DAY_MS, NOW_MS, deal, history, position, quote, reading, snapshot

HOUR_MS = 3_600_000
WEEK_MS, MONTH_MS = DAY_MS - 24 * HOUR_MS, DAY_MS - 20 * 24 * HOUR_MS
STARTS = Starts(day_ms=DAY_MS, week_ms=WEEK_MS, month_ms=MONTH_MS)
STRATEGIES = {7: Strategy(name="London", timeframe="M15"), 8: Strategy(name="Carry")}


def trade(number: int = 1, net: float = 100.0, **changes: object) -> Trade:
    made = Trade(position=number, symbol="EURUSD", side=Side.BUY, magic=7, lots=1.0, opened_ms=DAY_MS, closed_ms=NOW_MS,
                 open=1.10, close=1.12, net=net, stop=1.09, target=1.13)  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # what a test changes is checked by the test


def seen(found: Booked, **changes: object) -> Results:
    held = (position(11, profit=-50.0, swap=-1.0, magic=7), position(12, "GBPUSD", profit=20.0))
    return results(replace(reading(snapshot(*held)), **changes), found, STRATEGIES)  # type: ignore[arg-type]  # as above


def by_name(tallies: tuple[Tally, ...]) -> dict[str, Tally]:
    return {tally.name: tally for tally in tallies}


DEALS = (
    deal(1, position=1, entry=Entry.IN, magic=7, commission=-3.0, time_ms=MONTH_MS),
    deal(2, position=1, entry=Entry.OUT, magic=0, profit=100.0, commission=-3.0, swap=-2.0, time_ms=WEEK_MS),
    deal(3, position=2, symbol="GBPUSD", entry=Entry.IN, magic=8, commission=-4.0, time_ms=DAY_MS - 1),
    deal(4, position=2, symbol="GBPUSD", entry=Entry.OUT, magic=7, profit=-60.0, fee=-1.0, time_ms=DAY_MS),
    deal(5, position=0, symbol="", kind=DealKind.BOOKING, profit=-9.0, time_ms=NOW_MS),
    deal(6, position=0, symbol="", kind=DealKind.TRANSFER, profit=5_000.0, time_ms=NOW_MS),
    deal(7, position=3, entry=Entry.OUT, magic=7, profit=1_000.0, time_ms=MONTH_MS - 1),
)


def test_what_was_realised_counts_in_every_period_it_lies_in_with_its_costs() -> None:
    found = seen(booked(DEALS, (), STARTS, STRATEGIES))
    assert (found.account.today, found.account.week, found.account.month) == (-70.0, 21.0, 18.0)
    symbols = by_name(found.symbols)
    assert (symbols["EURUSD"].today, symbols["EURUSD"].week, symbols["EURUSD"].month) == (0.0, 95.0, 92.0)
    assert (symbols["GBPUSD"].today, symbols["GBPUSD"].week) == (-61.0, -65.0)
    assert symbols["Bookings"].today == -9.0


def test_the_commission_of_an_entry_counts_on_the_day_it_was_charged() -> None:
    entry = (deal(1, entry=Entry.IN, commission=-3.5, time_ms=NOW_MS),)
    assert seen(booked(entry, (), STARTS, {})).account.today == -3.5


def test_a_deal_belongs_to_the_strategy_that_opened_its_position_whoever_closed_it() -> None:
    found = by_name(seen(booked(DEALS, (), STARTS, STRATEGIES)).strategies)
    assert found["London M15"].week == 95.0
    assert found["Carry"].week == -65.0
    assert set(found) == {"London M15", "Carry", "Bookings", "Manual"}
    closed_by_hand = (deal(9, position=11, entry=Entry.OUT, magic=0, profit=4.0), deal(8, position=12, magic=9))
    held = (position(11, magic=7),)
    parts = by_name(seen(booked(closed_by_hand, (trade(12, magic=8),), STARTS, STRATEGIES, held=held)).strategies)
    assert parts["London M15"].today == 4.0
    assert "Magic 9" not in parts


def test_timeframes_are_the_strategies_own() -> None:
    found = by_name(seen(booked(DEALS, (), STARTS, STRATEGIES)).timeframes)
    assert {name: tally.week for name, tally in found.items()} == {"M15": 95.0, "No timeframe": -65.0, "Bookings": -9.0}


def test_what_floats_is_the_terminals_with_swap() -> None:
    found = seen(Booked())
    assert (found.account.floating, found.account.open) == (-31.0, 2)
    assert [(t.name, t.floating, t.open) for t in found.symbols] == [("EURUSD", -51.0, 1), ("GBPUSD", 20.0, 1)]
    assert [(t.name, t.floating) for t in found.strategies] == [("London M15", -51.0), ("Manual", 20.0)]


@given(st.lists(st.tuples(st.sampled_from(["EURUSD", "GBPUSD", ""]), st.integers(0, 9), st.integers(-99, 99),
                          st.integers(MONTH_MS, NOW_MS)), max_size=20))  # fmt: skip
def test_the_parts_add_up_to_the_whole_and_the_day_to_the_historys(rows: list[tuple[str, int, int, int]]) -> None:
    deals = tuple(
        deal(n, symbol=symbol, position=number, magic=number % 3, profit=float(gain), time_ms=at)
        for n, (symbol, number, gain, at) in enumerate(rows)
    )
    found = seen(booked(deals, (), STARTS, STRATEGIES))
    for parts in (found.symbols, found.strategies, found.timeframes):
        for period in ("today", "week", "month"):
            assert sum(getattr(t, period) for t in parts) == getattr(found.account, period)
    day = [d for d in deals if d.time_ms >= DAY_MS]
    memory = fold(history(), path=EMPTY, equity=10_000.0, balance=10_000.0,
                  now_ms=NOW_MS, day_ms=DAY_MS, week_ms=history().week.start_ms,
                  booked=sum(d.cash for d in day if d.performs))  # fmt: skip
    assert memory.day.realized == found.account.today


def test_closed_positions_are_counted_this_month_and_won_where_they_gained() -> None:
    trades = (trade(1, 50.0), trade(2, -5.0, symbol="GBPUSD"), trade(3, 0.0), trade(4, 9.0, closed_ms=MONTH_MS - 1))
    found = seen(booked((), trades, STARTS, STRATEGIES))
    assert (found.account.closed, found.account.won) == (3, 1)
    assert [(t.name, t.closed, t.won) for t in found.symbols] == [("EURUSD", 2, 1), ("GBPUSD", 1, 0)]


def test_a_period_whose_deals_are_not_all_known_is_unknown_and_so_is_all_while_the_balance_is_unexplained() -> None:
    found = seen(booked(DEALS, (), STARTS, STRATEGIES, since_ms=WEEK_MS)).account
    assert (found.today, found.week) == (-70.0, 21.0)
    assert found.month == Unknown("its deals are not all known")
    doubtful = seen(booked(DEALS, (), STARTS, STRATEGIES), unexplained="100.00 not in the deals").account
    assert (doubtful.today, doubtful.week, doubtful.month) == (Unknown("100.00 not in the deals"),) * 3


# ------------------------------------------------------------------------------------------------ statistics


def test_statistics_are_of_what_was_closed() -> None:
    found = statistics(
        [trade(1, 200.0), trade(2, -50.0, close=1.09), trade(3, -30.0, target=0.0), trade(4, 60.0, stop=0.0)]
    )
    assert (found.closed, found.won, found.win_rate_pct, found.net) == (4, 2, 50.0, 180.0)
    assert found.profit_factor == pytest.approx(260 / 80)
    assert found.planned_rr == pytest.approx(3.0)
    assert found.realized_r == pytest.approx((2.0 - 1.0 + 2.0) / 3)


def test_the_first_stop_seen_is_the_risk_and_not_the_last() -> None:
    moved = trade(1, stop=1.115, excursion=Excursion(stop=1.08))
    assert statistics([moved]).realized_r == pytest.approx(1.0)
    assert statistics([trade(1, stop=1.115)]).realized_r == NotApplicable("no closed position had a stop")


def test_a_short_is_its_longs_mirror() -> None:
    short = trade(1, side=Side.SELL, open=1.10, close=1.08, stop=1.11, target=1.07)
    assert statistics([short]).planned_rr == pytest.approx(3.0)
    assert statistics([short]).realized_r == pytest.approx(2.0)


def test_without_a_loss_there_is_no_profit_factor_and_without_a_trade_nothing() -> None:
    assert statistics([trade()]).profit_factor == NotApplicable("no position lost")
    nothing = statistics([])
    none = NotApplicable("no position was closed")
    assert (nothing.win_rate_pct, nothing.profit_factor, nothing.net) == (none, none, 0.0)
    assert isinstance(nothing.planned_rr, NotApplicable)


def test_statistics_come_for_all_first_and_then_by_strategy() -> None:
    found = seen(booked((), (trade(1), trade(2, magic=0), trade(3, magic=8)), STARTS, STRATEGIES)).statistics
    assert [(name, s.closed) for name, s in found] == [("All", 3), ("Carry", 1), ("London M15", 1), ("Manual", 1)]


# ------------------------------------------------------------------------------------------------ the display currency


@pytest.mark.parametrize(
    ("currency", "expected"),
    [
        ("", 1.0),
        ("USD", 1.0),
        ("EUR", 1 / 1.10005),
        ("JPY", 150.005),
        ("CHF", Unknown("the broker has no pair of USD and CHF")),
        ("GBP", Unknown("GBPUSD: no quote")),
        ("AUD", Unknown("AUDUSD: no quote")),
    ],
)
def test_the_display_rate_is_the_middle_of_the_brokers_pair(currency: str, expected: Value) -> None:
    pairs = {
        "EUR": Conversion(symbol="EURUSD", inverse=False),
        "JPY": Conversion(symbol="USDJPY", inverse=True),
        "GBP": Conversion(symbol="GBPUSD", inverse=False),
        "AUD": Conversion(symbol="AUDUSD", inverse=False),
    }
    crossed = replace(quote(1.3), ask=1.2)
    quotes = {"EURUSD": quote(1.1, 1.1001), "USDJPY": quote(150.0, 150.01), "GBPUSD": crossed}
    found = display_rate(snapshot(quotes=quotes, conversions=pairs), currency)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def part(rate: Value, currency: str = "USD", **changes: object) -> Results:
    found = replace(seen(booked(DEALS, (), STARTS, STRATEGIES)), display_currency=currency, display_rate=rate)
    return replace(found, account=replace(found.account, **changes))  # type: ignore[arg-type]  # as above


def test_all_accounts_together_leave_out_and_name_those_that_cannot_be_added() -> None:
    parts = [("main", 10_000.0, part(1.0)), ("euro", 2_000.0, part(1.5)), ("yen", 5.0, part(Unknown("no pair"))),
             ("dark", None, None), ("odd", 1.0, part(1.0, "CHF"))]  # fmt: skip
    found = desk(parts)
    assert (found.currency, found.accounts) == ("USD", 2)
    assert found.equity == 13_000.0
    assert found.floating == pytest.approx(2.5 * -31.0)
    assert (found.today, found.week, found.month) == (2.5 * -70.0, 2.5 * 21.0, 2.5 * 18.0)
    assert found.left_out == (("yen", "no pair"), ("dark", "not seen"), ("odd", "shown in CHF"))


def test_a_figure_that_one_account_does_not_know_is_unknown_of_all() -> None:
    found = desk([("main", 10.0, part(1.0)), ("euro", 20.0, part(1.0, month=Unknown("its deals are not all known")))])
    assert found.month == Unknown("euro: its deals are not all known")
    assert found.today == -140.0
    alone = desk([("dark", None, None)])
    assert alone.equity == Unknown("no account is seen in the display currency")


def test_a_deal_of_any_kind_but_money_moved_performs() -> None:
    def performs(kind: DealKind) -> bool:
        made: Deal = deal(kind=kind)
        return made.performs

    assert [kind for kind in DealKind if performs(kind)] == [DealKind.TRADE, DealKind.BOOKING]
