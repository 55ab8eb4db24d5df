"""What a quote sets off at the broker: stops and targets, pending orders, the stop-out."""

from __future__ import annotations

from bridge.simulator import pendings
from bridge.simulator.account import SO_MONEY
from bridge.simulator.book import BUY, SELL, Deal, Position
from bridge.simulator.dealing import fill, market_order
from bridge.simulator.desk import Desk
from bridge.simulator.market import Line
from bridge.simulator.valuation import Figures, figures, floating
from monitors.kinds import DealReason


def on_quote(desk: Desk, line: Line) -> None:
    """Run after each quote; a quote that is no price sets off nothing."""
    if not line.quoted:
        return
    for position in desk.book.of_symbol(line.listing.name):
        if (reason := _hit(line, position)) is not None:
            close_at_market(desk, position, reason)
    if desk.book.pendings:
        pendings.trigger(desk, line)
    stop_out(desk)


def _hit(line: Line, position: Position) -> DealReason | None:
    price, sign = line.price(buy=position.side != BUY), position.sign
    if position.sl and sign * (price - position.sl) <= 0:
        return DealReason.STOP_LOSS
    if position.tp and sign * (price - position.tp) >= 0:
        return DealReason.TAKE_PROFIT
    return None


def close_at_market(desk: Desk, position: Position, reason: DealReason, steps: int = 0, comment: str = "") -> Deal:
    """Close a position, or `steps` of it, at the present price in the broker's or the trader's name."""
    line = desk.market.lines[position.listing.name]
    levels = {DealReason.STOP_LOSS: ("sl", position.sl), DealReason.TAKE_PROFIT: ("tp", position.tp)}
    if reason in levels:
        word, level = levels[reason]
        comment = f"[{word} {level:.{line.listing.digits}f}]"
    kind = SELL if position.side == BUY else BUY
    order = market_order(
        desk,
        position.listing,
        kind,
        steps or position.steps,
        reason=reason,
        position=position,
        magic=position.magic,
        comment=comment,
    )
    return fill(desk, order, line.price(buy=kind == BUY), position=position)


def stop_out(desk: Desk) -> None:
    """At the stop-out level the most unprofitable position goes first, one after another, until it is left behind."""
    account, book = desk.account, desk.book
    while account.stop_out and book.positions:
        state = figures(desk.market, account, book)
        if not state.margin or not _out(desk, state):
            return
        open_ = [p for p in book.positions.values() if desk.market.lines[p.listing.name].quoted]
        tradable = [p for p in open_ if desk.market.lines[p.listing.name].trading]
        if not tradable or len(open_) < len(book.positions):
            return  # a price is missing: nobody is closed out on that
        worst = min(tradable, key=lambda p: (floating(desk.market, account, p) + p.swap, p.identifier))
        close_at_market(desk, worst, DealReason.STOP_OUT, comment=f"[so {state.level:.2f}%]")


def _out(desk: Desk, state: Figures) -> bool:
    account = desk.account
    return (state.equity if account.so_mode == SO_MONEY else state.level) <= account.stop_out
