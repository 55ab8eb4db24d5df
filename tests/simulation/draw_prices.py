"""The fall: quotes that take a share of the equity, with a way back in between and another fall in the calm."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from tests.simulation.draw_rules import Outlook
from tests.simulation.story import Happening, Story, Table

WORTH = {"EURUSD": 110_000.0, "USDJPY": 100_000.0, "GBPUSD": 125_000.0, "XAUUSD": 200_000.0}
"""Dollars of a lot."""
DOLLARS = {"USD": 1.0, "EUR": 1.1, "JPY": 1 / 150}


def path(rng: Random, story: Story, ahead: Outlook) -> list[Happening]:
    """Quotes of every symbol held; the depth of the fall runs through random knots and is whole at least once."""
    held = {p["symbol"] for p in story.positions}
    net = dict.fromkeys(sorted(held), 0.0)
    for position in story.positions:
        net[position["symbol"]] += (
            (1 if position["side"] == "buy" else -1) * position["volume"] * WORTH[position["symbol"]]
        )
    gross = sum(abs(worth) for worth in net.values()) * 1.0
    dollars = ahead.equity * DOLLARS[story.account["currency"]]
    fall = min(ahead.depth * dollars / gross, 0.5) if gross else 0.05
    knots = _knots(rng, story)
    times, found = _times(rng, story), list[Happening]()
    for symbol in story.symbols:
        if symbol["name"] in net:
            found += _quotes(rng, symbol, knots, fall * (-1 if net[symbol["name"]] > 0 else 1), times)
    return found


def _times(rng: Random, story: Story) -> list[float]:
    """Moments at which prices move: all symbols share them, so that fewer beats see more."""
    found, at_s = [], rng.uniform(1.0, 3.0)
    while at_s < story.length_s - 2:
        found.append(round(at_s, 2))
        at_s += rng.uniform(4.0, 10.0) if at_s < story.calm_s + 15 else rng.uniform(25.0, 50.0)
    return found


def _knots(rng: Random, story: Story) -> list[tuple[float, float]]:
    calm, end = story.calm_s, story.length_s
    inner = sorted(rng.uniform(4.0, calm - 5) for _ in range(rng.randint(2, 4)))
    depths = [rng.uniform(0.0, 1.0) for _ in inner]
    depths[rng.randrange(len(depths))] = 1.0
    later = rng.choice((0.2, 0.8, 1.1))
    return [(0.0, 0.0), *zip(inner, depths, strict=True), (calm + 1, depths[-1]), (calm + 12, later), (end, later)]


def _depth(knots: list[tuple[float, float]], at_s: float) -> float:
    for (begin, low), (end, high) in pairwise(knots):
        if begin <= at_s <= end:
            return low + (high - low) * (at_s - begin) / max(end - begin, 1e-9)
    return knots[-1][1]


def _quotes(rng: Random, symbol: Table, knots: list[tuple[float, float]], move: float,
            times: list[float]) -> list[Happening]:  # fmt: skip
    found, spread = [], symbol["ask"] - symbol["bid"]
    for at_s in times:
        depth = _depth(knots, at_s) + rng.gauss(0.0, 0.02)
        bid = max(symbol["bid"] * (1 + move * depth), symbol["bid"] * 0.2)
        facts = {
            "symbol": symbol["name"],
            "bid": round(bid, symbol["digits"]),
            "ask": round(bid + spread, symbol["digits"]),
        }
        found.append(Happening(at_s=at_s, kind="quote", facts=facts))
    return found
