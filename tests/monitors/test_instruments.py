"""Profit and margin by calculation mode, held against published and recorded figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitors.instruments import CalcMode, Terms, hedged_margin, hedged_per_lot, margin, profit

EXAMPLES = Path(__file__).parents[3] / "shared" / "data" / "margin_profit_examples.json"
OTHER_MODEL = {"mp035", "mp040"}  # brokers that compute in another way, as the notes in the file say


def _examples() -> list[dict[str, Any]]:
    if not EXAMPLES.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return [row for row in rows if row["id"] not in OTHER_MODEL]


def _mode(row: dict[str, Any]) -> CalcMode:
    word = row["calc_mode"].split()[0].split("/")[0]
    return CalcMode[word]


def _rate(row: dict[str, Any]) -> float:
    """Margin currency to account currency, from what the example says it used."""
    if row["calc_mode"].startswith("CFD") or row["conversion"] == "1":
        return 1.0
    if "implied_rate" in row:
        return float(row["implied_rate"])
    if row["conversion"].startswith("1/"):
        return 1 / float(row["conversion"].split()[-1])
    return float(row["price"])


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
@pytest.mark.parametrize("row", [r for r in _examples() if r.get("expected_margin")], ids=lambda row: row["id"])
def test_margin_answers_the_published_example_to_the_cent(row: dict[str, Any]) -> None:
    terms = Terms(mode=_mode(row), contract_size=row["contract_size"])
    bound = margin(
        terms,
        lots=row["volume"],
        price=row["price"] or 0.0,
        leverage=row["leverage"] or 1.0,
        rate=row.get("margin_rate", 1.0),
    )
    assert round(bound * _rate(row), 2) == row["expected_margin"]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
@pytest.mark.parametrize(
    "row", [r for r in _examples() if r.get("expected_profit") and "symbol" in r], ids=lambda row: row["id"]
)
def test_profit_answers_the_published_example_to_the_cent(row: dict[str, Any]) -> None:
    side = 1 if row["side"] == "buy" else -1
    opened, closed = row.get("price_open", row["price"]), row.get("price_close")
    if closed is None:
        closed = row.get("implied_close", 1.5)
        opened = closed - side * row["price_move_points"] * row["point"]
    terms = Terms(mode=_mode(row), contract_size=row["contract_size"])
    raw = profit(terms, side=side, lots=row["volume"], opened=opened, closed=closed)
    rate = 1 / closed if row["conversion"].startswith("1/") else 1.0
    assert round(raw * rate, 2) == row["expected_profit"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (CalcMode.FOREX, 2_000.0),
        (CalcMode.FOREX_NO_LEVERAGE, 200_000.0),
        (CalcMode.CFD, 300_000.0),
        (CalcMode.CFDLEVERAGE, 3_000.0),
        (CalcMode.CFDINDEX, 300_000.0 * 5),
        (CalcMode.EXCH_STOCKS, 300_000.0),
        (CalcMode.EXCH_STOCKS_MOEX, 300_000.0),
        (CalcMode.FUTURES, 0.0),
        (CalcMode.SERV_COLLATERAL, 0.0),
    ],
)
def test_margin_of_two_lots_by_mode(mode: CalcMode, expected: float) -> None:
    terms = Terms(mode=mode, contract_size=100_000.0, tick_size=0.1, tick_price=0.5)
    assert margin(terms, lots=2.0, price=1.5, leverage=100) == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (CalcMode.FUTURES, 13_200.0),
        (CalcMode.EXCH_FUTURES, 13_200.0),
        (CalcMode.CFD, 13_200.0),
        (CalcMode.FOREX_NO_LEVERAGE, 13_200.0),
        (CalcMode.FOREX, 132.0),
        (CalcMode.CFDLEVERAGE, 132.0),
    ],
)
def test_an_initial_margin_stands_in_for_size_and_price(mode: CalcMode, expected: float) -> None:
    terms = Terms(mode=mode, contract_size=50.0, tick_size=0.25, tick_price=12.5, margin_initial=6_600.0)
    assert margin(terms, lots=2.0, price=5_000.0, leverage=100) == expected


def test_the_margin_rate_scales_it() -> None:
    terms = Terms(mode=CalcMode.CFDLEVERAGE, contract_size=100.0)
    assert margin(terms, lots=0.07, price=1_900.0, leverage=4, rate=3.0) == pytest.approx(9_975.0)


def test_a_future_earns_by_ticks_and_a_bond_by_percent_of_its_face() -> None:
    future = Terms(mode=CalcMode.FUTURES, contract_size=1.0, tick_size=0.25, tick_price=12.5)
    assert profit(future, side=1, lots=2.0, opened=5_000.0, closed=5_001.0) == 100.0
    bond = Terms(mode=CalcMode.EXCH_BONDS, contract_size=1.0, face_value=1_000.0)
    assert profit(bond, side=1, lots=3.0, opened=98.0, closed=99.0) == pytest.approx(30.0)
    assert margin(bond, lots=3.0, price=98.0, leverage=100) == pytest.approx(2_940.0)
    nothing = Terms(mode=CalcMode.SERV_COLLATERAL, contract_size=1.0)
    assert profit(nothing, side=1, lots=2.0, opened=1.0, closed=2.0) == 0.0


def test_short_and_long_are_each_others_mirror() -> None:
    terms = Terms(mode=CalcMode.FOREX, contract_size=100_000.0)
    long = profit(terms, side=1, lots=0.3, opened=1.1, closed=1.2)
    assert profit(terms, side=-1, lots=0.3, opened=1.1, closed=1.2) == -long


@pytest.mark.parametrize(
    ("legs", "hedged", "larger", "expected"),
    [
        ((1.0, 1.0), 1_000.0, False, 1_000.0),
        ((1.0, 1.0), 500.0, False, 500.0),
        ((1.0, 1.0), 0.0, False, 0.0),
        ((3.0, 1.0), 500.0, False, 2_500.0),
        ((1.0, 3.0), 500.0, False, 2_700.0),
        ((0.0, 2.0), 500.0, False, 2_200.0),
        ((3.0, 1.0), 500.0, True, 3_000.0),
        ((1.0, 3.0), 500.0, True, 3_300.0),
    ],
)
def test_a_hedge_costs_its_uncovered_part_and_each_pair_once(
    legs: tuple[float, float], hedged: float, larger: bool, expected: float
) -> None:
    assert hedged_margin(*legs, 1_000.0, 1_100.0, hedged, larger) == expected


@pytest.mark.parametrize(
    ("terms", "hedged", "expected"),
    [
        (Terms(mode=CalcMode.FOREX, contract_size=100_000.0), 100_000.0, 1_000.0),
        (Terms(mode=CalcMode.FOREX, contract_size=100_000.0), 0.0, 0.0),
        (Terms(mode=CalcMode.CFDLEVERAGE, contract_size=100.0), 50.0, 1_000.0),
        (Terms(mode=CalcMode.FUTURES, contract_size=1.0, margin_initial=6_600.0), 6_600.0, 6_600.0),
        (Terms(mode=CalcMode.FOREX_NO_LEVERAGE, contract_size=1_000.0, margin_initial=100.0), 50.0, 50.0),
        (Terms(mode=CalcMode.CFD, contract_size=1_000.0, margin_initial=100.0), 0.0, 0.0),
    ],
    ids=["forex", "free", "gold at half", "future", "an amount", "an amount of nothing"],
)
def test_a_covered_lot_costs_by_the_modes_own_formula(terms: Terms, hedged: float, expected: float) -> None:
    assert hedged_per_lot(terms, hedged=hedged, price=2_000.0, leverage=100) == expected
