"""Every drawdown of a whole record of equity: running peak, underwater curve, the deepest falls and their dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from monitors.model import Floats, Ints

BLOCK = 1 << 15
"""Values looked at together: few enough to stay in the processor's cache from one step to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """One fall from a peak to where it was regained; `depth` is money, `pct` percent of the peak, times UTC ms."""

    start_ms: int
    """The last moment at the peak."""
    trough_ms: int
    """The first moment at the lowest."""
    end_ms: int | None
    """The first moment at the peak again or above; None while it is open."""
    depth: float
    pct: float
    length_ms: int
    """From the peak to where it was regained, or to the end of the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A record's drawdowns as MetaTrader's reports state them, and the deepest falls one by one.

    Source: MetaTrader 5 help, "Trading report". `maximal` is the largest fall in money with its percent,
    `relative_pct` the largest in percent with its money, `absolute` how far the lowest lies below the first value.
    """

    maximal: float
    maximal_pct: float
    relative: float
    relative_pct: float
    absolute: float
    recovery_factor: float | None
    """Net profit over the maximal drawdown; None where nothing fell."""
    count: int
    """How many falls there were."""
    deepest: tuple[Drawdown, ...]
    """In percent, deepest first."""


def underwater_pct(equity: Floats) -> Floats:
    """How far each value lies below the highest before it, percent of that one, never negative, length n.

    0 where the highest so far is not above 0: there is nothing to fall from.
    """
    curve = np.empty_like(equity)
    for first, last, peak in _blocks(equity):
        part = curve[first:last]
        np.subtract(peak, equity[first:last], out=part)
        part /= np.where(peak > 0, peak, np.inf)
        part *= 100
    return curve


def figures(time_ms: Ints, equity: Floats, most: int = 10) -> Figures | None:
    """The drawdowns of a record, oldest first, both arrays of length n; at most `most` falls are listed.

    Values that are no numbers are passed over; None where no number is left. RULES: drawdown.
    """
    low = float(equity.min()) if len(equity) else np.nan
    if not np.isfinite(low) or not np.isfinite(equity.max()):
        known = np.isfinite(equity)
        time_ms, equity = time_ms[known], equity[known]
        if not len(equity):
            return None
        low = float(equity.min())
    starts, ends = _under_water(equity)
    first = float(equity[0])
    absolute = max(0.0, first - low)
    if not len(starts):
        return Figures(maximal=0.0, maximal_pct=0.0, relative=0.0, relative_pct=0.0, absolute=absolute,
                       recovery_factor=None, count=0, deepest=())  # fmt: skip
    peak = equity[starts]
    depth = peak - _lowest(equity, starts, ends)
    pct = 100 * depth / np.where(peak > 0, peak, np.inf)
    money, share = int(depth.argmax()), int(pct.argmax())
    worst = _largest(pct, most)
    return Figures(
        maximal=float(depth[money]),
        maximal_pct=float(pct[money]),
        relative=float(depth[share]),
        relative_pct=float(pct[share]),
        absolute=absolute,
        recovery_factor=(float(equity[-1]) - first) / float(depth[money]),
        count=len(starts),
        deepest=tuple(
            _drawdown(time_ms, equity, int(starts[i]), int(ends[i]), float(depth[i]), float(pct[i])) for i in worst
        ),
    )


def _blocks(equity: Floats) -> Iterator[tuple[int, int, Floats]]:
    """The record in blocks: from, to, and the running peak of that part, valid until the next block is asked for."""
    n, highest = len(equity), -np.inf
    buffer = np.empty(min(BLOCK, n))
    for first in range(0, n, BLOCK):
        part = equity[first : first + BLOCK]
        peak = buffer[: len(part)]
        np.maximum.accumulate(part, out=peak)
        np.maximum(peak, highest, out=peak)
        highest = float(peak[-1])
        yield first, first + len(part), peak


def _under_water(equity: Floats) -> tuple[Ints, Ints]:
    """Of every fall, the index of the last value at its peak and of the first one back, n where there is none."""
    edges = []
    before = False
    under = np.empty(BLOCK + 1, dtype=bool)
    for first, last, peak in _blocks(equity):
        now = under[: last - first + 1]
        now[0] = before
        np.less(equity[first:last], peak, out=now[1:])
        before = bool(now[-1])
        edges.append(np.flatnonzero(now[1:] != now[:-1]) + first)
    turns = np.concatenate(edges)
    starts, back = turns[0::2] - 1, turns[1::2]
    ends = np.append(back, len(equity)) if len(back) < len(starts) else back
    return starts, ends


def _lowest(equity: Floats, starts: Ints, ends: Ints) -> Floats:
    """The lowest value of each fall, length of the falls."""
    bounds = np.column_stack((starts, ends)).ravel()
    if bounds[-1] == len(equity):
        bounds = bounds[:-1]
    lowest: Floats = np.minimum.reduceat(equity, bounds)[0::2]
    return lowest


def _largest(values: Floats, most: int) -> Ints:
    """Indices of the `most` largest, largest first, the earlier one first where two are equal."""
    if len(values) > most:
        least = np.partition(values, len(values) - most)[len(values) - most]
        candidates = np.flatnonzero(values >= least)
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(-values[candidates], kind="stable")][:most]


def _drawdown(time_ms: Ints, equity: Floats, start: int, end: int, depth: float, pct: float) -> Drawdown:
    began, n = int(time_ms[start]), len(equity)
    return Drawdown(
        start_ms=began,
        trough_ms=int(time_ms[start + int(equity[start:end].argmin())]),
        end_ms=int(time_ms[end]) if end < n else None,
        depth=depth,
        pct=pct,
        length_ms=int(time_ms[min(end, n - 1)]) - began,
    )
