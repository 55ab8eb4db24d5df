"""The rules of one account against one reading: levels trip and clear, alerts are raised, episodes begin and end."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.alerts import AlertBook
from app.memory import Episode, Memory, Trip, trip_key
from app.store.journal import Journal
from monitors.measures import per_money
from monitors.metrics import METRICS, value
from monitors.model import Unknown, Value
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.rules import Change, LevelState, confirmed, judge
from monitors.settings import Level, Rule

UNKNOWN_ALARM_S = 10.0
CALM = LevelState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A tripped level whose action is due now."""

    rule: Rule
    level: Level
    episode: Episode


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
        """Clear and trip levels; True where the memory changed. `flow` is money moved in this beat.

        Alerts of one beat are raised mildest first; of one rule's levels that trip in it only the severest will act.
        """
        changed, fresh = False, []
        for rule in self.rules:
            found = self.values[rule.name] = value(reading, rule)
            self._watch_unknown(rule, found, now_s)
            moved = flow and flow * per_money(METRICS[rule.metric], reading, rule)
            for level in rule.levels:
                change, noted = self._level(rule, level, found, memory, moved, now_s)
                changed |= noted or change is not None
                if change is Change.TRIPPED:
                    fresh.append((rule, level))
            self._last[rule.name] = found
        for rule, level in sorted(fresh, key=lambda tripped: tripped[1].severity.rank):
            self._trip(rule, level, reading, memory)
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
                elif episode.spent:
                    continue
                elif self._wants(rule, level, episode, armed=armed, now_s=now_s):
                    found.append(Acting(rule=rule, level=level, episode=episode))
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

    def _level(self, rule: Rule, level: Level, found: Value, memory: Memory, moved: float,
               now_s: float) -> tuple[Change | None, bool]:  # fmt: skip
        """What the reading did to the level, and whether it was noted that money moved alone did it.

        `moved` is what the money moved in this beat did to the metric, in its unit.
        """
        key = trip_key(rule.name, level.at)
        known = key in memory.by_flow
        trip = memory.trips.get(key)
        before = self._states.get(key, CALM)
        if before.tripped is not (trip is not None):
            before = replace(before, tripped=trip is not None)
        state, change = judge(rule, level, before, found, now_s)
        self._states[key] = state
        if not state.readings and not state.tripped:
            memory.by_flow.discard(key)
        elif moved and not before.readings and self._flow_alone(rule, level, found, moved):
            memory.by_flow.add(key)
        number = found if isinstance(found, float) else None
        if change is Change.CLEARED and trip is not None:
            del memory.trips[key]
            self._alerts.clear(trip.alert, number)
        elif trip is not None:
            self._alerts.latest(trip.alert, number)
        return change, known != (key in memory.by_flow)

    def _flow_alone(self, rule: Rule, level: Level, found: Value, moved: float) -> bool:
        """Whether money moved would have made the breach without any loss."""
        if not isinstance(found, float):
            return False
        last = self._last.get(rule.name)
        if isinstance(last, float):
            return rule.breached(last + moved, level.at)
        return not rule.breached(found - moved, level.at)

    def _trip(self, rule: Rule, level: Level, reading: Reading, memory: Memory) -> None:
        """Raise the alert and, for a level that acts, begin its episode; a milder one begun in this beat is spent."""
        key, found = trip_key(rule.name, level.at), self.values[rule.name]
        number = self._journal.number("episode") if level.response.acts and key not in memory.by_flow else None
        alert = self._alerts.raise_(
            account=self._account, rule=rule.name, metric=rule.metric,
            value=found if isinstance(found, float) else None, threshold=level.at, when=rule.when,
            severity=level.severity, episode=number, why=rule.why, do=rule.do,
        )  # fmt: skip
        memory.trips[key] = Trip(alert=alert)
        if number is None:
            return
        began = {p.identifier: p.steps for p in reading.snapshot.positions}
        episode = Episode(number=number, rule=rule.name, at=level.at, alert=alert, began=began,
                          since_ms=reading.snapshot.taken_ms)  # fmt: skip
        for trip in memory.trips.values():
            same = trip.episode and (trip.episode.rule, trip.episode.since_ms) == (rule.name, episode.since_ms)
            if trip.episode and same:
                trip.episode.spent = True
        memory.trips[key].episode = episode

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
