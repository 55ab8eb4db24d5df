"""Open risk: what is lost if every stop is hit."""

from __future__ import annotations

from monitors.measures import Metric, Unit
from monitors.model import Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


def open_pct(reading: Reading, _rule: Rule) -> Value:
    """Loss from the present prices to every stop, percent of equity; no stop counts the notional, capped at equity."""
    equity = reading.snapshot.account.equity
    if equity <= 0:
        return Unknown("there is no equity")
    if not reading.book.symbols:
        return 0.0
    found = float(reading.book.risk.sum())
    return 100 * found / equity if found == found else Unknown("a conversion rate is missing")  # noqa: PLR0124 -- NaN


METRICS = (Metric(name="risk.open_pct", unit=Unit.PERCENT, measure=open_pct, closable=True, hard=False),)
