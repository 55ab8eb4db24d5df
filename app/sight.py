"""Seeing one account: a look at its terminal, whether it may be trusted, and what it adds to the history."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import partial

from app.market import Market
from app.memory import Flow, Ledger, Memory
from app.moment import Moment, brokers_now, onwards
from app.rebuilding import Rebuilding
from bridge.port import Terminal, TerminalError, Unanswered
from monitors.beat import Beat
from monitors.book import Book
from monitors.days import Calendar
from monitors.excursions import followed
from monitors.history import SEEN_BEFORE_MS, History, begin, fold, resumed
from monitors.kinds import DealKind, Entry
from monitors.model import Account, Deal, Quote, Snapshot
from monitors.path import EquityPath
from monitors.ports import Clock
from monitors.reading import Reading, fault
from monitors.rebuild import with_balances
from monitors.settings import AnalysisSettings, DaySettings, TerminalSettings
from monitors.trend import EquityRecord
from monitors.zones import DAY_MS

LOOK_BACK_MS = 15 * 60_000
"""How far back deals are asked for: a late one shows with its own, earlier time."""
SLOW_LOOK_S = 5.0
"""A look that took longer than this is half of then and half of now, and no reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look: the snapshot if one came, the reading if it can be trusted, else the reason; flows seen in it."""

    snapshot: Snapshot | None = None
    reading: Reading | None = None
    reason: str = ""
    flows: tuple[Flow, ...] = ()
    call_ms: float = 0.0
    first: bool = False
    """Nothing was remembered of the account before."""
    moment_ms: int = 0
    """Which instant it is, UTC epoch ms, never before the last reset: what begins now begins then."""
    latest_ms: int = 0
    """How late it may be: what lasts for minutes begins then."""
    passed_ms: int = 0
    """Up to when time has surely passed: what ends by time ends by it."""
    pending: bool = False
    """The terminal was asked and has not answered yet."""


@dataclass(slots=True)
class _Recent:
    """What only this run of the process remembers."""

    quotes: dict[str, Quote] = field(default_factory=dict)
    watched: dict[str, Quote] = field(default_factory=dict)
    """Those of what is held: while none of them changes the terminal is silent."""
    book: Book | None = None
    """Of the last reading."""
    changed_s: float = 0.0
    resumed: tuple[int, str, str] | None = None
    """Whose memory was carried over, or begun, last: the account whose beats follow on each other."""
    flowed: float = 0.0
    """All flows of this run, so that `pnl.change` does not see them."""
    equities: deque[tuple[float, float]] = field(default_factory=deque)
    """Monotonic seconds and equity without flows."""


class Sight:
    """Looks, and folds what is trustworthy into the memory it is given."""

    def __init__(self, settings: TerminalSettings, terminal: Terminal, clock: Clock) -> None:
        self._settings = settings
        self._terminal = terminal
        self._clock = clock
        self._recent = _Recent(changed_s=clock.monotonic())
        self.rebuilding = Rebuilding(terminal, clock)
        self.market = Market(terminal, clock, AnalysisSettings())
        self.record = EquityRecord()
        """Equity of this run without flows, for its trend."""
        self._moment = Moment(clock)
        self.windows: tuple[float, ...] = ()
        """Seconds over which some rule wants the change of equity."""

    def look(self, since_ms: int | None) -> Sighting:
        """A snapshot and whether it is a reading yet; `since_ms` widens the window of deals for an open request."""
        began = self._clock.monotonic()
        last = self._recent.book
        back = (brokers_now(last.snapshot) if last else self._clock.utc_ms()) - LOOK_BACK_MS
        try:
            snapshot = self._terminal.look(back if since_ms is None else min(back, since_ms))
        except TerminalError as error:
            return Sighting(reason=str(error), call_ms=1000 * (self._clock.monotonic() - began),
                            pending=isinstance(error, Unanswered))  # fmt: skip
        took = self._clock.monotonic() - began
        reason = fault(snapshot, self._settings.login, self._settings.server)
        apart_s = abs(self._clock.utc_ms() - snapshot.taken_ms) / 1000
        if took > SLOW_LOOK_S:
            reason = f"the look took {took:.1f} s: its parts are of different times"
        elif apart_s > SLOW_LOOK_S:  # asked before a sleep, or before the clock was set
            reason = f"the look is of another time: {apart_s:.0f} s apart"
        return Sighting(snapshot=snapshot, reason=reason or "", call_ms=1000 * took)

    def read(self, seen: Sighting, memory: Memory, day: DaySettings) -> Sighting:
        """The sighting with its reading; the memory's history and ledger move on. For a snapshot without a fault."""
        snapshot = seen.snapshot
        if snapshot is None or seen.reason:
            return seen
        calendar, first = Calendar(day, snapshot.broker_zone), memory.history is None
        moment = self._moment.of(snapshot)
        starts = onwards(memory.history, (calendar.day_start_ms(moment), calendar.week_start_ms(moment)))
        try:
            history, ledger = self._known(snapshot, memory, starts, calendar)
        except TerminalError as error:
            return Sighting(snapshot=snapshot, reason=str(error), call_ms=seen.call_ms)
        fresh = _new_deals(ledger, snapshot.deals)
        _count(ledger, fresh)
        unexplained = _unexplained(ledger, snapshot.account)
        beat = self._beat(Book(snapshot), fresh)
        low = snapshot.account.equity
        flows: tuple[Flow, ...] = ()
        if unexplained is None:
            flows = tuple(ledger.flows)
            ledger.flows.clear()
            path = beat.path(sum(flow.amount for flow in flows))
            history, low = self._fold(history, ledger, snapshot, path=path, starts=starts, flows=flows,
                                      fresh=fresh)  # fmt: skip
        memory.history, memory.ledger = history, ledger
        memory.excursions, closed = followed(memory.excursions, beat)
        if unexplained is None:
            history = self.rebuilding.advance(memory, history, snapshot, starts)
            memory.history = history
        self._remember(snapshot)
        reading = Reading(
            snapshot=snapshot, book=beat.book, history=history, low=low, unexplained=unexplained,
            silence_s=self._clock.monotonic() - self._recent.changed_s, changes=self._changes(),
            excursions=memory.excursions, closed_excursions=closed, correlations=self.market.correlations(snapshot),
        )  # fmt: skip
        return Sighting(snapshot=snapshot, reading=reading, flows=flows, call_ms=seen.call_ms, first=first,
                        moment_ms=max(moment, starts[0]), passed_ms=self._moment.passed(moment, snapshot),
                        latest_ms=self._moment.latest(moment, snapshot))  # fmt: skip

    def forget(self) -> None:
        """The machine slept or its clock was set: what comes next follows on nothing, as after a start."""
        self._moment.doubt()
        self.record = EquityRecord()
        self._recent.equities.clear()
        self._recent.book = self._recent.resumed = None
        self._recent.changed_s = self._clock.monotonic()

    def _known(self, snapshot: Snapshot, memory: Memory, starts: tuple[int, int],
               calendar: Calendar) -> tuple[History, Ledger]:  # fmt: skip
        """History and ledger: from the memory, carried over a time unseen on the first reading of a run, or begun."""
        here = memory.ledger is not None and memory.ledger.world == snapshot.world
        if memory.history and memory.ledger and here and self._follows(memory.history, snapshot, starts):
            return memory.history, memory.ledger
        account, now = snapshot.account, snapshot.taken_ms
        since_ms = min(*starts, memory.history.seen_ms if memory.history and here else now)
        booked = self._terminal.records(since_ms - 1).deals
        day_cash, week_cash = (sum(d.cash for d in booked if _performs(d) and d.time_ms >= ms) for ms in starts)
        seen = {"day_cash": day_cash, "week_cash": week_cash}
        funds = account.balance + account.credit
        self._recent.resumed = _whose(snapshot)
        if memory.history and memory.ledger and here:
            if now - memory.history.seen_ms > SEEN_BEFORE_MS and memory.unseen is None:
                memory.unseen, memory.unseen_after = memory.history, max(memory.ledger.deals, default=0)
            fresh = _new_deals(memory.ledger, booked)
            _count(memory.ledger, fresh)
            memory.ledger.booked = 0.0
            for turned in (d.position for d in fresh if d.entry is Entry.INOUT):
                memory.excursions.pop(turned, None)
            if starts[0] != memory.history.day.start_ms:
                memory.ledger.lots_at_reset, memory.ledger.opened_lots = sum(p.lots for p in snapshot.positions), 0.0
            moved = sum(flow.amount for flow in memory.ledger.flows)
            kept = resumed(memory.history, equity=account.equity - moved, balance=funds - moved, now_ms=now,
                           day_ms=starts[0], week_ms=starts[1], **seen)  # fmt: skip
            resets = calendar.resets(memory.history.seen_ms, now)
            return with_balances(kept, funds - moved, [d for d in fresh if _performs(d)], resets), memory.ledger
        memory.unseen, memory.typed = None, set()
        ledger = Ledger(balance=account.balance, credit=account.credit, world=snapshot.world,
                        lots_at_reset=sum(p.lots for p in snapshot.positions))  # fmt: skip
        _new_deals(ledger, (*booked, *snapshot.deals))
        history = begin(now_ms=now, day_ms=starts[0], week_ms=starts[1],
                        initial=self._settings.initial_balance or account.balance,
                        equity=account.equity, balance=funds, credit=account.credit,
                        high_water=self._settings.high_water, **seen)  # fmt: skip
        return history, ledger

    def _follows(self, history: History, snapshot: Snapshot, starts: tuple[int, int]) -> bool:
        """Whether the beats of this account follow on each other.

        Not where a reset passed long after the last reading and no tick of what is held shows the time up to it.
        """
        if self._recent.resumed != _whose(snapshot):
            return False
        if starts[0] - max(history.seen_ms, history.day.start_ms) <= SEEN_BEFORE_MS or not snapshot.positions:
            return True
        came = (snapshot.ticks[p.symbol].time_ms for p in snapshot.positions if p.symbol in snapshot.ticks)
        return any(((times > history.seen_ms) & (times <= starts[0])).any() for times in came)

    def _fold(self, history: History, ledger: Ledger, snapshot: Snapshot, *, path: EquityPath, starts: tuple[int, int],
              flows: tuple[Flow, ...], fresh: list[Deal]) -> tuple[History, float]:  # fmt: skip
        """The history after this beat and its worst equity."""
        self._recent.flowed += sum(flow.amount for flow in flows)
        crossed = starts[0] > history.day.start_ms
        if crossed:
            ledger.lots_at_reset, ledger.opened_lots = sum(p.lots for p in snapshot.positions), 0.0
        booked, ledger.booked = ledger.booked, 0.0
        after = [sum(d.cash for d in fresh if _performs(d) and d.time_ms >= ms) for ms in starts]
        account = snapshot.account
        week_crossed = starts[1] > history.week.start_ms
        step = partial(
            fold, path=path, equity=account.equity, balance=account.balance + account.credit,
            now_ms=snapshot.taken_ms, day_ms=starts[0], week_ms=starts[1], booked=booked,
            flows=tuple((f.at_ms, f.amount) for f in flows),
            booked_today=after[0] if crossed else None, booked_this_week=after[1] if week_crossed else None,
        )  # fmt: skip
        self.rebuilding.follow(step)
        since = path.after(starts[0]) if crossed else path
        return step(history), min(account.equity, float(since.equity.min()) if len(since.equity) else account.equity)

    def _beat(self, book: Book, fresh: list[Deal]) -> Beat:
        """What lies between the last reading and this one."""
        earlier, self._recent.book = self._recent.book, book
        if earlier is not None and _whose(earlier.snapshot) != _whose(book.snapshot):
            earlier, self.record = None, EquityRecord()
            self._recent.equities.clear()
        if earlier is not None and earlier.holding == book.holding:
            book.follows(earlier)
        return Beat(book=book, earlier=earlier, deals=tuple(fresh))

    def _remember(self, snapshot: Snapshot) -> None:
        now, recent = self._clock.monotonic(), self._recent
        self.record.note(now, snapshot.account.equity - recent.flowed)
        recent.quotes = dict(snapshot.quotes)
        watched = {p.symbol: snapshot.quotes[p.symbol] for p in snapshot.positions}
        if watched != recent.watched:
            recent.watched, recent.changed_s = watched, now
        if self.windows:
            recent.equities.append((now, snapshot.account.equity - recent.flowed))
            while len(recent.equities) > 1 and recent.equities[1][0] <= now - max(self.windows):
                recent.equities.popleft()

    def _changes(self) -> dict[float, float]:
        """Equity now less the newest equity that is at least so old, for each window that reaches back far enough."""
        kept = self._recent.equities
        if not kept:
            return {}
        now, latest = kept[-1]
        found = {}
        for window in self.windows:
            old = next((equity for at, equity in reversed(kept) if at <= now - window), None)
            if old is not None:
                found[window] = latest - old
        return found


def _whose(snapshot: Snapshot) -> tuple[int, str, str]:
    return snapshot.account.login, snapshot.account.server, snapshot.world


def _performs(deal: Deal) -> bool:
    return deal.kind in (DealKind.TRADE, DealKind.BOOKING)


def _new_deals(ledger: Ledger, deals: tuple[Deal, ...]) -> list[Deal]:
    """Deals not counted before, oldest first; they are remembered, and those long past forgotten."""
    fresh = sorted((d for d in deals if d.ticket not in ledger.deals), key=lambda d: d.ticket)
    ledger.deals.update({d.ticket: d.time_ms for d in fresh})
    if fresh:
        newest = max(ledger.deals.values())
        ledger.deals = {ticket: ms for ticket, ms in ledger.deals.items() if ms > newest - 8 * DAY_MS}
    return fresh


def _count(ledger: Ledger, fresh: list[Deal]) -> None:
    """Add new deals to what the balance should be; money moved waits for the balance to show it."""
    for deal in fresh:
        if deal.kind is DealKind.CREDIT:
            ledger.credit += deal.profit
            ledger.flows.append(Flow(deal.profit, "credit", deal.time_ms))
            continue
        ledger.balance += deal.cash
        if deal.kind is DealKind.TRANSFER:
            ledger.flows.append(Flow(deal.cash, "deposit" if deal.cash >= 0 else "withdrawal", deal.time_ms))
        else:
            ledger.booked += deal.cash
            ledger.opened_lots += deal.lots if deal.kind is DealKind.TRADE and not deal.closes else 0.0


def _unexplained(ledger: Ledger, account: Account) -> str | None:
    """Why profit and drawdown cannot be told yet: the balance moved and no deal says why, or the other way round."""
    apart = account.money(account.balance - ledger.balance)
    if apart:
        return f"the balance is {apart:+.{account.digits}f} from what the deals explain"
    credit = account.money(account.credit - ledger.credit)
    return f"the credit is {credit:+.{account.digits}f} from what the deals explain" if credit else None
