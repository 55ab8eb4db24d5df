"""Whether the broker accepts a request: a return code, OK where nothing speaks against it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from bridge.simulator.backend import Row
from bridge.simulator.book import BUY, SELL, Position
from bridge.simulator.desk import Desk
from bridge.simulator.listing import (
    EXE_EXCHANGE,
    EXE_INSTANT,
    EXE_MARKET,
    EXE_REQUEST,
    FILL_BOC,
    FILL_FOK,
    FILL_IOC,
    ORDER_MODE_CLOSEBY,
    TRADE_CLOSE_ONLY,
    TRADE_DISABLED,
    TRADE_LONG_ONLY,
    TRADE_SHORT_ONLY,
    Listing,
)
from bridge.simulator.market import Line
from bridge.simulator.retcodes import Retcode
from bridge.simulator.valuation import figures, margin_rate, used_margin

_FILL_FLAGS = {0: FILL_FOK, 1: FILL_IOC, 3: FILL_BOC}
RETURN = 2


def market_deal(desk: Desk, request: Row) -> Retcode:
    """A deal at the market, opening or closing."""
    line = desk.market.lines.get(request["symbol"])
    if line is None or request["type"] not in {BUY, SELL}:
        return Retcode.INVALID
    position = desk.book.positions.get(request["position"])
    tests: tuple[Callable[[], Retcode], ...] = (
        lambda: _named_position(request, position),
        lambda: tradable(line),
        lambda: volume(line.listing, request["volume"], position),
        lambda: filling(line.listing, request["type_filling"]),
        lambda: _price(line, request),
        lambda: _fifo(desk, position) if position else _opening(desk, line, request),
    )
    return next((code for test in tests if (code := test())), Retcode.OK)


def _named_position(request: Row, position: Position | None) -> Retcode:
    if not request["position"]:
        return Retcode.OK
    if position is None:
        return Retcode.POSITION_CLOSED
    if position.listing.name != request["symbol"] or position.side == request["type"]:
        return Retcode.INVALID
    return Retcode.OK


def tradable(line: Line) -> Retcode:
    if line.listing.trade_mode == TRADE_DISABLED:
        return Retcode.TRADE_DISABLED
    if not line.trading:
        return Retcode.MARKET_CLOSED
    return Retcode.OK if line.quoted else Retcode.PRICE_OFF


def volume(listing: Listing, lots: float, position: Position | None = None) -> Retcode:
    """Whole steps between minimum and maximum; against a position never more than it, and no crumb left behind."""
    steps = listing.steps(lots)
    if steps is None or steps <= 0 or lots > listing.volume_max * (1 + 1e-9):
        return Retcode.INVALID_VOLUME
    smallest = round(listing.volume_min / listing.volume_step)
    if position is None:
        return Retcode.OK if steps >= smallest else Retcode.INVALID_VOLUME
    if steps > position.steps:
        return Retcode.INVALID_CLOSE_VOLUME
    crumb = 0 < position.steps - steps < smallest
    return Retcode.INVALID_VOLUME if crumb or steps < min(smallest, position.steps) else Retcode.OK


def filling(listing: Listing, kind: int) -> Retcode:
    """The symbol's mask against the order's mode, as the execution mode reads it.

    Source: MetaTrader 5 help, "Fill policy": market execution needs the flag and knows no Return; exchange execution
    always has Return; instant and on request take all.
    """
    if listing.exemode in {EXE_REQUEST, EXE_INSTANT}:
        allowed = kind in {0, 1, RETURN}
    elif kind == RETURN:
        allowed = listing.exemode == EXE_EXCHANGE
    else:
        allowed = bool(listing.filling & _FILL_FLAGS.get(kind, 0))
    return Retcode.OK if allowed else Retcode.INVALID_FILL


def _price(line: Line, request: Row) -> Retcode:
    """Market and exchange execution ignore the price; the others requote beyond the deviation."""
    asked = request["price"]
    if not math.isfinite(asked) or asked < 0:
        return Retcode.INVALID_PRICE
    if line.listing.exemode in {EXE_MARKET, EXE_EXCHANGE}:
        return Retcode.OK
    if asked == 0:
        return Retcode.INVALID_PRICE
    away = abs(line.price(buy=request["type"] == BUY) - asked) / line.listing.point
    return Retcode.REQUOTE if away > request["deviation"] + 1e-6 else Retcode.OK


def stops(line: Line, side: int, sl: float, tp: float, closing: float) -> Retcode:
    """Stop and target on their sides of the price that would close, at least the stops level away from it."""
    sign = 1 if side == BUY else -1
    room = max(line.listing.stops_level * line.listing.point - 1e-9, 1e-12)
    for level, away in ((sl, -sign), (tp, sign)):
        if not math.isfinite(level) or level < 0:
            return Retcode.INVALID_STOPS
        if level and (level - closing) * away < room:
            return Retcode.INVALID_STOPS
    return Retcode.OK


def _fifo(desk: Desk, position: Position) -> Retcode:
    if not desk.account.fifo_close:
        return Retcode.OK
    oldest = desk.book.of_symbol(position.listing.name)[0]
    return Retcode.OK if oldest is position else Retcode.FIFO_CLOSE


def direction(listing: Listing, side: int) -> Retcode:
    """Whether the symbol may be opened to that side."""
    if listing.trade_mode == TRADE_CLOSE_ONLY:
        return Retcode.CLOSE_ONLY
    if listing.trade_mode == TRADE_LONG_ONLY and side != BUY:
        return Retcode.LONG_ONLY
    if listing.trade_mode == TRADE_SHORT_ONLY and side == BUY:
        return Retcode.SHORT_ONLY
    return Retcode.OK


def _opening(desk: Desk, line: Line, request: Row) -> Retcode:
    listing = line.listing
    if code := stops(line, request["type"], request["sl"], request["tp"], line.price(buy=request["type"] != BUY)):
        return code
    steps = listing.steps(request["volume"]) or 0
    held = desk.book.of_symbol(listing.name)
    netted = held[0] if held and not desk.account.hedging else None
    if netted and netted.side != request["type"] and steps <= netted.steps:
        return Retcode.OK  # without a ticket, but it only reduces
    if code := direction(listing, request["type"]):
        return code
    limit = desk.account.limit_positions
    if limit and netted is None and len(desk.book.positions) >= limit:
        return Retcode.LIMIT_POSITIONS
    same_way = sum(p.steps for p in held if p.side == request["type"])
    if listing.volume_limit and listing.lots(same_way + steps) > listing.volume_limit + 1e-9:
        return Retcode.LIMIT_VOLUME
    after = book_after(desk, listing, request["type"], steps, line.price(buy=request["type"] == BUY))
    return money(desk, after)


def book_after(desk: Desk, listing: Listing, side: int, steps: int, price: float) -> list[Position]:
    """The positions as they would be after a deal without a ticket."""
    book = list(desk.book.positions.values())
    rate = margin_rate(desk.market, desk.account, listing, buy=side == BUY, price=price)
    new = Position(
        identifier=0,
        ticket=0,
        listing=listing,
        side=side,
        steps=steps,
        price_open=price,
        opened_ms=0,
        updated_ms=0,
        margin_rate=rate,
    )
    held = next((p for p in book if p.listing.name == listing.name), None)
    if held is None or desk.account.hedging or held.side == side:
        return [*book, new]
    others = [p for p in book if p is not held]
    if steps <= held.steps:
        return [*others, replace(held, steps=held.steps - steps)] if steps < held.steps else others
    return [*others, replace(new, steps=steps - held.steps)]


def money(desk: Desk, after: list[Position]) -> Retcode:
    """Enough equity for the margin of that book, where it asks for more than the present one."""
    now = figures(desk.market, desk.account, desk.book)
    wanted = used_margin(desk.account, after)
    return Retcode.NO_MONEY if wanted > now.margin and wanted > now.equity else Retcode.OK


def closing_by(desk: Desk, request: Row) -> Retcode:
    """Two positions of one symbol that point at each other, on a hedging account."""
    first = desk.book.positions.get(request["position"])
    second = desk.book.positions.get(request["position_by"])
    if not request["position"] or not request["position_by"]:
        return Retcode.INVALID
    if first is None or second is None:
        return Retcode.POSITION_CLOSED
    if not desk.account.hedging or first.listing is not second.listing or first.side == second.side:
        return Retcode.INVALID
    if not first.listing.order_mode & ORDER_MODE_CLOSEBY:
        return Retcode.INVALID
    return tradable(desk.market.lines[first.listing.name])


def protection(desk: Desk, request: Row) -> Retcode:
    """New stops for a position."""
    position = desk.book.positions.get(request["position"])
    if position is None:
        held = desk.book.of_symbol(request["symbol"]) if not desk.account.hedging else []
        position = held[0] if held and not request["position"] else None
    if position is None:
        return Retcode.POSITION_CLOSED
    line = desk.market.lines[position.listing.name]
    sl, tp = request["sl"], request["tp"]
    if code := tradable(line):
        return code
    price = line.price(buy=position.side != BUY)
    if code := stops(line, position.side, sl, tp, price):
        return code
    if (line.listing.rounded(sl), line.listing.rounded(tp)) == (position.sl, position.tp):
        return Retcode.NO_CHANGES
    frozen = line.listing.freeze_level * line.listing.point
    near = any(level and abs(level - price) <= frozen for level in (position.sl, position.tp))
    return Retcode.FROZEN if frozen and near else Retcode.OK


def without(desk: Desk, position: Position, steps: int) -> list[Position]:
    """The positions as they would be with `steps` of one closed."""
    left = [replace(position, steps=position.steps - steps)] if steps < position.steps else []
    return [*(p for p in desk.book.positions.values() if p is not position), *left]
