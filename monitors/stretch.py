"""What a chart asks the history store for, and what it gets."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from monitors.acts import Act
from monitors.series import COLUMNS, SeriesView


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of an account's past, UTC epoch ms, in about `columns` columns."""

    server: str
    login: int
    since_ms: int
    until_ms: int
    columns: int

    @property
    def column_ms(self) -> int:
        """How wide a column is."""
        return max(1, -(-(self.until_ms - self.since_ms) // max(1, self.columns)))


def _nothing() -> SeriesView:
    return SeriesView(np.empty((len(COLUMNS), 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Rows of each column's extremes and last values, oldest first, NaN where nobody looked; what was done then."""

    rows: SeriesView = field(default_factory=_nothing)
    acts: tuple[Act, ...] = ()
    oldest_ms: int | None = None
    """From when on there is a record of the account at all, UTC epoch ms; None: there is none."""


Recall = Callable[[Stretch], "Future[Recorded]"]
"""Answers from another thread; an account that is not known, or a store that cannot be read, is an empty record."""
