"""All accounts, beat after beat: commands first, then each guard; no Qt, no threads, no wall clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from app.acted import Acted
from app.alert_counts import AlertCounts
from app.alerts import AlertBook
from app.archive.archivist import Archivist
from app.auditing import REMEDY, RULE, Auditing
from app.consents import agree
from app.events import Event, event
from app.guard import Guard
from app.halting import LOST, LOST_DO
from app.instance.single import ALONE, Instance
from app.ladder import Acting
from app.occurrences import Occurrences
from app.openings import take
from app.portrait import Portrait
from app.push.push import Push
from app.shared import Shared
from app.stopping.flattening import NoStop
from app.store.absorb import absorb
from app.store.audit import Damage
from app.store.journal import Journal
from app.store.spare import SpareJournal
from app.store.trail import EVERY_ACCOUNT
from bridge.port import Terminal
from monitors.latency import Stopwatch
from monitors.ports import (
    AccountFrame,
    Acknowledge,
    Clock,
    ClosePart,
    Command,
    Consent,
    EmergencyStop,
    Frame,
    Link,
    Loosen,
    Opening,
    Reset,
    Shelve,
    TightenStop,
)
from monitors.settings import Config, TerminalSettings

T = TypeVar("T")
Sink = Callable[[Event], None]
Connect = Callable[[TerminalSettings], Terminal]
BEATS, TEN = 1_000, 10
"""The newest beats that are counted, their spread anew with every tenth."""
REMEMBERED = 2_000
"""So many rows of the audit log tell a start what happened around the alerts that still stand."""


class Engine:
    """Owns the guards and what they share. Built, used and closed in one thread."""

    def __init__(self, config: Config, clock: Clock, journal: Journal, spare: SpareJournal, connect: Connect,
                 sinks: tuple[Sink, ...], *, say: Callable[[str], None] = lambda _: None,
                 instance: Instance = ALONE, stops: Callable[[str], NoStop] = lambda _: NoStop(),
                 let_go: Callable[[], None] = lambda: None, lost: str = "",
                 history: Archivist | None = None, push: Push | None = None) -> None:  # fmt: skip
        """`lost` says why the journal of the run before could not be used; a person is to know what it knew.

        `history` is told every beat and event and ended with the engine; without one none outlives it. `push` is told
        every event.

        `say` is told, once each, what went wrong in a beat; `let_go` runs once every terminal was hung up.
        """
        self._config = config
        self._clock = clock
        self._journal = journal
        self._sinks = sinks
        self._say = say
        self._let_go = let_go
        self._history = history or Archivist()
        self._push = push or Push()
        self.audit = Auditing(journal, clock, self._note, lambda name: self.guards[name].now.reading)
        alerts = AlertBook(journal, clock, self.tell)
        self.shared = Shared(clock=clock, journal=journal, spare=spare, alerts=alerts, tell=self.tell,
                             record=self.audit.write, instance=instance, stops=stops, lost=lost)  # fmt: skip
        self.guards: Mapping[str, Guard] = {t.name: Guard(t, connect(t), self.shared, config) for t in config.terminals}
        self._occurrences, self._counts = Occurrences(alerts.views), AlertCounts(clock)
        self._acted = Acted(clock.utc_ms())
        self._portraits = {name: Portrait(guard, self._history) for name, guard in self.guards.items()}
        self._frames, self._beats = 0, Stopwatch(BEATS, TEN)
        self._drawn: dict[str, AccountFrame] = {}
        self.faults: list[str] = []
        """What went wrong in beats, newest last, for the log; a beat never ends the engine."""

    def start(self) -> None:
        """Start and recovery are one path: what the journal holds is taken up before the first look."""
        for told in self._journal.last_events(REMEMBERED) if self.shared.alerts.views() else ():
            self._remember(told)
        known = {name: self.shared.alerts.standing(name, RULE) for name in self.guards}
        damage = self.audit.damage(whole=any(known.values()))
        absorbed = absorb(self.shared.spare, self._journal)
        absorbed += sum(guard.inherit() for guard in self.guards.values())
        found = self._journal.found or absorbed > 0
        for name, guard in self.guards.items():
            unresolved = guard.start()
            self.tell(event(self._clock.utc_ms(), "started", name, config=self._config.digest))
            if found:
                self.tell(event(self._clock.utc_ms(), "recovered", name, unresolved=unresolved))
        for name, standing in known.items():
            self._alarm(self.guards[name], damage, standing)
            if self.shared.lost:
                self.guards[name].halting.alarm(LOST, "journal", self.shared.lost, LOST_DO)

    def _alarm(self, guard: Guard, damage: Damage | None, standing: list[int]) -> None:
        """A damaged log is alarmed once and keeps no guard from acting; the alarm is over once all of it is whole."""
        if damage and not standing:
            guard.halting.alarm(RULE, "audit", str(damage), REMEDY)
        for number in () if damage else standing:
            self.shared.alerts.clear(number, None)

    def beat(self) -> None:
        """Every account once. An exception in one guard is noted and stops neither the others nor the next beat."""
        self.shared.alerts.catch_up()
        for guard in self.guards.values():
            for acting in self._safely(guard, guard.beat) or ():
                self._spread(guard, acting)
        self.audit.beaten()
        self.shared.alerts.climb(self._config.alerts)
        self.shared.alerts.unshelve()
        first = next(iter(self.guards), EVERY_ACCOUNT)
        self._apart("push", lambda: self._push.beat(self.shared.alerts, first, self.audit.row))

    @property
    def closing(self) -> bool:
        """Whether a receipt is awaited, so that the next close is due as soon as it is there."""
        return any(guard.executor.under_way for guard in self.guards.values())

    def _spread(self, guard: Guard, acting: Acting) -> None:
        """A rule of one account acts on all: each of the others by itself."""
        for other in self.guards.values():
            if other is not guard:
                self._safely(other, partial(other.obey, acting))

    def _safely(self, guard: Guard, act: Callable[[], T]) -> T | None:
        """What `act` gives; None where it failed, which is noted and ends neither this guard nor the others."""
        try:
            return act()
        except Exception as error:  # noqa: BLE001 -- the one place: nothing may end the guard
            self._note(f"{guard.settings.name}: {type(error).__name__}: {error}")
            guard.failed(error)
            return None

    def obey(self, command: Command) -> bool:
        """A person's wish, before the next beat; False where it meant nothing here or the journal did not take it."""
        taken = False
        try:
            taken = self._obey(command)
        except sqlite3.Error as error:
            self._note(f"{command}: the journal did not take it: {error}")
        finally:
            self.audit.clicked(command, taken=taken)
        return taken

    def _obey(self, command: Command) -> bool:
        match command:
            case EmergencyStop(account=account, by=by):
                return self._each(account, lambda guard: guard.press_stop(f"emergency stop by {by}", by_person=True))
            case Reset(account=account):
                return self._each(account, lambda guard: guard.lift("reset by a person"))
            case Loosen(account=account):
                return self._each(account, lambda guard: guard.commitment.loosen())
            case Acknowledge(alert=number):
                return self.shared.alerts.acknowledge(number)
            case Shelve(alert=number, minutes=minutes):
                return self.shared.alerts.shelve(number, minutes)
            case Consent(account=account):
                return self._each(account, partial(agree, command))
            case Opening(account=account):
                return self._each(account, partial(take, command))
            case ClosePart(account=account) | TightenStop(account=account):
                return self._each(account, lambda guard: guard.by_hand.take(command, guard))

    def configure(self, config: Config) -> None:
        """Other rules or another mode from now on; the terminals stay those of the start."""
        self._config = config
        for guard in self.guards.values():
            self._safely(guard, partial(guard.configure, config))
        self._apart("push", lambda: self._push.configure(config.notify))
        self.audit.config(config)

    def frame(self, beat_ms: float = 0.0) -> Frame:
        """What the window draws; `beat_ms` is how long the beat before it took, 0 where nobody timed it."""
        self._frames += 1
        if beat_ms:
            self._beats.note(beat_ms / 1_000)
        frame = Frame(
            number=self._frames,
            at_ms=self._clock.utc_ms(),
            accounts=tuple(frame for name in self.guards if (frame := self._account_frame(name))),
            alerts=self.shared.alerts.views(),
            beat_ms=beat_ms,
            beat_took=self._beats.view(),
            occurrences=self._occurrences.view(),
            load=self._counts.view(),
        )
        self._apart("not recorded", lambda: self._history.beat(frame))
        return frame

    def _account_frame(self, name: str) -> AccountFrame | None:
        """One account's; the last good one, marked uncertain, where drawing it failed."""
        portrait, last = self._portraits[name], self._drawn.get(name)
        drawn = self._apart(name, portrait.frame)
        if drawn is None:
            return last and replace(last, link=Link.UNCERTAIN, reason=self.faults[-1])
        drawn = replace(drawn, analysis=self._apart(name, portrait.analysis), acts=self._acted.view(name))
        self._drawn[name] = drawn
        return drawn

    def close(self) -> None:
        """Save what only a clean end can save, then let terminals and journal go."""
        for guard in self.guards.values():
            guard.close()
        self.audit.note()
        self._journal.close()
        self._push.close()
        self._history.close()
        self._let_go()

    def tell(self, told: Event) -> None:
        """To the journal, and to every sink once what the commit around it holds is on disk: no halt is only shown.

        A journal that cannot be written is noticed at the next request.
        """
        self.audit.event(told)
        self._journal.once_kept(partial(self._show, told))

    def _show(self, told: Event) -> None:
        known = self._known(told)
        self._remember(known)
        self._apart("not recorded", lambda: self._history.event(known))
        self._apart("not pushed", lambda: self._push.hear(told))
        for sink in self._sinks:
            sink(told)

    def _known(self, told: Event) -> Event:
        """With what the event itself does not say and a chart marks: whether a halt is an emergency stop."""
        halt = self.guards[told["account"]].halting.halt if told["event"] == "halt" else None
        return {**told, "kind": str(halt.kind)} if halt else told

    def _remember(self, told: Event) -> None:
        """For the window: what happened around each alert, how many there were, and what was done."""
        self._occurrences.hear(told)
        self._counts.hear(told)
        self._acted.hear(told)

    def _apart(self, what: str, act: Callable[[], T]) -> T | None:
        """What `act`, which shows or records, gives; None where it failed: that is noted and nothing of the guard's."""
        try:
            return act()
        except Exception as error:  # noqa: BLE001 -- as for a guard's beat
            self._note(f"{what}: {type(error).__name__}: {error}")
            return None

    def _named(self, account: str | None) -> list[Guard]:
        return [guard for name, guard in self.guards.items() if account in (None, name)]

    def _each(self, account: str | None, act: Callable[[Guard], bool]) -> bool:
        """True where it meant something to any of the accounts named; each of them is asked."""
        return sum(map(act, self._named(account))) > 0

    def _note(self, text: str) -> None:
        if not self.faults or self.faults[-1] != text:
            self.faults.append(text)
            self._say(text)
            del self.faults[:-100]
