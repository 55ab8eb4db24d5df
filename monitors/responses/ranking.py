"""In which order positions are cut."""

from __future__ import annotations

import numpy as np

from monitors.model import Floats
from monitors.reading import Reading
from monitors.settings import Rule

ORDERS = {
    "largest_loss": "those with the largest loss first",
    "largest_margin": "those with the largest margin first",
    "largest_exposure": "those with the largest exposure first",
    "oldest": "the oldest first",
    "newest": "the newest first",
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
    else:
        sign = 1 if order == "oldest" else -1
        keys = sign * np.array([p.opened_ms for p in positions], dtype=float)
    chosen = np.array(rule.selected(positions), dtype=np.int64)
    identifiers = np.array([positions[i].identifier for i in chosen], dtype=np.int64)
    return [int(i) for i in chosen[np.lexsort((identifiers, keys[chosen]))]]


def order_faults(order: str) -> list[tuple[str, str]]:
    """The config's fault, if `order` is none of ours."""
    if order in ORDERS:
        return []
    return [("order", f'found "{order}", expected one of {", ".join(ORDERS)}')]
