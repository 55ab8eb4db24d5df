"""Profit and loss: floating, realised, today, this week, and how fast it moves."""

from __future__ import annotations

from monitors.measures import Metric, Unit
from monitors.model import Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


def floating(reading: Reading, _rule: Rule) -> Value:
    """Floating profit with swap, account currency, as the terminal reports it (RULES: profit and loss)."""
    return reading.snapshot.account.profit


def realized_today(reading: Reading, _rule: Rule) -> Value:
    """Profit, swap, commission and fee of deals booked since the day's reset, account currency."""
    return reading.history.day.realized


def today(reading: Reading, _rule: Rule) -> Value:
    """Equity less the day's opening balance, flows left out: realised today plus what floats, account currency."""
    return reading.snapshot.account.equity - reading.history.day.balance.money


def today_pct(reading: Reading, _rule: Rule) -> Value:
    """Today's profit in percent of the day's unitised opening balance."""
    opening = reading.history.day.balance.unit
    if opening <= 0:
        return Unknown("the day opened without a balance")
    return 100 * (reading.snapshot.account.equity - opening) / opening


def week(reading: Reading, _rule: Rule) -> Value:
    """Equity less the week's opening balance, flows left out, account currency."""
    return reading.snapshot.account.equity - reading.history.week.balance.money


def change(reading: Reading, rule: Rule) -> Value:
    """Equity now less equity `window_s` seconds ago, flows left out, account currency."""
    found = reading.changes.get(rule.window_s)
    return Unknown(f"no equity from {rule.window_s:g} s ago yet") if found is None else found


def equity(reading: Reading, _rule: Rule) -> Value:
    """Balance + credit + floating, account currency, as the terminal reports it."""
    return reading.snapshot.account.equity


def balance(reading: Reading, _rule: Rule) -> Value:
    """Closed profit and money moved in, account currency, as the terminal reports it."""
    return reading.snapshot.account.balance


def _floating_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    return reading.snapshot.account.equity - reading.snapshot.account.profit + at


def _today_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    return reading.history.day.balance.money + at


def _today_pct_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    opening = reading.history.day.balance.unit
    return opening * (1 + at / 100) if opening > 0 else None


def _week_line(reading: Reading, _rule: Rule, at: float) -> float | None:
    return reading.history.week.balance.money + at


def _change_line(reading: Reading, rule: Rule, at: float) -> float | None:
    found = reading.changes.get(rule.window_s)
    return None if found is None else reading.snapshot.account.equity - found + at


def _equity_line(_reading: Reading, _rule: Rule, at: float) -> float | None:
    return at


METRICS = (
    Metric(name="pnl.floating", unit=Unit.MONEY, measure=floating, hard=False, line=_floating_line),
    Metric(name="pnl.realized_today", unit=Unit.MONEY, measure=realized_today, hard=False, performance=True),
    Metric(name="pnl.today", unit=Unit.MONEY, measure=today, hard=False, performance=True, line=_today_line),
    Metric(
        name="pnl.today_pct", unit=Unit.PERCENT, measure=today_pct, hard=False, performance=True, line=_today_pct_line
    ),
    Metric(name="pnl.week", unit=Unit.MONEY, measure=week, hard=False, performance=True, line=_week_line),
    Metric(name="pnl.change", unit=Unit.MONEY, measure=change, hard=False, performance=True, line=_change_line),
    Metric(name="equity", unit=Unit.MONEY, measure=equity, by_flow=True, performance=True, line=_equity_line),
    Metric(name="balance", unit=Unit.MONEY, measure=balance, hard=False, by_flow=True, performance=True),
)
