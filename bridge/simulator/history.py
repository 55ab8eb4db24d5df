"""What is over, as far as the broker still shows it: finished orders and deals by time, ticket or position."""

from __future__ import annotations

from bridge.simulator.book import Deal, Order
from bridge.simulator.desk import Desk

_DAY_MS = 86_400_000
_NEVER_MS = 2**62


def _archived_before(desk: Desk) -> int:
    return desk.now_ms - desk.history_days * _DAY_MS if desk.history_days is not None else 0


def _deals(desk: Desk, since_ms: int = 0, until_ms: int = _NEVER_MS) -> list[Deal]:
    """Every deal of that time that is not archived, in order of time."""
    since_ms = max(since_ms, _archived_before(desk))
    found = [d for d in desk.book.deals if since_ms <= d.utc_ms <= until_ms]
    return sorted(found, key=lambda d: (d.utc_ms, d.ticket))


def _orders(desk: Desk, since_ms: int = 0, until_ms: int = _NEVER_MS) -> list[Order]:
    """The same for finished orders."""
    since_ms = max(since_ms, _archived_before(desk))
    found = [o for o in desk.book.orders_done if since_ms <= o.done_ms <= until_ms]
    return sorted(found, key=lambda o: (o.done_ms, o.ticket))


def _around(since_s: int, until_s: int) -> tuple[int, int]:
    """UTC milliseconds that hold those broker seconds whatever the zone: no clock is a day off."""
    return since_s * 1000 - _DAY_MS, until_s * 1000 + _DAY_MS


def deals_between(desk: Desk, since_s: int, until_s: int) -> list[Deal]:
    """Broker seconds, both ends included."""
    near = _deals(desk, *_around(since_s, until_s))
    return [d for d in near if since_s <= desk.zone.to_wall_ms(d.utc_ms) // 1000 <= until_s]


def orders_between(desk: Desk, since_s: int, until_s: int) -> list[Order]:
    """The same for orders, by the time they were done."""
    near = _orders(desk, *_around(since_s, until_s))
    return [o for o in near if since_s <= desk.zone.to_wall_ms(o.done_ms) // 1000 <= until_s]


def deals_of(desk: Desk, *, ticket: int | None, position: int | None) -> list[Deal]:
    """By the order's ticket, else by the position's identifier."""
    if ticket is not None:
        return [d for d in _deals(desk) if d.order == ticket]
    return [d for d in _deals(desk) if d.position_id == position]


def orders_of(desk: Desk, *, ticket: int | None, position: int | None) -> list[Order]:
    """By their own ticket, else by the position's identifier."""
    if ticket is not None:
        return [o for o in _orders(desk) if o.ticket == ticket]
    return [o for o in _orders(desk) if position in {o.position_id, o.position_by}]
