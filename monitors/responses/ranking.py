"""In which order positions are cut."""

from __future__ import annotations

import numpy as np

from monitors.model import Floats
from monitors.reading import Reading
from monitors.releases import hedged_pairs, released
from monitors.settings import Rule

ORDERS = {
    "largest_loss": "those with the largest loss first",
    "largest_margin": "those with the largest margin first",
    "largest_exposure": "those with the largest exposure first",
    "oldest": "the oldest first",
    "newest": "the newest first",
    "least_cost": "those whose close costs least for what it brings first",
}


def ranked(reading: Reading, rule: Rule, order: str) -> list[int]:
    """Indices of the positions that the rule selects, first to be cut first; ties go to the lower identifier."""
    positions, book = reading.snapshot.positions, reading.book
    keys: Floats
    if order == "largest_loss":
        keys = book.profit
    elif order == "largest_margin":
        keys = -book.margin_alone
    elif order == "largest_exposure":
        keys = -book.notional
    elif order == "least_cost":
        keys = _cost(reading, rule)
    else:
        sign = 1 if order == "oldest" else -1
        keys = sign * np.array([p.opened_ms for p in positions], dtype=float)
    chosen = np.array(rule.selected(positions), dtype=np.int64)
    identifiers = np.array([positions[i].identifier for i in chosen], dtype=np.int64)
    found = [int(i) for i in chosen[np.lexsort((identifiers, keys[chosen]))]]
    if order != "least_cost":
        return found
    return list(dict.fromkeys([*(i for pair in hedged_pairs(book, found) for i in pair), *found]))


def pairs_of(reading: Reading, order: str, chosen: list[int]) -> list[tuple[int, int]]:
    """The positions among `chosen` that are to be closed together: the two legs of each hedge, at least cost."""
    return hedged_pairs(reading.book, chosen) if order == "least_cost" else []


def _cost(reading: Reading, rule: Rule) -> Floats:
    """What closing each position costs for one unit of what it brings, length n; infinite where it brings nothing.

    The cost is the loss realised and the spread; commission is not foreseen. What it brings: on a margin rule the
    margin freed, on a rule about open risk that risk, else the notional. A position that covers another is taken
    together with what it covers (RULES: margin; hedged pairs go first). NaN, which sorts last, where a rate is missing.
    """
    book, out = reading.book, released(reading.book)
    if rule.metric.startswith("margin."):
        brought = out.freed
    else:
        brought = book.risk if rule.metric.startswith("risk.") else book.notional
    bid, ask = book.quotes
    crossing = ((ask - bid) * book.contract * book.rates[3])[book.symbol] * (book.lots + out.along)
    cost = np.maximum(0.0, -out.realized) + crossing
    return np.divide(cost, brought, out=np.full_like(cost, np.inf), where=brought > 0)


def order_faults(order: str) -> list[tuple[str, str]]:
    """The config's fault, if `order` is none of ours."""
    if order in ORDERS:
        return []
    return [("order", f'found "{order}", expected one of {", ".join(ORDERS)}')]
