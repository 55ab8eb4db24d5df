"""The trader's own rule for size: a factor by drawdown, and lots from the money that a trade may lose."""

from __future__ import annotations

import math

import numpy as np

from monitors.conversions import converts_itself
from monitors.kinds import Side
from monitors.lots import NOISE
from monitors.model import Instrument, NotApplicable, Rates, Unknown, Value
from monitors.settings import SizingSettings


def size_factor(settings: SizingSettings, drawdown_pct: Value) -> Value:
    """The part of full size that the table gives at this drawdown; piecewise linear, flat beyond its ends (RULES)."""
    if not isinstance(drawdown_pct, float | int):
        return drawdown_pct
    if not math.isfinite(drawdown_pct):
        return Unknown("the drawdown is no number")
    if not settings.steps:
        return 1.0
    at, factor = np.array(settings.steps, dtype=float).T
    return float(np.interp(drawdown_pct, at, factor))


def position_size(instrument: Instrument, rates: Rates, *, currency: str, equity: float, risk_pct: float,
                  factor: Value, opened: float, stop: float, side: Side) -> Value:  # fmt: skip
    """Lots that lose `risk_pct` percent of equity, times `factor`, at the stop; rounded down to the step.

    RULES: risk % x equity / (stop distance x value per point), at the rate MetaTrader turns a loss into account
    currency (`currency`) with: that of the stop itself where the symbol is its own conversion pair, since that is the
    price it closes at. At most volume_max; unknown with the reason where not even volume_min may be opened.
    """
    if not isinstance(factor, float | int):
        return factor
    figures = (equity, risk_pct, factor, opened, stop, rates.loss, instrument.contract_size)
    if not all(math.isfinite(figure) for figure in figures):
        return Unknown("a price, a rate or the equity is not known")
    if stop <= 0:
        return NotApplicable("there is no stop")
    distance = (opened - stop) * (1 if side is Side.BUY else -1)
    if distance <= 0:
        return NotApplicable("the stop is not on the losing side of the opening price")
    rate = 1 / stop if converts_itself(instrument, currency) else rates.loss
    risked, a_lot = max(0.0, risk_pct) / 100 * equity * factor, distance * instrument.contract_size * rate
    if risked <= 0:
        return Unknown("by your rule nothing may be risked now")
    if a_lot <= 0:
        return Unknown(f"{instrument.symbol}: what a lot loses is not known")
    steps = min(math.floor(risked / a_lot / instrument.volume_step + NOISE), instrument.max_steps)
    if steps < instrument.min_steps:
        least = instrument.lots(instrument.min_steps)
        return Unknown(f"{least:g} lots, the least the broker takes, would lose {least * a_lot:.2f}, "
                       f"more than the {risked:.2f} of your rule")  # fmt: skip
    return instrument.lots(steps)
