"""From frames and events to what the archive keeps; called in the engine's thread, where it only hands things on."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from app.archive.facts import Beat, Dealt, Excursed, Item, Risk, Told
from app.archive.tellings import MARKS
from app.dealings import Dealings
from app.events import Event
from monitors.metrics import value
from monitors.model import Deal, Snapshot, Value
from monitors.ports import AccountFrame, Frame
from monitors.reading import Reading
from monitors.record import Whose
from monitors.settings import Rule
from monitors.zones import DAY_MS

RISK_EVERY_MS = 10_000
DEALS_KNOWN = 20_000

_MEASURED = tuple(
    Rule(name=name, metric=name, when="above", levels=())
    for name in ("margin.level_pct", "drawdown.daily", "drawdown.daily_pct", "drawdown.weekly", "drawdown.weekly_pct",
                 "drawdown.max", "drawdown.max_pct", "exposure.total", "exposure.leverage", "exposure.hhi",
                 "risk.open_pct")
)  # fmt: skip


class Archivist:
    """Keeps of each account what it was told last, so that nothing is handed on twice."""

    def __init__(self, put: Callable[[Item], None] = lambda _: None, close: Callable[[], None] = lambda: None,
                 dealings: Dealings | None = None) -> None:  # fmt: skip
        """`put` takes an item at no cost, `close` ends who takes them; without them nothing is kept on disk.

        `dealings` are told every deal.
        """
        self._put = put
        self._close = close
        self.dealings = dealings if dealings is not None else Dealings()
        self._records: dict[str, _Record] = {}

    def beat(self, frame: Frame) -> None:
        """What the beat showed of every account that was seen in it."""
        alerts: dict[str, int] = {}
        for alert in frame.alerts:
            alerts[alert.account] = alerts.get(alert.account, 0) + alert.active
        for account in frame.accounts:
            if account.reading is not None:
                self._of(account.name).beat(account, account.reading, alerts.get(account.name, 0))

    def event(self, told: Event) -> None:
        """One event; one of an alert asks for a row of risk at the next beat."""
        self._of(told["account"]).tell(told)

    def booked(self, name: str, deals: Iterable[Deal]) -> None:
        """Deals of the past that this terminal's account showed at its start, before or after its first beat."""
        self._of(name).book(deals)

    def close(self) -> None:
        """Everything handed on is written; what was told of accounts that were never seen is of nobody."""
        for record in self._records.values():
            record.tell_held()
        self._close()

    def _of(self, name: str) -> _Record:
        return self._records.setdefault(name, _Record(self._put, self.dealings))


class _Record:
    """One terminal's."""

    def __init__(self, put: Callable[[Item], None], dealings: Dealings) -> None:
        self._put = put
        self._dealings = dealings
        self.whose: Whose | None = None
        self.stirred = False
        """An alert changed its state since the last row of risk."""
        self._reading: Reading | None = None
        self._risk_ms = 0
        self._known: dict[int, int] = {}
        """Ticket to time of the deals handed on."""
        self._early: list[Deal] = []
        """Deals that came before the account was seen."""
        self._held: list[Event] = []
        """Events that wait for it: its first beat tells of alerts and plans before it shows whose they are."""

    def tell(self, told: Event) -> None:
        """Hand on an event, or hold it until the account is seen; marks are of the terminal and wait for nobody."""
        if self.whose is None and told["event"] not in MARKS:
            self._held.append(told)
        else:
            self._put(Told(self.whose, told))
        self.stirred |= told["event"] == "alert"

    def tell_held(self) -> None:
        """Hand on what waited."""
        held, self._held = self._held, []
        for told in held:
            self._put(Told(self.whose, told))

    def beat(self, frame: AccountFrame, reading: Reading, alerts: int) -> None:
        """One reading; the same one again is none."""
        if reading is self._reading:
            return
        snapshot, account = reading.snapshot, reading.snapshot.account
        whose = self._recognised(frame.name, snapshot)
        self.tell_held()
        before, self._reading = self._reading, reading
        self._put(Beat(whose, snapshot.taken_ms, account.equity, reading.low, account.balance))
        if self._early:
            early, self._early = self._early, []
            self.book(early)
        self.book(snapshot.deals)
        if before is not None and not before.excursions.keys() <= reading.excursions.keys():
            gone = before.excursions.keys() - {position.identifier for position in snapshot.positions}
            self._see(_excursions(whose, before, gone, snapshot.taken_ms, closed=True))
        if self.stirred or not 0 <= snapshot.taken_ms - self._risk_ms < RISK_EVERY_MS:
            self._put(Risk(whose, snapshot.taken_ms, self.stirred, alerts, _figures(reading)))
            self._risk_ms, self.stirred = snapshot.taken_ms, False
            self._see(_excursions(whose, reading, reading.excursions, snapshot.taken_ms, closed=False))

    def book(self, deals: Iterable[Deal]) -> None:
        """Hand on the deals that are new."""
        if self.whose is None:
            self._early += deals
            return
        fresh = [deal for deal in deals if deal.ticket not in self._known]
        for deal in fresh:
            self._known[deal.ticket] = deal.time_ms
            self._put(Dealt(self.whose, deal))
        if fresh:
            self._dealings.add(self.whose.server, self.whose.login, fresh)
        if len(self._known) > DEALS_KNOWN:
            newest = max(self._known.values())
            self._known = {ticket: ms for ticket, ms in self._known.items() if ms > newest - 8 * DAY_MS}

    def _see(self, seen: Iterable[Excursed]) -> None:
        for one in seen:
            self._put(one)
            self._dealings.see(one)

    def _recognised(self, name: str, snapshot: Snapshot) -> Whose:
        account, known = snapshot.account, self.whose
        if known is None or (known.login, known.server, known.zone) != (
            account.login, account.server, snapshot.broker_zone
        ):  # fmt: skip
            if known and (known.login, known.server) != (account.login, account.server):
                self._known, self._reading = {}, None
            self.whose = known = Whose(server=account.server, login=account.login, name=name, zone=snapshot.broker_zone,
                                       currency=account.currency, digits=account.digits)  # fmt: skip
        return known


def _excursions(
    whose: Whose, reading: Reading, only: Collection[int], now_ms: int, *, closed: bool
) -> Iterator[Excursed]:
    """How far these of the positions of a reading have been."""
    for position in reading.snapshot.positions:
        far = reading.excursions.get(position.identifier)
        if far is not None and position.identifier in only:
            yield Excursed(
                whose=whose, position=position.identifier, symbol=position.symbol, side=position.side,
                magic=position.magic, lots=position.lots, open=position.open, opened_ms=position.opened_ms,
                target=position.target, excursion=far, seen_ms=now_ms, closed=closed,
            )  # fmt: skip


def _figures(reading: Reading) -> tuple[float | None, ...]:
    """In the order of RISK_FIGURES."""
    account = reading.snapshot.account
    found: Mapping[str, Value] = {rule.metric: value(reading, rule) for rule in _MEASURED}
    stated = (account.equity, account.balance, account.profit, account.margin, account.margin_free)
    return (*stated, *(_number(found[rule.metric]) for rule in _MEASURED))


def _number(found: Value) -> float | None:
    return found if isinstance(found, float) and math.isfinite(found) else None
