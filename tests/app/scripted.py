"""A terminal that a test scripts: a book that closes really change, and answers that lie, come late or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bridge.port import Awaited, CloseOrder, ProtectOrder, Receipt, Records, TerminalError, Unanswered
from bridge.simulator.clock import VirtualClock
from monitors.kinds import DealKind, DealReason, Entry
from monitors.model import Account, Bars, Deal, Instrument, PendingOrder, Position, Quote, Snapshot, TerminalState
from monitors.outcomes import meaning
from tests.builders import NO_BARS, NOW_MS, PLAIN_RATES, account, instrument, position, quote

PLAIN = instrument("PLAIN", currency_base="USD", currency_profit="USD", currency_margin="USD")
START = datetime.fromtimestamp(NOW_MS / 1000, UTC)


def plain(identifier: int = 1, lots: float = 1.0, **changes: object) -> Position:
    """A buy of PLAIN, whose lot needs 1,000 of margin and whose point is worth one."""
    return position(identifier, "PLAIN", lots=lots, open=1.0, price=1.0, **changes)  # type: ignore[arg-type]


@dataclass
class ScriptedTerminal:
    """`positions`, `deals`, `balance` and `bid` are the broker's truth; `answer` decides what a send is told."""

    clock: VirtualClock
    positions: dict[int, Position] = field(default_factory=dict)
    deals: list[Deal] = field(default_factory=list)
    beside: dict[str, Quote] = field(default_factory=dict)
    """Quotes of what is not held."""
    charts: dict[str, Bars] = field(default_factory=dict)
    """Bars by symbol; of any other there are none."""
    spec: Instrument = PLAIN
    orders: tuple[PendingOrder, ...] = ()
    closing: frozenset[int] = frozenset()
    """Positions for which an order waits that closes them."""
    balance: float = 10_000.0
    bid: float = 1.0
    spread: float = 0.0001
    state: TerminalState = field(default_factory=lambda: TerminalState(connected=True, algo_allowed=True))
    answer: Callable[[CloseOrder], Receipt | Awaited | None] = lambda _: None
    """None: carried out and told so."""
    cancelling: Callable[[int], Awaited | None] = lambda _: None
    """What a cancel is told; None: gone at once."""
    protecting: Callable[[ProtectOrder], Receipt | Awaited | None] = lambda _: None
    """What the setting of a stop is told; None: carried out and told so."""
    receipts: dict[int, Receipt] = field(default_factory=dict)
    """What has come of requests that were on their way, by their numbers."""
    shows_positions: bool = True
    """False: the list of positions lags behind what the deals show."""
    down: str = ""
    login: int = 1001
    server: str = "Demo"
    slow: bool = False
    """True: it is asked and has not answered yet."""
    zone: str = "UTC"
    doubt: str = ""
    """Why its broker's clock may be another."""
    broken: bool = False
    """True: a look raises what no terminal should."""
    sent: list[CloseOrder] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    protected: list[ProtectOrder] = field(default_factory=list)
    charted: list[tuple[str, int, int, int]] = field(default_factory=list)
    """What bars were asked for: symbol, minutes, from and until."""
    hung_up: bool = False
    _shown: tuple[Position, ...] = ()
    _ticked: tuple[float, int] = (0.0, 0)

    def hold(self, *held: Position) -> ScriptedTerminal:
        """These positions are open."""
        self.positions |= {p.identifier: p for p in held}
        return self

    def look(self, deals_since_ms: int) -> Snapshot:
        """Everything, as the port wants it."""
        self._alive()
        if self.bid != self._ticked[0]:
            self._ticked = self.bid, self.clock.utc_ms()
        price = quote(self.bid, self.bid + self.spread, self._ticked[1])
        held = self._held()
        profit = round(sum(p.profit for p in held), 2)
        margin = sum(p.lots for p in held) * PLAIN_RATES.margin_buy
        return Snapshot(
            taken_ms=self.clock.utc_ms(), account=self._account(profit, margin),
            terminal=self.state, positions=held, orders=self.orders, closing=self.closing,
            deals=self._since(deals_since_ms), quotes=_quotes(held, price) | self.beside,
            instruments={"PLAIN": self.spec}, rates={"PLAIN": PLAIN_RATES},
            clock_doubt=self.doubt, broker_zone=self.zone,
        )  # fmt: skip

    def records(self, deals_since_ms: int) -> Records:
        """Positions and deals."""
        self._alive()
        return Records(positions=self._held(), deals=self._since(deals_since_ms))

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        """What the charts show; each asking is noted."""
        self._alive()
        self.charted.append((symbol, minutes, since_ms, until_ms))
        return self.charts.get(symbol, NO_BARS)

    def send(self, order: CloseOrder) -> Receipt | Awaited:
        """What the script answers; carried out where it says nothing."""
        self._alive()
        self.sent.append(order)
        told = self.answer(order)
        if told is None:
            self.fill(order, order.lots)
            told = Receipt(retcode=10009, order=len(self.sent), text="done")
        return self._proven(told) if isinstance(told, Receipt) else told

    def _proven(self, receipt: Receipt) -> Receipt:
        """With the broker's records after a yes, where they can be had."""
        try:
            return replace(receipt, records=self.records(0)) if meaning(receipt.retcode).accepted else receipt
        except TerminalError:
            return receipt

    def cancel(self, ticket: int) -> Receipt | Awaited:
        """Gone at once, unless the script says otherwise."""
        self.cancelled.append(ticket)
        awaited = self.cancelling(ticket)
        if awaited is not None:
            return awaited
        self.orders = tuple(o for o in self.orders if o.ticket != ticket)
        return Receipt(retcode=10009)

    def protect(self, order: ProtectOrder) -> Receipt | Awaited:
        """The stop stands at once, unless the script says otherwise."""
        self._alive()
        self.protected.append(order)
        told = self.protecting(order)
        if told is None:
            self.stand(order)
            return Receipt(retcode=10009)
        return told

    def stand(self, order: ProtectOrder) -> None:
        """The broker shows the stop from now on."""
        held = next(p for p in self.positions.values() if p.ticket == order.ticket)
        self.positions[held.identifier] = replace(held, stop=order.stop, target=order.target)

    def receipt(self, awaited: Awaited) -> Receipt | None:
        """What has come by now."""
        return self.receipts.pop(awaited.number, None)

    def hang_up(self) -> None:
        """Noted."""
        self.hung_up = True

    def fill(
        self, order: CloseOrder, lots: float, *, comment: str | None = None, reason: int = DealReason.EXPERT
    ) -> None:
        """The broker closes `lots` of the position of the order's ticket: deal, balance, position."""
        held = next(p for p in self._held() if p.ticket == order.ticket)
        steps = PLAIN.steps(lots)
        gained = round(held.profit * lots / held.lots, 2)
        self.deals.append(Deal(
            ticket=5_000 + len(self.deals), order=len(self.sent), position=held.identifier, symbol="PLAIN",
            kind=DealKind.TRADE, entry=Entry.OUT, side=order.side, lots=lots, price=self.bid, profit=gained, swap=0.0,
            commission=0.0, fee=0.0, time_ms=self.clock.utc_ms(), magic=0, reason=reason,
            comment=order.comment if comment is None else comment,
        ))  # fmt: skip
        self.balance = round(self.balance + gained, 2)
        left = held.steps - steps
        self.positions.pop(held.identifier)
        if left:
            self.positions[held.identifier] = replace(held, steps=left, lots=PLAIN.lots(left))

    def _held(self) -> tuple[Position, ...]:
        if self.shows_positions:
            self._shown = tuple(
                replace(p, price=self.bid, profit=round((self.bid - p.open) * 100_000 * p.lots, 2))
                for p in self.positions.values()
            )
        return self._shown

    def _account(self, profit: float, margin: float) -> Account:
        return account(balance=self.balance, profit=profit, margin=margin, login=self.login, server=self.server)

    def _since(self, ms: int) -> tuple[Deal, ...]:
        return tuple(d for d in self.deals if d.time_ms >= ms)

    def _alive(self) -> None:
        if self.broken:
            raise ZeroDivisionError
        if self.slow:
            raise Unanswered("the terminal has not answered yet")
        if self.down:
            raise TerminalError(self.down)


def _quotes(held: tuple[Position, ...], price: Quote) -> dict[str, Quote]:
    return {p.symbol: price for p in held}
