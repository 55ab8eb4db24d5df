"""The figures by which each open position is judged by itself: its profit, its R, what it gave back, its stop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from monitors.measures import Unit, of_each
from monitors.model import NotApplicable, Position, Unknown, Value
from monitors.multiples import told
from monitors.reading import Reading
from monitors.settings import Rule

HAS_STOP = NotApplicable("it has a stop")
CLOCK_UNKNOWN = Unknown("since when it stands without a stop is not known")
NO_NUMBER = Unknown("its figures are not numbers")


def profit(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """Floating profit with swap of each selected position, account currency, as the terminal reports it.

    A position that a projection has closed has none.
    """
    held = (reading.book.lots > 0).tolist()
    return _each(reading, rule, told(reading.book.profit, lambda _i: NO_NUMBER), held)


def r(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """Present price distance over the distance from opening to the first stop seen (RULES: position analytics)."""
    way = reading.multiples
    return _each(reading, rule, told(way.r, way.why_no_r))


def mae_r(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """The worst excursion in R: 0, or negative for what was against the position (RULES: position analytics)."""
    way = reading.multiples
    return _each(reading, rule, told(way.worst_r, way.why_no_r))


def given_back_pct(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """1 - present / best profit in percent, above 100 once it loses; not applicable before it was in profit."""
    way = reading.multiples
    return _each(reading, rule, told(way.given_back, way.why_none_kept))


def unprotected_s(reading: Reading, rule: Rule) -> Mapping[int, Value]:
    """Seconds that each selected position has stood without a stop; not applicable with one."""
    positions = reading.snapshot.positions
    return {positions[i].identifier: unprotected(reading, positions[i]) for i in rule.selected(positions)}


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


def _each(reading: Reading, rule: Rule, found: Sequence[Value],
          held: Sequence[bool] | None = None) -> dict[int, Value]:  # fmt: skip
    """The value of each selected position by identifier; `found` is in the snapshot's order."""
    positions = reading.snapshot.positions
    return {positions[i].identifier: found[i] for i in rule.selected(positions) if held is None or held[i]}


METRICS = (
    of_each("position.profit", Unit.MONEY, profit, closable=True),
    of_each("position.r", Unit.R, r),
    of_each("position.mae_r", Unit.R, mae_r),
    of_each("position.given_back_pct", Unit.PERCENT, given_back_pct),
    of_each("position.unprotected_s", Unit.SECONDS, unprotected_s),
)
