"""Exposure: what is held in account currency, and how much of it hangs on one symbol, one currency or one move."""

from __future__ import annotations

from monitors import legs
from monitors.legs import NO_RATE
from monitors.measures import Metric, Unit
from monitors.model import Floats, NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule

NOTHING_HELD, NO_EQUITY = "nothing is held", "there is no equity"


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
    return gross / equity if equity > 0 else Unknown(NO_EQUITY)


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


def diversification_pct(reading: Reading) -> Value:
    """100 x (1 - HHI) / (1 - 1/n) over n symbols; with one symbol 0 (RULES: exposure)."""
    found = shares(reading)
    if isinstance(found, Unknown | NotApplicable):
        return found
    count = int((found > 0).sum())
    return 100 * (1 - float((found**2).sum())) / (1 - 1 / count) if count > 1 else 0.0


def currency_pct(reading: Reading, _rule: Rule) -> Value:
    """The largest net currency leg, long or short, percent of equity (RULES: exposure); 0 where nothing is held."""
    if not reading.book.symbols:
        return 0.0
    equity = reading.snapshot.account.equity
    if equity <= 0:
        return Unknown(NO_EQUITY)
    found = legs.net_by_currency(reading.book)
    return found if isinstance(found, Unknown) else 100 * max(map(abs, found.values())) / equity


def correlation(reading: Reading, rule: Rule) -> Value:
    """The largest correlation between two symbols held, signed by their sides: 1 is one bet twice (RULES: exposure).

    A symbol held as much long as short is no bet. Where a pair is not known yet, what is known is a lower bound: it
    stands where it trips the rule by itself, and else the figure is unknown.
    """
    sides = legs.sides(reading.book)
    if len(sides) <= 1:
        return NotApplicable("fewer than two symbols are held one way")
    if reading.correlations is None:
        return Unknown("there are no bars yet")
    pairs = reading.correlations.pairs(sides)
    found, lacking = pairs.largest, pairs.lacking
    if found is None:
        return Unknown(f"too few bars of {lacking}")
    trips = rule.when == "above" and any(rule.breached(found, level.at) for level in rule.levels)
    return found if trips or not lacking else Unknown(f"too few bars of {lacking}")


METRICS = (
    Metric(name="exposure.total", unit=Unit.MONEY, measure=total, closable=True, hard=False),
    Metric(name="exposure.leverage", unit=Unit.RATIO, measure=leverage, closable=True, hard=False),
    Metric(name="exposure.symbol_pct", unit=Unit.PERCENT, measure=symbol_pct, closable=True, share=True, hard=False),
    Metric(name="exposure.hhi", unit=Unit.RATIO, measure=hhi, closable=True, share=True, hard=False),
    Metric(name="exposure.effective_n", unit=Unit.RATIO, measure=effective_n, closable=True, share=True, hard=False),
    Metric(name="exposure.currency_pct", unit=Unit.PERCENT, measure=currency_pct, closable=True, hard=False),
    Metric(name="exposure.correlation", unit=Unit.RATIO, measure=correlation, hard=False),
)
