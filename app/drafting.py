"""A request as it is written down before it is sent, and the order that it becomes."""

from __future__ import annotations

from app.fillings import Fillings
from app.moment import brokers_now
from bridge.port import CloseOrder
from monitors import lots as volumes
from monitors.gate import Source, Wish
from monitors.model import Instrument, Position, Snapshot
from monitors.outcomes import Request, tag


def drawn(number: int, wish: Wish, legs: tuple[Position, Position | None], instrument: Instrument, seen: Snapshot, *,
          now_ms: int, owner: str, fillings: Fillings, newest_deal: int) -> Request:  # fmt: skip
    """The request of that number: as much as one order may hold, or all that two opposite legs cover of each other.

    `newest_deal` is the newest that the ledger has counted: a look that a wrong clock has narrowed may show none.
    """
    position, other = legs
    closing = min(position.steps, other.steps) if other else position.steps - wish.target
    return Request(
        number=number, episode=wish.episode if wish.source is Source.RULE else None, position=position.identifier,
        symbol=position.symbol, side=position.side, held=position.steps, sent_ms=now_ms,
        steps=closing if other else volumes.requests(instrument, closing)[0], tag=tag(owner, number),
        deal_floor=max(newest_deal, *(d.ticket for d in seen.deals), 0), broker_ms=brokers_now(seen),
        capped=not wish.uncapped, filling=-1 if other else fillings.mode(instrument),
        by=other.identifier if other else 0, by_held=other.steps if other else 0,
    )  # fmt: skip


def order(request: Request, legs: tuple[Position, Position | None], instrument: Instrument) -> CloseOrder:
    """What the terminal is sent, by the tickets of now."""
    position, other = legs
    return CloseOrder(
        ticket=position.ticket, symbol=position.symbol, side=position.side.opposite,
        lots=instrument.lots(request.steps), filling=max(0, request.filling), magic=position.magic,
        comment=request.tag, held=position.lots, by=other.ticket if other else 0,
        by_held=other.lots if other else 0.0, identifiers=request.positions,
    )  # fmt: skip
