"""One account guarded: a beat sees, folds, judges, plans, and lets the executor act; halts live here too."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass, field

from app import halts, planner
from app.alerts import AlertBook
from app.cancels import Canceller
from app.events import Tell, event
from app.execution import Executor, Identity
from app.ladder import Acting, Ladder
from app.memory import Halt, Memory
from app.sight import Sight, Sighting
from app.spreads import Spreads
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.port import Terminal
from monitors.days import Calendar
from monitors.gate import Circumstances, HaltKind, Source, Wish
from monitors.model import Snapshot
from monitors.ports import Clock, Link, Severity
from monitors.reading import Reading
from monitors.settings import Config, TerminalSettings

BLIND_S = 10.0
SAVE_EVERY_S = 1.0


@dataclass(slots=True, kw_only=True)
class Shared:
    """What the guards of all accounts share."""

    clock: Clock
    journal: Journal
    spare: SpareJournal
    alerts: AlertBook
    tell: Tell


@dataclass(slots=True)
class _Now:
    """The latest beat, for the frame and for a press of the stop."""

    sighting: Sighting = field(default_factory=Sighting)
    reading: Reading | None = None
    fresh_s: float = 0.0
    blind: bool = False
    saved_s: float = -SAVE_EVERY_S
    journal_alert: int | None = None
    balance_alert: int | None = None
    balance_since_s: float | None = None
    flat_reads: int = 0
    last_action: str = ""


class Guard:
    """Owns one account's memory; every method runs in the one worker thread."""

    def __init__(self, settings: TerminalSettings, terminal: Terminal, shared: Shared, config: Config) -> None:
        self.settings = settings
        self.terminal = terminal
        self.shared = shared
        self.identity = Identity(settings.name)
        self.memory = Memory()
        self.now = _Now(fresh_s=shared.clock.monotonic())
        self.executor = Executor(self.identity, terminal, shared.journal, shared.spare, shared.clock, shared.tell,
                                 self._fault)  # fmt: skip
        self.canceller = Canceller(terminal, shared.clock, shared.tell, settings.name)
        self.spreads = Spreads()
        self.ladder = Ladder(settings.name, (), shared.alerts, shared.journal)
        self.sight = Sight(settings, terminal, shared.clock, ())
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Another config from now on; what is tripped, halted and remembered stays."""
        self.config = config
        rules = tuple(rule for rule in config.rules if rule.covers(self.settings.name))
        self.ladder.configure(rules, self.memory)
        self.sight.windows = tuple({r.window_s for r in rules if r.metric == "pnl.change"})

    def start(self) -> list[int]:
        """Take up what the journal holds for this account; the requests found open."""
        known = self._known_key()
        if known:
            self._take_up(*known)
        return self.executor.recover(self.settings.login)

    def beat(self) -> list[Acting]:
        """One beat; the actions whose scope is all accounts are returned for the others to follow."""
        now_s = self.shared.clock.monotonic()
        seen = self.sight.look(self.executor.since_ms)
        if seen.snapshot and not seen.reason:
            self._recognise(seen)
            seen = self.sight.read(seen, self.memory, self.settings.day)
        self.now.sighting, self.now.reading = seen, seen.reading
        if seen.reading is None:
            self._unseen(seen.reason, now_s)
            return []
        self._seen(now_s)
        self.executor.settle(seen.reading.snapshot)
        for amount, kind in seen.flows:
            self.shared.tell(event(self.shared.clock.utc_ms(), "flow", self.identity.name, amount=amount, kind=kind))
        self._check_balance(seen.reading, now_s)
        self.spreads.note(seen.reading.snapshot)
        far_reaching = self._judge(seen, seen.reading, now_s)
        self._execute(seen.reading)
        self._save_sometimes(now_s)
        return far_reaching

    def press_stop(self, reason: str, *, by_person: bool) -> None:
        """Latch on disk first, then say so; the next beat closes. Pressed again it only tries again."""
        self.executor.forgive()
        if self.memory.halt and self.memory.halt.kind is HaltKind.STOP:
            self.memory.halt.by_person |= by_person
            return
        self._halt(halts.begin(HaltKind.STOP, reason, self.shared.clock.utc_ms(), self._snapshot(), by_person=by_person))

    def reset(self, reason: str) -> bool:
        """Lift the halt; no level is re-armed and what was held is left. False where nothing was halted."""
        if self.memory.halt is None:
            return False
        self.memory.halt = None
        for trip in self.memory.trips.values():
            if trip.episode:
                trip.episode.spent = True
        self.memory.targets.clear()
        self.now.flat_reads = 0
        self._save()
        self.shared.tell(event(self.shared.clock.utc_ms(), "reset", self.identity.name, scope="account", reason=reason))
        return True

    def obey(self, acting: Acting) -> None:
        """Another account's rule with `scope = "all"` acted: do the same here."""
        reading = self.now.reading
        drawn = planner.draw(acting, reading, self.identity.name) if reading else None
        if not self.config.armed or drawn is None:
            return
        self._carry_out(drawn, told=False)
        self._save()

    def failed(self, error: Exception) -> None:
        """A beat broke off: nothing of it may be taken for a reading."""
        reason = f"the beat failed: {type(error).__name__}: {error}"
        self.now.reading, self.now.sighting = None, Sighting(reason=reason)
        self._unseen(reason, self.shared.clock.monotonic())

    def close(self) -> None:
        """Save the memory and let the terminal go."""
        with contextlib.suppress(sqlite3.Error):
            self._save()
        self.terminal.hang_up()

    @property
    def link(self) -> Link:
        """How well the account is seen."""
        if self.now.blind:
            return Link.BLIND
        if self.now.reading is None:
            return Link.WAITING if self.memory.history is None else Link.UNCERTAIN
        return Link.LIVE

    @property
    def flat(self) -> bool:
        """Two agreeing readings with no position, no pending order and no margin."""
        return self.now.flat_reads >= 2  # noqa: PLR2004 -- two agree

    def _known_key(self) -> tuple[str, int] | None:
        found = self.shared.journal.load(f"name:{self.settings.name}", tuple[str, int])
        if found and self.settings.login and found[1] != self.settings.login:
            return None
        return found

    def _recognise(self, seen: Sighting) -> None:
        """State belongs to server and login: what the journal holds under them is this account's."""
        account = seen.snapshot.account if seen.snapshot else None
        if account is None or (account.server, account.login) == (self.identity.server, self.identity.login):
            return
        self._take_up(account.server, account.login)
        self.shared.journal.save(f"name:{self.settings.name}", (account.server, account.login))

    def _take_up(self, server: str, login: int) -> None:
        self.identity.server, self.identity.login = server, login
        self.memory = self.shared.journal.load(f"memory:{server}:{login}", Memory) or Memory()
        self.ladder.configure(self.ladder.rules, self.memory)

    def _unseen(self, reason: str, now_s: float) -> None:
        if not self.now.blind and now_s - self.now.fresh_s >= BLIND_S - 1e-9:
            self.now.blind = True
            self.shared.tell(event(self.shared.clock.utc_ms(), "blind", self.identity.name, reason=reason))

    def _seen(self, now_s: float) -> None:
        if self.now.blind:
            self.now.blind = False
            self.shared.tell(event(self.shared.clock.utc_ms(), "sighted", self.identity.name,
                                   reason=f"trustworthy data is back after {now_s - self.now.fresh_s:.0f} s"))  # fmt: skip
        self.now.fresh_s = now_s

    def _judge(self, seen: Sighting, reading: Reading, now_s: float) -> list[Acting]:
        """Levels, episodes and plans in one commit, before anything is sent."""
        try:
            with self.shared.journal.atomic():
                return self._judged(seen, reading, now_s)
        except sqlite3.Error as error:
            self.executor.journal_ok = False
            self.now.last_action = f"the journal cannot be written: {error}"
            return []

    def _judged(self, seen: Sighting, reading: Reading, now_s: float) -> list[Acting]:
        memory, clock = self.memory, self.shared.clock
        self._tell_of_journal(ok=True)
        if halts.expired(memory, clock.utc_ms()):
            self.reset("its time is over")
        if memory.halt and not memory.halt.taken:
            halts.adopt(memory.halt, reading.snapshot)
        changed = self.ladder.judge(reading, memory, sum(amount for amount, _ in seen.flows), now_s)
        busy = {p for p in memory.targets if self.executor.busy(p)}
        changed |= planner.prune(memory, reading, busy)
        outstanding = {t.episode for t in memory.targets.values() if t.episode is not None}
        due = self.ladder.due(memory, armed=self.config.armed, outstanding=outstanding,
                              settled=not self.executor.open_requests, now_s=now_s)  # fmt: skip
        far_reaching = [acting for acting in due if self._plan(acting, reading)]
        if changed or due:
            self._save()
        return far_reaching

    def _plan(self, acting: Acting, reading: Reading) -> bool:
        """Plan one episode; True where other accounts are to follow."""
        episode = acting.episode
        drawn = planner.draw(acting, reading, self.identity.name)
        if drawn.plan.note:
            self.now.last_action = drawn.plan.note
        once_for_all = drawn.plan.halt is not None or drawn.plan.stop or drawn.plan.cancel_pendings
        if drawn.told is None and not once_for_all:
            return False
        if episode.plans >= planner.PLANS:
            if not episode.escalated:
                episode.escalated = episode.spent = True
                self.shared.alerts.escalate(episode.alert)
            return False
        if not self.config.armed:
            episode.shown = True
            if drawn.told:
                self.shared.tell(drawn.told)
            self._deny_in_observe(drawn)
            return False
        episode.plans += 1
        episode.shown = False
        episode.spent |= once_for_all
        self.ladder.planned(acting)
        self._carry_out(drawn, told=True)
        return getattr(acting.level.response, "scope", "account") == "all"

    def _carry_out(self, drawn: planner.Drawn, *, told: bool) -> None:
        """Tell the plan, halt or stop where it says so, and take over its targets."""
        plan, rule = drawn.plan, drawn.acting.rule
        if drawn.told and told:
            self.shared.tell(drawn.told)
        reason = f"{rule.name} {rule.when} {drawn.acting.level.at:g}"
        self.executor.forgive()
        if plan.stop:
            self.press_stop(reason, by_person=False)
        elif plan.halt is not None and self.memory.halt is None:
            now_ms, snapshot = self.shared.clock.utc_ms(), self._snapshot()
            next_day = self.calendar.next_day_ms(now_ms)
            until = halts.end_of(plan.halt, now_ms, next_day)
            self._halt(halts.begin(HaltKind.RULE, reason, now_ms, snapshot, until_ms=until))
        elif plan.cancel_pendings and self.now.reading:
            self.canceller.want({o.ticket for o in self.now.reading.snapshot.orders if rule.selects(o)})
        if not plan.stop:
            planner.adopt(drawn, self.memory)

    def _deny_in_observe(self, drawn: planner.Drawn) -> None:
        wishes = [Wish(position=p, target=t, source=Source.RULE) for p, t in drawn.plan.targets.items()]
        self.executor.run(wishes, self._circumstances(None))

    @property
    def calendar(self) -> Calendar:
        """Day and week boundaries of this account."""
        snapshot = self._snapshot()
        return Calendar(self.settings.day, snapshot.broker_zone if snapshot else "UTC")

    def _execute(self, reading: Reading) -> None:
        """Wishes of a halt first, then those of the plans; the executor and its gate do the rest."""
        memory, snapshot = self.memory, reading.snapshot
        wishes: list[Wish] = []
        if memory.halt:
            wishes = self._halt_wishes(memory.halt, reading)
            if memory.halt.cancel_pendings and memory.halt.kind is not HaltKind.FAULT and self._may_cancel(memory.halt):
                self.canceller.want({order.ticket for order in snapshot.orders})
        covered = {wish.position for wish in wishes}
        held = {p.identifier: p.steps for p in snapshot.positions}
        wishes += [
            Wish(position=p, target=t.steps, source=t.source, episode=t.episode, hard=t.hard, uncapped=t.uncapped)
            for p, t in memory.targets.items() if p not in covered and held.get(p, 0) > t.steps
        ]  # fmt: skip
        self.canceller.run(snapshot)
        if wishes:
            self.executor.run(wishes, self._circumstances(reading))
        nothing = not snapshot.positions and not snapshot.orders and not snapshot.account.margin
        self.now.flat_reads = self.now.flat_reads + 1 if nothing else 0

    def _may_cancel(self, halt: Halt) -> bool:
        return halt.kind is HaltKind.STOP or self.config.armed

    def _halt_wishes(self, halt: Halt, reading: Reading) -> list[Wish]:
        if halt.kind is HaltKind.STOP:
            return halts.stop_wishes(halt, reading.snapshot)
        if halt.kind is HaltKind.FAULT or not self.config.armed:
            return []
        wishes, stubborn = halts.undo_wishes(halt, reading.snapshot)
        for magic in stubborn:
            self._alarm("Halt", "undo", f"magic {magic} opened again after {halts.UNDOS} undos and is left alone",
                        "Switch the EA off in MT5: this program cannot.")  # fmt: skip
        if stubborn or wishes:
            self._save()
        return wishes

    def _circumstances(self, reading: Reading | None) -> Circumstances:
        ledger, halt = self.memory.ledger, self.memory.halt
        return Circumstances(
            armed=self.config.armed, halt=halt.kind if halt else None, reading=reading,
            now_ms=self.shared.clock.utc_ms(), sent=self.executor.sent_lately(),
            lots_at_reset=ledger.lots_at_reset if ledger else 0.0, lots_opened=ledger.opened_lots if ledger else 0.0,
            worsens=planner.worsens(self.memory, reading) if reading and self.memory.targets else None,
            spreads=self.spreads.times(reading.snapshot) if reading else {},
        )  # fmt: skip

    def _halt(self, halt: Halt) -> None:
        """On disk first; where the disk fails, a person's stop is kept in the spare file and goes on."""
        self.memory.halt = halt
        try:
            self._save()
        except sqlite3.Error as error:
            self.executor.journal_ok = False
            self.shared.spare.write(halt)
            self.now.last_action = f"the journal cannot be written: {error}"
        self.shared.tell(event(self.shared.clock.utc_ms(), "halt", self.identity.name, scope="account",
                               reason=halt.reason))  # fmt: skip

    def _fault(self, reason: str) -> None:
        """A promise was broken or a cap reached: nothing more is sent by itself."""
        if self.memory.halt and self.memory.halt.kind is HaltKind.FAULT:
            return
        self._alarm("Fault", "execution", reason, "Look at MT5 and the journal, then reset by hand.")
        self.memory.targets.clear()
        self._halt(halts.begin(HaltKind.FAULT, reason, self.shared.clock.utc_ms(), self._snapshot()))

    def _alarm(self, rule: str, metric: str, why: str, do: str, severity: Severity = Severity.CRITICAL) -> int:
        return self.shared.alerts.raise_(account=self.identity.name, rule=rule, metric=metric, value=None, threshold=None,
                                         when="above", severity=severity, episode=None, why=why, do=do)  # fmt: skip

    def _tell_of_journal(self, *, ok: bool) -> None:
        if ok and not self.executor.journal_ok:
            self.now.journal_alert = self._alarm(
                "Journal", "journal", "the journal could not be written; automatic sends were stopped meanwhile",
                "Check the disk and what else holds the file.")  # fmt: skip
            self.executor.journal_ok = True

    def _check_balance(self, reading: Reading, now_s: float) -> None:
        """A balance that no deal explains for ten seconds is an alarm; margin rules go on meanwhile."""
        now = self.now
        if reading.unexplained is None:
            if now.balance_alert is not None:
                self.shared.alerts.clear(now.balance_alert, None)
            now.balance_since_s = now.balance_alert = None
            return
        now.balance_since_s = now_s if now.balance_since_s is None else now.balance_since_s
        if now.balance_alert is None and now_s - now.balance_since_s >= BLIND_S:
            now.balance_alert = self._alarm("Balance", "balance", reading.unexplained,
                                            "Profit and drawdown rules wait; look at the deals in MT5.",
                                            Severity.HIGH)  # fmt: skip

    def _snapshot(self) -> Snapshot | None:
        return self.now.reading.snapshot if self.now.reading else self.now.sighting.snapshot

    def _save_sometimes(self, now_s: float) -> None:
        if now_s - self.now.saved_s >= SAVE_EVERY_S:
            self.now.saved_s = now_s
            try:
                self._save()
            except sqlite3.Error as error:
                self.executor.journal_ok = False
                self.now.last_action = f"the journal cannot be written: {error}"

    def _save(self) -> None:
        if self.identity.login:
            self.shared.journal.save(f"memory:{self.identity.server}:{self.identity.login}", self.memory)

