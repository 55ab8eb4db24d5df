"""The halt of one account: on disk first, said second; what it wants closed; lifted by a person or by time."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from app import halts
from app.alerts import AlertBook
from app.events import Event, Tell, event
from app.keeper import Keeper
from app.memory import Episode, Halt
from monitors.gate import HaltKind, Wish
from monitors.model import Snapshot
from monitors.ports import Clock, Severity

CALM_S = 60.0
"""For so long the disk takes everything before its next refusal is another outage."""
AGREEING = 2
"""Readings that must agree before an account is called flat."""


EXECUTION, JOURNAL, BACKSTOP, COMMITMENT = "Execution", "Journal", "Backstop", "Commitment"
LOST = "Journal set aside"
LOST_DO = ("Look at MT5: stops pressed, halts, held limits and consents of the run before are forgotten. "
           "The next start is armed again where the config says so.")  # fmt: skip
DISK = "Check the disk and what else holds the file."
PASSING = EXECUTION, JOURNAL, BACKSTOP, COMMITMENT, LOST
"""Alarms about what the run before met; where it lasts, it is met and said again."""


class Halting:
    """Three kinds: a rule's halt undoes new exposure, a stop closes everything, a fault sends nothing by itself."""

    def __init__(self, keeper: Keeper, alerts: AlertBook, clock: Clock, tell: Tell) -> None:
        self._keeper = keeper
        self._alerts = alerts
        self._clock = clock
        self._tell = tell
        self._flat_reads = 0
        self._outage = 0, 0.0
        """The alarm about the disk that stands, 0 where none does; when the disk last refused (monotonic s)."""
        self._untold: Event | None = None
        """A halt that holds and that no file has taken yet; said with the first commit that keeps it."""
        self._left_over = [n for rule in PASSING for n in alerts.standing(keeper.name, rule)]

    @property
    def halt(self) -> Halt | None:
        """The halt in force."""
        return self._keeper.memory.halt

    @property
    def decides(self) -> bool:
        """A stop closes everything and a fault nothing: rules go on alerting, and plan nothing meanwhile."""
        return self.halt is not None and self.halt.kind is not HaltKind.RULE

    @property
    def unfinished(self) -> bool:
        """A person's stop is latched and has not been seen flat."""
        halt = self.halt
        return halt is not None and halt.kind is HaltKind.STOP and halt.by_person and not halt.done

    @property
    def flat(self) -> bool:
        """Two agreeing readings with no position, no pending order and no margin."""
        return self._flat_reads >= AGREEING

    def stop(self, reason: str, snapshot: Snapshot | None, *, by_person: bool) -> None:
        """The emergency stop. Over a fault only a person's counts; pressed again it takes in what is held by now."""
        halt = self.halt
        if halt and halt.kind is HaltKind.FAULT and not by_person:
            return
        if halt and halt.kind is HaltKind.STOP:
            halt.by_person, halt.done = halt.by_person or by_person, False
            if snapshot is not None:
                halts.adopt(halt, snapshot)
            self._keeper.save()
            if not self._keeper.ok:
                self._keeper.spare.write(self._keeper.record(halt=halt))
            return
        self._begin(halts.begin(HaltKind.STOP, reason, self._clock.utc_ms(), snapshot, by_person=by_person))

    def by_rule(self, reason: str, until: str, snapshot: Snapshot | None, *, now_ms: int, next_day_ms: int) -> None:
        """A rule's halt; one in force keeps what it found held, and is only ever prolonged.

        `now_ms` is how late it may be at the reading, which a clock that somebody set moves only until a tick tells.
        """
        halt, end = self.halt, halts.end_of(until, now_ms, next_day_ms)
        if halt is None:
            self._begin(halts.begin(HaltKind.RULE, reason, self._clock.utc_ms(), snapshot, until_ms=end))
        elif halts.prolongs(halt, end):
            self._begin(replace(halt, reason=reason, until_ms=end))  # the one in force stays as it was if this fails

    def fault(self, reason: str, snapshot: Snapshot | None) -> None:
        """A promise was broken or a cap reached: nothing more is sent by itself. A person's stop goes on."""
        if self.halt and self.halt.kind is HaltKind.FAULT:
            return
        if not (self.halt and self.halt.by_person):
            self._keeper.memory.targets.clear()
            self._keeper.memory.cancels.clear()
            self._begin(halts.begin(HaltKind.FAULT, reason, self._clock.utc_ms(), snapshot))
        self.alarm("Fault", "execution", reason, "Look at MT5 and the journal, then reset by hand.")

    def lift(self, reason: str) -> bool:
        """What was held is left and no level is re-armed: one that halted has acted. False where nothing was halted.

        After a stop or a fault no earlier plan resumes; under a rule's halt the plans of other rules went on anyway.
        """
        memory, halt = self._keeper.memory, self._keeper.memory.halt
        if halt is None:
            return False
        before, going_on = (memory.targets, memory.cancels), list[Episode]()
        memory.halt = None
        if halt.kind is not HaltKind.RULE:
            memory.targets, memory.cancels = {}, set()
            going_on = [t.episode for t in memory.trips.values() if t.episode and not t.episode.spent]
            for episode in going_on:
                episode.spent = True
        try:
            self._keeper.take_back()  # or the next start would find the halt in the spare file
            if self._keeper.spare.holds:
                raise sqlite3.OperationalError("emergency.jsonl cannot be set aside")
            self._keeper.write()
        except sqlite3.Error as error:
            self._keeper.broken(error)
            memory.halt, (memory.targets, memory.cancels) = halt, before
            for episode in going_on:
                episode.spent = False
            return False
        self._flat_reads, self._untold = 0, None
        self._tell(event(self._clock.utc_ms(), "reset", self._keeper.name, scope="account", reason=reason))
        return True

    def tend(self, snapshot: Snapshot, passed_ms: int) -> None:
        """Once a reading, in its commit: time that has passed lifts it; one begun unseen learns what was held."""
        while self._left_over:
            self._alerts.clear(self._left_over.pop(), None)
        halt = self.halt
        if halt and self._untold:
            self._keeper.write()
            self._tell(self._untold)
            self._keeper.journal.once_kept(self._told)
        if halt and halt.until_ms is not None and passed_ms >= halt.until_ms:
            self.lift("its time is over")
        elif halt and not halt.taken:
            halts.adopt(halt, snapshot)
            self._keeper.save()
        if halt and halt is self.halt and not halt.done and self.flat:
            halt.done = True
            self._keeper.save()

    def watch(self, snapshot: Snapshot) -> None:
        """Once a reading, whatever the disk does: flatness is counted."""
        nothing = not snapshot.positions and not snapshot.orders and not snapshot.account.margin
        self._flat_reads = self._flat_reads + 1 if nothing else 0

    def unseen(self) -> None:
        """Without a reading nothing is called flat."""
        self._flat_reads = 0

    def wishes(self, snapshot: Snapshot, *, armed: bool) -> list[Wish]:
        """What the halt wants closed now; an EA that opened once too often is left with an alarm."""
        halt = self.halt
        if halt is None or halt.kind is HaltKind.FAULT or (halt.kind is HaltKind.RULE and not armed):
            return []
        before = len(halt.undoing)
        undos, stubborn = halts.undo_wishes(halt, snapshot)
        for magic in stubborn:
            self.alarm("Halt", "undo", f"magic {magic} opened again after {halts.UNDOS} undos and is left alone",
                       "Switch the EA off in MT5: this program cannot.")  # fmt: skip
        if stubborn or len(halt.undoing) > before:
            self._keeper.save()
        return halts.stop_wishes(halt, snapshot) + undos if halt.kind is HaltKind.STOP else undos

    def pendings(self, snapshot: Snapshot, *, armed: bool) -> set[int]:
        """Tickets of the pending orders that are to go: all of them under a halt, those a rule named otherwise.

        Under a fault none, in observe mode and with a broken journal only by a stop, and then by a person's.
        """
        halt, memory = self.halt, self._keeper.memory
        waiting = {order.ticket for order in snapshot.orders}
        memory.cancels &= waiting
        if halt and halt.kind is HaltKind.STOP:
            return waiting if self._keeper.ok or halt.by_person else set()
        if not armed or not self._keeper.ok or (halt and halt.kind is HaltKind.FAULT):
            return set()
        return waiting if halt else set(memory.cancels)

    def alarm(self, rule: str, metric: str, why: str, do: str, severity: Severity = Severity.CRITICAL) -> int:
        """An alert that no rule raised; its number."""
        return self._alerts.raise_(account=self._keeper.name, rule=rule, metric=metric, value=None, threshold=None,
                                   when="above", severity=severity, episode=None, why=why, do=do)  # fmt: skip

    def outage(self, *, failed: bool) -> None:
        """Once a beat, before its commit: whether the disk refused something in the last; one alarm an outage."""
        now_s, (number, failed_s) = self._clock.monotonic(), self._outage
        if failed:
            why = "the journal cannot be written; until it can, nothing is sent by itself"
            number = number or self.alarm(JOURNAL, "journal", why, DISK)
            self._outage = number, now_s
            return
        if number and now_s - failed_s >= CALM_S:
            self._alerts.clear(number, None)
            self._outage = 0, 0.0

    def breached(self, levels: list[str]) -> None:
        """What is breached while the disk takes nothing: no alert of its own can be kept, so the alarm says it."""
        number, _ = self._outage
        if number:
            now = f" Breached now, and nothing acts on it: {'; '.join(levels)}." if levels else ""
            self._alerts.advise(number, DISK + now)

    def _told(self) -> None:
        self._untold = None

    def _begin(self, halt: Halt) -> None:
        """On disk first; where the disk fails, the spare file takes it; where that fails too, it holds unsaid."""
        self._keeper.memory.halt = halt
        self._keeper.save()
        told = event(self._clock.utc_ms(), "halt", self._keeper.name, scope="account", reason=halt.reason)
        self._untold = None
        if self._keeper.ok or self._keeper.spare.write(self._keeper.record(halt=halt)):
            self._tell(told)
        else:
            self._untold = told
