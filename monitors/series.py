"""An append-only, bounded record of an account over time, which a window may read while it grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.model import Floats

COLUMNS = ("time_s", "equity", "balance", "drawdown_pct", "margin_level_pct")


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A moment's view: `columns` has shape (5, n) in the order of COLUMNS; NaN rows are gaps in the data."""

    columns: Floats

    def __len__(self) -> int:
        return int(self.columns.shape[1])

    def column(self, name: str) -> Floats:
        """One column by name, length n; `time_s` is UTC epoch seconds, money is account currency."""
        view: Floats = self.columns[COLUMNS.index(name)]
        return view


class Series:
    """Rows are only ever added; when `capacity` is reached the older half is let go into a fresh buffer.

    A view taken earlier stays valid: nothing that it covers is ever written again.
    """

    def __init__(self, capacity: int = 1_000_000) -> None:
        self._capacity, self._used = capacity, 0
        self._buffer = np.full((len(COLUMNS), min(4096, capacity)), np.nan)

    def append(
        self, time_s: float, equity: float, balance: float, drawdown_pct: float, margin_level_pct: float
    ) -> None:
        """Add one row; NaN where a figure does not apply."""
        if self._used == self._buffer.shape[1]:
            self._make_room()
        self._buffer[:, self._used] = (time_s, equity, balance, drawdown_pct, margin_level_pct)
        self._used += 1

    def gap(self, time_s: float) -> None:
        """Mark that data stopped at `time_s`; two marks in a row are one."""
        if self._used and not np.isnan(self._buffer[1, self._used - 1]):
            self.append(time_s, np.nan, np.nan, np.nan, np.nan)

    def view(self) -> SeriesView:
        """All rows so far, without a copy."""
        columns = self._buffer[:, : self._used]
        columns.flags.writeable = False
        return SeriesView(columns)

    def _make_room(self) -> None:
        kept = self._buffer[:, : self._used]
        if self._used >= self._capacity:
            kept = kept[:, self._used // 2 :]
        size = min(self._capacity, max(4096, 2 * self._used))
        fresh = np.full((len(COLUMNS), size), np.nan)
        fresh[:, : kept.shape[1]] = kept
        self._buffer, self._used = fresh, kept.shape[1]
