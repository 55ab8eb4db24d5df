"""Equity of a time unseen from deals and bars: bounds, conversions, swap, and what makes it impossible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from monitors.anchors import Anchor, High
from monitors.history import History
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Bars, Conversion, Deal, Position, Rates, Snapshot, Unknown
from monitors.past import Spec, past_equity
from monitors.path import EquityPath
from monitors.rebuild import FARTHEST_MS, Absence, rebuilt, specs_of, with_balances
from tests.builders import NO_BARS, NOW_MS, deal, history, position, quote, snapshot

MINUTE = 60_000
SINCE = NOW_MS - 10 * MINUTE
Row = tuple[float, float, float, float]


def bars(*rows: Row, first_ms: int = SINCE, spread: float = 0.0) -> Bars:
    """Bars of a minute: open, high, low, close."""
    opened, high, low, close = np.array(rows, dtype=float).T
    times = first_ms + MINUTE * np.arange(len(rows), dtype=np.int64)
    return Bars(time_ms=times, open=opened, high=high, low=low, close=close, spread=np.full(len(rows), spread))


def flat(price: float, spread: float = 0.0) -> Bars:
    """Eleven minutes at one price, the last of which has just begun."""
    return bars(*[(price,) * 4] * 11, spread=spread)


def held(symbol: str = "EURUSD", side: Side = Side.BUY, opened: float = 1.1, price: float = 1.1,
         per_unit: float = 100_000.0, **changes: Any) -> Position:  # fmt: skip
    """A lot held for long."""
    profit = round(side.sign * (price - opened) * per_unit, 2)
    return position(1, symbol, side, open=opened, price=price, profit=profit,
                    **{"opened_ms": NOW_MS - 86_400_000} | changes)  # fmt: skip


def path(seen: Snapshot, charts: dict[str, Bars], *deals: Deal) -> EquityPath:
    found = past_equity(seen, deals, specs_of(seen), charts, SINCE)
    assert isinstance(found, EquityPath)
    return found


def test_each_minute_gives_its_best_its_worst_and_its_close() -> None:
    found = path(snapshot(held()), {"EURUSD": bars((1.1, 1.102, 1.099, 1.101), (1.101, 1.101, 1.1, 1.1))})
    assert found.equity.tolist() == [10_200.0, 9_900.0, 10_100.0, 10_100.0, 10_000.0, 10_000.0]
    assert found.time_ms.tolist() == [SINCE + 20_000, SINCE + 40_000, SINCE + 59_999, SINCE + 80_000, SINCE + 100_000,
                                      SINCE + 119_999]  # fmt: skip


def test_a_short_stands_at_the_ask_which_is_the_spread_above() -> None:
    short = held(side=Side.SELL, price=1.1001)
    found = path(snapshot(short), {"EURUSD": bars((1.1, 1.102, 1.099, 1.1), spread=10.0)})
    assert found.equity.tolist() == [10_090.0, 9_790.0, 9_990.0]


def test_two_symbols_are_best_together_since_nobody_knows_better() -> None:
    gold = replace(held("XAUUSD", opened=2_000.0, price=2_000.0, per_unit=100.0), identifier=2)
    found = path(snapshot(held(), gold), {"EURUSD": bars((1.1, 1.101, 1.1, 1.1)),
                                         "XAUUSD": bars((2_000.0, 2_003.0, 2_000.0, 2_000.0))})  # fmt: skip
    assert found.equity.max() == 10_400.0


def test_a_hedge_stands_still_through_a_bar_however_long() -> None:
    short = replace(held(side=Side.SELL), identifier=2)
    found = path(snapshot(held(), short), {"EURUSD": bars((1.1, 1.102, 1.0, 1.1))})
    assert found.equity.tolist() == [10_000.0, 10_000.0, 10_000.0]


def test_between_two_bars_the_last_close_stands() -> None:
    one, later = bars((1.1, 1.1, 1.1, 1.1005)), SINCE + 5 * MINUTE
    gold = replace(held("XAUUSD", opened=2_000.0, price=2_000.0, per_unit=100.0), identifier=2)
    charts = {"EURUSD": one, "XAUUSD": bars((2_000.0,) * 4, first_ms=SINCE)}
    charts["XAUUSD"] = replace(charts["XAUUSD"], time_ms=np.array([SINCE]))
    more = bars((1.1005,) * 4, first_ms=later)
    joined = {name: np.concatenate((getattr(one, name), getattr(more, name))) for name in Bars.__dataclass_fields__}
    found = path(snapshot(held(), gold), charts | {"EURUSD": Bars(**joined)})
    assert found.equity[-1] == 10_050.0


def trade(ticket: int, at_ms: int, side: Side, entry: Entry, price: float, **changes: Any) -> Deal:
    return deal(ticket, time_ms=at_ms, side=side, entry=entry, price=price, **changes)


def test_a_position_closed_meanwhile_floats_before_and_is_balance_after() -> None:
    """Opened at 1.095 long before, closed at 1.101 for 600."""
    seen = snapshot(balance=10_600.0, instruments={"EURUSD": snapshot(held()).instruments["EURUSD"]})
    closed = trade(1, SINCE + 2 * MINUTE + 30_000, Side.SELL, Entry.OUT, 1.101, profit=600.0)
    rows: list[Row] = [(1.1, 1.1, 1.1, 1.1), (1.1, 1.1, 1.1, 1.1005), (1.1005, 1.102, 1.1, 1.101), (1.2, 1.2, 1.2, 1.2)]
    found = path(seen, {"EURUSD": bars(*rows)}, closed)
    assert found.equity.tolist()[2::3] == [10_500.0, 10_550.0, 10_600.0, 10_600.0]
    assert found.equity.max() == 10_700.0, "the minute of the close allows its high"


def test_a_position_opened_and_one_enlarged_meanwhile_are_what_they_were() -> None:
    """One lot at 1.1, a second at 1.102: together two at 1.101."""
    seen = snapshot(held(opened=1.101, price=1.104, lots=2.0, per_unit=200_000.0), balance=9_993.0)
    added = trade(1, SINCE + MINUTE + 30_000, Side.BUY, Entry.IN, 1.102, commission=-7.0)
    rows: list[Row] = [(1.103,) * 4, (1.103, 1.103, 1.102, 1.102), (1.104,) * 4]
    found = path(seen, {"EURUSD": bars(*rows)}, added)
    assert found.equity.tolist()[2::3] == [10_300.0, 10_193.0, 10_593.0]


def test_a_reversed_net_position_is_undone_through_its_turn() -> None:
    """Long one at 1.1, then two sold at 1.102: 200 realised, and short one at 1.102."""
    seen = snapshot(held(side=Side.SELL, opened=1.102, price=1.102), balance=10_200.0)
    turned = trade(1, SINCE + MINUTE + 30_000, Side.SELL, Entry.INOUT, 1.102, lots=2.0, profit=200.0)
    found = path(seen, {"EURUSD": bars((1.101,) * 4, (1.102,) * 4, (1.101,) * 4)}, turned)
    assert found.equity.tolist()[2::3] == [10_100.0, 10_200.0, 10_300.0]


def test_profit_in_another_currency_is_converted_by_the_bars_of_its_pair() -> None:
    """EURGBP gains pounds; a gain counts at the bid of GBPUSD."""
    seen = snapshot(held("EURGBP", opened=0.87, price=0.88),
                    conversions={"GBP": Conversion(symbol="GBPUSD", inverse=False)},
                    quotes={"GBPUSD": quote(1.25, 1.25)})  # fmt: skip
    found = path(seen, {"EURGBP": flat(0.88), "GBPUSD": bars((1.2,) * 4, (1.3,) * 4)})
    assert found.equity[2] == pytest.approx(10_000 + 1_000 * 1.2)
    assert found.equity[5] == pytest.approx(10_000 + 1_000 * 1.3)


def test_a_symbol_that_is_its_own_conversion_pair_converts_at_its_own_price() -> None:
    seen = snapshot(held("USDJPY", opened=149.0, price=150.0, per_unit=100_000 / 150.0),
                    conversions={"JPY": Conversion(symbol="USDJPY", inverse=True)})  # fmt: skip
    found = path(seen, {"USDJPY": bars((150.0, 160.0, 150.0, 155.0))})
    assert found.equity[0] == pytest.approx(10_000 + 11 * 100_000 / 160, abs=0.005)
    assert found.equity[2] == pytest.approx(10_000 + 6 * 100_000 / 155, abs=0.005)


def test_swap_is_spread_over_the_nights_held() -> None:
    """Held for two nights, of which one had passed when the time unseen began."""
    midnight = NOW_MS - 8 * 3_600_000
    seen = snapshot(replace(held(opened_ms=midnight - 86_400_000 - 3_600_000), swap=-8.0))
    charts = bars(*[(1.1,) * 4] * 2, first_ms=midnight - MINUTE)
    found = past_equity(seen, (), specs_of(seen), {"EURUSD": charts}, midnight - MINUTE)
    assert isinstance(found, EquityPath)
    assert found.equity.tolist()[2::3] == [9_996.0, 9_992.0]


def absence(seen: Snapshot, *deals: Deal, before: History | None = None, **changes: Any) -> Absence:
    past = replace(history(), seen_ms=SINCE) if before is None else before
    made = Absence(before=past, snapshot=seen, deals=deals, specs=specs_of(seen), day_ms=NOW_MS - 5 * MINUTE,
                   week_ms=past.week.start_ms)  # fmt: skip
    return replace(made, **changes)


def test_a_reset_takes_the_close_before_it_and_peaks_the_bars_after() -> None:
    rows: list[Row] = [(1.1, 1.11, 1.1, 1.1)] * 4 + [(1.1, 1.1, 1.1, 1.101)] + [(1.101, 1.104, 1.1, 1.1)] * 6
    found = rebuilt(absence(snapshot(held())), {"EURUSD": bars(*rows)})
    assert isinstance(found, History)
    assert found.day.equity == Anchor.at(10_100.0)
    assert found.day.peak is not None
    assert found.day.peak.money == pytest.approx(10_400.0)
    assert found.peak.money == pytest.approx(11_000.0)
    assert found.day.deepest == pytest.approx(400.0)
    assert (found.day.reconstructed, found.week.reconstructed) == (True, True)


def reason(found: History | Unknown) -> str:
    assert isinstance(found, Unknown)
    return found.reason


def test_what_is_missing_makes_it_unknown_and_is_named() -> None:
    seen = snapshot(held())
    assert reason(rebuilt(absence(seen), {})) == "there are no bars of EURUSD"
    late = {"EURUSD": bars((1.1,) * 4)}
    assert reason(rebuilt(absence(seen), late)) == "the newest bars of EURUSD are missing"
    enough = {"EURUSD": flat(1.1)}
    assert isinstance(rebuilt(absence(seen), enough), History)
    paid = replace(seen, account=replace(seen.account, balance=10_050.0, equity=10_050.0))
    assert reason(rebuilt(absence(paid), enough)) == "the deals do not explain the balance: +50.00"
    wrong = {"EURUSD": Spec(contract_size=1_000.0, point=1e-5, currency="USD")}
    gained = snapshot(held(price=1.105))
    assert "does not follow" in reason(rebuilt(absence(gained, specs=wrong), {"EURUSD": flat(1.105)}))
    long_ago = replace(history(), seen_ms=NOW_MS - FARTHEST_MS - 1)
    assert "more than 31 days" in reason(rebuilt(absence(seen, before=long_ago), enough))
    stranger = trade(1, SINCE + MINUTE, Side.SELL, Entry.OUT, 1.0, symbol="GBPUSD", position=9)
    charts = enough | {"GBPUSD": flat(1.25)}
    assert "the contract of GBPUSD is not known" in reason(rebuilt(absence(seen, stranger), charts))


def test_bars_that_begin_too_late_are_missing() -> None:
    gold = replace(held("XAUUSD", opened=2_000.0, price=2_000.0, per_unit=100.0), identifier=2)
    charts = {"EURUSD": bars((1.1,) * 4, first_ms=NOW_MS), "XAUUSD": flat(2_000.0)}
    assert reason(rebuilt(absence(snapshot(held(), gold)), charts)) == "bars of EURUSD are missing"


def test_a_conversion_without_bars_makes_it_unknown() -> None:
    rates = {"EURGBP": Rates(margin_buy=1.0, margin_sell=1.0, profit=1.25, loss=1.25)}
    seen = snapshot(held("EURGBP", opened=0.88, price=0.88), rates=rates)
    assert reason(rebuilt(absence(seen), {"EURGBP": flat(0.88)})) == "bars that convert GBP are missing"
    paired = replace(seen, conversions={"GBP": Conversion(symbol="GBPUSD", inverse=False)})
    charts = {"EURGBP": flat(0.88), "GBPUSD": NO_BARS}
    assert reason(rebuilt(absence(paired), charts)) == "bars that convert GBP are missing"


def test_the_bars_needed_are_those_of_what_was_traded_and_of_what_converts_it() -> None:
    seen = snapshot(held("EURGBP"), conversions={"GBP": Conversion(symbol="GBPUSD", inverse=False)})
    assert absence(seen, trade(1, SINCE + 1, Side.SELL, Entry.OUT, 1.0, symbol="XAUUSD")).charted == (
        "EURGBP", "GBPUSD", "XAUUSD"
    )  # fmt: skip


def test_flat_all_the_time_needs_no_bars() -> None:
    paid = deal(1, kind=DealKind.TRANSFER, profit=500.0, time_ms=SINCE + MINUTE, symbol="")
    found = rebuilt(absence(snapshot(balance=10_500.0), paid), {})
    assert isinstance(found, History)
    assert found.day.equity == Anchor.at(10_500.0)
    assert found.peak.money == 10_500.0
    assert found.deepest == 0.0


def test_balances_of_a_time_unseen_count_by_every_deal_and_every_reset() -> None:
    earned = [trade(n, SINCE + n * MINUTE, Side.SELL, Entry.OUT, 1.0, profit=p)
              for n, p in enumerate((300.0, -400.0, 250.0), 1)]  # fmt: skip
    found = with_balances(history(), 10_150.0, earned, [SINCE + 150_000])
    assert found.closed_high == High.at(10_300.0)
    assert found.eod_high == High.at(10_000.0)
    assert with_balances(history(), 10_150.0, earned, [SINCE + 90_000]).eod_high == High.at(10_300.0)


def test_bars_that_end_before_the_time_unseen_leave_nothing_to_rebuild() -> None:
    old = bars((1.1, 1.1, 1.1, 1.1), first_ms=SINCE - 3_600_000)
    assert not len(path(snapshot(held()), {"EURUSD": old}).time_ms)


def test_a_deal_closed_in_another_currency_is_converted_at_its_own_minute() -> None:
    """A cross in pounds that was closed with a profit of 125 dollars at 1.25: 100 pounds."""
    pound = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}
    seen = snapshot(balance=10_125.0, conversions=pound, quotes={"GBPUSD": quote(1.25)})
    gone = deal(symbol="EURGBP", price=0.88, profit=125.0, time_ms=SINCE + 90_000)
    specs = {"EURGBP": Spec(currency="GBP", contract_size=100_000.0, point=1e-5)}
    charts = {"EURGBP": flat(0.88), "GBPUSD": flat(1.25)}
    found = past_equity(seen, (gone,), specs, charts, SINCE)
    assert isinstance(found, EquityPath)
    assert found.equity[0] == pytest.approx(10_125.0)
    assert found.equity[-1] == 10_125.0
    assert past_equity(seen, (gone,), specs, {"EURGBP": flat(0.88)}, SINCE) == Unknown(
        "bars that convert GBP are missing"
    )


@pytest.mark.parametrize("opened", [True, False], ids=["opened here", "opened before"])
def test_the_swap_of_a_position_that_is_gone_counts_until_it_was_paid(opened: bool) -> None:
    closing = deal(2, swap=-7.0, profit=0.0, time_ms=SINCE + 300_000)
    opening = deal(1, entry=Entry.IN, side=Side.BUY, time_ms=SINCE + 60_000)
    deals = (opening, closing) if opened else (closing,)
    seen = snapshot(balance=9_993.0)
    charts = {"EURUSD": flat(1.1)}
    specs = {"EURUSD": Spec(currency="USD", contract_size=100_000.0, point=1e-5)}
    found = past_equity(seen, deals, specs, charts, SINCE)
    assert isinstance(found, EquityPath)
    assert found.equity[-1] == 9_993.0
    assert found.equity.min() == pytest.approx(9_993.0)


def test_a_position_whose_rates_are_missing_cannot_be_rebuilt() -> None:
    seen = replace(snapshot(held()), rates={})
    assert reason(rebuilt(absence(seen), {"EURUSD": flat(1.1)})) == "the contract of EURUSD is not known"


def test_of_the_minute_in_which_the_time_unseen_began_only_the_close_counts() -> None:
    """Its high of 1.11 was reached before, with whatever was held then."""
    charts = {"EURUSD": bars((1.1, 1.11, 1.09, 1.1005), (1.1005, 1.102, 1.1, 1.101), first_ms=SINCE - 20_000)}
    found = path(snapshot(held()), charts)
    assert found.equity[:3].tolist() == [10_050.0, 10_050.0, 10_050.0]
    assert found.equity.max() == 10_200.0
