"""Closed positions from deals: hedging and netting, in parts, reversed, closed by each other, with all their costs."""

from __future__ import annotations

import csv
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Deal
from monitors.trades import Trade, trades
from tests.builders import NOW_MS, deal

IN, OUT, INOUT, OUT_BY = Entry.IN, Entry.OUT, Entry.INOUT, Entry.OUT_BY
BUY, SELL = Side.BUY, Side.SELL


def booked(ticket: int, entry: Entry, side: Side, lots: float, price: float = 1.0, **more: Any) -> Deal:
    """A deal of position 1, a second after the one before it."""
    at = NOW_MS + 1000 * ticket
    return deal(ticket, entry=entry, side=side, lots=lots, price=price, time_ms=at, **more)


def only(*deals: Deal) -> Trade:
    (found,) = trades(deals)
    return found


def test_a_closed_position_counts_what_it_cost_to_open_and_to_close() -> None:
    found = only(
        booked(1, IN, BUY, 1.0, 1.10, commission=-3.5, magic=7),
        booked(2, OUT, SELL, 1.0, 1.11, commission=-3.5, swap=-1.0, fee=-0.5, profit=1000.0, magic=0),
    )
    assert found.net == pytest.approx(991.5)
    assert (found.side, found.magic, found.lots, found.open, found.close) == (BUY, 7, 1.0, 1.10, 1.11)
    assert (found.opened_ms, found.closed_ms) == (NOW_MS + 1000, NOW_MS + 2000)


def test_partial_closes_belong_to_one_trade_with_average_prices() -> None:
    parts = [
        booked(1, IN, SELL, 0.3, 1.2),
        booked(2, IN, SELL, 0.1, 1.4),
        booked(3, OUT, BUY, 0.1, 1.0, profit=5.0),
        booked(4, OUT, BUY, 0.1, 1.2, profit=6.0),
    ]
    assert trades(parts) == ()
    found = only(*parts, booked(5, OUT, BUY, 0.2, 1.3, profit=-2.0))
    assert (found.side, found.lots, found.net) == (SELL, 0.4, 9.0)
    assert found.open == pytest.approx(1.25)
    assert found.close == pytest.approx(1.2)


def test_a_reversal_ends_one_trade_and_begins_another() -> None:
    found = trades([
        booked(1, IN, BUY, 1.0, 1.0, commission=-2.0, magic=7),
        booked(2, INOUT, SELL, 4.0, 1.1, commission=-8.0, fee=-4.0, profit=100.0, magic=8),
        booked(3, OUT, BUY, 3.0, 1.2, profit=-300.0),
    ])  # fmt: skip
    assert [(t.side, t.lots, t.magic, t.open, t.close) for t in found] == [
        (BUY, 1.0, 7, 1.0, 1.1),
        (SELL, 3.0, 8, pytest.approx(1.1), 1.2),
    ]
    assert [t.net for t in found] == [pytest.approx(-2.0 + 100.0 - 3.0), pytest.approx(-9.0 - 300.0)]


def test_a_close_by_closes_each_position_with_its_own_deal() -> None:
    found = trades([
        booked(1, IN, BUY, 1.0, position=1),
        booked(2, IN, SELL, 0.4, position=2),
        booked(3, OUT_BY, SELL, 0.4, profit=40.0, position=1),
        booked(4, OUT_BY, BUY, 0.4, position=2),
    ])  # fmt: skip
    assert [(t.position, t.side, t.lots, t.net) for t in found] == [(2, SELL, 0.4, 0.0)]


def test_a_position_of_which_the_opening_is_not_among_the_deals_is_left_out() -> None:
    assert trades([booked(2, OUT, SELL, 1.0, profit=10.0)]) == ()
    assert trades([booked(2, IN, BUY, 0.5), booked(3, OUT, SELL, 1.0, profit=10.0)]) == ()
    assert trades([booked(2, IN, BUY, 0.5), booked(3, INOUT, SELL, 0.2, profit=10.0)]) == ()


def test_a_rollover_costs_money_and_changes_neither_price_nor_length() -> None:
    rolled = {"reason": int(DealReason.ROLLOVER)}
    found = only(
        booked(1, IN, BUY, 1.0, 1.0),
        booked(2, OUT, SELL, 1.0, 1.5, profit=500.0, swap=-3.0, **rolled),
        booked(3, IN, BUY, 1.0, 1.5, **rolled),
        booked(4, OUT, SELL, 1.0, 1.6, profit=100.0),
    )
    assert (found.open, found.close, found.lots, found.net) == (1.0, 1.6, 1.0, 597.0)


def test_what_the_broker_books_on_a_position_belongs_to_its_trade() -> None:
    fee = booked(3, IN, BUY, 0.0, kind=DealKind.BOOKING, profit=-2.5)
    late = booked(9, IN, BUY, 0.0, kind=DealKind.BOOKING, profit=-1.0)
    found = only(booked(1, IN, BUY, 1.0), fee, booked(4, OUT, SELL, 1.0, profit=10.0), late)
    assert found.net == 6.5


def test_money_moved_and_deals_without_volume_are_no_trades() -> None:
    assert trades([booked(1, IN, BUY, 1.0, position=0, kind=DealKind.TRANSFER, profit=1000.0)]) == ()
    assert trades([booked(1, IN, BUY, 0.0), booked(2, OUT, SELL, 0.0)]) == ()


steps = st.lists(st.tuples(st.booleans(), st.integers(1, 50)), min_size=1, max_size=30)


@given(steps, st.randoms(use_true_random=False))
def test_netting_in_any_order_of_deals_keeps_every_cent_of_what_was_closed(
    moves: list[tuple[bool, int]], order: random.Random
) -> None:
    """Buy and sell as one likes: volumes and money of all trades and of what is still open are those of the deals."""
    held, made = 0, list[Deal]()
    for n, (buys, size) in enumerate(moves, 1):
        change = size if buys else -size
        entry = IN if held * change >= 0 else OUT if abs(change) <= abs(held) else INOUT
        position = made[-1].position if made and held else n
        made.append(
            booked(n, entry, BUY if buys else SELL, size / 100, commission=-1.0, profit=float(n), position=position)
        )
        held += change
    if held:
        side = SELL if held > 0 else BUY
        made.append(booked(99, OUT, side, abs(held) / 100, profit=0.5, position=made[-1].position))
    shuffled = list(made)
    order.shuffle(shuffled)
    found = trades(shuffled)
    assert sum(t.net for t in found) == pytest.approx(sum(d.cash for d in made))
    assert sum(t.lots for t in found) * 2 == pytest.approx(sum(d.lots for d in made))
    assert list(found) == sorted(found, key=lambda t: (t.closed_ms, t.position))


def ms(text: str) -> int:
    return int(datetime.strptime(text, "%Y.%m.%d %H:%M:%S").replace(tzinfo=UTC).timestamp() * 1000)


def figure(text: str) -> float:
    return float(text.replace(" ", "") or 0.0)


def reported(path: Path) -> tuple[list[list[str]], list[Deal]]:
    """The positions of a real History report as it states them, and its deals, each given the position it closed.

    The report does not say which: closes of one moment stand in the order of their positions.
    """
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    heads = [n for n, row in enumerate(rows) if row[0] in ("Positions", "Deals", "Results")]
    positions, lines = rows[heads[0] + 2 : heads[1]], rows[heads[1] + 3 : heads[2]]
    waiting, found = [row[1] for row in positions], list[Deal]()
    for line in lines:
        entry = IN if line[4] == "in" else OUT
        position = int(line[7] if entry is IN else waiting.pop(0))
        found.append(deal(int(line[1]), entry=entry, side=Side(line[3]), lots=figure(line[5]), price=figure(line[6]),
                          position=position, commission=figure(line[8]), fee=figure(line[9]), swap=figure(line[10]),
                          profit=figure(line[11]), time_ms=ms(line[0])))  # fmt: skip
    return positions, found


def test_a_real_history_report_lists_the_same_positions(shared: Path) -> None:
    positions, deals = reported(shared / "data" / "mt5" / "history_report_icmarkets_demo.csv")
    found = trades(deals)
    told = json.loads((shared / "data/mt5/history_report_icmarkets_demo.expected.json").read_text(encoding="utf-8"))
    assert len(found) == told["reported_by_mt5"]["total_trades"]
    assert sum(t.net for t in found) == pytest.approx(told["reported_by_mt5"]["net_profit"], abs=0.005)
    for trade, row in zip(sorted(found, key=lambda t: t.position), positions, strict=True):
        assert (trade.opened_ms, trade.position, trade.symbol, trade.side, trade.lots, trade.open, trade.closed_ms,
                trade.close) == (ms(row[0]), int(row[1]), "EURUSD", row[3], figure(row[4]), figure(row[5]), ms(row[8]),
                                 figure(row[9]))  # fmt: skip
        assert trade.net == pytest.approx(sum(map(figure, row[10:13])), abs=0.005)


def test_the_deals_of_metatraders_own_documentation_are_three_trades(shared: Path) -> None:
    (record, *_) = json.loads((shared / "data/mt5/history_deals_get.json").read_text(encoding="utf-8"))
    rows = [row for row in record["data"] if row["type"] in (0, 1)]
    found = trades(
        deal(r["ticket"], position=r["position_id"], symbol=r["symbol"], side=SELL if r["type"] else BUY,
             price=r["price"], entry=Entry(r["entry"]), lots=r["volume"], profit=r["profit"], time_ms=r["time_msc"])
        for r in rows
    )  # fmt: skip
    assert [(t.symbol, t.side, t.net) for t in found] == [
        ("USDCHF", BUY, -22.35), ("USDCHF", SELL, -29.44), ("AUDUSD", BUY, -0.9),
    ]  # fmt: skip
