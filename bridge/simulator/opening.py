"""How a world begins: positions that were opened before it did."""

from __future__ import annotations

from bridge.simulator.book import Deal, Order, OrderState, Position
from bridge.simulator.desk import Desk
from monitors.kinds import Entry


def put(desk: Desk, position: Position) -> None:
    """A position that was opened before the world began, with the order and the deal it came from."""
    book, listing = desk.book, position.listing
    book.reserve(position.identifier)
    book.positions[position.ticket] = position
    book.bound = None
    order = Order(
        ticket=position.identifier,
        listing=listing,
        kind=position.side,
        steps=position.steps,
        placed_ms=position.opened_ms,
        done_ms=position.opened_ms,
        state=OrderState.FILLED,
        price=position.price_open,
        position_id=position.identifier,
        magic=position.magic,
        comment=position.comment,
    )
    book.orders_done.append(order)
    deal = Deal(
        ticket=book.next_ticket(),
        utc_ms=position.opened_ms,
        kind=position.side,
        order=order.ticket,
        entry=Entry.IN,
        magic=position.magic,
        position_id=position.identifier,
        lots=position.lots,
        price=position.price_open,
        symbol=listing.name,
        comment=position.comment,
    )
    book.deals.append(deal)
