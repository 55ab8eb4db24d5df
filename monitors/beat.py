"""One beat: the book at its end, the one at its beginning, and equity through the ticks between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from monitors.book import Book
from monitors.kinds import DealKind
from monitors.marks import Marks, marks
from monitors.model import Deal
from monitors.path import EMPTY, EquityPath, path_from, path_to

NEVER_MS = 2**62
"""Later than any time."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """`earlier` is the book of the reading before, None for the first of a run; `deals` were booked since."""

    book: Book
    earlier: Book | None = None
    deals: tuple[Deal, ...] = ()

    @cached_property
    def begin_ms(self) -> int:
        """When the reading before was taken; for the first of a run, when this one was."""
        return (self.earlier or self.book).snapshot.taken_ms

    @property
    def digits(self) -> int:
        """Of the account's currency."""
        return self.book.snapshot.account.digits

    @cached_property
    def changed(self) -> frozenset[int]:
        """Identifiers of the positions that were opened, closed, turned, or hold another volume than before."""
        if self.earlier is None or self.earlier.holding == self.book.holding:
            return frozenset()
        was, now = self.earlier.places, self.book.places
        before, after = (list(zip(*book.holding, strict=True)) for book in (self.earlier, self.book))
        return frozenset(
            i for i in was.keys() | now.keys() if not (i in was and i in now and before[was[i]] == after[now[i]])
        )

    @cached_property
    def still(self) -> bool:
        """Nothing happened: the same book, and not one tick."""
        return not self.changed and not any(map(len, self.book.snapshot.ticks.values()))

    @cached_property
    def dealt(self) -> dict[int, tuple[int, int]]:
        """When the first and the last trade of each position came, UTC epoch ms; none where no deal shows it."""
        found: dict[int, tuple[int, int]] = {}
        for deal in self.deals:
            if deal.kind is DealKind.TRADE:
                first, last = found.get(deal.position, (deal.time_ms, deal.time_ms))
                found[deal.position] = min(first, deal.time_ms), max(last, deal.time_ms)
        return found

    @cached_property
    def marks(self) -> tuple[Marks, ...]:
        """The present book through the beat's ticks; nothing on the first reading of a run, and where none came."""
        return self._through(self.book)

    @cached_property
    def earlier_marks(self) -> tuple[Marks, ...]:
        """The earlier book through the same ticks; nothing on the first reading of a run."""
        return self._through(self.earlier) if self.earlier and self.changed else self.marks

    def path(self, moved: float = 0.0) -> EquityPath:
        """Equity after every tick; `moved` is the money that came in within the beat, in the path from its beginning.

        Where something was traded or booked, the earlier book holds before the first such deal and the present one
        from the last on; what lay between two deals of one beat is not in it. Empty on the first reading of a run,
        and where a position changed and no deal says when.
        """
        if self.earlier is None or not self.changed <= self.dealt.keys():
            return EMPTY
        equity, digits = self.book.snapshot.account.equity, self.book.snapshot.account.digits
        booked = [deal.time_ms for deal in self.deals if deal.kind in {DealKind.TRADE, DealKind.BOOKING}]
        if not booked:
            return path_to(equity, self.marks, digits)
        before = path_from(self.earlier.snapshot.account.equity + moved, self.earlier_marks, digits)
        came = [int(marked.time_ms[0]) for marked in self.marks if len(marked.time_ms)]  # perhaps by another clock
        after = path_to(equity, self.marks, digits, since_ms=max(min([self.begin_ms, *came]), *booked))
        return before.between(-1, min(booked) - 1).followed(after)

    def _through(self, book: Book) -> tuple[Marks, ...]:
        if self.earlier is None or self.still:
            return ()
        now, before = self.book.snapshot, self.earlier.snapshot
        return tuple(marks(book, now.ticks, before.quotes, before.taken_ms, now.taken_ms))
