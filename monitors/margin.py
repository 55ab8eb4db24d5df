"""Margin: level, used, free; the account's own figures are the truth."""

from __future__ import annotations

import math

from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


def level_pct(reading: Reading, _rule: Rule) -> Value:
    """Equity / used margin x 100; without margin it does not apply (MT5 reports 0.0, which is no alarm)."""
    account = reading.snapshot.account
    if math.isnan(account.margin):
        return Unknown("a margin rate is missing")
    return 100 * account.equity / account.margin if account.margin > 0 else NotApplicable("no margin is used")


def used(reading: Reading, _rule: Rule) -> Value:
    """Used margin, account currency."""
    return reading.snapshot.account.margin


def free(reading: Reading, _rule: Rule) -> Value:
    """Equity less used margin, account currency (RULES: margin)."""
    return reading.snapshot.account.equity - reading.snapshot.account.margin


def _level_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    margin = reading.snapshot.account.margin
    return margin * at / 100 if margin > 0 else None


def _free_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    margin = reading.snapshot.account.margin
    return margin + at if math.isfinite(margin) else None


METRICS = (
    Metric(name="margin.level_pct", unit=Unit.PERCENT, measure=level_pct, closable=True, line=_level_line),
    Metric(name="margin.used", unit=Unit.MONEY, measure=used, closable=True),
    Metric(name="margin.free", unit=Unit.MONEY, measure=free, closable=True, line=_free_line),
)
