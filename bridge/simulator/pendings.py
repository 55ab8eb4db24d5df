"""Pending orders: placed, changed, removed, expired, triggered."""

from __future__ import annotations

import math
from collections.abc import Callable

from bridge.simulator import checks
from bridge.simulator.backend import Row
from bridge.simulator.book import BUY, SELL, Order, OrderState
from bridge.simulator.dealing import fill
from bridge.simulator.desk import Desk
from bridge.simulator.market import Line
from bridge.simulator.retcodes import Retcode
from monitors.kinds import DealReason

BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP, BUY_STOP_LIMIT, SELL_STOP_LIMIT = range(2, 8)
LIMITS = {BUY_LIMIT, SELL_LIMIT}
STOP_LIMITS = {BUY_STOP_LIMIT: BUY_LIMIT, SELL_STOP_LIMIT: SELL_LIMIT}
GTC, DAY, SPECIFIED, SPECIFIED_DAY = range(4)
_DAY_MS = 86_400_000


def check_new(desk: Desk, request: Row) -> Retcode:
    line = desk.market.lines.get(request["symbol"])
    if line is None or not BUY_LIMIT <= request["type"] <= SELL_STOP_LIMIT:
        return Retcode.INVALID
    tests: tuple[Callable[[], Retcode], ...] = (
        lambda: checks.tradable(line),
        lambda: checks.direction(line.listing, request["type"] % 2),
        lambda: checks.volume(line.listing, request["volume"]),
        lambda: Retcode.LIMIT_ORDERS if 0 < desk.account.limit_orders <= len(desk.book.pendings) else Retcode.OK,
        lambda: _check_prices(line, request["type"], request),
        lambda: _check_expiry(desk, request),
    )
    return next((code for test in tests if (code := test())), Retcode.OK)


def check_change(desk: Desk, request: Row) -> Retcode:
    order = desk.book.pendings.get(request["order"])
    if order is None:
        return Retcode.INVALID_ORDER
    line = desk.market.lines[order.listing.name]
    return checks.tradable(line) or _check_prices(line, order.kind, request) or _check_expiry(desk, request)


def check_removal(desk: Desk, request: Row) -> Retcode:
    order = desk.book.pendings.get(request["order"])
    if order is None:
        return Retcode.INVALID_ORDER
    return Retcode.OK if desk.market.lines[order.listing.name].trading else Retcode.MARKET_CLOSED


def _check_prices(line: Line, kind: int, request: Row) -> Retcode:
    """The trigger on its side of the market, a stop-limit's limit on the far side of its trigger."""
    price, limit = request["price"], request["stoplimit"]
    if not math.isfinite(price) or price <= 0 or not math.isfinite(limit) or limit < 0:
        return Retcode.INVALID_PRICE
    buy = kind % 2 == BUY
    above = line.price(buy=buy) + line.listing.stops_level * line.listing.point
    below = line.price(buy=buy) - line.listing.stops_level * line.listing.point
    wants_lower = (kind in LIMITS) == buy
    if (price > below if wants_lower else price < above) or price == line.price(buy=buy):
        return Retcode.INVALID_PRICE
    if kind in STOP_LIMITS and (limit <= 0 or (limit > price if buy else limit < price)):
        return Retcode.INVALID_PRICE
    return checks.stops(line, BUY if buy else SELL, request["sl"], request["tp"], limit or price)


def _check_expiry(desk: Desk, request: Row) -> Retcode:
    if request["type_time"] not in range(4):
        return Retcode.INVALID_EXPIRATION
    if request["type_time"] in {GTC, DAY}:
        return Retcode.OK
    return Retcode.OK if _expiry(desk, request) > desk.now_ms else Retcode.INVALID_EXPIRATION


def _expiry(desk: Desk, request: Row) -> int:
    """UTC milliseconds; 0: never. Days end at the broker's midnight."""
    zone, kind = desk.zone, request["type_time"]
    if kind == GTC:
        return 0
    if kind == DAY:
        return zone.next_midnight_ms(desk.now_ms)
    named = zone.to_utc_ms(request["expiration"] * 1000)
    return zone.next_midnight_ms(named) if kind == SPECIFIED_DAY else named


def place(desk: Desk, request: Row, ticket: int = 0) -> Order:
    listing = desk.market.lines[request["symbol"]].listing
    order = Order(
        ticket=ticket or desk.book.next_ticket(),
        listing=listing,
        kind=request["type"],
        steps=listing.steps(request["volume"]) or 0,
        steps_left=listing.steps(request["volume"]) or 0,
        placed_ms=desk.now_ms,
        filling=request["type_filling"],
        magic=request["magic"],
        reason=DealReason.EXPERT,
        comment=request["comment"],
    )
    _set_levels(desk, order, request)
    desk.book.pendings[order.ticket] = order
    return order


def change(desk: Desk, request: Row) -> None:
    _set_levels(desk, desk.book.pendings[request["order"]], request)


def _set_levels(desk: Desk, order: Order, request: Row) -> None:
    rounded = order.listing.rounded
    order.price, order.stoplimit = rounded(request["price"]), rounded(request["stoplimit"])
    order.sl, order.tp = rounded(request["sl"]), rounded(request["tp"])
    order.type_time, order.expires_ms = request["type_time"], _expiry(desk, request)
    if order.expires_ms:
        desk.at(order.expires_ms, expire)


def retire(desk: Desk, order: Order, state: OrderState, utc_ms: int = 0) -> None:
    del desk.book.pendings[order.ticket]
    order.state, order.done_ms = state, utc_ms or desk.now_ms
    desk.book.orders_done.append(order)


def expire(desk: Desk) -> None:
    """Retire what has had its time."""
    for order in [o for o in desk.book.pendings.values() if 0 < o.expires_ms <= desk.now_ms]:
        retire(desk, order, OrderState.EXPIRED, order.expires_ms)


def trigger(desk: Desk, line: Line) -> None:
    """Fill what the new price reaches, at that price; what the account cannot pay for is rejected."""
    for order in [o for o in desk.book.pendings.values() if o.listing is line.listing]:
        if order.kind in STOP_LIMITS and _reached(line, order):
            order.kind, order.price, order.stoplimit = STOP_LIMITS[order.kind], order.stoplimit, 0.0
        if order.kind in STOP_LIMITS or not _reached(line, order):
            continue
        price = line.price(buy=order.kind % 2 == BUY)
        after = checks.book_after(desk, order.listing, order.kind % 2, order.steps, price)
        if checks.money(desk, after):
            retire(desk, order, OrderState.REJECTED)
            continue
        del desk.book.pendings[order.ticket]
        fill(desk, order, price)


def _reached(line: Line, order: Order) -> bool:
    buy = order.kind % 2 == BUY
    price = line.price(buy=buy)
    wants_lower = (order.kind in LIMITS) == buy
    return price <= order.price if wants_lower else price >= order.price
