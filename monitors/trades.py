"""Positions that were closed whole, from the deals that opened and closed them."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.excursions import Excursion
from monitors.kinds import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position from its first deal to its last; money in account currency, times UTC epoch ms.

    `magic` is that of the deal that opened it, since whoever closes may use another; `net` holds profit, swap,
    commission and fee of all its deals; prices are averages by volume. `stop`, `target` and `excursion` come from what
    was seen while it was open, 0 and None where nothing was.
    """

    position: int
    symbol: str
    side: Side
    magic: int
    lots: float
    opened_ms: int
    closed_ms: int
    open: float
    close: float
    net: float
    stop: float = 0.0
    target: float = 0.0
    excursion: Excursion | None = None
