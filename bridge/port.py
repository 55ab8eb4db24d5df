"""The port to a terminal: one look, one send, the broker's records and bars; and the errors a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from monitors.kinds import Side
from monitors.model import Bars, Deal, Position, Snapshot

MINUTES = (1, 5, 15, 30, 60, 240)
"""The lengths of bars that can be asked for."""


class TerminalError(Exception):
    """The terminal gave no trustworthy answer; wait, or do what `remedy` says."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}" if self.remedy else self.reason


class Unanswered(TerminalError):
    """The terminal was asked and has not answered yet; asking again takes the answer that comes."""


class Replaced(TerminalError):
    """The terminal that was attached to is gone and another one is in its place: attach anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOrder:
    """A request that can only take volume off a position; `side` is the order's, prices are taken at the send."""

    ticket: int
    symbol: str
    side: Side
    lots: float
    held: float
    """What the position held when this was decided; where it holds something else by now nothing is sent."""
    filling: int
    magic: int
    comment: str
    by: int = 0
    """The ticket of the opposite position that it is closed by, which takes the smaller volume of both; 0: none."""
    by_held: float = 0.0
    """What that one held when this was decided."""

    identifiers: tuple[int, ...]
    """Of the position, and of the one that it is closed by, as their deals name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectOrder:
    """A request that can only bring a position's stop nearer; `side` is the position's, prices are of its quotes.

    Where the position is another by now than when this was decided, nothing is sent.
    """

    ticket: int
    symbol: str
    side: Side
    held: float
    """Its lots then."""
    before: float
    """Its stop then; 0: none."""
    stop: float
    target: float
    """Its target then, sent along: a request without one would take it away. 0: none."""

    @property
    def tightens(self) -> bool:
        """Whether the stop lies nearer to the price than the one before."""
        if self.stop <= 0:
            return False
        return self.before <= 0 or (self.stop > self.before if self.side is Side.BUY else self.stop < self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The broker's own records now: what is held and what was booked since the time asked for."""

    positions: tuple[Position, ...]
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What `order_send` answered, which is not yet an outcome; `retcode` None where nothing came back.

    `error` is the package's last_error code where nothing came back; `records` are the broker's of what an accepted
    close was to close, read right after the answer; None where they could not be had.
    """

    retcode: int | None
    order: int = 0
    error: int = 0
    text: str = ""
    records: Records | None = None


@dataclass(frozen=True, slots=True)
class Awaited:
    """A request that is on its way; its receipt is asked for with `Terminal.receipt`."""

    number: int


class Terminal(Protocol):
    """One terminal, one account; every method may raise TerminalError, Unanswered among them."""

    def look(self, deals_since_ms: int) -> Snapshot:
        """Account, positions, orders, every tick since the last look, and deals since a UTC instant."""

    def records(self, deals_since_ms: int) -> Records:
        """Positions and deals only, moving no cursor."""

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        """A symbol's bars of so many minutes that begin between two UTC instants; none where it did not trade.

        `minutes` is one of MINUTES, else ValueError. May take a terminal most of a minute the first time.
        """

    def send(self, order: CloseOrder) -> Receipt | Awaited:
        """One close; the answer, whatever it is, is returned and not interpreted."""

    def cancel(self, ticket: int) -> Receipt | Awaited:
        """Remove one pending order."""

    def protect(self, order: ProtectOrder) -> Receipt | Awaited:
        """One stop brought nearer; only the position as it is shown afterwards tells whether it stands."""

    def receipt(self, awaited: Awaited) -> Receipt | None:
        """The receipt of a request that was on its way; None while it still is. Asked for until it comes."""

    def hang_up(self) -> None:
        """Let the connection go."""
