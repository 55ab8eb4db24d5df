"""How far one price has to move: moved that far, all positions are worth what they should."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import Side
from monitors.model import Conversion, Snapshot, Unknown
from monitors.moves import Moves
from tests.builders import QUOTES, position, quote, reading, snapshot

POUND = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}


def worth(seen: Snapshot) -> float:
    """What all positions have gained, plain arithmetic and not rounded, at the quotes of this moment."""
    total = 0.0
    for held in seen.positions:
        spec, price = seen.instruments[held.symbol], seen.quotes[held.symbol].closing(held.side)
        gain = held.side.sign * held.lots * spec.contract_size * (price - held.open)
        pound = seen.quotes["GBPUSD"]
        total += {"USD": gain, "JPY": gain / price, "GBP": gain * (pound.bid if gain >= 0 else pound.ask)}[
            spec.currency_profit
        ]
    return total


@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(["EURUSD", "USDJPY", "EURGBP", "XAUUSD"]), st.integers(10, 300),
                  st.floats(0.97, 1.03)),
        min_size=1, max_size=5,
    ),
    sides=st.tuples(*[st.sampled_from(Side)] * 4),
    change=st.sampled_from((-900.0, -50.0, 60.0, 700.0)),
)  # fmt: skip
def test_a_price_that_moves_that_far_brings_equity_to_the_level_whatever_else_is_held(
    drawn: list[tuple[str, int, float]], sides: tuple[Side, ...], change: float
) -> None:
    """A cross comes within the spread of its conversion pair: a gain is worth one side of it, a loss the other."""
    side_of = dict(zip(("EURUSD", "USDJPY", "EURGBP", "XAUUSD"), sides, strict=True))
    held = [
        position(n, symbol, side_of[symbol], steps / 100, open=QUOTES[symbol].bid * opened)
        for n, (symbol, steps, opened) in enumerate(drawn, start=1)
    ]
    quotes = {name: QUOTES[name] for name in ("GBPUSD", *side_of)}
    seen = reading(snapshot(*held, quotes=quotes, conversions=POUND))
    for symbol, points in Moves(seen).to(seen.snapshot.account.equity + change).items():
        if points is not None:
            far, now = points * seen.snapshot.instruments[symbol].point, QUOTES[symbol]
            there = {**quotes, symbol: quote(now.bid + far, now.ask + far)}
            moved = worth(replace(seen.snapshot, quotes=there)) - worth(seen.snapshot)
            assert moved == pytest.approx(change, rel=1e-9 if symbol != "EURGBP" else 2e-4)


def test_where_the_change_is_unknown_no_price_has_a_way_to_go() -> None:
    assert Moves(reading(snapshot(position()))).of_one(0, Unknown("no stop")) == {"EURUSD": None}
