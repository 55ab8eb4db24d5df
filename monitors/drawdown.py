"""Equity against what it was: the day's opening, the week's high, the highest ever; how deep and for how long."""

from __future__ import annotations

from monitors.anchors import Anchor
from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule

MISSED = "the reset was missed while nothing was seen"


def day_anchor(reading: Reading, base: str) -> Anchor | None:
    """What a daily drawdown is measured from: `base` is balance, equity, higher or peak; None where it was missed."""
    day = reading.history.day
    if base == "balance":
        return day.balance
    if base == "peak":
        return day.peak
    if base == "higher" and day.equity is not None:
        return max(day.balance, day.equity, key=lambda anchor: anchor.money)
    return day.equity


def missed(reading: Reading) -> Unknown:
    """That the day's or the week's reset was not seen, and why it was not rebuilt."""
    why = reading.history.day.missed or reading.history.week.missed
    return Unknown(f"{MISSED}; {why}" if why else MISSED)


def money(reading: Reading, anchor: Anchor | None) -> Value:
    """The beat's worst equity below an anchor, account currency, never negative; unknown where the reset was missed."""
    return missed(reading) if anchor is None else anchor.depth(reading.low)


def _depth_pct(reading: Reading, anchor: Anchor | None, rule: Rule) -> Value:
    """Percent of the unitised anchor, or of the initial balance where the rule says `of = "initial"`."""
    if anchor is None:
        return missed(reading)
    if rule.of == "initial":
        initial = reading.history.initial
        return 100 * anchor.depth(reading.low) / initial if initial > 0 else Unknown("no initial balance is known")
    return percent(reading, anchor)


def percent(reading: Reading, anchor: Anchor | None) -> Value:
    """The beat's worst equity below an anchor, percent of the unitised anchor, never negative (RULES: drawdown)."""
    if anchor is None:
        return missed(reading)
    found = anchor.depth_pct(reading.low)
    return Unknown("there is no equity to fall from") if found is None else found


def daily(reading: Reading, rule: Rule) -> Value:
    """The day's base less the beat's worst equity, account currency, never negative (RULES: drawdown)."""
    return money(reading, day_anchor(reading, rule.base))


def daily_pct(reading: Reading, rule: Rule) -> Value:
    """The same in percent of the base, or of the initial balance."""
    return _depth_pct(reading, day_anchor(reading, rule.base), rule)


def weekly(reading: Reading, _rule: Rule) -> Value:
    """The week's highest equity less the beat's worst, account currency."""
    return money(reading, reading.history.week.peak)


def weekly_pct(reading: Reading, rule: Rule) -> Value:
    """The same in percent of the week's unitised high."""
    return _depth_pct(reading, reading.history.week.peak, rule)


def maximum(reading: Reading, _rule: Rule) -> Value:
    """The highest equity ever less the beat's worst, account currency."""
    return money(reading, reading.history.peak)


def maximum_pct(reading: Reading, rule: Rule) -> Value:
    """The same in percent of the unitised all-time high."""
    return _depth_pct(reading, reading.history.peak, rule)


def underwater_s(reading: Reading, _rule: Rule) -> Value:
    """Seconds since the all-time high, 0 at it."""
    history = reading.history
    if history.peak.depth(reading.snapshot.account.equity) == 0:
        return 0.0
    return (reading.snapshot.taken_ms - history.peak_ms) / 1000


def recovery_pct(reading: Reading, _rule: Rule) -> Value:
    """Percent of the deepest drawdown regained; 100 at the peak, not applicable where nothing fell."""
    return regained_pct(reading, reading.history.peak, reading.history.deepest)


def regained_pct(reading: Reading, peak: Anchor, deepest: float) -> Value:
    """The part of the deepest fall from a peak that equity has regained, percent."""
    if deepest <= 0:
        return NotApplicable("nothing fell")
    return 100 * (1 - peak.depth(reading.snapshot.account.equity) / deepest)


def _line(anchor: Anchor | None, at: float) -> float | None:
    """The equity that lies `at` below the anchor, account currency."""
    return None if anchor is None else anchor.money - at


def _pct_line(reading: Reading, anchor: Anchor | None, rule: Rule, at: float) -> float | None:
    """The equity that lies `at` percent below the anchor, of itself or of the initial balance."""
    if anchor is None:
        return None
    if rule.of == "initial":
        initial = reading.history.initial
        return anchor.money - initial * at / 100 if initial > 0 else None
    return anchor.unit * (1 - at / 100) if anchor.unit > 0 else None


def _daily_line(reading: Reading, rule: Rule, at: float) -> float | None:
    return _line(day_anchor(reading, rule.base), at)


def _daily_pct_line(reading: Reading, rule: Rule, at: float) -> float | None:
    return _pct_line(reading, day_anchor(reading, rule.base), rule, at)


def _weekly_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    return _line(reading.history.week.peak, at)


def _weekly_pct_line(reading: Reading, rule: Rule, at: float) -> float | None:
    return _pct_line(reading, reading.history.week.peak, rule, at)


def _max_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    return _line(reading.history.peak, at)


def _max_pct_line(reading: Reading, rule: Rule, at: float) -> float | None:
    return _pct_line(reading, reading.history.peak, rule, at)


METRICS = (
    Metric(name="drawdown.daily", unit=Unit.MONEY, measure=daily, performance=True, line=_daily_line),
    Metric(name="drawdown.daily_pct", unit=Unit.PERCENT, measure=daily_pct, performance=True, line=_daily_pct_line),
    Metric(name="drawdown.weekly", unit=Unit.MONEY, measure=weekly, performance=True, line=_weekly_line),
    Metric(name="drawdown.weekly_pct", unit=Unit.PERCENT, measure=weekly_pct, performance=True, line=_weekly_pct_line),
    Metric(name="drawdown.max", unit=Unit.MONEY, measure=maximum, performance=True, line=_max_line),
    Metric(name="drawdown.max_pct", unit=Unit.PERCENT, measure=maximum_pct, performance=True, line=_max_pct_line),
    Metric(name="drawdown.underwater_s", unit=Unit.SECONDS, measure=underwater_s, performance=True),
    Metric(name="drawdown.recovery_pct", unit=Unit.PERCENT, measure=recovery_pct, performance=True),
)
