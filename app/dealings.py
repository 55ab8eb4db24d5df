"""The deals of each account in memory, and the positions that they closed with what was seen of each while open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.archive.facts import Excursed
from app.archive.records import Seen
from monitors.model import Deal
from monitors.trades import Trade, trades

Past = Callable[[str, int], tuple[Iterable[Deal], Mapping[int, Seen]]]
"""Deals and excursions of an account by server and login, from before this run."""


@dataclass(slots=True)
class _Book:
    deals: dict[int, Deal] = field(default_factory=dict)
    seen: dict[int, Seen] = field(default_factory=dict)
    trades: tuple[Trade, ...] | None = None
    """None once something has changed."""
    changes: int = 0

    def changed(self) -> None:
        self.trades = None
        self.changes += 1


class Dealings:
    """Used from the engine's thread: of each account what is told here and what the past, asked once, holds."""

    def __init__(self, past: Past = lambda _server, _login: ((), {})) -> None:
        self._past = past
        self._books: dict[tuple[str, int], _Book] = {}

    def add(self, server: str, login: int, deals: Iterable[Deal]) -> None:
        """Deals of an account, each counted once by its ticket."""
        book = self._book(server, login)
        fresh = {deal.ticket: deal for deal in deals if deal.ticket not in book.deals}
        if fresh:
            book.deals.update(fresh)
            book.changed()

    def see(self, seen: Excursed) -> None:
        """How far a position has been, for the trade that it becomes."""
        book = self._book(seen.whose.server, seen.whose.login)
        book.seen[seen.position] = Seen(position=seen.position, lots=seen.lots, target=seen.target,
                                        excursion=seen.excursion, closed=seen.closed)  # fmt: skip
        if seen.closed:
            book.changed()

    def changes(self, server: str, login: int) -> int:
        """A number that grows with every change to the account's deals and trades."""
        return self._book(server, login).changes

    def deals(self, server: str, login: int, since_ms: int = 0) -> tuple[Deal, ...]:
        """Deals of an account since an instant, oldest first."""
        found = (deal for deal in self._book(server, login).deals.values() if deal.time_ms >= since_ms)
        return tuple(sorted(found, key=lambda deal: (deal.time_ms, deal.ticket)))

    def trades(self, server: str, login: int, since_ms: int = 0) -> tuple[Trade, ...]:
        """Positions closed whole since an instant, oldest first, with stop, target and excursion where seen."""
        book = self._book(server, login)
        if book.trades is None:
            book.trades = with_excursions(trades(self.deals(server, login)), book.seen)
        return tuple(trade for trade in book.trades if trade.closed_ms >= since_ms)

    def _book(self, server: str, login: int) -> _Book:
        book = self._books.get((server, login))
        if book is None:
            deals, seen = self._past(server, login)
            book = _Book({deal.ticket: deal for deal in deals}, dict(seen))
            self._books[server, login] = book
        return book


def with_excursions(closed: Sequence[Trade], seen: Mapping[int, Seen]) -> tuple[Trade, ...]:
    """The trades with what was seen of their positions.

    A netting position that turned is several trades under one identifier: what was seen last is that of the last one.
    """
    last = {trade.position: trade for trade in closed}
    return tuple(
        replace(trade, stop=of.excursion.stop, target=of.target, excursion=of.excursion)
        if (of := seen.get(trade.position)) and last[trade.position] is trade else trade
        for trade in closed
    )  # fmt: skip
