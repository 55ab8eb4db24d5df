"""Margin: level, used, free; the account's own figures are the truth."""

from __future__ import annotations

import math

from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule

NO_MARGIN, NO_MARGIN_RATE, NO_EQUITY = "no margin is used", "a margin rate is missing", "there is no equity"


def level_pct(reading: Reading, _rule: Rule) -> Value:
    """Equity / used margin x 100; without margin it does not apply (MT5 reports 0.0, which is no alarm)."""
    account = reading.snapshot.account
    if math.isnan(account.margin):
        return Unknown(NO_MARGIN_RATE)
    return 100 * account.equity / account.margin if account.margin > 0 else NotApplicable(NO_MARGIN)


def used(reading: Reading, _rule: Rule) -> Value:
    """Used margin, account currency."""
    margin = reading.snapshot.account.margin
    return Unknown(NO_MARGIN_RATE) if math.isnan(margin) else margin


def free(reading: Reading, _rule: Rule) -> Value:
    """Equity less used margin, account currency (RULES: margin)."""
    account = reading.snapshot.account
    return Unknown(NO_MARGIN_RATE) if math.isnan(account.margin) else account.equity - account.margin


def cushion(reading: Reading) -> Value:
    """Free margin over equity, at most 1 (RULES: margin)."""
    account = reading.snapshot.account
    if math.isnan(account.margin):
        return Unknown(NO_MARGIN_RATE)
    return (account.equity - account.margin) / account.equity if account.equity > 0 else Unknown(NO_EQUITY)


METRICS = (
    Metric(name="margin.level_pct", unit=Unit.PERCENT, measure=level_pct, closable=True),
    Metric(name="margin.used", unit=Unit.MONEY, measure=used, closable=True),
    Metric(name="margin.free", unit=Unit.MONEY, measure=free, closable=True),
)
