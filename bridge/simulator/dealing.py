"""The broker's dealing room: an order becomes a deal, a deal changes a position and the balance."""

from __future__ import annotations

from bridge.simulator.book import BUY, SELL, Deal, DealType, Order, OrderState, Position
from bridge.simulator.desk import Desk
from bridge.simulator.listing import Listing
from bridge.simulator.valuation import margin_rate, trade_profit
from monitors.kinds import DealReason, Entry


def market_order(
    desk: Desk,
    listing: Listing,
    kind: int,
    steps: int,
    *,
    reason: int = DealReason.CLIENT,
    ticket: int = 0,
    position: Position | None = None,
    magic: int = 0,
    comment: str = "",
) -> Order:
    """A new order at the market, numbered, not yet filled; `ticket` 0: the next number."""
    return Order(
        ticket=ticket or desk.book.next_ticket(),
        listing=listing,
        kind=kind,
        steps=steps,
        steps_left=steps,
        placed_ms=desk.now_ms,
        position_id=position.identifier if position else 0,
        magic=magic,
        reason=reason,
        comment=comment,
    )


def fill(
    desk: Desk, order: Order, price: float, *, position: Position | None = None, steps: int = 0, deal: int = 0
) -> Deal:
    """Carry out `order` at `price`: `steps` of it (0: all), against `position` where one is named.

    Without one, a hedging account opens a position and a netting account adds to, reduces or reverses what it holds.
    The deal and the position bear the order's time, `deal` is its number when one was reserved.
    """
    order.done_ms = order.done_ms or desk.now_ms
    steps = min(steps or order.steps, order.steps)
    side = order.kind % 2  # every sell is odd
    if position is None and not desk.account.hedging:
        position = next(iter(desk.book.of_symbol(order.listing.name)), None)
        if position is not None and position.side != side and steps > position.steps:
            return _finish(desk, order, steps, _reverse(desk, order, position, steps, price, deal))
        if position is not None and position.side == side:
            return _finish(desk, order, steps, _add(desk, order, position, steps, price, deal))
    if position is None:
        return _finish(desk, order, steps, _open(desk, order, side, steps, price, deal))
    steps = min(steps, position.steps)
    return _finish(desk, order, steps, reduce(desk, order, position, steps, price, deal=deal))


def _finish(desk: Desk, order: Order, steps: int, deal: Deal) -> Deal:
    order.steps_left = order.steps - steps
    order.state = OrderState.PARTIAL if order.steps_left else OrderState.FILLED
    order.position_id = deal.position_id
    order.price = order.price or deal.price
    desk.book.orders_done.append(order)
    return deal


def _open(desk: Desk, order: Order, side: int, steps: int, price: float, deal: int) -> Deal:
    position = Position(
        identifier=order.ticket,
        ticket=order.ticket,
        listing=order.listing,
        side=side,
        steps=steps,
        price_open=price,
        opened_ms=order.done_ms,
        updated_ms=order.done_ms,
        margin_rate=margin_rate(desk.market, desk.account, order.listing, buy=side == BUY, price=price),
        sl=order.sl,
        tp=order.tp,
        magic=order.magic,
        reason=order.reason,
        comment=order.comment,
    )
    desk.book.positions[position.ticket] = position
    return booked(desk, order, position, Entry.IN, side, steps, price, deal=deal)


def _add(desk: Desk, order: Order, position: Position, steps: int, price: float, deal: int) -> Deal:
    rate = margin_rate(desk.market, desk.account, order.listing, buy=position.side == BUY, price=price)
    both = position.steps + steps
    position.price_open = (position.price_open * position.steps + price * steps) / both
    position.margin_rate = (position.margin_rate * position.steps + rate * steps) / both
    position.steps = both
    position.updated_ms = order.done_ms
    position.sl, position.tp = order.sl or position.sl, order.tp or position.tp
    return booked(desk, order, position, Entry.IN, position.side, steps, price, deal=deal)


def _reverse(desk: Desk, order: Order, position: Position, steps: int, price: float, deal: int) -> Deal:
    """A netting position turned round: one INOUT deal; the identifier stays, the ticket becomes the order's."""
    profit = _profit(desk, position, position.steps, price)
    swap, position.swap = position.swap, 0.0
    side = SELL if position.side == BUY else BUY
    del desk.book.positions[position.ticket]
    position.ticket, position.side, position.steps = order.ticket, side, steps - position.steps
    position.price_open, position.opened_ms, position.updated_ms = price, order.done_ms, order.done_ms
    position.margin_rate = margin_rate(desk.market, desk.account, order.listing, buy=side == BUY, price=price)
    position.sl, position.tp, position.magic, position.comment = order.sl, order.tp, order.magic, order.comment
    desk.book.positions[position.ticket] = position
    return booked(desk, order, position, Entry.INOUT, side, steps, price, profit=profit, swap=swap, deal=deal)


def reduce(
    desk: Desk, order: Order, position: Position, steps: int, price: float, *, entry: int = Entry.OUT, deal: int = 0
) -> Deal:
    """Close `steps` of a position at `price`; its swap is paid out by the share that goes."""
    profit = _profit(desk, position, steps, price)
    whole = steps >= position.steps
    swap = position.swap if whole else desk.account.rounded(position.swap * steps / position.steps)
    position.swap = desk.account.rounded(position.swap - swap)
    position.steps -= steps
    position.updated_ms = order.done_ms
    if whole:
        del desk.book.positions[position.ticket]
    side = SELL if position.side == BUY else BUY
    return booked(desk, order, position, entry, side, steps, price, profit=profit, swap=swap, deal=deal)


def close_by(desk: Desk, order: Order, position: Position, opposite: Position) -> Deal:
    """Close two opposite positions against each other, at the second's open price: the first takes all the profit."""
    order.done_ms = desk.now_ms
    steps = min(position.steps, opposite.steps)
    price = opposite.price_open
    order.position_by = opposite.identifier
    first = reduce(desk, order, position, steps, price, entry=Entry.OUT_BY)
    reduce(desk, order, opposite, steps, price, entry=Entry.OUT_BY)
    return _finish(desk, order, order.steps, first)


def _profit(desk: Desk, position: Position, steps: int, price: float) -> float:
    return trade_profit(
        desk.market,
        desk.account,
        position.listing,
        side=position.side,
        lots=position.listing.lots(steps),
        opened=position.price_open,
        closed=price,
    )


def booked(
    desk: Desk,
    order: Order,
    position: Position,
    entry: int,
    kind: int,
    steps: int,
    price: float,
    *,
    profit: float = 0.0,
    swap: float = 0.0,
    deal: int = 0,
) -> Deal:
    """The deal in the books, its money on the balance."""
    listing, account = order.listing, desk.account
    lots = listing.lots(steps)
    done = Deal(
        ticket=deal or desk.book.next_ticket(),
        utc_ms=order.done_ms,
        kind=kind,
        order=order.ticket,
        entry=entry,
        magic=order.magic,
        position_id=position.identifier,
        reason=order.reason,
        lots=lots,
        price=price,
        commission=account.rounded(-listing.commission_per_lot * lots),
        swap=swap,
        profit=profit,
        symbol=listing.name,
        comment=order.comment,
    )
    account.balance = account.rounded(account.balance + done.profit + done.swap + done.commission)
    desk.book.deals.append(done)
    desk.book.bound = None
    return done


def transfer(desk: Desk, amount: float, *, credit: bool = False, comment: str = "") -> Deal:
    """Money from outside: a deposit, a withdrawal (negative) or credit."""
    account = desk.account
    amount = account.rounded(amount)
    if credit:
        account.credit = account.rounded(account.credit + amount)
    else:
        account.balance = account.rounded(account.balance + amount)
    kind = DealType.CREDIT if credit else DealType.BALANCE
    deal = Deal(ticket=desk.book.next_ticket(), utc_ms=desk.now_ms, kind=kind, profit=amount, comment=comment)
    desk.book.deals.append(deal)
    return deal
