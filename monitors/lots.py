"""Volumes as whole steps: a reduction is rounded up, and no crumb below the broker's minimum is left."""

from __future__ import annotations

import math

from monitors.model import Instrument

NOISE = 1e-9


def target_after(instrument: Instrument, held: int, closing: float) -> int:
    """Steps left of `held` after closing `closing` steps rounded up; 0 where less than volume_min would be left.

    A close is an order too, so what is closed is never below volume_min.
    """
    wanted = math.ceil(closing - NOISE)
    left = held - min(held, max(wanted, instrument.min_steps) if wanted > 0 else 0)
    return left if left >= instrument.min_steps else 0


def target_at_most(instrument: Instrument, held: int, allowed: float) -> int:
    """Steps left of `held` so that at most `allowed` steps stay; rounded down, 0 below volume_min."""
    left = min(held, math.floor(max(0.0, allowed) + NOISE))
    return left if left >= instrument.min_steps else 0


def closable(instrument: Instrument, held: int, target: int) -> bool:
    """Whether an order can take `held` steps nearer to `target`: it closes at least volume_min, or all there is.

    A partial fill may leave less than that to close.
    """
    return held - target >= (instrument.min_steps if target else 1)


def requests(instrument: Instrument, closing: int) -> list[int]:
    """`closing` steps as requests none of which is above volume_max or below volume_min."""
    most, least = instrument.max_steps, instrument.min_steps
    parts = [most] * (closing // most) + ([closing % most] if closing % most else [])
    if len(parts) > 1 and parts[-1] < least:
        short = least - parts[-1]
        parts[-2:] = [parts[-2] - short, least]
    return parts


def decimals(lots: float) -> int:
    """How many to write lots with where the symbol's step is not known: hundredths, finer where they are finer."""
    return max(2, len(f"{lots:.8f}".rstrip("0").partition(".")[2]))
