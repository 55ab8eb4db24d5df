"""Positions that were closed whole, from the deals that opened and closed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from monitors.excursions import Excursion
from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Deal

NOTHING = 1e-9
"""Lots below this are none: a volume step is never so small, float noise is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position from its first deal to its last; money in account currency, times UTC epoch ms.

    `magic` is that of the deal that opened it, since whoever closes may use another; `net` holds profit, swap,
    commission and fee of all its deals; prices are averages by volume. `stop`, `target` and `excursion` come from what
    was seen while it was open, 0 and None where nothing was.
    """

    position: int
    symbol: str
    side: Side
    magic: int
    lots: float
    opened_ms: int
    closed_ms: int
    open: float
    close: float
    net: float
    stop: float = 0.0
    target: float = 0.0
    excursion: Excursion | None = None


@dataclass(slots=True)
class _Life:
    """A position from its first deal on; `held` are the lots left of it."""

    first: Deal
    held: float = 0.0
    opened: float = 0.0
    paid: float = 0.0
    """Lots x price of what was opened, and of what was closed."""
    closed: float = 0.0
    received: float = 0.0
    cash: list[float] = field(default_factory=list)

    def into(self, deal: Deal, lots: float) -> None:
        """Lots added."""
        self.held += lots
        self.opened += lots
        self.paid += lots * deal.price

    def out(self, deal: Deal, lots: float) -> None:
        """Lots taken off."""
        self.held -= lots
        self.closed += lots
        self.received += lots * deal.price

    def trade(self, last: Deal) -> Trade:
        """The whole of it, closed by `last`."""
        first = self.first
        return Trade(
            position=first.position, symbol=first.symbol, side=first.side, magic=first.magic,
            lots=round(self.opened, 8), opened_ms=first.time_ms, closed_ms=last.time_ms, open=self.paid / self.opened,
            close=self.received / self.closed, net=sum(self.cash),
        )  # fmt: skip


def trades(deals: Iterable[Deal]) -> tuple[Trade, ...]:
    """The positions that these deals closed whole, by the time of their last deal; deals in any order.

    Partial closes belong to the trade that they end up closing, commission of entry deals too. A reversal on a netting
    account (INOUT) ends one trade and begins another under the same identifier; its profit and swap are the old one's,
    commission and fee are shared by lots. Close-by (OUT_BY) is a close of either position. A rollover's own closing
    and opening change neither volume nor prices, only money. A position of which the opening is not among the deals is
    left out, for its price and costs are not known. What was seen while it was open is added by who remembers it.
    """
    by_position: dict[int, list[Deal]] = {}
    for deal in deals:
        if deal.position and deal.kind in (DealKind.TRADE, DealKind.BOOKING):
            by_position.setdefault(deal.position, []).append(deal)
    found = [trade for own in by_position.values() for trade in _of_one(sorted(own, key=_moment))]
    return tuple(sorted(found, key=lambda trade: (trade.closed_ms, trade.position)))


def _moment(deal: Deal) -> tuple[int, int]:
    return deal.time_ms, deal.ticket


def _of_one(deals: Sequence[Deal]) -> list[Trade]:
    """The trades of one identifier, oldest first; none where more was closed than these deals opened."""
    found: list[Trade] = []
    life: _Life | None = None
    for deal in deals:
        if deal.kind is DealKind.BOOKING or deal.reason == DealReason.ROLLOVER or not deal.lots > NOTHING:
            if life:
                life.cash.append(deal.cash)
            elif found:
                found[-1] = replace(found[-1], net=found[-1].net + deal.cash)
            continue
        if deal.entry is Entry.IN:
            life = life or _Life(deal)
            life.into(deal, deal.lots)
            life.cash.append(deal.cash)
            continue
        lots = deal.lots if life is None or deal.entry is not Entry.INOUT else life.held
        if life is None or lots > min(life.held, deal.lots) + NOTHING:
            return []
        reverses = deal.entry is Entry.INOUT and deal.lots - lots > NOTHING
        share = (deal.commission + deal.fee) * (1 - lots / deal.lots) if reverses else 0.0
        life.out(deal, lots)
        life.cash.append(deal.cash - share)
        if life.held <= NOTHING:
            found.append(life.trade(deal))
            life = None
        if reverses:
            life = _Life(deal)
            life.into(deal, deal.lots - lots)
            life.cash.append(share)
    return found
