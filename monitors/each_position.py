"""The figures by which each open position is judged by itself: its profit, its R, what it gave back, its stop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from monitors.measures import Unit, of_each
from monitors.model import NotApplicable, Position, Unknown, Value
from monitors.multiples import NOT_FOLLOWED, NOT_IN_PROFIT, Multiples
from monitors.reading import Reading
from monitors.settings import Rule

HAS_STOP = NotApplicable("it has a stop")
CLOCK_UNKNOWN = Unknown("since when it stands without a stop is not known")
NO_NUMBER = Unknown("its figures are not numbers")


def profit(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """Floating profit with swap of each selected position, account currency, as the terminal reports it."""
    lots, found = reading.book.lots, reading.book.profit
    return _each(reading, rule, lambda i: _number(float(found[i]), NO_NUMBER), held=lambda i: bool(lots[i] > 0))


def r(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """Present price distance over the distance from opening to the first stop seen (RULES: position analytics)."""
    way = Multiples(reading)
    return _each(reading, rule, lambda i: _number(float(way.r[i]), way.why_no_r(i)))


def mae_r(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """The worst excursion in R: 0, or negative for what was against the position (RULES: position analytics)."""
    way = Multiples(reading)
    return _each(reading, rule, lambda i: _number(float(way.worst_r[i]), way.why_no_r(i)))


def given_back_pct(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """1 - present / best profit in percent, above 100 once it loses; not applicable before it was in profit."""
    way = Multiples(reading)
    return _each(reading, rule, lambda i: given_back(way, i))


def unprotected_s(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """Seconds that each selected position has stood without a stop; not applicable with one."""
    return _each(reading, rule, lambda i: unprotected(reading, reading.snapshot.positions[i]))


def given_back(way: Multiples, i: int) -> Value:
    """What position i has given back of its best profit, percent."""
    if float(way.best[i]) <= 0:
        return NotApplicable(NOT_IN_PROFIT)
    return _number(float(way.given_back[i]), NOT_FOLLOWED)


def unprotected(reading: Reading, position: Position) -> Value:
    """Seconds without a stop. The stop that the terminal shows decides whether there is one, the memory since when."""
    if position.stop > 0:
        return HAS_STOP
    if math.isnan(position.stop):
        return NO_NUMBER
    seen = reading.excursions.get(position.identifier)
    if seen is None or seen.unprotected_ms is None:
        return CLOCK_UNKNOWN
    return max(0, reading.snapshot.taken_ms - seen.unprotected_ms) / 1000


def _each(reading: Reading, rule: Rule, value: Callable[[int], Value],
          held: Callable[[int], bool] = lambda _i: True) -> dict[int, Value]:  # fmt: skip
    """The value of each selected position by identifier; one that a projection has closed has none."""
    positions = reading.snapshot.positions
    return {positions[i].identifier: value(i) for i in rule.selected(positions) if held(i)}


def _number(found: float, otherwise: str | Unknown) -> Value:
    """The number, or why there is none."""
    if math.isfinite(found):
        return found
    return otherwise if isinstance(otherwise, Unknown) else Unknown(otherwise)


METRICS = (
    of_each("position.profit", Unit.MONEY, profit, closable=True),
    of_each("position.r", Unit.R, r),
    of_each("position.mae_r", Unit.R, mae_r),
    of_each("position.given_back_pct", Unit.PERCENT, given_back_pct),
    of_each("position.unprotected_s", Unit.SECONDS, unprotected_s),
)
