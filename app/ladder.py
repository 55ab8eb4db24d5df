"""The rules of one account against one reading: levels trip and clear, alerts are raised, episodes begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.alerts import AlertBook
from app.consents import prune
from app.memory import Episode, Memory, Trip, trip_key, tripped_positions
from app.store.journal import Journal
from monitors.measures import doubtful, per_money, worst
from monitors.metrics import METRICS, value, values
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.responses.backstop import Backstop
from monitors.rules import Change, LevelState, confirmed, judge
from monitors.settings import Level, Rule

UNKNOWN_ALARM_S = 10.0
CALM = LevelState()
GONE = NotApplicable("it is not held any more, or the rule does not cover it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A tripped level whose action is due now; the rule is narrowed to one position where it judges each by itself."""

    rule: Rule
    level: Level
    episode: Episode


class Ladder:
    """Judges every rule; says which episodes are due. What is tripped lives in the memory, counts live here.

    A rule on `position.*` is judged once for each position that it selects: narrowed to that position it is a rule
    like any other, with its own confirmations, trips, alerts and episodes.
    """

    def __init__(self, account: str, alerts: AlertBook, journal: Journal) -> None:
        self._account = account
        self._alerts = alerts
        self._journal = journal
        self._states: dict[str, LevelState] = {}
        """Levels that are not calm, by the key of their trips."""
        self._watched: dict[str, dict[int, Rule]] = {}
        """Rule to itself narrowed to each position of which some level was not calm in the reading before."""
        self._last: dict[str, Value] = {}
        """Rule name to its metric's value in the reading before."""
        self._unknown: dict[str, float] = {}
        """Rule name to when its metric became unknown (monotonic s)."""
        self._before: tuple[dict[str, LevelState], dict[str, Value], dict[str, dict[int, Rule]]] | None = None
        """The three as they were before the reading that is being judged; None while none is."""
        self.values: dict[str, Value] = {}
        """Rule name to its metric's value in the latest reading; the worst position's where each is judged."""
        self.rules: tuple[Rule, ...] = ()

    def configure(self, rules: tuple[Rule, ...], memory: Memory) -> None:
        """Other rules from now on; the trips of levels that are gone are cleared."""
        self.rules = rules
        held = {trip.position for trip in memory.trips.values()}.union(*self._watched.values()) - {None}
        kept = {
            trip_key(rule.name, level.at, position)
            for rule in rules for level in rule.levels
            for position in (held if METRICS[rule.metric].each else (None,))
        }  # fmt: skip
        self._watched = {
            rule.name: {p: replace(rule, position=p) for p in self._watched.get(rule.name, ())} for rule in rules
        }
        for key in [key for key in memory.trips if key not in kept]:
            trip = memory.trips.pop(key)
            self._alerts.clear(trip.alert, None)
        self._states = {key: state for key, state in self._states.items() if key in kept}
        memory.by_flow &= kept
        prune(rules, memory)
        for name in memory.doubts.keys() - {rule.name for rule in rules}:
            self._alerts.clear(memory.doubts.pop(name), None)

    def forget(self) -> None:
        """What was counted before a sleep or a step of the clock counts no more; what is tripped stays so."""
        self._states = {key: LevelState(tripped=True) for key, state in self._states.items() if state.tripped}
        self._last.clear()
        self._unknown.clear()

    def judge(self, reading: Reading, memory: Memory, flow: float, now_s: float) -> bool:
        """Clear and trip levels; True where the memory changed. `flow` is money moved in this beat.

        Alerts of one beat are raised mildest first; of one rule's levels that trip in it only the severest will act.
        """
        changed, fresh, doubts = False, [], dict(memory.doubts)
        self._before = dict(self._states), dict(self._last), dict(self._watched)
        self._journal.once_kept(self._kept)
        for rule in self.rules:
            moved = flow and flow * per_money(METRICS[rule.metric], reading, rule)
            for narrowed, found in self._judged(rule, reading, memory, now_s):
                for level in narrowed.levels:
                    change, noted = self._level(narrowed, level, found, memory, moved, now_s)
                    changed |= noted or change is not None
                    if change is Change.TRIPPED:
                        fresh.append((narrowed, level, found))
            self._last[rule.name] = self.values[rule.name]
        for rule, level, found in sorted(fresh, key=lambda tripped: tripped[1].severity.rank):
            self._trip(rule, level, found, reading, memory)
        return changed or memory.doubts != doubts

    def roll_back(self, reading: Reading, moved: float) -> None:
        """What a reading did could not be written: it is judged again with the next, and may not have been at all.

        It was seen all the same, unless money `moved` waits to be judged: that is held against what was seen before it.
        """
        if self._before is not None:
            self._states, self._last, self._watched = self._before
            self._before = None
        for rule in self.rules:
            found = values(reading, rule)
            self.values[rule.name] = value(reading, rule) if found is None else worst(found, rule)
            if not moved:
                self._last[rule.name] = self.values[rule.name]

    @property
    def breached(self) -> list[str]:
        """The severest level of each rule that its metric is beyond now, in words, whatever is tripped."""
        found = []
        for rule in self.rules:
            now = self.values.get(rule.name)
            beyond = [level for level in rule.levels if isinstance(now, float) and rule.breached(now, level.at)]
            if beyond:
                found.append(f"{rule.name}, {rule.metric} {now:g} {rule.when} {beyond[-1].at:g}")
        return found

    def _kept(self) -> None:
        self._before = None

    def due(self, memory: Memory, *, armed: bool, outstanding: set[int], settled: bool, now_s: float) -> list[Acting]:
        """The severest tripped level of each rule, where it has something to do that its last plan did not do.

        A backstop makes no plan and keeps no milder level from its own.

        `outstanding` are episodes with targets not reached; `settled` is False while any request is open.
        """
        found = []
        for rule in [narrowed for wide in self.rules for narrowed in self._acting(wide, memory)]:
            for level in reversed(rule.levels):
                key = trip_key(rule.name, level.at, rule.position)
                trip = memory.trips.get(key)
                if trip is None or trip.episode is None or isinstance(level.response, Backstop):
                    continue
                episode = trip.episode
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
        self._start_over(trip_key(acting.rule.name, acting.level.at, acting.rule.position))

    def _wants(self, rule: Rule, level: Level, episode: Episode, *, armed: bool, now_s: float) -> bool:
        if not armed and episode.shown:
            return False
        state = self._states.get(trip_key(rule.name, level.at, rule.position), CALM)
        return confirmed(rule, level, state, now_s)

    def _start_over(self, key: str) -> None:
        state = self._states.get(key)
        if state:
            self._states[key] = LevelState(tripped=state.tripped)

    def _judged(self, rule: Rule, reading: Reading, memory: Memory, now_s: float) -> Iterator[tuple[Rule, Value]]:
        """The rule and its value; where each position is judged, the narrowed rule and value of those that matter.

        A position matters where it breaches the mildest level or some level of it is not calm; of any other nothing
        can trip or clear, so that many calm positions cost next to nothing. One that is gone is not applicable.
        """
        found = values(reading, rule)
        if found is None:
            alone = self.values[rule.name] = value(reading, rule)
            self._watch_unknown(rule, alone, memory, now_s)
            yield rule, alone
            return
        self.values[rule.name] = worst(found, rule)
        self._watch_unknown(rule, doubtful(found) or self.values[rule.name], memory, now_s)
        mildest = rule.levels[0].at if rule.levels else None
        known = self._watched.get(rule.name, {})
        watched = set(known) | tripped_positions(memory, rule.name)
        if mildest is not None:
            watched |= {i for i, v in found.items() if isinstance(v, float) and rule.breached(v, mildest)}
        narrowed = {p: known.get(p) or replace(rule, position=p) for p in sorted(watched)}
        for position, own in narrowed.items():
            yield own, found.get(position, GONE)
        self._watched[rule.name] = {p: own for p, own in narrowed.items() if self._uneasy(rule, p)}

    def _acting(self, rule: Rule, memory: Memory) -> list[Rule]:
        """The rule, or narrowed to each position for which it is tripped."""
        if METRICS[rule.metric].each is None:
            return [rule]
        known = self._watched.get(rule.name, {})
        return [known.get(p) or replace(rule, position=p) for p in sorted(tripped_positions(memory, rule.name))]

    def _uneasy(self, rule: Rule, position: int) -> bool:
        """Whether a level counts towards tripping, or is tripped, for that position."""
        return any(trip_key(rule.name, level.at, position) in self._states for level in rule.levels)

    def _level(self, rule: Rule, level: Level, found: Value, memory: Memory, moved: float,
               now_s: float) -> tuple[Change | None, bool]:  # fmt: skip
        """What the reading did to the level, and whether it was noted that money moved alone did it.

        `moved` is what the money moved in this beat did to the metric, in its unit.
        """
        key = trip_key(rule.name, level.at, rule.position)
        known = key in memory.by_flow
        trip = memory.trips.get(key)
        before = self._states.get(key, CALM)
        if before.tripped is not (trip is not None):
            before = replace(before, tripped=trip is not None)
        state, change = judge(rule, level, before, found, now_s)
        if state.readings or state.tripped:
            self._states[key] = state
        else:
            self._states.pop(key, None)
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

    def _trip(self, rule: Rule, level: Level, found: Value, reading: Reading, memory: Memory) -> None:
        """Raise the alert and, for a level that acts, begin its episode.

        Of levels that plan, a milder one begun in this beat is spent; a backstop stands beside them.
        """
        key, only = trip_key(rule.name, level.at, rule.position), rule.position
        about = [p for p in reading.snapshot.positions if only is None or p.identifier == only]
        number = self._journal.number("episode") if level.response.acts and key not in memory.by_flow else None
        alert = self._alerts.raise_(
            account=self._account, rule=rule.name, metric=rule.metric,
            value=found if isinstance(found, float) else None, threshold=level.at, when=rule.when,
            severity=level.severity, episode=number, why=rule.why, do=rule.do, position=only,
            symbol="" if only is None else about[0].symbol,
        )  # fmt: skip
        memory.trips[key] = Trip(alert=alert, position=only)
        if number is None:
            return
        episode = Episode(number=number, rule=rule.name, at=level.at, alert=alert, position=only,
                          began={p.identifier: p.steps for p in about}, since_ms=reading.snapshot.taken_ms)  # fmt: skip
        planning = {one.at for one in rule.levels if not isinstance(one.response, Backstop)}
        for begun in (trip.episode for trip in memory.trips.values()):
            together = begun and (begun.rule, begun.since_ms, begun.position) == (rule.name, episode.since_ms, only)
            if begun and together and {begun.at, level.at} <= planning:
                begun.spent = True
        memory.trips[key].episode = episode

    def _watch_unknown(self, rule: Rule, found: Value, memory: Memory, now_s: float) -> None:
        """A metric that stays unknown alarms: it must not read as safe."""
        if not isinstance(found, Unknown):
            self._unknown.pop(rule.name, None)
            if rule.name in memory.doubts:
                self._alerts.clear(memory.doubts.pop(rule.name), found if isinstance(found, float) else None)
            return
        since = self._unknown.setdefault(rule.name, now_s)
        if rule.name not in memory.doubts and now_s - since >= UNKNOWN_ALARM_S:
            guards = "guards nothing" if METRICS[rule.metric].each is None else "does not guard it"
            memory.doubts[rule.name] = self._alerts.raise_(
                account=self._account, rule=rule.name, metric=rule.metric, value=None, threshold=None, when=rule.when,
                severity=Severity.HIGH, episode=None, why=f"{rule.metric} is unknown: {found.reason}",
                do=f"This rule {guards} until the figure is known again.",
            )  # fmt: skip
