"""What is over, as far as the broker still shows it: finished orders and deals by time, ticket or position."""

from __future__ import annotations

from bridge.simulator.book import Deal, Order
from bridge.simulator.desk import Desk

_DAY_MS = 86_400_000


def _archived_before(desk: Desk) -> int:
    return desk.now_ms - desk.history_days * _DAY_MS if desk.history_days is not None else 0


def deals(desk: Desk) -> list[Deal]:
    """Every deal that is not archived, in order of time."""
    limit = _archived_before(desk)
    return sorted((d for d in desk.book.deals if d.utc_ms >= limit), key=lambda d: (d.utc_ms, d.ticket))


def orders(desk: Desk) -> list[Order]:
    """Every finished order that is not archived, in order of time."""
    limit = _archived_before(desk)
    return sorted((o for o in desk.book.orders_done if o.done_ms >= limit), key=lambda o: (o.done_ms, o.ticket))


def deals_between(desk: Desk, since_s: int, until_s: int) -> list[Deal]:
    """Broker seconds, both ends included."""
    return [d for d in deals(desk) if since_s <= desk.zone.to_broker_ms(d.utc_ms) // 1000 <= until_s]


def orders_between(desk: Desk, since_s: int, until_s: int) -> list[Order]:
    """The same for orders, by the time they were done."""
    return [o for o in orders(desk) if since_s <= desk.zone.to_broker_ms(o.done_ms) // 1000 <= until_s]


def deals_of(desk: Desk, *, ticket: int | None, position: int | None) -> list[Deal]:
    """By the order's ticket, else by the position's identifier."""
    if ticket is not None:
        return [d for d in deals(desk) if d.order == ticket]
    return [d for d in deals(desk) if d.position_id == position]


def orders_of(desk: Desk, *, ticket: int | None, position: int | None) -> list[Order]:
    """By their own ticket, else by the position's identifier."""
    if ticket is not None:
        return [o for o in orders(desk) if o.ticket == ticket]
    return [o for o in orders(desk) if position in {o.position_id, o.position_by}]
