"""How far every rule is from its next level: in money, percent, points on each symbol and minutes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

from monitors.measures import Unit
from monitors.metrics import METRICS, value, values
from monitors.model import NotApplicable, Unknown, Value
from monitors.moves import Moves
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.settings import Level, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """One rule's way to its next level that has not tripped.

    `room` is in the metric's unit, `money` in account currency of equity, `pct` of equity; `points` by symbol held, on
    its net coefficient, None where no move of that symbol alone leads there. `minutes` is the median time to get there
    at the present volatility, `early` and `late` its band.
    """

    rule: str
    metric: str
    at: float
    severity: Severity
    action: str
    value: Value
    room: Value
    money: Value
    pct: Value
    equity_at: Value
    """The equity at which the level trips, all else held."""
    points: Mapping[str, float | None]
    minutes: Value
    early: Value
    late: Value
    trend_minutes: Value
    """Until the robust slope of the last half hour leads there; not applicable where it leads away."""
    binding: bool = False
    """The rule that trips first."""
    position: int | None = None
    """Which position is nearest, where the rule judges each by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetRoll:
    """A floor that the next reset lifts above where equity would stand: account currency, UTC ms."""

    rule: str
    reset_ms: int
    floor_now: float
    floor_after: float
    equity: float
    short: float
    """How far equity stands below the coming floor; negative while it stands above."""
    closes: tuple[tuple[int, str, float], ...] = ()
    """Position, symbol and lots: the smallest closes that keep equity above the coming floor, if there are any."""


Tripped = Callable[[Rule, Level, int | None], bool]
"""Whether a level is tripped, for one position where the rule judges each by itself."""
NEVER = NotApplicable("no level of equity leads there")
NO_EQUITY = Unknown("there is no equity")
STILL = NotApplicable("equity does not move")
AWAY = NotApplicable("the trend leads away")
ALONE = NotApplicable("it is one position's, and volatility and trend are those of equity")
MEDIAN, EARLY, LATE = 0.5, 0.1, 0.9


def distances(
    reading: Reading,
    rules: Iterable[Rule],
    tripped: Tripped,
    volatility: Value,
    trend_per_hour: Value,
) -> tuple[Distance, ...]:
    """Every rule's way to its next level that has not tripped, nearest first; the first one binds.

    `volatility` is the standard deviation of equity's change in account currency a square root of a minute,
    `trend_per_hour` its slope in account currency an hour. A rule all of whose levels have tripped has no way left.
    Where a rule judges each position by itself, `tripped` is asked for each, and the nearest one
    is told: money is then what that position may still lose or gain. Nearest is the least money; where equity leads
    nowhere the least share of room, after all that money leads to.
    """
    found, moves = [], Moves(reading)
    for rule in rules:
        each = values(reading, rule)
        if each is not None:
            found += _nearest(reading, rule, each, tripped, moves)
            continue
        level = next((level for level in rule.levels if not tripped(rule, level, None)), None)
        if level is not None:
            found.append(_distance(reading, rule, level, moves, (volatility, trend_per_hour)))
    found.sort(key=_nearness)
    if found and _nearness(found[0])[1] < math.inf:
        found[0] = replace(found[0], binding=True)
    return tuple(found)


def passage_minutes(money: float, volatility: float, share: float) -> float:
    """Minutes after which that share of random walks has come `money` far at least once.

    Without drift P(T <= t) = 2 (1 - Phi(d / (sigma sqrt t))), the reflection principle of Brownian motion (Karatzas and
    Shreve, Brownian Motion and Stochastic Calculus, section 2.6), solved for t. `volatility` is account currency a
    square root of a minute, above 0; 0 < share < 1.
    """
    reach = volatility * NormalDist().inv_cdf(1 - share / 2)
    return (money / reach) ** 2


def _nearness(one: Distance) -> tuple[bool, float]:
    """What distances are ordered by; last of all those that nothing is known of."""
    if isinstance(one.money, float):
        return False, one.money
    return True, _share(one.room, one.at)


def _distance(reading: Reading, rule: Rule, level: Level, moves: Moves, pace: tuple[Value, Value]) -> Distance:
    volatility, trend_per_hour = pace
    measured = value(reading, rule)
    equity_at, falling = _target(reading, rule, level, measured)
    equity = reading.snapshot.account.equity
    money = _each(equity_at, lambda at: max(equity - at if falling else at - equity, 0.0))
    sigma = volatility if not isinstance(volatility, float) or volatility > 0 else STILL

    def minutes(share: float) -> Value:
        return _each(money, lambda far: _each(sigma, lambda s: passage_minutes(far, s, share)))

    def at_trend(far: float) -> Value:
        leads = isinstance(trend_per_hour, float) and (trend_per_hour < 0) == falling and trend_per_hour != 0
        return _each(trend_per_hour, lambda slope: 60 * far / abs(slope)) if leads else _not(trend_per_hour)

    return Distance(
        rule=rule.name,
        metric=rule.metric,
        at=level.at,
        severity=level.severity,
        action=level.response.name,
        value=measured,
        room=_room(rule, level, measured),
        money=money,
        pct=_each(money, lambda far: 100 * far / equity if equity > 0 else NO_EQUITY),
        equity_at=equity_at,
        points=moves.to(equity_at),
        minutes=minutes(MEDIAN),
        early=minutes(EARLY),
        late=minutes(LATE),
        trend_minutes=_each(money, at_trend),
    )


def _nearest(reading: Reading, rule: Rule, each: Mapping[int, Value], tripped: Tripped, moves: Moves) -> list[Distance]:
    """The way of the position that is nearest to its next level; nothing where every level of every one has tripped."""
    ways = []
    for identifier, measured in each.items():
        level = next((level for level in rule.levels if not tripped(rule, level, identifier)), None)
        if level is not None:
            room = _room(rule, level, measured)
            ways.append((_share(room, level.at), identifier, measured, level, room))
    if not ways:
        return []
    _, identifier, measured, level, room = min(ways, key=lambda way: way[0])
    in_money = METRICS[rule.metric].unit is Unit.MONEY
    rest: Value = measured if isinstance(measured, Unknown) else ALONE if in_money else NEVER
    equity = reading.snapshot.account.equity
    change = _each(room, lambda far: -far if rule.when == "below" else far)
    place = next(i for i, p in enumerate(reading.snapshot.positions) if p.identifier == identifier)
    return [
        Distance(
            rule=rule.name,
            metric=rule.metric,
            at=level.at,
            severity=level.severity,
            action=level.response.name,
            value=measured,
            room=room,
            money=room if in_money else rest,
            pct=_each(room, lambda far: 100 * far / equity if equity > 0 else NO_EQUITY) if in_money else rest,
            equity_at=rest,
            points=moves.of_one(place, change) if in_money else moves.none(),
            minutes=rest,
            early=rest,
            late=rest,
            trend_minutes=rest,
            position=identifier,
        )
    ]


def _room(rule: Rule, level: Level, measured: Value) -> Value:
    sign = 1 if rule.when == "below" else -1
    return _each(measured, lambda now: max(sign * (now - level.at), 0.0))


def _share(room: Value, at: float) -> float:
    """Room by the size of the level, so that rooms in different units can be compared; infinite where none is known."""
    if not isinstance(room, float):
        return math.inf
    return room / abs(at) if at else room


def _target(reading: Reading, rule: Rule, level: Level, measured: Value) -> tuple[Value, bool]:
    """The equity at which the level trips, and whether equity has to fall to get there."""
    line = METRICS[rule.metric].line
    if line is None or not isinstance(measured, float):
        return (NEVER if isinstance(measured, float) else measured), True
    at, further = line(reading, rule, level.at), line(reading, rule, level.at + 1)
    if at is None or further is None or not math.isfinite(at):
        return NEVER, True
    return at, (further > at) == (rule.when == "below")


def _not(trend: Value) -> Value:
    return AWAY if isinstance(trend, float) else trend


def _each(found: Value, then: Callable[[float], Value]) -> Value:
    """`then` of a number; what is none stays what it is."""
    return then(found) if isinstance(found, float) else found
