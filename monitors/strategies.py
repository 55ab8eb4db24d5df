"""Who opened a position: a magic number's name for whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping

from monitors.settings import Strategy


def named(magic: int, strategies: Mapping[int, Strategy]) -> str:
    """The strategy's name and timeframe; "Manual" for magic 0 without one, "Magic N" for a number without a name."""
    known = strategies.get(magic)
    if known is not None:
        return f"{known.name} {known.timeframe}".rstrip()
    return f"Magic {magic}" if magic else "Manual"
