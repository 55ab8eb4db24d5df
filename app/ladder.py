"""The rules of one account against one reading: levels trip and clear, alerts are raised, episodes begin and end."""

from __future__ import annotations

from dataclasses import dataclass

from app.alerts import AlertBook
from app.memory import Episode, Memory, Trip, trip_key
from app.store.journal import Journal
from monitors.metrics import METRICS, value
from monitors.model import Unknown, Value
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.rules import Change, LevelState, confirmed, judge
from monitors.settings import Level, Rule

UNKNOWN_ALARM_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A tripped level whose action is due now; `again` where an earlier plan of its episode is behind it."""

    rule: Rule
    level: Level
    episode: Episode
    again: bool


class Ladder:
    """Judges every rule; says which episodes are due. What is tripped lives in the memory, counts live here."""

    def __init__(self, account: str, alerts: AlertBook, journal: Journal) -> None:
        self._account = account
        self._alerts = alerts
        self._journal = journal
        self._states: dict[str, LevelState] = {}
        self._last: dict[str, Value] = {}
        """Rule name to its metric's value in the reading before."""
        self._unknown: dict[str, tuple[float, int | None]] = {}
        """Rule to when its metric became unknown (monotonic s) and the alarm about it."""
        self.values: dict[str, Value] = {}
        """Rule name to its metric's value in the latest reading."""
        self.rules: tuple[Rule, ...] = ()

    def configure(self, rules: tuple[Rule, ...], memory: Memory) -> set[int]:
        """Other rules from now on; the trips of levels that are gone are cleared, and their episodes returned."""
        self.rules = rules
        kept = {trip_key(rule.name, level.at) for rule in rules for level in rule.levels}
        ended = set()
        for key in [key for key in memory.trips if key not in kept]:
            trip = memory.trips.pop(key)
            self._alerts.clear(trip.alert, None)
            ended |= {trip.episode.number} if trip.episode else set()
        self._states = {key: state for key, state in self._states.items() if key in kept}
        memory.by_flow &= kept
        return ended

    def judge(self, reading: Reading, memory: Memory, flow: float, now_s: float) -> bool:
        """Trip and clear levels; True where the memory changed. `flow` is money moved in this beat."""
        changed = False
        for rule in self.rules:
            found = self.values[rule.name] = value(reading, rule)
            self._watch_unknown(rule, found, now_s)
            before = set(memory.trips)
            for level in rule.levels:
                changed |= self._level(rule, level, found, reading, memory, flow, now_s)
            fresh = [trip.episode for key, trip in memory.trips.items() if key not in before and trip.episode]
            for milder in fresh[:-1]:
                milder.spent = True
            self._last[rule.name] = found
        return changed

    def due(self, memory: Memory, *, armed: bool, outstanding: set[int], settled: bool, now_s: float) -> list[Acting]:
        """The severest tripped level of each rule, where it has something to do that its last plan did not do.

        `outstanding` are episodes with targets not reached; `settled` is False while any request is open.
        """
        found = []
        for rule in self.rules:
            for level in reversed(rule.levels):
                trip = memory.trips.get(trip_key(rule.name, level.at))
                if trip is None or trip.episode is None:
                    continue
                episode, key = trip.episode, trip_key(rule.name, level.at)
                if episode.plans and (episode.number in outstanding or not settled):
                    self._start_over(key)
                elif not episode.spent and self._wants(rule, level, episode, armed=armed, now_s=now_s):
                    found.append(Acting(rule=rule, level=level, episode=episode, again=episode.plans > 0))
                break
        return found

    def planned(self, acting: Acting) -> None:
        """A plan was made: the next one of this episode needs fresh confirmations."""
        self._start_over(trip_key(acting.rule.name, acting.level.at))

    def _wants(self, rule: Rule, level: Level, episode: Episode, *, armed: bool, now_s: float) -> bool:
        if not armed and episode.shown:
            return False
        state = self._states.get(trip_key(rule.name, level.at), LevelState())
        return confirmed(rule, level, state, now_s)

    def _start_over(self, key: str) -> None:
        state = self._states.get(key)
        if state:
            self._states[key] = LevelState(tripped=state.tripped)

    def _level(self, rule: Rule, level: Level, found: Value, reading: Reading, memory: Memory, flow: float,
               now_s: float) -> bool:  # fmt: skip
        key = trip_key(rule.name, level.at)
        trip = memory.trips.get(key)
        before = self._states.get(key, LevelState(tripped=trip is not None))
        state, change = judge(rule, level, before, found, now_s)
        self._states[key] = state
        noted = key in memory.by_flow
        self._note_flow(rule, level, found, before, state, flow, key, memory)
        number = found if isinstance(found, float) else None
        if change is Change.TRIPPED:
            memory.trips[key] = self._trip(rule, level, number, reading, acts=key not in memory.by_flow)
        elif change is Change.CLEARED and trip is not None:
            del memory.trips[key]
            self._alerts.clear(trip.alert, number)
        elif trip is not None:
            self._alerts.latest(trip.alert, number)
        return change is not None or noted != (key in memory.by_flow)

    def _note_flow(self, rule: Rule, level: Level, found: Value, before: LevelState, state: LevelState, flow: float,
                   key: str, memory: Memory) -> None:  # fmt: skip
        """Remember whether money moved would have made the breach without any loss."""
        if not state.readings and not state.tripped:
            memory.by_flow.discard(key)
        elif flow and METRICS[rule.metric].by_flow and not before.readings and isinstance(found, float):
            last = self._last.get(rule.name)
            alone = last + flow if isinstance(last, float) else None
            if rule.breached(alone, level.at) if alone is not None else not rule.breached(found - flow, level.at):
                memory.by_flow.add(key)

    def _trip(self, rule: Rule, level: Level, number: float | None, reading: Reading, *, acts: bool) -> Trip:
        episode = self._journal.number("episode") if acts and level.response.acts else None
        alert = self._alerts.raise_(
            account=self._account, rule=rule.name, metric=rule.metric, value=number, threshold=level.at,
            when=rule.when, severity=level.severity, episode=episode, why=rule.why, do=rule.do,
        )  # fmt: skip
        if episode is None:
            return Trip(alert=alert)
        began = {p.identifier: p.steps for p in reading.snapshot.positions}
        return Trip(alert=alert, episode=Episode(number=episode, rule=rule.name, at=level.at, alert=alert, began=began))

    def _watch_unknown(self, rule: Rule, found: Value, now_s: float) -> None:
        """A metric that stays unknown alarms: it must not read as safe."""
        since, alert = self._unknown.get(rule.name, (now_s, None))
        if not isinstance(found, Unknown):
            if alert is not None:
                self._alerts.clear(alert, found if isinstance(found, float) else None)
            self._unknown.pop(rule.name, None)
            return
        if alert is None and now_s - since >= UNKNOWN_ALARM_S:
            alert = self._alerts.raise_(
                account=self._account, rule=rule.name, metric=rule.metric, value=None, threshold=None, when=rule.when,
                severity=Severity.HIGH, episode=None, why=f"{rule.metric} is unknown: {found.reason}",
                do="This rule guards nothing until the figure is known again.",
            )  # fmt: skip
        self._unknown[rule.name] = since, alert


