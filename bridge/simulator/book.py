"""What an account holds and has done: positions, orders, deals and their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from bridge.simulator.listing import Listing
from monitors.kinds import DealReason, Entry

BUY, SELL = 0, 1


class DealType(IntEnum):
    """DEAL_TYPE_*."""

    BUY = 0
    SELL = 1
    BALANCE = 2
    CREDIT = 3


class OrderState(IntEnum):
    """ORDER_STATE_*."""

    PLACED = 1
    CANCELED = 2
    PARTIAL = 3
    FILLED = 4
    REJECTED = 5
    EXPIRED = 6


@dataclass(slots=True, kw_only=True)
class Position:
    """An open position. `identifier` is its own for ever, `ticket` may change; `side` is BUY or SELL.

    `margin_rate` is the rate from margin to account currency at which it was opened.
    """

    identifier: int
    ticket: int
    listing: Listing
    side: int
    steps: int
    price_open: float
    opened_ms: int
    updated_ms: int
    margin_rate: float
    sl: float = 0.0
    tp: float = 0.0
    magic: int = 0
    reason: int = DealReason.CLIENT
    swap: float = 0.0
    comment: str = ""

    @property
    def sign(self) -> int:
        return 1 if self.side == BUY else -1

    @property
    def lots(self) -> float:
        return self.listing.lots(self.steps)


@dataclass(slots=True, kw_only=True)
class Order:
    """An order, pending or done with; `expires_ms` is UTC, 0: never."""

    ticket: int
    listing: Listing
    kind: int
    steps: int
    placed_ms: int
    state: int = OrderState.PLACED
    steps_left: int = 0
    price: float = 0.0
    stoplimit: float = 0.0
    sl: float = 0.0
    tp: float = 0.0
    filling: int = 0
    type_time: int = 0
    expires_ms: int = 0
    done_ms: int = 0
    position_id: int = 0
    position_by: int = 0
    magic: int = 0
    reason: int = DealReason.CLIENT
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A deal; money in account currency, time in UTC milliseconds."""

    ticket: int
    utc_ms: int
    kind: int
    order: int = 0
    entry: int = Entry.IN
    magic: int = 0
    position_id: int = 0
    reason: int = DealReason.CLIENT
    lots: float = 0.0
    price: float = 0.0
    commission: float = 0.0
    swap: float = 0.0
    profit: float = 0.0
    symbol: str = ""
    comment: str = ""


@dataclass(slots=True, kw_only=True)
class Book:
    """Positions by ticket in order of opening, pending orders by ticket, and all that is over.

    `bound` is the margin of the positions once worked out; whoever changes them sets it to None.
    """

    positions: dict[int, Position] = field(default_factory=dict)
    pendings: dict[int, Order] = field(default_factory=dict)
    orders_done: list[Order] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    last_ticket: int = 1_000_000
    bound: float | None = None

    def next_ticket(self) -> int:
        """Orders and deals are numbered in one row, so that the same world has the same numbers."""
        self.last_ticket += 1
        return self.last_ticket

    def reserve(self, identifier: int) -> None:
        """Keep the numbers given from outside apart from the ones counted here."""
        self.last_ticket = max(self.last_ticket, identifier)

    def by_identifier(self, identifier: int) -> Position | None:
        return next((p for p in self.positions.values() if p.identifier == identifier), None)

    def of_symbol(self, name: str) -> list[Position]:
        return [p for p in self.positions.values() if p.listing.name == name]
