"""A prop firm's plan as metrics: how much of each allowed loss is used, what is left, what the next reset leaves."""

from __future__ import annotations

from collections.abc import Callable

from monitors import floors
from monitors.drawdown import MISSED
from monitors.floors import Floors, Measured, Stand, Trail
from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule

NO_PLAN = NotApplicable("no firm's plan is chosen for this account")
NO_DAILY = NotApplicable("the plan has no daily floor")
NO_MAXIMUM = NotApplicable("the plan has no floor for good")
UNMOVED = NotApplicable("the next reset moves no floor of the plan")


def stand(reading: Reading, plan: Floors) -> Stand:
    """What the floors are computed from; the initial balance is the plan's, not the first one seen."""
    history = reading.history
    day, keeps = history.day, plan.maximum is not None and plan.maximum.keeps
    return Stand(
        initial=plan.initial,
        balance=day.balance.money,
        equity=day.equity.money if day.equity else None,
        peak=day.peak.money if day.peak else None,
        eod_high=history.eod_high.kept if keeps else history.eod_high.money,
        closed_high=history.closed_high.kept if keeps else history.closed_high.money,
        live_high=history.peak.money,
    )


def _daily(reading: Reading, plan: Floors | None) -> tuple[float, float] | Unknown | NotApplicable:
    """The daily floor and its limit, account currency."""
    if plan is None or plan.daily is None:
        return NO_PLAN if plan is None else NO_DAILY
    now = stand(reading, plan)
    floor, limit = floors.daily_floor(plan.daily, now), floors.daily_limit(plan.daily, now)
    return Unknown(MISSED) if floor is None or limit is None else (floor, limit)


def _maximum(reading: Reading, plan: Floors | None) -> tuple[float, float] | Unknown | NotApplicable:
    """The floor for good and its limit, account currency."""
    if plan is None or plan.maximum is None:
        return NO_PLAN if plan is None else NO_MAXIMUM
    now = stand(reading, plan)
    return floors.maximum_floor(plan.maximum, now), floors.maximum_limit(plan.maximum, now)


_Found = Callable[[Reading, Floors | None], tuple[float, float] | Unknown | NotApplicable]


def _used_pct(find: _Found) -> Callable[[Reading, Rule], Value]:
    def measure(reading: Reading, rule: Rule) -> Value:
        """Percent of the allowed loss that the beat's worst equity has used: 100 at the floor, never below 0."""
        found = find(reading, rule.floors)
        if not isinstance(found, tuple):
            return found
        floor, limit = found
        return max(100 * (1 - (reading.low - floor) / limit), 0.0) if limit > 0 else Unknown("the limit is no money")

    return measure


def _room(find: _Found) -> Callable[[Reading, Rule], Value]:
    def measure(reading: Reading, rule: Rule) -> Value:
        """The beat's worst equity less the floor, account currency; negative below it."""
        found = find(reading, rule.floors)
        return reading.low - found[0] if isinstance(found, tuple) else found

    return measure


def _used_line(find: _Found) -> Callable[[Reading, Rule, float], float | None]:
    def line(reading: Reading, rule: Rule, at: float) -> float | None:
        """The equity at which `at` percent are used."""
        found = find(reading, rule.floors)
        return found[0] + found[1] * (1 - at / 100) if isinstance(found, tuple) else None

    return line


def _room_line(find: _Found) -> Callable[[Reading, Rule, float], float | None]:
    def line(reading: Reading, rule: Rule, at: float) -> float | None:
        """The equity at which `at` is left."""
        found = find(reading, rule.floors)
        return found[0] + at if isinstance(found, tuple) else None

    return line


def floor_after_reset(reading: Reading, plan: Floors) -> float | None:
    """The highest floor that the next reset would set if it came now, account currency; None where it sets none.

    Balance is what is closed, credit included, as at every opening that is remembered.
    """
    account = reading.snapshot.account
    then = floors.after_reset(stand(reading, plan), balance=account.balance + account.credit, equity=account.equity)
    found = [floors.daily_floor(plan.daily, then)] if plan.daily else []
    if plan.maximum is not None and plan.maximum.trail is Trail.EOD_BALANCE:
        found.append(floors.maximum_floor(plan.maximum, then))
    return max((floor for floor in found if floor is not None), default=None)


def floor_now(reading: Reading, plan: Floors) -> float | None:
    """The highest floor in force, account currency; None where none is known."""
    found = (_daily(reading, plan), _maximum(reading, plan))
    return max((pair[0] for pair in found if isinstance(pair, tuple)), default=None)


def reset_room(reading: Reading, rule: Rule) -> Value:
    """Equity less the floor after the coming reset, if it came now, account currency (RULES: the reset roll)."""
    plan = rule.floors
    if plan is None or not plan.follows_reset:
        return NO_PLAN if plan is None else UNMOVED
    floor = floor_after_reset(reading, plan)
    return UNMOVED if floor is None else reading.snapshot.account.equity - floor


def _reset_line(reading: Reading, rule: Rule, at: float) -> float | None:
    """The equity at which `at` is left after the reset; None where the coming floor follows that equity itself."""
    if rule.floors is None or not isinstance(reset_room(reading, rule), float):
        return None
    daily, account = rule.floors.daily, reading.snapshot.account
    follows = daily is not None and (
        daily.anchor in {Measured.EQUITY, Measured.PEAK}
        or (daily.anchor is Measured.HIGHER and account.equity > account.balance + account.credit)
    )
    floor = None if follows else floor_after_reset(reading, rule.floors)
    return None if floor is None else floor + at


METRICS = (
    Metric(name="firm.daily_used_pct", unit=Unit.PERCENT, measure=_used_pct(_daily), line=_used_line(_daily),
           performance=True),
    Metric(name="firm.daily_room", unit=Unit.MONEY, measure=_room(_daily), line=_room_line(_daily), performance=True),
    Metric(name="firm.max_used_pct", unit=Unit.PERCENT, measure=_used_pct(_maximum), line=_used_line(_maximum),
           by_flow=True, performance=True),
    Metric(name="firm.max_room", unit=Unit.MONEY, measure=_room(_maximum), line=_room_line(_maximum), by_flow=True,
           performance=True),
    Metric(name="firm.reset_room", unit=Unit.MONEY, measure=reset_room, line=_reset_line, performance=True),
)  # fmt: skip
