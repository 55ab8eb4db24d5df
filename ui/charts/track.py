"""What the charts draw of one account: rows of this run, and before them what the history store recorded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from monitors.model import Floats
from monitors.series import COLUMNS, SeriesView
from monitors.stretch import Recorded
from ui.charts.columns import Reducer, Visible, at, newest, reduced


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """`live` are the frame's own rows; of `past` counts what lies before the first of them."""

    live: SeriesView
    past: Recorded = field(default_factory=Recorded)

    @property
    def begins_s(self) -> float:
        """When the frame's own rows begin, UTC epoch seconds."""
        return float(self.live.column("time_s")[0])

    @property
    def oldest_s(self) -> float:
        """From when on anything is known."""
        oldest_ms = self.past.oldest_ms
        return self.begins_s if oldest_ms is None else min(self.begins_s, oldest_ms / 1_000)

    def visible(self, reducer: Reducer, left_s: float, right_s: float, pixels: int) -> Visible:
        """The rows between two times, thinned to a few a pixel column with their extremes; see `Reducer.visible`."""
        live = reducer.visible(self.live, left_s, right_s, pixels)
        before = self._before()
        if not len(before) or left_s >= self.begins_s:
            return live
        past = reduced(before, left_s, min(right_s, self.begins_s), pixels)
        figures = {name: np.append(past.figures[name], live.figures[name]) for name in COLUMNS[1:]}
        return Visible(np.append(past.time_s, live.time_s), figures)

    def row(self, time_s: float) -> Floats | None:
        """The newest row at or before a time, in the order of COLUMNS; None before the first."""
        view = self.live if time_s >= self.begins_s else self._before()
        place = at(view, time_s)
        return None if place is None else view.columns[:, place]

    def newest(self) -> Floats | None:
        """The newest row of this run that has a reading; None where there is none."""
        place = newest(self.live)
        return None if place is None else self.live.columns[:, place]

    def _before(self) -> SeriesView:
        rows = self.past.rows
        return SeriesView(rows.columns[:, : int(np.searchsorted(rows.column("time_s"), self.begins_s))])
