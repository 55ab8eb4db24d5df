"""Margin with the broker's lines, what pending orders would need, what closing frees, and what would be if."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.instruments import CalcMode, Terms
from monitors.instruments import margin as margin_of
from monitors.kinds import MarginMode, Side
from monitors.margin_view import MarginState, margin, what_if
from monitors.model import NotApplicable, Position, Quote, Rates, Unknown
from monitors.projection import after
from monitors.reading import Reading
from tests.builders import instrument, order, position, quote, reading, snapshot

NAN = float("nan")
HALF = {"EURUSD": instrument(margin_hedged=50_000.0)}
SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD")


@st.composite
def books(draw: st.DrawFn) -> tuple[Position, ...]:
    return tuple(
        position(n, draw(st.sampled_from(SYMBOLS)), draw(st.sampled_from(Side)), draw(st.integers(1, 20)) / 100,
                 profit=float(draw(st.integers(-500, 500))))
        for n in range(draw(st.integers(0, 5)))
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ now


def test_the_state_is_the_accounts_own() -> None:
    now = margin(reading(snapshot(position(profit=-500.0, stop=1.095), margin=1_900.0))).now
    assert (now.level_pct, now.used, now.free, now.cushion) == (500.0, 1_900.0, 7_600.0, 0.8)
    assert now.open_risk == pytest.approx(500.0)


def test_without_margin_there_is_no_level_and_all_is_free() -> None:
    now = margin(reading()).now
    assert now == MarginState(
        level_pct=NotApplicable("no margin is used"), used=0.0, free=10_000.0, cushion=1.0, open_risk=0.0
    )


def test_a_margin_that_is_no_number_is_unknown_everywhere() -> None:
    view = margin(
        reading(snapshot(position(stop=1.09), margin=NAN, rates={"EURUSD": Rates(margin_buy=NAN, margin_sell=NAN)}))
    )
    lacking = Unknown("a margin rate is missing")
    assert (view.now.level_pct, view.now.used, view.now.free, view.now.cushion) == (lacking,) * 4
    assert view.releases == ()


def test_without_equity_there_is_no_cushion() -> None:
    assert margin(reading(snapshot(position(profit=-10_000.0)))).now.cushion == Unknown("there is no equity")


# ------------------------------------------------------------------------------------------------ the broker's lines


def lined(*, margin_call: float, stop_out: float, in_money: bool = False, used: float = 2_000.0) -> Reading:
    seen = snapshot(position(profit=-1_000.0), margin=used)
    account = replace(seen.account, margin_call=margin_call, stop_out=stop_out, stop_out_in_money=in_money)
    return reading(replace(seen, account=account))


def test_a_line_in_percent_lies_at_that_share_of_the_used_margin() -> None:
    call, out = margin(lined(margin_call=80.0, stop_out=50.0)).lines
    assert (call.name, call.at, call.in_money, call.equity, call.room) == ("Margin call", 80.0, False, 1_600.0, 7_400.0)
    assert (out.name, out.equity, out.room) == ("Stop-out", 1_000.0, 8_000.0)


def test_a_line_in_money_is_an_equity() -> None:
    call, out = margin(lined(margin_call=3_000.0, stop_out=2_500.0, in_money=True)).lines
    assert (call.in_money, call.equity, call.room) == (True, 3_000.0, 6_000.0)
    assert (out.equity, out.room) == (2_500.0, 6_500.0)


def test_a_broker_without_a_line_has_none_and_without_margin_none_applies() -> None:
    assert margin(lined(margin_call=0.0, stop_out=0.0)).lines == ()
    (out,) = margin(lined(margin_call=0.0, stop_out=50.0, used=0.0)).lines
    assert (out.equity, out.room) == (NotApplicable("no margin is used"),) * 2
    (lost,) = margin(lined(margin_call=0.0, stop_out=50.0, used=NAN)).lines
    assert lost.room == Unknown("a margin rate is missing")


# ------------------------------------------------------------------------------------------------ pending orders


def pending(read: Reading) -> MarginState:
    found = margin(read).if_filled
    assert found is not None
    return found


def test_no_pending_order_is_no_question() -> None:
    assert margin(reading(snapshot(position()))).if_filled is None


def test_an_order_adds_its_margin_by_the_accounts_own_scale_and_its_risk_from_its_own_price() -> None:
    held = snapshot(position(stop=1.09), margin=2_200.0, orders=(order(lots=0.5, price=1.08, stop=1.07),))
    found = pending(reading(held))
    assert found.used == pytest.approx(3_300.0)
    assert found.free == pytest.approx(6_700.0)
    assert found.level_pct == pytest.approx(100 * 10_000 / 3_300)
    assert found.open_risk == pytest.approx(1_000.0 + 0.5 * 1_000.0)


def test_an_order_of_a_pair_that_converts_itself_loses_at_the_price_of_its_stop() -> None:
    waits = order(symbol="USDJPY", price=149.0, stop=145.0)
    found = pending(reading(snapshot(position(symbol="USDJPY", stop=150.0), orders=(waits,))))
    assert found.open_risk == pytest.approx(100_000 * 4.0 / 145.0)


def test_an_order_without_a_stop_risks_its_notional_capped_at_equity() -> None:
    small = snapshot(position(stop=1.2), orders=(order(lots=0.05, price=1.0),))
    assert pending(reading(small)).open_risk == pytest.approx(5_000.0)
    large = snapshot(position(stop=1.2), orders=(order(lots=5.0, price=1.0),))
    assert pending(reading(large)).open_risk == pytest.approx(10_000.0)


def test_an_order_against_what_is_held_is_hedged_or_netted() -> None:
    against = order(side=Side.SELL, lots=1.5, price=1.2, stop=1.21)
    hedging = snapshot(position(stop=1.09), orders=(against,), instruments=HALF)
    assert pending(reading(hedging)).used == pytest.approx(0.5 * 1_100 + 1.0 * 550)
    netting = replace(hedging, account=replace(hedging.account, margin_mode=MarginMode.NETTING))
    assert pending(reading(netting)).used == pytest.approx(0.5 * 1_100)


def test_an_order_alone_needs_what_the_terminal_says() -> None:
    alone = snapshot(orders=(order(symbol="XAUUSD", lots=0.1, price=1_990.0),), quotes={"XAUUSD": quote(2_000.0)},
                     rates={"XAUUSD": Rates(margin_buy=2_000.0, margin_sell=2_000.0)},
                     instruments={"XAUUSD": instrument("XAUUSD")})  # fmt: skip
    assert pending(reading(alone)).used == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quotes": {}}, "GBPUSD: no quote"),
        ({"quotes": {"GBPUSD": Quote(time_ms=0, bid=1.3, ask=1.2)}}, "GBPUSD: no quote"),
        ({"instruments": {}}, "GBPUSD: no quote"),
        ({"rates": {}}, "a margin rate or a conversion rate is missing"),
    ],
    ids=["no quote", "crossed", "no instrument", "no rate"],
)
def test_an_order_that_cannot_be_priced_makes_the_whole_unknown(changes: dict[str, Any], reason: str) -> None:
    whole: dict[str, Any] = {
        "quotes": {"GBPUSD": quote(1.25)},
        "rates": {"GBPUSD": Rates(margin_buy=1.0, margin_sell=1.0)},
        "instruments": {"GBPUSD": instrument("GBPUSD")},
    } | changes
    found = pending(reading(snapshot(position(), orders=(order(symbol="GBPUSD"),), **whole)))
    assert found == MarginState(**dict.fromkeys(("level_pct", "used", "free", "cushion", "open_risk"), Unknown(reason)))


# ------------------------------------------------------------------------------------------------ what closing frees


def test_most_margin_for_least_loss_comes_first() -> None:
    held = (
        position(1, "EURUSD", lots=1.0, profit=-1_000.0),  # 1.1 freed for each dollar lost
        position(2, "GBPUSD", lots=1.0, profit=-100.0),  # 12.5
        position(3, "XAUUSD", lots=1.0, profit=300.0),  # costs no loss
    )
    found = margin(reading(snapshot(*held))).releases
    assert [(one.position, one.per_loss) for one in found] == [(3, None), (2, 12.5), (1, pytest.approx(1.1))]
    assert [(one.freed, one.realized) for one in found] == [(2_000.0, 300.0), (1_250.0, -100.0), (1_100.0, -1_000.0)]
    assert not any(one.hedged for one in found)


def test_a_hedged_position_takes_what_it_covers_with_it_and_goes_first() -> None:
    held = (
        position(1, lots=1.0, profit=-400.0),
        position(2, side=Side.SELL, lots=0.5, profit=100.0),
        position(3, "GBPUSD", lots=1.0, profit=-1.0),
    )
    first, second, third = margin(
        reading(snapshot(*held, instruments=HALF, margin=0.5 * 1_100 + 0.5 * 550 + 1_250))
    ).releases
    assert (first.position, first.hedged) == (1, True)
    assert [first.freed, first.realized] == pytest.approx([825.0, -300.0])
    assert (second.position, second.hedged) == (2, True)
    assert [second.freed, second.realized] == pytest.approx([275.0, 100.0 - 200.0])
    assert (third.position, third.hedged) == (3, False)


def test_a_position_that_covers_nothing_leaves_the_hedge_alone() -> None:
    held = (position(1, lots=0.5), position(2, lots=0.5), position(3, side=Side.SELL, lots=0.5))
    found = {one.position: one for one in margin(reading(snapshot(*held, instruments=HALF, margin=825.0))).releases}
    assert [found[n].hedged for n in (1, 2, 3)] == [False, False, True]
    assert found[1].freed == pytest.approx(550.0)


def test_what_frees_nothing_comes_last() -> None:
    free = {"EURUSD": instrument(margin_hedged=0.0)}
    held = (position(1), position(2, side=Side.SELL), position(3, "GBPUSD", profit=-900.0))
    found = margin(reading(snapshot(*held, instruments=free, margin=1_250.0))).releases
    assert [one.position for one in found] == [3, 1, 2]


def test_a_release_is_what_the_projection_shows() -> None:
    held = (position(1, lots=1.0, profit=-50.0), position(2, "GBPUSD", lots=0.3, profit=20.0))
    read = reading(snapshot(*held, margin=4_000.0))
    for one in margin(read).releases:
        left = after(read, {one.position: 0}).snapshot.account
        assert left.margin == pytest.approx(4_000.0 - one.freed, abs=0.006)
        assert left.balance == pytest.approx(10_000.0 + one.realized)


# ------------------------------------------------------------------------------------------------ what if


@given(books())
def test_what_if_nothing_changes_is_now(held: tuple[Position, ...]) -> None:
    read = reading(snapshot(*held))
    now = margin(read).now
    for same in (what_if(read, {}), what_if(read, {p.identifier: p.steps for p in held})):
        for name in ("level_pct", "used", "free", "cushion", "open_risk"):
            assert getattr(same, name) == pytest.approx(getattr(now, name), abs=0.011), name


@given(books(), st.integers(0, 20))
def test_what_if_less_is_held_is_the_gates_own_projection(held: tuple[Position, ...], steps: int) -> None:
    read = reading(snapshot(*held))
    targets = {p.identifier: min(steps, p.steps) for p in held}
    assert what_if(read, targets) == margin(after(read, targets)).now


def test_what_if_more_is_held_needs_more_and_moves_no_equity() -> None:
    read = reading(snapshot(position(profit=-500.0, stop=1.09)))
    more = what_if(read, {1: 200, 99: 5})
    assert (more.used, more.free) == (2_200.0, 7_300.0)
    assert more.open_risk == pytest.approx(2_000.0)
    two = reading(snapshot(position(1), position(2)))
    assert what_if(two, {1: -5}) == what_if(two, {1: 0})


# ------------------------------------------------------------------------------------------------ published examples

EXAMPLES = Path(__file__).parents[3] / "shared" / "data" / "margin_profit_examples.json"


def _rows() -> list[dict[str, Any]]:
    if not EXAMPLES.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return rows


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
@pytest.mark.parametrize(
    "row",
    [r for r in _rows() if r.get("expected_margin") and r.get("leverage") and "implied_rate" in r],
    ids=lambda row: row["id"],
)
def test_a_published_margin_comes_out_of_the_book_to_the_cent(row: dict[str, Any]) -> None:
    terms = Terms(mode=CalcMode[row["calc_mode"].split()[0]], contract_size=row["contract_size"])
    a_lot = margin_of(terms, lots=1.0, price=0.0, leverage=row["leverage"]) * row["implied_rate"]
    held = position(symbol=row["symbol"], side=Side(row["side"]), lots=row["volume"])
    rates = {row["symbol"]: Rates(margin_buy=a_lot, margin_sell=a_lot)}
    read = reading(snapshot(held, rates=rates, margin=row["expected_margin"]))
    assert round(float(read.book.margin_by_symbol(*read.book.legs).sum()), 2) == row["expected_margin"]
    assert margin(read).releases[0].freed == pytest.approx(row["expected_margin"])


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
def test_a_published_hedge_comes_out_of_the_book() -> None:
    """A broker's example: of 1.9 lots against 0.8, the pairs at half of both legs and the rest whole."""
    row = next(r for r in _rows() if r["id"] == "mp040")
    a_lot = row["contract_size"] * row["weighted_price"] / row["leverage"]
    held = tuple(position(n, "GBPUSD", Side(side), lots) for n, (side, lots, _) in enumerate(row["positions"]))
    rates = {"GBPUSD": Rates(margin_buy=a_lot, margin_sell=a_lot)}
    book = reading(snapshot(*held, rates=rates, margin=row["expected_margin"])).book
    assert float(book.margin_by_symbol(*book.legs).sum()) == pytest.approx(row["expected_margin"], abs=0.001)
    rest = book.margin_by_symbol(np.zeros(1), book.legs[1] - book.legs[0])
    assert float(rest.sum()) == pytest.approx(row["expected_unhedged_part"], abs=0.001)


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
@pytest.mark.parametrize("row", [r for r in _rows() if "expected_margin_level" in r], ids=lambda row: row["id"])
def test_a_published_level_and_free_margin_are_ours(row: dict[str, Any]) -> None:
    """Rounded to two decimals, or not at all."""
    figures: dict[str, float] = {"equity": row.get("balance", 0.0), "margin": row.get("expected_margin", 0.0)} | row
    now = margin(reading(snapshot(balance=figures["equity"], margin=figures["margin"]))).now
    assert now.level_pct == pytest.approx(row["expected_margin_level"], abs=0.006)
    if "expected_margin_free" in row:
        assert now.free == pytest.approx(row["expected_margin_free"])
