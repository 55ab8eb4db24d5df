"""Exposure: what is held in account currency, and how much of it hangs on one symbol."""

from __future__ import annotations

from monitors.measures import Metric, Unit
from monitors.model import Floats, NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule

NOTHING_HELD = "nothing is held"
NO_RATE = "a conversion rate is missing"


def total(reading: Reading, _rule: Rule) -> Value:
    """Gross notional: volume x contract size x price, converted, long and short added (RULES: exposure)."""
    if not reading.book.symbols:
        return 0.0
    found = float(reading.book.gross.sum())
    return found if found == found else Unknown(NO_RATE)  # noqa: PLR0124 -- the quickest test for NaN


def leverage(reading: Reading, rule: Rule) -> Value:
    """Gross notional over equity."""
    gross = total(reading, rule)
    if not isinstance(gross, float):
        return gross
    equity = reading.snapshot.account.equity
    return gross / equity if equity > 0 else Unknown("there is no equity")


def shares(reading: Reading) -> Floats | Unknown | NotApplicable:
    """Each symbol's share of gross, summing to 1, in the order of the book's symbols."""
    gross = reading.book.gross
    if not len(gross):
        return NotApplicable(NOTHING_HELD)
    whole = float(gross.sum())
    if not whole > 0:
        return Unknown(NO_RATE)
    return gross / whole


def symbol_pct(reading: Reading, _rule: Rule) -> Value:
    """The largest symbol's share of gross, percent."""
    found = shares(reading)
    return found if isinstance(found, Unknown | NotApplicable) else 100 * float(found.max())


def hhi(reading: Reading, _rule: Rule) -> Value:
    """Herfindahl-Hirschman index: the sum of squared shares, 1/n to 1."""
    found = shares(reading)
    return found if isinstance(found, Unknown | NotApplicable) else float((found**2).sum())


def effective_n(reading: Reading, rule: Rule) -> Value:
    """1 / HHI: how many equal symbols would be as concentrated."""
    found = hhi(reading, rule)
    return 1 / found if isinstance(found, float) else found


METRICS = (
    Metric(name="exposure.total", unit=Unit.MONEY, measure=total, closable=True, hard=False),
    Metric(name="exposure.leverage", unit=Unit.RATIO, measure=leverage, closable=True, hard=False),
    Metric(name="exposure.symbol_pct", unit=Unit.PERCENT, measure=symbol_pct, closable=True, share=True, hard=False),
    Metric(name="exposure.hhi", unit=Unit.RATIO, measure=hhi, closable=True, share=True, hard=False),
    Metric(name="exposure.effective_n", unit=Unit.RATIO, measure=effective_n, closable=True, share=True, hard=False),
)
