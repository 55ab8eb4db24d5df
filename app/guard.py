"""One account guarded: a beat sees, folds, judges, plans, and lets the executor act."""

from __future__ import annotations

import contextlib
import sqlite3
from functools import partial

from app import planner, splits, targets
from app.backstops import Backstops
from app.balance import Balance
from app.by_hand import ByHand
from app.commitment import Commitment
from app.deeds import Deeds
from app.events import event
from app.execution import Executor
from app.first_sight import FirstSight
from app.halting import COMMITMENT, EXECUTION, Halting
from app.keeper import Keeper
from app.ladder import Acting, Ladder
from app.presence import Presence
from app.rivals import Rivals
from app.shared import Shared
from app.sight import Sight, Sighting
from app.spreads import Spreads
from app.store.latch import REASON
from app.waking import Waking
from bridge.port import Terminal
from monitors.model import Snapshot
from monitors.ports import Link
from monitors.reading import Reading
from monitors.settings import Config, DaySettings, TerminalSettings


class Guard:
    """Every method runs in the one worker thread."""

    def __init__(self, settings: TerminalSettings, terminal: Terminal, shared: Shared, config: Config) -> None:
        clock, tell = shared.clock, shared.tell
        self.settings = settings
        self.shared = shared
        self.now = Presence(settings.name, shared)
        self.keeper = Keeper(settings, shared.journal, shared.spare)
        self.halting = Halting(self.keeper, shared.alerts, clock, tell)
        ring = partial(self.halting.alarm, COMMITMENT, "journal")
        self.commitment = Commitment(self.keeper, settings, clock, tell, ring)
        self.stop = shared.stops(settings.name)
        self.executor = Executor(self.keeper, terminal, clock, tell, owner=shared.instance.id,
                                 on_fault=lambda reason: self.halting.fault(reason, self._held()),
                                 on_alarm=self._cannot_close,
                                 on_all_clear=lambda alert: shared.alerts.clear(alert, None),
                                 yields=lambda: self.stop.closing)  # fmt: skip
        self.ladder = Ladder(settings.name, shared.alerts, shared.journal)
        self.sight = Sight(settings, terminal, clock)
        self.rivals = Rivals(settings, shared.instance, shared.alerts, clock)
        self.terminal = terminal
        self.spreads = Spreads(clock)
        self._waking = Waking(clock, self.sight.forget, self.spreads.forget, self.ladder.forget, self.executor.unseen)
        self._balance = Balance(settings.name, self.halting, shared.alerts)
        self.first_sight = FirstSight(settings, self.halting, shared.alerts)
        self.by_hand = ByHand(clock)
        self.backstops = Backstops(self)
        self._deeds = Deeds(self)
        self._observed = False
        """The config was one that only observes, and the disk does not know yet what that has ended."""
        self._owed: list[Acting] = []
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Another config from now on; what is tripped, halted and remembered stays.

        A plan under way ends with its rule, or with the armed mode.
        """
        self.config, self.sight.market.settings = config, config.analysis
        memory = self.keeper.memory
        before = dict(memory.targets), set(memory.trips), set(memory.cancels)
        wanted = (rule for rule in config.rules if rule.covers(self.settings.name))
        rules = self.commitment.take(tuple(wanted), armed=config.armed)
        self.ladder.configure(rules, memory)
        targets.retain(memory, (*rules, *config.rules))  # another account's rule may have planned here
        if not config.armed:
            targets.drop(memory)
            self._observed = True
        if self.keeper.login and before != (memory.targets, set(memory.trips), set(memory.cancels)):
            self.keeper.save()  # or a kill would bring back what has ended
        self.sight.windows = tuple({rule.window_s for rule in rules if rule.metric == "pnl.change"})

    @property
    def day(self) -> DaySettings:
        """When its days begin: as the config says, or as an armed account is committed to until its next reset."""
        return self.commitment.terms.day

    @property
    def acts(self) -> bool:
        """Whether rules send anything: armed, and no other instance acts on the account."""
        return self.config.armed and not self.rivals.reason

    def inherit(self) -> int:
        """Before the start: what a stop process has left goes into the journal; how many records that were."""
        left = self.stop.left()
        self.stop.hand_over(self.shared.journal)
        return len(left)

    def start(self) -> list[int]:
        """Take up what the journal holds for this account; the requests found open."""
        if not self.keeper.start():
            return []
        self.configure(self.config)
        return self.executor.recover()

    def beat(self) -> list[Acting]:
        """One beat; the actions whose scope is all accounts are returned for the others to follow."""
        self._waking.watch()
        self._follow()
        self.stop.watch(pressed=self.halting.unfinished, silent_s=self.now.silent_s)
        self.executor.collect()
        self.backstops.collect()
        seen = self.sight.look(self.executor.since_ms)
        if self.now.awaits(seen):
            return []
        now_s = self.shared.clock.monotonic()
        if seen.snapshot and not seen.reason:
            if self.keeper.recognise(seen.snapshot.account):
                self.configure(self.config)
                self.executor.recover()
            if self.rivals.watch(seen.snapshot):
                targets.drop(self.keeper.memory)
            seen = self.sight.read(seen, self.keeper.memory, self.day)
        self.now.sighting = seen
        if seen.reading is None:
            self._unseen(seen.reason)
            return []
        self.now.seen(seen.reading.snapshot)
        if self.commitment.tend(seen, seen.reading.snapshot.broker_zone):
            self.configure(self.config)
        self.executor.settle(seen.reading.snapshot)
        for flow in seen.flows:
            now_ms = self.shared.clock.utc_ms()
            self.shared.tell(event(now_ms, "flow", self.settings.name, amount=flow.amount, kind=flow.kind))
        self._balance.watch(seen.reading, now_s)
        self.first_sight.watch(seen.reading, self.keeper.memory, first=seen.first)
        self.spreads.note(seen.reading.snapshot)
        far_reaching = self._judge(seen, seen.reading, now_s)
        self._pay(seen.reading)
        self._deeds.execute(seen.reading)
        self.backstops.tend(seen.reading)
        self.keeper.save_sometimes(now_s)
        return far_reaching

    def press_stop(self, reason: str, *, by_person: bool) -> bool:
        """Latch, on disk first; the next beat closes. Pressed again it tries at once what waits after a refusal."""
        self.executor.hurry()
        self.halting.stop(reason, self._held(), by_person=by_person)
        return True

    def lift(self, reason: str) -> bool:
        """A person lifts the halt; not while the stop process closes, which knows nothing of it."""
        self.stop.dismiss()
        self._follow()
        return not self.stop.closing and not self.stop.stands and self.halting.lift(reason)

    def _follow(self) -> None:
        """The stop process's latch holds here too; once it is gone, what it left open is settled and closed here."""
        if self.stop.pressed():
            self.press_stop(REASON, by_person=True)
        self.executor.take_up(self.stop.left())
        try:
            self.stop.hand_over(self.shared.journal)
        except sqlite3.Error as error:
            self.keeper.broken(error)

    def obey(self, acting: Acting) -> None:
        """Another account's rule with `scope = "all"` acted: do the same here."""
        self._owed.append(acting)
        if self.now.reading is not None:
            self._pay(self.now.reading)

    def _pay(self, reading: Reading) -> None:
        """Do what other accounts' rules asked for, at the first reading after they did."""
        owed, self._owed = self._owed, []
        for acting in owed if self.acts else ():
            self._deeds.carry_out(planner.draw(acting, reading, self.settings.name), reading)
            self.keeper.save()

    def failed(self, error: Exception) -> None:
        """A beat broke off: nothing of it may be taken for a reading."""
        reason = f"the beat failed: {type(error).__name__}: {error}"
        self.now.sighting = Sighting(reason=reason)
        self._unseen(reason)

    def close(self) -> None:
        """Save the memory and let the terminal go."""
        with contextlib.suppress(sqlite3.Error):
            self.keeper.save()
        self.rivals.close()
        self.terminal.hang_up()

    @property
    def link(self) -> Link:
        """How well the account is seen."""
        return self.now.link(known=self.keeper.memory.history is not None)

    def _unseen(self, reason: str) -> None:
        self.executor.unseen()
        self.now.unseen(reason)
        if self.now.blind or not self.now.sighting.pending:
            self.halting.unseen()

    def _judge(self, seen: Sighting, reading: Reading, now_s: float) -> list[Acting]:
        """Levels, episodes and plans in one commit, before anything is sent."""
        self.halting.watch(reading.snapshot)
        memory, failed_before, halt = self.keeper.memory, not self.keeper.ok, self.halting.halt
        moved = memory.unjudged = memory.unjudged + sum(flow.amount for flow in seen.flows)
        self.halting.outage(failed=failed_before)
        try:
            self.keeper.take_back()
            with self.shared.journal.atomic():
                if failed_before:  # only a real write shows that the disk takes something again
                    self.shared.journal.save("written_ms", self.shared.clock.utc_ms())
                far_reaching = self._judged(reading, now_s)
        except sqlite3.Error as error:
            self.keeper.broken(error)
            self.keeper.roll_back(halt)
            if self._observed:
                targets.drop(memory)
            self.ladder.roll_back(reading, moved)
            memory.unjudged = moved
            self.shared.alerts.roll_back()
            memory.trips = {key: t for key, t in memory.trips.items() if self.shared.alerts.active(t.alert)}
            self.commitment.roll_back()
            self.halting.breached(self.ladder.breached)
            self.configure(self.config)  # what the config has ended stays ended, though the disk does not know it yet
            return []
        self._observed = False
        self.keeper.mended()
        return far_reaching

    def _judged(self, reading: Reading, now_s: float) -> list[Acting]:
        memory = self.keeper.memory
        self.halting.tend(reading.snapshot, self.now.sighting.passed_ms)
        changed = self.ladder.judge(reading, memory, memory.unjudged, now_s)
        changed |= memory.unjudged != 0 or self._observed
        memory.unjudged = 0.0
        changed |= splits.account_for(memory, reading.snapshot)
        changed |= targets.prune(memory, reading, {p for p in memory.targets if self.executor.busy(p)})
        outstanding = targets.outstanding(memory)
        settled = not self.executor.open_requests
        due = self.ladder.due(memory, armed=self.acts, outstanding=outstanding, settled=settled, now_s=now_s)
        if self.halting.decides:
            due = []
        far_reaching = [acting for acting in due if self._deeds.plan(acting, reading)]
        if changed or due:
            self.keeper.write()
        return far_reaching

    def _cannot_close(self, why: str) -> int:
        return self.halting.alarm(EXECUTION, "execution", why, "Nothing can be closed until this changes: act in MT5.")

    def _held(self) -> Snapshot | None:
        """What can be trusted of what is held: the latest reading's snapshot."""
        return self.now.reading.snapshot if self.now.reading else None
