"""Ladders of levels: what trips, after how many readings, and when it may trip again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from monitors.model import NotApplicable, Unknown, Value
from monitors.settings import Level, Rule

ALERTING, ACTING = 1, 2
"""Readings that confirm a level which alerts, and one which acts, where its rule does not say."""


class Change(StrEnum):
    """What a reading did to a level."""

    TRIPPED = "tripped"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelState:
    """One level between readings; `since_s` is monotonic, the time of the first breach in a row."""

    readings: int = 0
    since_s: float = 0.0
    tripped: bool = False


def confirmations(rule: Rule, level: Level) -> int:
    """Consecutive fresh readings before the level trips: the rule's, else 1 to alert and 2 to act."""
    if rule.confirm is not None:
        return rule.confirm
    return ACTING if level.response.acts else ALERTING


def judge(rule: Rule, level: Level, state: LevelState, value: Value, now_s: float) -> tuple[LevelState, Change | None]:
    """The level after one reading, and what changed.

    Unknown breaks the row of confirmations but clears nothing: it is neither tripped nor safe. Not applicable
    clears. At the threshold counts as tripped; a level clears beyond it by the re-arming distance.
    """
    if isinstance(value, Unknown):
        return replace(state, readings=0), None
    breached = not isinstance(value, NotApplicable) and rule.breached(value, level.at)
    if breached:
        first = state.readings == 0
        since = now_s if first else state.since_s
        state = LevelState(readings=state.readings + 1, since_s=since, tripped=state.tripped)
    elif state.readings:
        state = LevelState(tripped=state.tripped)
    if state.tripped:
        safe = isinstance(value, NotApplicable) or rule.beyond(value, level.at)
        return (LevelState(), Change.CLEARED) if safe else (state, None)
    if confirmed(rule, level, state, now_s):
        return replace(state, tripped=True), Change.TRIPPED
    return state, None


def confirmed(rule: Rule, level: Level, state: LevelState, now_s: float) -> bool:
    """True where the breach has lasted for the readings and the seconds that the rule wants."""
    enough = state.readings >= confirmations(rule, level)
    return enough and now_s - state.since_s >= rule.confirm_s - 1e-9
