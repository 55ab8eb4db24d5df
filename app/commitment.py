"""What one armed account is committed to: tightened at any time, loosened after its next reset or by a typed word.

What is in force is kept in the journal under server and login, so that no restart with a looser file gets around it.
Leaving the armed mode is free and judges by the file alone; what was in force is remembered until the next reset.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from app import targets
from app.events import Tell, event, stamp
from app.keeper import Keeper
from app.memory import Memory, Trip, trip_key
from app.sight import Sighting
from app.terms import HELD, LOOSENED, TYPED, Terms, how
from monitors.commitment import Clause, Merged, clauses, merge
from monitors.days import Calendar
from monitors.floors import Floors
from monitors.ports import Clock, HeldView, Severity
from monitors.responses import RESPONSES
from monitors.responses.backstop import pinned, terms
from monitors.settings import Level, Rule, TerminalSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A rule in force; held against the config since then (UTC epoch ms) where `since_ms` says so, until `until_ms`."""

    rule: Rule
    since_ms: int | None = None
    until_ms: int | None = None
    """None: not known until the account was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The same as the journal holds it."""

    rule: dict[str, Any]
    since_ms: int | None = None
    until_ms: int | None = None


class Commitment:
    """Decides which rules judge the account; what became of a change is told with the next reading."""

    def __init__(self, keeper: Keeper, settings: TerminalSettings, clock: Clock, tell: Tell,
                 alarm: Callable[[str, str], int]) -> None:  # fmt: skip
        """`alarm` takes why it rings and what a person is to do."""
        self._keeper = keeper
        self._clock = clock
        self._tell = tell
        self._alarm = alarm
        self.terms = Terms(keeper, settings, tell)
        self._whose = "", 0
        self._kept: list[Kept] = []
        self._wanted: tuple[Rule, ...] = ()
        self._armed = False
        self._unsaved = False
        self._over: list[Kept] = []
        """What is let go as soon as the config is taken anew."""
        self._judging: tuple[Rule, ...] = ()
        self._saved: tuple[Rule, ...] = ()
        """Those whose names the trips bear that are on disk."""
        self._owed: list[dict[str, Any]] = []

    @property
    def held(self) -> tuple[HeldView, ...]:
        """What the config would loosen and may not yet."""
        rules = tuple(HeldView(rule=kept.rule.name, what=_words(clauses([kept.rule])), until_ms=kept.until_ms or None)
                      for kept in self._kept if kept.since_ms is not None)  # fmt: skip
        return (*(rules if self._armed else ()), *self.terms.held)

    def take(self, rules: tuple[Rule, ...], *, armed: bool) -> tuple[Rule, ...]:
        """The rules in force now that the config wants these; until the account is known, these."""
        self._recognise()
        rules = tuple(map(pinned, rules))
        if not self._whose[1]:
            return rules
        self._wanted, self._armed = rules, armed
        self.terms.take(armed=armed)
        before = self._judging or _in_force(self._kept)
        self._saved = self._saved if self._judging else before
        standing = [kept for kept in self._kept if kept not in self._over]
        merged = merge(clauses([kept.rule for kept in standing]), clauses(rules) if armed else ())
        if armed and self._kept and not self._over:
            self._say(merged)
        kept = [Kept(rule=rule) for rule in _rules(merged.fresh)] + self._held(merged)
        self._over = []
        after = _in_force(kept) if armed else rules
        if (kept, after) != (self._kept, before):
            self._kept = kept
            _carry(self._keeper.memory, before, after)
            self._save()
        self._judging = after
        return after

    def tend(self, seen: Sighting, broker_zone: str) -> bool:
        """Once a reading: True where a reset has passed and the config is to be taken anew.

        Which one is next is judged by the reading's moment, and by its own that it has passed: setting this machine's
        clock neither forwards nor back ends anything early.
        """
        calendar, now_ms = Calendar(self.terms.day, broker_zone), self._clock.utc_ms()
        next_ms = calendar.next_day_ms(seen.moment_ms)
        for i, kept in enumerate(self._kept):
            if kept.since_ms is not None and kept.until_ms is None:
                self._kept[i] = replace(kept, until_ms=next_ms)
                self._unsaved = True
        over = [kept for kept in self._kept
                if kept.until_ms is not None and kept.until_ms <= seen.passed_ms]  # fmt: skip
        for kept in over if self._armed else ():
            self._owe(kept.rule.name, LOOSENED, clauses([kept.rule]), how=how(kept.until_ms or TYPED))
        self._over = over
        self.terms.tend(now_ms, seen.passed_ms, next_ms)
        for told in self._owed:
            told["until"] = stamp(next_ms) if told["change"] == HELD else None
            self._tell(event(now_ms, "commitment", self._keeper.name, **told))
        self._owed = []
        if self._unsaved:
            self._save()
        return bool(over)

    def roll_back(self) -> None:
        """The memory is again what the disk holds of it: its trips bear the names of then, or of a write since."""
        if self._unsaved:
            _carry(self._keeper.memory, self._saved, self._judging)
            _follow(self._keeper.memory, self._judging)

    def loosen(self) -> bool:
        """A person confirmed it by typing: the next reading lets go of all that is held. False where nothing is."""
        if not self.held:
            return False
        self.terms.loosen()
        if self._armed:
            self._kept = [kept if kept.since_ms is None else replace(kept, until_ms=TYPED) for kept in self._kept]
        self._save()
        return True

    def _held(self, merged: Merged) -> list[Kept]:
        """What is held of each rule in force, since it was first."""
        found = []
        for kept in sorted(self._kept, key=lambda one: one.since_ms is None):
            levels = tuple(clause.level for clause in merged.held if clause.rule is kept.rule)
            if levels:
                since_ms = self._clock.utc_ms() if kept.since_ms is None else kept.since_ms
                found.append(replace(kept, rule=replace(kept.rule, levels=levels), since_ms=since_ms))
        return found

    def _say(self, merged: Merged) -> None:
        """What the change loosens and tightens, a telling a rule."""
        begun = {id(kept.rule) for kept in self._kept if kept.since_ms is None}
        for rule in {id(c.rule): c.rule for c in merged.held if id(c.rule) in begun}.values():
            self._owe(rule.name, HELD, [c for c in merged.held if c.rule is rule])
        for name in dict.fromkeys(clause.rule.name for clause in merged.tighter):
            self._owe(name, "tightened", [c for c in clauses([k.rule for k in self._kept]) if c.rule.name == name])

    def _owe(self, rule: str, change: str, before: Sequence[Clause], *, how: str | None = None) -> None:
        wanted = [clause for clause in clauses(self._wanted) if clause.rule.name == rule]
        self._owed.append({"rule": rule, "change": change, "from": _words(before) or None, "to": _words(wanted) or None,
                           "until": None, "how": how})  # fmt: skip

    def _recognise(self) -> None:
        """Another account than before: what it is committed to."""
        keeper = self._keeper
        if (keeper.server, keeper.login) == self._whose:
            return
        self._whose, self._owed, self._unsaved = (keeper.server, keeper.login), [], False
        self._judging = ()
        self.terms.recognise()
        stored = keeper.journal.load(self._key, list[Stored]) or []
        read = [(_rule_of(one.rule), one) for one in stored]
        self._kept = [Kept(rule=rule, since_ms=one.since_ms, until_ms=one.until_ms) for rule, one in read if rule]
        for one in [one for rule, one in read if rule is None]:
            name = str(one.rule.get("name", "a rule without a name"))
            self._owe(name, "lost", (), how="this version cannot read it")
            self._alarm(f"the journal holds a limit of {name} that this version cannot read: it is in force no more",
                        "See that config.toml holds every limit that you want.")  # fmt: skip
            self._unsaved = True

    def _save(self) -> None:
        """With the trips, whose names may have changed with it; where the disk fails, again with the next reading."""
        stored = [Stored(rule=_table(k.rule), since_ms=k.since_ms, until_ms=k.until_ms) for k in self._kept]
        try:
            with self._keeper.journal.atomic():
                self._keeper.journal.save(self._key, stored)
                self._keeper.write()
            self._unsaved = False
            self._saved = _in_force(self._kept) if self._armed else self._wanted
        except sqlite3.Error as error:
            self._unsaved = True
            self._keeper.broken(error)

    @property
    def _key(self) -> str:
        return f"commitment:{self._whose[0]}:{self._whose[1]}"


def _rules(found: Sequence[Clause]) -> list[Rule]:
    """The rules of these clauses with those levels only."""
    whole = {id(clause.rule): clause.rule for clause in found}
    return [replace(rule, levels=tuple(c.level for c in found if c.rule is rule)) for rule in whole.values()]


def _in_force(kept: Sequence[Kept]) -> tuple[Rule, ...]:
    """Under names of their own: what is held stands beside what the config says now."""
    found, names = [], {one.rule.name for one in kept if one.since_ms is None}
    for one in kept:
        name, count = one.rule.name, 1
        while one.since_ms is not None and name in names | {one.rule.name}:
            name, count = f"{one.rule.name} (held{'' if count == 1 else f' {count}'})", count + 1
        names.add(name)
        found.append(replace(one.rule, name=name))
    return tuple(found)


def _stem(name: str) -> str:
    return name.partition(" (held")[0]


def _carry(memory: Memory, before: Sequence[Rule], after: Sequence[Rule]) -> None:
    """What tripped, and what was agreed to, stays so under the name in force now: nothing is done twice, or undone."""
    old, new = clauses(before), clauses(after)
    agreed = [(_stem(c.rule.name), c.content) for c in old if terms(c.rule, c.level) in memory.consents]
    memory.consents |= {terms(c.rule, c.level) for c in new if (_stem(c.rule.name), c.content) in agreed}
    there = {(c.rule.name, c.level.at): c.content for c in new}
    moves = {}
    for clause in old:
        name, at = clause.rule.name, clause.level.at
        if there.get((name, at)) == clause.content:
            continue
        twin = next((c for c in new if c.content == clause.content), None)
        if twin is None and (name, at) not in there:
            twin = next((c for c in new if c.rule.name == _stem(name) and c.level.at == at), None)
        if twin is not None:
            moves[trip_key(name, at)] = trip_key(twin.rule.name, at), twin.rule.name
    _rename(memory, moves)


def _follow(memory: Memory, rules: Sequence[Rule]) -> None:
    """What bears a name that no rule in force has stays with the one level that is called alike but for being held."""
    levels = {trip_key(rule.name, level.at): (rule.name, level.at) for rule in rules for level in rule.levels}
    moves = {}
    for key in (*memory.trips, *memory.by_flow, *targets.levels(memory)):
        name, at = [*key.split("\x1f"), ""][:2]
        found = [(k, n) for k, (n, level) in levels.items() if (_stem(n), repr(level)) == (_stem(name), at)]
        if f"{name}\x1f{at}" not in levels and len(found) == 1:
            moves[f"{name}\x1f{at}"] = found[0]
    _rename(memory, moves)


def _rename(memory: Memory, moves: dict[str, tuple[str, str]]) -> None:
    """Trips, what money alone tripped, and targets under their levels' new names: key to new key and new rule."""
    trips: dict[str, Trip] = {}
    staying = {key for key in memory.trips if not _moved(key, moves)[1]}
    for key, trip in memory.trips.items():
        place, name = _moved(key, moves)
        if name and (place in staying or place in trips):
            place, name = key, ""  # that level has tripped by itself: this one's trip ends with its name
        if trip.episode and name:
            trip.episode.rule = name
        trips[place] = trip
    memory.trips, memory.by_flow = trips, {_moved(key, moves)[0] for key in memory.by_flow}
    targets.rename(memory, lambda key: _moved(key, moves)[0])


def _moved(key: str, moves: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """The key under its new name, with that name; the key itself where it stays."""
    name, at, *position = key.split("\x1f")
    place = moves.get(f"{name}\x1f{at}")
    return ("\x1f".join((place[0], *position)), place[1]) if place else (key, "")


def _words(found: Sequence[Clause]) -> str:
    """Clauses as a person would say them, with what else their rules say."""
    plain = Rule(name="", metric="", when="", levels=())
    parts = []
    for rule in {id(c.rule): c.rule for c in found}.values():
        own = [f"{c.rule.when} {c.level.at:g} ({c.level.severity}) {c.level.response.sentence()}"
               for c in found if c.rule is rule]  # fmt: skip
        more = [f"{key} {getattr(rule, key)}" for key in ("confirm", "confirm_s", "rearm", "symbols", "magics", "base",
                "of", "window_s", "hard") if getattr(rule, key) != getattr(plain, key)]  # fmt: skip
        more += [f"plan {rule.floors.plan} begun with {rule.floors.initial:g}"] if rule.floors else []
        parts.append(f"{rule.metric} " + "; ".join(own) + (f" [{', '.join(more)}]" if more else ""))
    return "; ".join(parts)


def _table(rule: Rule) -> dict[str, Any]:
    """A rule as the journal takes it."""
    fields = {name: getattr(rule, name) for name in rule.__dataclass_fields__ if name not in ("levels", "position")}
    levels = [{"at": x.at, "severity": x.severity, "action": x.response.name, "own": msgspec.to_builtins(x.response)}
              for x in rule.levels]  # fmt: skip
    return fields | {"levels": levels}


def _rule_of(table: dict[str, Any]) -> Rule | None:
    """A rule of the journal; None where this version cannot judge it."""
    try:
        levels = tuple(
            Level(
                at=x["at"],
                severity=Severity(x["severity"]),
                response=msgspec.convert(x["own"], RESPONSES[x["action"]]),
            )
            for x in table["levels"]
        )
        many = {key: tuple(table[key]) for key in ("accounts", "symbols", "magics")}
        floors = msgspec.convert(table["floors"], Floors | None)
        return Rule(**{**table, **many, "floors": floors, "levels": levels})
    except (KeyError, TypeError, ValueError, msgspec.ValidationError):
        return None
