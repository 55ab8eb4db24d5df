"""The book that the pages are drawn with: every figure of the exposure page comes out of its four positions."""

from __future__ import annotations

import numpy as np
import pytest

from monitors.correlation import Correlations
from monitors.each_position import given_back_pct, r
from monitors.excursions import Excursion
from monitors.exposure_view import ExposureView, exposure
from monitors.kinds import Side
from monitors.model import Conversion, Position, Rates
from monitors.positions import lines
from monitors.preview import preview
from monitors.reading import Reading
from monitors.responses.reduce import Reduce
from monitors.settings import AnalysisSettings
from tests.builders import instrument, level, position, quote, reading, rule, snapshot

EQUITY = 97_446.55
YEN = 168.41 / (0.324 * 80_000)
"""Dollars for a yen, as GBPJPY's profit has it."""
GBPJPY = round(105_746 / (80_000 * YEN), 3)
BOOK = {"XAUUSD": 4_184.90, "EURUSD": 1.16108, "GBPJPY": GBPJPY, "US500": 6_838.67, "USDJPY": 1 / YEN}
MARGINS = {"XAUUSD": 23_412.99, "EURUSD": 3_870.27, "GBPJPY": 4_406.08, "US500": 3_419.35}
CORRELATIONS = {("XAUUSD", "EURUSD"): 0.46, ("XAUUSD", "GBPJPY"): -0.08, ("XAUUSD", "US500"): 0.21,
                ("EURUSD", "GBPJPY"): 0.31, ("EURUSD", "US500"): 0.38, ("GBPJPY", "US500"): 0.62}  # fmt: skip
"""Of the prices themselves, before the sides."""


def held(n: int, symbol: str, side: Side, lots: float, profit: float, far: tuple[float, float, float]) -> Position:
    """`far` are how far the price is in favour, the stop against and the target in favour of the opening."""
    price, (gain, risk, reward) = BOOK[symbol], far
    opened = price - side.sign * gain
    return position(n, symbol, side, lots, open=opened, price=price, profit=profit, stop=opened - side.sign * risk,
                    target=opened + side.sign * reward)  # fmt: skip


POSITIONS = (
    held(1, "XAUUSD", Side.SELL, 2.0, -2_424.00, (-12.12, 25.20, 1.78 * 25.20)),
    held(2, "EURUSD", Side.BUY, 3.5, -462.00, (-0.00132, 0.00339, 1.76 * 0.00339)),
    held(3, "GBPJPY", Side.BUY, 0.8, 168.41, (0.324, 0.622, 2.40 * 0.622)),
    held(4, "US500", Side.SELL, 1.2, 40.80, (3.40, 28.35, 1.87 * 28.35)),
)
BEST_AND_WORST = {1: (1_864.00, -3_128.00), 2: (105.00, -619.50), 3: (402.84, -96.16), 4: (214.80, -133.20)}


def point(symbol: str) -> float:
    return 0.01 if symbol == "US500" else instrument(symbol).point


def drawn() -> Reading:
    specs = {
        "US500": instrument("US500", contract_size=10.0, currency_base="USD", currency_profit="USD", digits=2,
                            point=point("US500"), calc_mode=4),
        "USDJPY": instrument("USDJPY"),
    }  # fmt: skip
    yen = {"GBPJPY": YEN}
    rates = {
        name: Rates(margin_buy=m, margin_sell=m, profit=yen.get(name, 1.0), loss=yen.get(name, 1.0))
        for name, m in MARGINS.items()
    }
    seen = snapshot(
        *POSITIONS, balance=EQUITY - sum(p.profit for p in POSITIONS), margin=68_000.0, rates=rates, instruments=specs,
        quotes={name: quote(price) for name, price in BOOK.items()},
        conversions={"JPY": Conversion(symbol="USDJPY", inverse=True)},
    )  # fmt: skip
    names = tuple(MARGINS)
    matrix = np.eye(4)
    for (one, other), found in CORRELATIONS.items():
        a, b = names.index(one), names.index(other)
        matrix[a, b] = matrix[b, a] = found
    known = Correlations(symbols=names, matrix=matrix, bars=dict.fromkeys(names, 400), until_ms=0)
    size = {"XAUUSD": 200.0, "EURUSD": 350_000.0, "GBPJPY": 80_000 * YEN, "US500": 12.0}
    reached = {
        p.identifier: Excursion(
            best=best, worst=worst, stop=p.stop, best_points=best / size[p.symbol] / point(p.symbol),
            worst_points=worst / size[p.symbol] / point(p.symbol),
        )
        for p in POSITIONS for best, worst in (BEST_AND_WORST[p.identifier],)
    }  # fmt: skip
    return reading(seen, correlations=known, excursions=reached)


@pytest.fixture
def view() -> ExposureView:
    return exposure(drawn(), {}, AnalysisSettings())


def test_the_six_figures_of_the_strip(view: ExposureView) -> None:
    assert view.total == pytest.approx(1_431_168, abs=1)
    assert view.leverage == pytest.approx(14.7, abs=0.05)
    assert 100 * view.symbols[0].share == pytest.approx(58.5, abs=0.05)
    assert 100 * max(abs(line.net) for line in view.currencies) / EQUITY == pytest.approx(859, abs=0.5)
    assert isinstance(view.open_risk, float)
    assert 100 * view.open_risk / EQUITY == pytest.approx(4.32, abs=0.005)
    assert view.if_stopped == pytest.approx(93_233.31, abs=1)


def test_net_by_currency_is_sorted_and_sums_to_nought(view: ExposureView) -> None:
    expected = {"USD": 512_666, "EUR": 406_378, "GBP": 105_746, "US500": -82_064, "JPY": -105_746, "XAU": -836_980}
    assert [line.currency for line in view.currencies] == list(expected)
    assert [line.net for line in view.currencies] == pytest.approx(list(expected.values()), abs=1)
    assert sum(line.net for line in view.currencies) == pytest.approx(0, abs=1e-6)


def test_concentration(view: ExposureView) -> None:
    assert [line.symbol for line in view.symbols] == ["XAUUSD", "EURUSD", "GBPJPY", "US500"]
    assert [100 * line.share for line in view.symbols] == pytest.approx([58.5, 28.4, 7.4, 5.7], abs=0.05)
    assert view.hhi == pytest.approx(0.431, abs=0.0005)
    assert view.effective_n == pytest.approx(2.32, abs=0.005)
    assert view.diversification_pct == pytest.approx(76, abs=0.5)


def test_correlation_is_signed_by_the_sides(view: ExposureView) -> None:
    assert np.array(view.signed) == pytest.approx(
        np.array([[1, -0.46, 0.08, 0.21], [-0.46, 1, 0.31, -0.38], [0.08, 0.31, 1, -0.62], [0.21, -0.38, -0.62, 1]])
    )
    assert view.largest_correlation == pytest.approx(0.31)


def test_each_position_in_r_and_what_it_gave_back() -> None:
    seen, every = drawn(), rule("position.r", "below")
    assert list(r(seen, every).values()) == pytest.approx([-0.48, -0.39, 0.52, 0.12], abs=0.005)
    assert list(given_back_pct(seen, every).values()) == pytest.approx([230, 540, 58, 81], abs=0.5)
    told = {line.symbol: line for line in lines(seen, {})}
    assert {name: line.planned_rr for name, line in told.items()} == pytest.approx(
        {"XAUUSD": 1.78, "EURUSD": 1.76, "GBPJPY": 2.40, "US500": 1.87}
    )
    assert list(told)[:2] == ["GBPJPY", "US500"], "best score first"


def test_the_plan_is_priced_close_by_close() -> None:
    half = level(96_000.0, Reduce(percent=50.0))
    plan = preview(drawn(), rule("equity", "below", half), half, 96_000.0)
    assert [close.symbol for close in plan.closes] == ["XAUUSD", "EURUSD", "US500", "GBPJPY"]
    assert [close.after for close in plan.closes] == [1.00, 1.75, 0.60, 0.40]
    assert [close.freed for close in plan.closes] == pytest.approx([23_412.99, 6_772.97, 2_051.61, 1_762.43], abs=0.02)
    costs = (0.0, 15.50, 25.13, 27.53, 29.97)
    """What the drawn levels take off equity and a preview does not know: commission and slippage so far."""
    used = (plan.used, *(close.used for close in plan.closes))
    levels = [100 * (plan.equity - cost) / margin for cost, margin in zip(costs, used, strict=True)]
    assert levels == pytest.approx([141.2, 215.3, 253.8, 268.4, 282.3], abs=0.05)
    assert (plan.lots, plan.used_after) == pytest.approx((3.75, 34_000.00), abs=0.02)
