"""Risk of what is open: what is lost if every stop is hit, which positions have none, and what is planned to be won."""

from __future__ import annotations

import numpy as np

from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


def open_pct(reading: Reading, _rule: Rule) -> Value:
    """Loss from the present prices to every stop, percent of equity (RULES: position analytics).

    A stop in profit counts 0, no stop the notional, capped at equity.
    """
    equity = reading.snapshot.account.equity
    if not equity > 0:  # so written that NaN is none
        return Unknown("there is no equity")
    if not reading.book.symbols:
        return 0.0
    found = float(reading.book.risk.sum())
    return 100 * found / equity if found == found else Unknown("a conversion rate is missing")  # noqa: PLR0124 -- NaN


def missing_stops(reading: Reading, rule: Rule) -> Value:
    """How many of the selected positions have no stop; unknown where a stop is no number."""
    chosen = rule.selected(reading.snapshot.positions)
    stops, lots = reading.book.stop[chosen], reading.book.lots[chosen]
    if np.isnan(stops).any():
        return Unknown("a stop is not a number")
    return float(((stops <= 0) & (lots > 0)).sum())


def reward_min(reading: Reading, rule: Rule) -> Value:
    """The least planned reward to risk among the selected positions that have a stop and a target.

    Not applicable where none has both; unknown where a price of one of them is not a number.
    """
    positions, book = reading.snapshot.positions, reading.book
    chosen = [i for i in rule.selected(positions) if book.lots[i] > 0]
    targets = np.array([positions[i].target for i in chosen], dtype=float)
    if np.isnan(book.stop[chosen] + book.open[chosen] + targets).any():
        return Unknown("a stop, a target or an opening price is not a number")
    planned = reading.multiples.planned[chosen]
    known = planned[~np.isnan(planned)]
    return float(known.min()) if len(known) else NotApplicable("no position has both a stop and a target")


METRICS = (
    Metric(name="risk.open_pct", unit=Unit.PERCENT, measure=open_pct, closable=True, hard=False),
    Metric(name="risk.missing_stops", unit=Unit.COUNT, measure=missing_stops, closable=True, hard=False),
    Metric(name="risk.reward_min", unit=Unit.RATIO, measure=reward_min, closable=True, hard=False),
)
