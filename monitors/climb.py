"""How equity climbs and falls through the ticks of a beat: its highest, and the deepest that it fell from there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from monitors.model import Floats, Ints

NOISE = 1e-6
"""A drawdown deeper by less than this, in account currency, is the same one: flows leave so much float noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """When the deepest drawdown of a period began, was deepest and was regained; UTC epoch milliseconds."""

    start_ms: int | None
    """The last moment at its peak; None where that is not known."""
    trough_ms: int
    regained_ms: int | None = None
    """The first moment at its peak again; None while it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """The highest equity so far in money and on the unitised index, and the deepest fall from it (RULES: drawdown).

    `deepest` (account currency) and `deepest_pct` are each the largest of their kind, so that they may belong to two
    falls, like MetaTrader's maximal and relative drawdown; `fall` is the one that is deepest in money.
    """

    money: float
    unit: float
    at_ms: int | None
    """The last moment at the peak."""
    deepest: float = 0.0
    deepest_pct: float = 0.0
    fall: Fall | None = None

    def after(self, times: Ints, values: Floats) -> Top:
        """After equity went through `values` at `times`, oldest first, one length and not empty."""
        highest = np.maximum.accumulate(values)
        climbed = np.maximum(highest, self.money)
        depth = climbed - values
        low, high = int(depth.argmax()), float(values.max())
        fall = self.fall
        if fall and fall.regained_ms is None and high >= self.money:
            fall = replace(fall, regained_ms=int(times[(values >= self.money).argmax()]))
        if depth[low] - self.deepest > NOISE:
            fall = self._fallen(times, values, low, float(climbed[low]))
        summit = np.maximum(highest, self.unit)
        pct = float((100 * (summit - values) / np.where(summit > 0, summit, np.inf)).max())
        return Top(
            money=max(self.money, high),
            unit=max(self.unit, high),
            at_ms=int(times[len(values) - 1 - values[::-1].argmax()]) if high >= self.money else self.at_ms,
            deepest=max(self.deepest, float(depth[low])),
            deepest_pct=max(self.deepest_pct, pct),
            fall=fall,
        )

    def _fallen(self, times: Ints, values: Floats, low: int, top: float) -> Fall:
        """The fall from `top` whose trough is at index `low`."""
        at_top = np.flatnonzero(values[:low] >= top)
        back = np.flatnonzero(values[low:] >= top)
        return Fall(
            start_ms=int(times[at_top[-1]]) if len(at_top) else self.at_ms,
            trough_ms=int(times[low]),
            regained_ms=int(times[low + back[0]]) if len(back) else None,
        )
