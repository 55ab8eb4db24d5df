"""The view of exposure: lines that add up, and what could happen to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitors import exposure as figures
from monitors.correlation import Correlations
from monitors.exposure_view import ExposureView, desk_exposure, exposure
from monitors.kinds import Side
from monitors.model import NotApplicable, Rates, Unknown, Value
from monitors.reading import Reading
from monitors.responses.rebalancing import rebalancing
from monitors.settings import AnalysisSettings, Strategy
from tests.builders import level, position, reading, rule, snapshot

ANALYSIS = AnalysisSettings(gap_pct=2.0)
NO_RATE = Rates(margin_buy=1.0, margin_sell=1.0, profit=float("nan"), loss=float("nan"))
HELD = (
    position(1, "EURUSD", lots=1.0, magic=7, stop=1.09),
    position(2, "EURUSD", Side.SELL, lots=0.4, stop=1.11),
    position(3, "XAUUSD", Side.SELL, lots=1.0, magic=7, stop=2_010.0),
    position(4, "GBPUSD", lots=0.2, magic=9, stop=1.24),
)
MATRIX = np.array([[1.0, 0.5, 0.8], [0.5, 1.0, -0.9], [0.8, -0.9, 1.0]])


def together(*symbols: str, matrix: np.ndarray = MATRIX) -> Correlations:
    return Correlations(symbols=symbols, matrix=matrix, bars=dict.fromkeys(symbols, 400), until_ms=0)


def seen_as(read: Reading) -> ExposureView:
    return exposure(read, {7: Strategy(name="London", timeframe="M15")}, ANALYSIS)


def test_the_lines_add_up_to_the_figures() -> None:
    read = reading(snapshot(*HELD))
    view = seen_as(read)
    assert isinstance(view.total, float)
    assert sum(line.gross for line in view.symbols) == pytest.approx(view.total)
    assert sum(line.share for line in view.symbols) == pytest.approx(1.0)
    assert sum(line.gross for line in view.strategies) == pytest.approx(view.total)
    assert sum(line.net for line in view.strategies) == pytest.approx(sum(line.net for line in view.symbols))
    assert sum(line.net for line in view.currencies) == pytest.approx(0.0, abs=1e-6)
    assert sum(line.share**2 for line in view.symbols) == pytest.approx(view.hhi)
    assert view.hhi == figures.hhi(read, rule())


def test_lines_name_what_is_held_largest_first() -> None:
    view = seen_as(reading(snapshot(*HELD)))
    assert [(line.symbol, line.count, line.lots) for line in view.symbols] == [
        ("XAUUSD", 1, -1.0),
        ("EURUSD", 2, pytest.approx(0.6)),
        ("GBPUSD", 1, 0.2),
    ]
    assert view.symbols[1].long == pytest.approx(110_000.0)
    assert view.symbols[1].short == pytest.approx(44_004.0)
    assert [line.currency for line in view.currencies] == ["USD", "EUR", "GBP", "XAU"]
    assert [(line.name, line.count) for line in view.strategies] == [("London M15", 2), ("Manual", 1), ("Magic 9", 1)]
    assert view.strategies[0].net == pytest.approx(110_000.0 - 200_050.0)


def test_one_percent_against_a_currency_costs_a_hundredth_of_its_leg() -> None:
    view = seen_as(reading(snapshot(*HELD)))
    assert [line.one_pct for line in view.currencies] == pytest.approx(
        [abs(line.net) / 100 for line in view.currencies]
    )


def test_diversification_is_nought_with_one_symbol_and_whole_with_equal_ones() -> None:
    assert seen_as(reading(snapshot(position()))).diversification_pct == 0.0
    even = reading(snapshot(position(1, "AAAUSD"), position(2, "BBBUSD"), margin=1.0))
    assert seen_as(even).diversification_pct == pytest.approx(100.0)
    view = seen_as(reading(snapshot(*HELD)))
    assert isinstance(view.hhi, float)
    assert view.diversification_pct == pytest.approx(100 * (1 - view.hhi) / (1 - 1 / 3))


def test_equity_if_every_stop_is_hit_is_less_the_open_risk_and_unknown_while_one_is_missing() -> None:
    view = seen_as(reading(snapshot(*HELD)))
    assert view.open_risk == pytest.approx(1_000.0 + 0.4 * 990.0 + 950.0 + 200.0)
    assert view.if_stopped == pytest.approx(10_000.0 - 2_546.0)
    bare = seen_as(reading(snapshot(replace(HELD[0], stop=0.0), *HELD[1:])))
    assert bare.if_stopped == Unknown("1 of 4 positions has no stop")
    assert bare.open_risk == pytest.approx(10_000.0 + 1_546.0)


def test_a_stop_in_profit_is_no_open_risk_and_still_gives_back_what_floats_beyond_it() -> None:
    view = seen_as(reading(snapshot(position(open=1.05, stop=1.06, profit=5_000.0))))
    assert view.open_risk == 0.0
    assert view.if_stopped == pytest.approx(15_000.0 - 4_000.0)


def test_nothing_held_is_an_empty_view() -> None:
    view = seen_as(reading())
    assert (view.total, view.open_risk, view.gap_loss) == (0.0, 0.0, 0.0)
    assert (view.symbols, view.currencies, view.strategies, view.signed) == ((), (), (), ())
    nothing = NotApplicable("nothing is held")
    assert (view.hhi, view.effective_n, view.diversification_pct, view.if_stopped) == (nothing,) * 4


def test_a_symbol_without_a_rate_is_named_and_in_no_line() -> None:
    view = seen_as(reading(snapshot(*HELD, position(5, "EURGBP", stop=0.8), rates={"EURGBP": NO_RATE})))
    assert view.unconverted == ("EURGBP",)
    assert [line.symbol for line in view.symbols] == ["XAUUSD", "EURUSD", "GBPUSD"]
    lacking = Unknown("a conversion rate is missing")
    figures_of = (view.total, view.leverage, view.hhi, view.diversification_pct, view.open_risk, view.if_stopped)
    assert figures_of == (lacking,) * 6
    numbers = [n for line in view.symbols for n in (line.gross, line.net, line.share)]
    assert all(np.isfinite([*numbers, *(line.net for line in view.currencies), *(g.gross for g in view.strategies)]))


# ------------------------------------------------------------------------------------------------ correlation


def correlation(read: Reading, at: float | None = None) -> Value:
    levels = () if at is None else (level(at),)
    return figures.correlation(read, replace(rule("exposure.correlation", "above"), levels=levels))


def test_the_largest_correlation_is_signed_by_the_sides() -> None:
    known = together("EURUSD", "XAUUSD", "GBPUSD")
    view = seen_as(reading(snapshot(*HELD), correlations=known))
    assert view.largest_correlation == pytest.approx(0.9)  # short gold and long sterling, which move against each other
    assert np.array(view.signed) == pytest.approx(np.array([[1.0, -0.5, 0.8], [-0.5, 1.0, 0.9], [0.8, 0.9, 1.0]]))


def test_a_symbol_held_as_much_long_as_short_is_no_bet() -> None:
    known = together("EURUSD", "XAUUSD", "GBPUSD")
    flat = (*HELD, position(5, "GBPUSD", Side.SELL, lots=0.2))
    assert correlation(reading(snapshot(*flat), correlations=known)) == pytest.approx(-0.5)
    assert seen_as(reading(snapshot(*flat), correlations=known)).signed[2] == (0.0, 0.0, 0.0)


def test_one_symbol_has_no_correlation() -> None:
    alone = NotApplicable("fewer than two symbols are held one way")
    assert correlation(reading(snapshot(position()))) == alone
    assert correlation(reading()) == alone


def test_without_bars_correlation_is_unknown() -> None:
    assert correlation(reading(snapshot(*HELD))) == Unknown("there are no bars yet")
    young = together("EURUSD", "XAUUSD", "GBPUSD", matrix=np.where(np.eye(3) > 0, 1.0, np.nan))
    assert correlation(reading(snapshot(*HELD), correlations=young), at=0.7) == Unknown(
        "too few bars of EURUSD and XAUUSD"
    )


@pytest.mark.parametrize(
    ("known", "lacking"),
    [
        (together("EURUSD", "XAUUSD", matrix=MATRIX[:2, :2]), "GBPUSD"),
        (
            together(
                "EURUSD", "XAUUSD", "GBPUSD", matrix=np.where(MATRIX == -0.9, np.nan, MATRIX)
            ),
            "XAUUSD and GBPUSD",
        ),
    ],
    ids=["no bars at all", "too few together"],
)  # fmt: skip
def test_what_is_not_known_of_one_pair_leaves_a_lower_bound_that_trips_or_nothing(
    known: Correlations, lacking: str
) -> None:
    held = tuple(replace(p, side=Side.BUY) for p in HELD)
    read = reading(snapshot(*held), correlations=known)
    assert correlation(read, at=0.99) == Unknown(f"too few bars of {lacking}")
    assert correlation(read) == Unknown(f"too few bars of {lacking}")
    assert isinstance(correlation(read, at=0.4), float)


# ------------------------------------------------------------------------------------------------ limits


def test_a_limit_that_is_met_shows_the_closes_that_satisfy_it() -> None:
    read = reading(snapshot(position(1, lots=1.0), position(2, "GBPUSD", lots=0.2)))
    (found,) = rebalancing(read, [rule("exposure.total", "above", level(100_000.0), level(200_000.0))])
    assert (found.limit, found.note) == (100_000.0, "")
    (cut,) = found.cuts
    assert (cut.position, cut.symbol, cut.before, cut.after) == (1, "EURUSD", 1.0, 0.68)  # 74,800 + 25,000


def test_at_the_limit_counts_as_met_so_the_closes_go_beyond_it() -> None:
    read = reading(snapshot(position(1, lots=1.0)))
    (found,) = rebalancing(read, [rule("exposure.total", "above", level(55_000.0))])
    assert found.cuts[0].after == 0.49


def test_a_limit_that_is_near_is_named_and_one_that_is_far_or_unknown_is_not() -> None:
    read = reading(snapshot(position(1, lots=1.0)))
    (found,) = rebalancing(read, [rule("exposure.total", "above", level(120_000.0))])
    assert (found.cuts, found.note) == ((), "near its limit, nothing to close yet")
    assert rebalancing(read, [rule("exposure.total", "above", level(130_000.0))]) == ()
    assert rebalancing(read, [rule("exposure.correlation", "above", level(0.7)), rule()]) == ()


def test_a_share_that_so_few_symbols_cannot_reach_is_said() -> None:
    (found,) = rebalancing(reading(snapshot(position())), [rule("exposure.symbol_pct", "above", level(40.0))])
    assert found.cuts == ()
    assert "out of reach" in found.note


def test_a_correlation_is_satisfied_only_by_closing_one_of_the_two_whole() -> None:
    read = reading(snapshot(*HELD), correlations=together("EURUSD", "XAUUSD", "GBPUSD"))
    (found,) = rebalancing(read, [rule("exposure.correlation", "above", level(0.85))])
    assert [(cut.position, cut.after) for cut in found.cuts] == [(3, 0.0)]


# ------------------------------------------------------------------------------------------------ all accounts


def test_accounts_are_added_in_one_currency_and_those_without_a_rate_are_named() -> None:
    dollars, euros = seen_as(reading(snapshot(*HELD))), seen_as(reading(snapshot(position(9, lots=2.0))))
    desk = desk_exposure(
        [("main", dollars, 1.0), ("swing", euros, 0.5), ("yen", euros, Unknown("no pair")), ("dark", None, 1.0)]
    )
    assert desk.left_out == ("yen", "dark")
    by_symbol = {line.symbol: line for line in desk.symbols}
    assert by_symbol["EURUSD"].long == pytest.approx(110_000.0 + 0.5 * 220_000.0)
    assert by_symbol["EURUSD"].count == 3
    assert sum(line.share for line in desk.symbols) == pytest.approx(1.0)
    legs = {line.currency: line.net for line in desk.currencies}
    assert legs["GBP"] == pytest.approx(25_000.0)
    assert sum(legs.values()) == pytest.approx(0.0, abs=1e-6)
    assert desk_exposure([]).symbols == ()


def test_what_closing_does_not_bring_back_is_said() -> None:
    read = reading(snapshot(*HELD), correlations=together("EURUSD", "XAUUSD", "GBPUSD"))
    (found,) = rebalancing(read, [rule("exposure.correlation", "below", level(1.0))])
    assert (found.cuts, found.note) == ((), "closing does not bring it back")
