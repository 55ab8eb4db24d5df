"""A series cut down to a chart's pixel columns: first, least, greatest and last of each, so no spike is lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.model import Floats, Ints
from monitors.series import COLUMNS, SeriesView

MOST_FILLED = 600
"""Points of a filled area; more make painting slow."""
BLOCKS = 512, 64
"""Rows that are condensed to four, where a pixel column holds at least as many; the largest such."""


@dataclass(frozen=True, slots=True)
class Visible:
    """What a chart draws: `time_s` and one array a figure, all of one length; NaN breaks the line."""

    time_s: Floats
    figures: dict[str, Floats]

    def gaps(self) -> list[tuple[float, float]]:
        """Where equity is missing between two readings: pairs of UTC epoch seconds."""
        finite = np.flatnonzero(np.isfinite(self.figures["equity"]))
        before = np.flatnonzero(np.diff(finite) > 1)
        return [(float(self.time_s[finite[n]]), float(self.time_s[finite[n + 1]])) for n in before]


class Reducer:
    """Reduces one growing series; keeps its finished blocks condensed, so that a million rows cost little a paint."""

    def __init__(self) -> None:
        self._condensers = [Condenser(block) for block in BLOCKS]

    def visible(self, view: SeriesView, left_s: float, right_s: float, pixels: int) -> Visible:
        """The rows between two times, thinned as by `reduced`."""
        rows = _between(view, left_s, right_s).shape[1]
        condenser = next((one for one in self._condensers if rows > one.block * max(1, pixels)), None)
        return reduced(view if condenser is None else condenser.condensed(view), left_s, right_s, pixels)


class Condenser:
    """Blocks of a growing series as four rows each, made once."""

    def __init__(self, block: int) -> None:
        self.block = block
        self._began, self._done = np.nan, 0
        self._rows, self._used = np.empty((len(COLUMNS), 4_096)), 0
        """The condensed rows, and room for those that are not yet."""

    def condensed(self, view: SeriesView) -> SeriesView:
        """Finished blocks as four rows each, then the rows after them; begun anew where the series let go of rows."""
        began, finished = float(view.column("time_s")[0]), len(view) // self.block * self.block
        if began != self._began or finished < self._done:
            self._began, self._done, self._used = began, 0, 0
        if finished > self._done:
            fresh = view.columns[:, self._done : finished]
            # A block ends with the mark of a gap: inside one, the mark would be lost between least and greatest.
            after_gaps = np.flatnonzero(np.isnan(fresh[1, :-1])) + 1
            starts = np.unique(np.append(np.arange(0, fresh.shape[1], self.block), after_gaps))
            self._used += self._put(_four(fresh, starts))
            self._done = finished
        tail = self._put(view.columns[:, finished:])
        return SeriesView(self._rows[:, : self._used + tail])

    def _put(self, rows: Floats) -> int:
        """Write these behind what is condensed; how many they are."""
        count, room = int(rows.shape[1]), self._rows.shape[1] - self._used
        if count > room:
            grown = np.empty((len(COLUMNS), 2 * (self._used + count)))
            grown[:, : self._used] = self._rows[:, : self._used]
            self._rows = grown
        self._rows[:, self._used : self._used + count] = rows
        return count


def reduced(view: SeriesView, left_s: float, right_s: float, pixels: int) -> Visible:
    """The rows between two times, at most four a pixel column; one more at each side, so that lines reach the edge."""
    rows = _between(view, left_s, right_s)
    if rows.shape[1] > 4 * max(1, pixels):
        edges = np.searchsorted(rows[0], np.linspace(left_s, right_s, max(1, pixels), endpoint=False))
        starts = np.append(0, edges[edges < rows.shape[1]])  # in order, so that equal ones stand together
        rows = _four(rows, starts[np.append(True, starts[1:] > starts[:-1])])
    return Visible(rows[0], dict(zip(COLUMNS[1:], rows[1:], strict=True)))


def _between(view: SeriesView, left_s: float, right_s: float) -> Floats:
    time_s = view.column("time_s")
    first = max(0, int(np.searchsorted(time_s, left_s)) - 1)
    return view.columns[:, first : int(np.searchsorted(time_s, right_s, side="right")) + 1]


def _four(rows: Floats, starts: Ints) -> Floats:
    """First, least, greatest and last of each stretch that begins at `starts`, as rows of their own; shape (5, 4 n)."""
    ends = np.append(starts[1:], rows.shape[1]) - 1
    least, greatest = np.fmin.reduceat(rows, starts, axis=1), np.fmax.reduceat(rows, starts, axis=1)
    least[0], greatest[0] = rows[0, starts], rows[0, ends]
    return np.stack((rows[:, starts], least, greatest, rows[:, ends]), axis=2).reshape(len(COLUMNS), -1)


def runs(time_s: Floats, values: Floats) -> list[tuple[Floats, Floats]]:
    """The finite stretches of a curve, thinned so that all together have about MOST_FILLED points."""
    finite = np.isfinite(values)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], finite.astype(np.int8), [0]))))
    step = max(1, -(-int(finite.sum()) // MOST_FILLED))
    return [(_thin(time_s[a:b], step), _thin(values[a:b], step)) for a, b in edges.reshape(-1, 2)]


def _thin(values: Floats, step: int) -> Floats:
    return values if step == 1 else np.append(values[::step], values[-1])


def at(view: SeriesView, time_s: float) -> int | None:
    """The newest row at or before a time; None before the first."""
    index = int(np.searchsorted(view.column("time_s"), time_s, side="right")) - 1
    return index if index >= 0 else None


def newest(view: SeriesView) -> int | None:
    """The newest row that has a reading; None where there is none."""
    equity = view.column("equity")
    return next((row for row in range(len(view) - 1, -1, -1) if np.isfinite(equity[row])), None)
