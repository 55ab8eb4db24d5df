"""The drawdowns of a report's range: along the curve, in money, and one by one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from monitors.day_report import Falls
from monitors.falls import Drawdown, figures, underwater_pct
from monitors.model import Floats, Ints
from monitors.record import EquityRange, Mark

MOST = 5


def fallen(equity: EquityRange, flows: Iterable[Mark]) -> Falls:
    """Within a column the highest counts as coming before the lowest, so that no fall is told too shallow.

    Money moved is no performance: the percent is that of a unit value (RULES: drawdown), the money that of equity less
    what was moved.
    """
    moved, unit = np.zeros(len(equity)), np.ones(len(equity))
    for flow in flows:
        after = int(np.searchsorted(equity.time_ms, flow.at_ms))
        before = equity.last[:after][np.isfinite(equity.last[:after])]
        moved[after:] += flow.amount or 0.0
        if len(before) and before[-1] > 0 and before[-1] + (flow.amount or 0.0) > 0:
            unit[after:] *= before[-1] / (before[-1] + (flow.amount or 0.0))
    seen, pct = np.isfinite(equity.high), np.full(len(equity), np.nan)
    times = np.repeat(equity.time_ms[seen], 2)
    units = _turns(equity.high * unit, equity.low * unit, seen)
    pct[seen] = underwater_pct(units)[1::2]
    money, shares = figures(times, _turns(equity.high - moved, equity.low - moved, seen)), _shares(times, units)
    return Falls(pct=pct, deepest=money.maximal if money else 0.0, listed=shares)


def _turns(high: Floats, low: Floats, seen: np.ndarray) -> Floats:
    """High, low, high, low of the columns that were seen."""
    turns: Floats = np.stack((high[seen], low[seen]), axis=1).ravel()
    return turns


def _shares(times: Ints, units: Floats) -> tuple[Drawdown, ...]:
    found = figures(times, units, MOST)
    return found.deepest if found else ()
