"""How the symbols held move together: correlation of log returns, signed by the positions' sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitors.model import Bars, Floats, Ints
from monitors.zones import DAY_MS, MINUTE_MS

FEWEST = 30
"""Shared returns below which a correlation says nothing."""
NOISE = 1e-12
"""Share of the squares below which a spread is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Correlations of returns between symbols, unsigned by side; NaN where too few bars are shared.

    `matrix` has shape (n, n) in the order of `symbols`, ones on its diagonal; `bars` says how many returns each symbol
    had; times are UTC epoch ms.
    """

    symbols: tuple[str, ...]
    matrix: Floats
    bars: dict[str, int]
    until_ms: int
    minutes: int = 15
    days: float = 5.0

    def signed(self, sides: Mapping[str, int]) -> Floats:
        """The matrix signed by the side of each symbol, +1 or -1: + adds up, - offsets; 0 beside one without a side."""
        side = np.array([sides.get(name, 0) for name in self.symbols], dtype=float)
        found: Floats = self.matrix * np.outer(side, side)
        return found

    def pairs(self, sides: Mapping[str, int]) -> Pairs:
        """Every two symbols that have a side, by their signed correlation."""
        place = {name: row for row, name in enumerate(self.symbols) if name in sides}
        names, rows = tuple(place), np.array(list(place.values()), dtype=np.int64)
        side = np.array([sides[name] for name in names], dtype=float)
        one, other = np.triu_indices(len(names), 1)
        value = self.matrix[rows[one], rows[other]] * side[one] * side[other]
        return Pairs(names=names, value=value, one=one, other=other, bare=tuple(n for n in sides if n not in place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Two symbols each, as columns of length p: their signed correlation and their places in `names`.

    NaN where a correlation is not known; `bare` are symbols that have none at all.
    """

    names: tuple[str, ...]
    value: Floats
    one: Ints
    other: Ints
    bare: tuple[str, ...] = ()

    @property
    def largest(self) -> float | None:
        """The largest that is known; None where none is."""
        known = self.value[~np.isnan(self.value)]
        return float(known.max()) if len(known) else None

    @property
    def lacking(self) -> str:
        """Symbols whose correlation is not known, in words; "" where all are known."""
        lost = np.flatnonzero(np.isnan(self.value))
        if self.bare or not len(lost):
            return ", ".join(self.bare)
        return f"{self.names[self.one[lost[0]]]} and {self.names[self.other[lost[0]]]}"

    def above(self, threshold: float) -> list[tuple[str, str]]:
        """The two symbols of every pair above `threshold`, the highest first."""
        with_more = np.flatnonzero(self.value > threshold)
        order = with_more[np.argsort(-self.value[with_more], kind="stable")]
        return [(self.names[self.one[k]], self.names[self.other[k]]) for k in order]


def correlations(bars: Mapping[str, Bars], *, minutes: int, days: float, until_ms: int) -> Correlations:
    """Pearson's correlation of log returns on closes (RULES: exposure), pair by pair on the returns that both have.

    `bars` are of `minutes` each; those counted began within `days` before `until_ms`. Only consecutive bars give a
    return, so no weekend and no hole is one. A pair with fewer than 30 shared returns, or with a price that never
    moved, is NaN.
    """
    names, since_ms = tuple(bars), until_ms - round(days * DAY_MS)
    found = [_returns(bars[name], minutes * MINUTE_MS, since_ms, until_ms) for name in names]
    counts = {name: len(times) for name, (times, _) in zip(names, found, strict=True)}
    matrix = _pairwise(*_aligned(found)) if names else np.empty((0, 0))
    return Correlations(symbols=names, matrix=matrix, bars=counts, until_ms=until_ms, minutes=minutes, days=days)


def _returns(bars: Bars, step_ms: int, since_ms: int, until_ms: int) -> tuple[Ints, Floats]:
    """When each return's later bar began, and the return; prices that are none give no return."""
    counted = (bars.time_ms >= since_ms) & (bars.time_ms < until_ms) & np.isfinite(bars.close) & (bars.close > 0)
    times, closes = bars.time_ms[counted], bars.close[counted]
    consecutive = np.diff(times) == step_ms
    return times[1:][consecutive], np.diff(np.log(closes))[consecutive]


def _aligned(found: list[tuple[Ints, Floats]]) -> tuple[Floats, Floats]:
    """The returns on one row of times, shape (n, t), 0 where a symbol has none; and 1 where it has one."""
    times = np.unique(np.concatenate([when for when, _ in found]))
    returns, present = np.zeros((2, len(found), len(times)))
    for row, (when, moved) in enumerate(found):
        place = np.searchsorted(times, when)
        returns[row, place], present[row, place] = moved, 1.0
    return returns, present


def _pairwise(returns: Floats, present: Floats) -> Floats:
    """Pearson's correlation of every two rows over the times that both have, shape (n, n)."""
    shared = present @ present.T
    enough = shared >= FEWEST
    count = np.where(enough, shared, 1.0)
    total, squares = returns @ present.T, (returns**2) @ present.T
    spread = squares - total**2 / count
    together = returns @ returns.T - total * total.T / count
    known = enough & (spread > NOISE * squares) & (spread.T > NOISE * squares.T)
    matrix = np.full_like(together, np.nan)
    matrix[known] = np.clip(together[known] / np.sqrt(spread[known] * spread.T[known]), -1.0, 1.0)
    np.fill_diagonal(matrix, 1.0)
    return matrix
