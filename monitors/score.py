"""How well a position is doing, 0 to 100, from five parts that are each shown (RULES: position analytics)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.model import Floats, Unknown, Value
from monitors.multiples import NOT_FOLLOWED, Multiples, told

PARTS = ("R now", "Kept of its best", "Against its stop", "Time under water", "Planned reward")
LEAST = 2
"""Parts that must be known before there is a total."""

R_NOW = (-1.0, 0.0, 2.0), (0.0, 50.0, 100.0)
"""A full loss is 0, nothing won or lost 50, twice the risk 100; straight lines between, flat beyond; so below."""
KEPT = (0.0, 100.0), (0.0, 100.0)
"""Present profit in percent of the best: all of it is 100, nothing or a loss 0."""
AGAINST = (-1.0, 0.0), (0.0, 100.0)
"""Worst excursion in R: never against is 100, as far as the first stop 0."""
UNDER = (0.0, 1.0, 2.0), (100.0, 50.0, 0.0)
"""Time under water over the strategy's median: none is 100, as usual 50, twice the usual 0."""
PLANNED = (0.0, 1.0, 3.0), (0.0, 50.0, 100.0)
"""Planned reward to risk: even is 50, three to one 100."""

TOO_FEW = Unknown(f"fewer than {LEAST} of its parts are known")
NO_HABIT = Unknown("the strategy's usual time under water is not known yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The mean of the known parts; the parts by name in the order of PARTS, each 0 to 100 or why there is none."""

    total: Value
    parts: tuple[tuple[str, Value], ...]


def scores(way: Multiples, usual_ms: Floats) -> list[Score]:
    """Of every position in the snapshot's order; `usual_ms` is its strategy's median time under water, NaN unknown."""
    under = np.array([e.under_ms for e in way.excursions], dtype=float)
    followed = np.isfinite(way.best)
    comparable = followed & (usual_ms >= 0)
    ratio = np.where(usual_ms > 0, under / np.where(usual_ms > 0, usual_ms, 1.0), np.where(under > 0, np.inf, 0.0))
    columns = np.array([
        np.interp(way.r, *R_NOW),
        np.interp(100 - way.given_back, *KEPT),
        np.interp(way.worst_r, *AGAINST),
        np.where(comparable, np.interp(ratio, *UNDER), np.nan),
        np.interp(way.planned, *PLANNED),
    ])  # fmt: skip
    found = np.isfinite(columns)
    count = found.sum(axis=0)
    mean = np.where(found, columns, 0.0).sum(axis=0) / np.maximum(count, 1)
    totals = told(np.where(count >= LEAST, mean, np.nan), lambda _i: TOO_FEW)
    reasons = (way.why_no_r, way.why_none_kept, way.why_no_r, lambda i: NO_HABIT if followed[i] else NOT_FOLLOWED,
               way.why_no_plan)  # fmt: skip
    parts = [
        [(name, value) for value in told(column, why)]
        for name, column, why in zip(PARTS, columns, reasons, strict=True)
    ]
    return [Score(total=total, parts=own) for total, own in zip(totals, zip(*parts, strict=True), strict=True)]
