"""order_send and order_check at the broker: the request, the faults in its way, the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.simulator import checks, pendings
from bridge.simulator.backend import Refusal, Row
from bridge.simulator.book import BUY, OrderState
from bridge.simulator.dealing import close_by, fill, market_order
from bridge.simulator.desk import Desk
from bridge.simulator.faults import Answer, Partial
from bridge.simulator.retcodes import Retcode, words
from bridge.simulator.triggers import close_at_market, stop_out
from bridge.simulator.valuation import figures, used_margin
from monitors.kinds import DealReason

DEAL, PENDING, SLTP, MODIFY, REMOVE, CLOSE_BY = 1, 5, 6, 7, 8, 10
CLOSE_BY_ORDER = 8
API_DISABLED = -8

_CHECKS: dict[int, Callable[[Desk, Row], Retcode]] = {
    DEAL: checks.market_deal,
    CLOSE_BY: checks.closing_by,
    SLTP: checks.protection,
    PENDING: pendings.check_new,
    MODIFY: pendings.check_change,
    REMOVE: pendings.check_removal,
}
_SHOWS_TICKETS = {Retcode.DONE, Retcode.DONE_PARTIAL, Retcode.PLACED}


def send(desk: Desk, request: Row) -> Row | None:
    """The result of a request; None where the terminal gives no answer.

    What the terminal itself refuses never reaches the broker; what reaches it takes the oldest fault in the queue.
    """
    if desk.api_disabled:
        raise Refusal(API_DISABLED)
    if not desk.algo_trading:
        return _result(desk, request, Retcode.CLIENT_DISABLES_AT)
    if not desk.linked:
        return _result(desk, request, Retcode.CONNECTION)
    desk.requests += 1
    if hits := desk.faults.take_stop_hits():
        for identifier in hits:
            if position := desk.book.by_identifier(identifier):
                close_at_market(desk, position, DealReason.STOP_LOSS)
        return _result(desk, request, Retcode.POSITION_CLOSED)
    fault = desk.faults.take()
    verdict = judge(desk, request)
    if isinstance(fault, Answer):
        return _faulty(desk, request, fault, verdict)
    if verdict:
        return _result(desk, request, verdict)
    carry_out, expected = _prepare(desk, request, fault.share if isinstance(fault, Partial) else 1.0)
    carry_out(desk)
    return _result(desk, request, expected.pop("retcode"), **expected)


def judge(desk: Desk, request: Row) -> Retcode:
    """The broker's verdict before anything is done; OK: it would be carried out."""
    if not desk.account.trade_expert:
        return Retcode.SERVER_DISABLES_AT
    if not desk.account.trade_allowed:
        return Retcode.TRADE_DISABLED
    check = _CHECKS.get(request["action"])
    return check(desk, request) if check else Retcode.INVALID


def _faulty(desk: Desk, request: Row, fault: Answer, verdict: Retcode) -> Row | None:
    details: dict[str, Any] = {}
    if fault.executed and not verdict:
        carry_out, details = _prepare(desk, request, 1.0)
        if fault.late_ms:
            desk.at(desk.now_ms + fault.late_ms, carry_out)
        else:
            carry_out(desk)
    if fault.retcode is None:
        return None
    details.pop("retcode", None)
    return _result(desk, request, fault.retcode, **(details if fault.retcode in _SHOWS_TICKETS else {}))


def _prepare(desk: Desk, request: Row, share: float) -> tuple[Callable[[Desk], None], dict[str, Any]]:
    """What carrying the request out means, at the price of now, and what its result says."""
    action = request["action"]
    if action == DEAL:
        return _prepare_deal(desk, request, share)
    if action == PENDING:
        ticket = desk.book.next_ticket()
        placed = {"retcode": Retcode.DONE, "order": ticket, "volume": request["volume"]}
        return lambda d: _ignore(pendings.place(d, request, ticket)), placed
    if action == MODIFY:
        return lambda d: _change(d, request), {"retcode": Retcode.DONE, "order": request["order"]}
    if action == REMOVE:
        return lambda d: _remove(d, request), {"retcode": Retcode.DONE, "order": request["order"]}
    if action == SLTP:
        return lambda d: _protect(d, request), {"retcode": Retcode.DONE}
    return _prepare_close_by(desk, request)


def _prepare_deal(desk: Desk, request: Row, share: float) -> tuple[Callable[[Desk], None], dict[str, Any]]:
    line = desk.market.lines[request["symbol"]]
    listing, price = line.listing, line.price(buy=request["type"] == BUY)
    position = desk.book.positions.get(request["position"])
    identifier = position.identifier if position else 0
    order = market_order(
        desk,
        listing,
        request["type"],
        listing.steps(request["volume"]) or 0,
        reason=DealReason.EXPERT,
        position=position,
        magic=request["magic"],
        comment=request["comment"],
    )
    order.filling, order.sl, order.tp = (
        request["type_filling"],
        listing.rounded(request["sl"]),
        listing.rounded(request["tp"]),
    )
    order.done_ms = desk.now_ms
    steps = order.steps if share >= 1 else max(round(order.steps * share), 1)
    deal = desk.book.next_ticket()

    def carry_out(at: Desk) -> None:
        target = at.book.by_identifier(identifier) if identifier else None
        if identifier and target is None:
            order.state = OrderState.CANCELED
            at.book.orders_done.append(order)
            return
        fill(at, order, price, position=target, steps=steps, deal=deal)
        stop_out(at)

    details = {"deal": deal, "order": order.ticket, "volume": listing.lots(steps), "price": price}
    retcode = Retcode.DONE if steps == order.steps else Retcode.DONE_PARTIAL
    return carry_out, {"retcode": retcode, **details, "bid": line.bid, "ask": line.ask}


def _prepare_close_by(desk: Desk, request: Row) -> tuple[Callable[[Desk], None], dict[str, Any]]:
    first = desk.book.positions[request["position"]]
    second = desk.book.positions[request["position_by"]]
    line, steps = desk.market.lines[first.listing.name], min(first.steps, second.steps)
    order = market_order(
        desk,
        first.listing,
        CLOSE_BY_ORDER,
        steps,
        reason=DealReason.EXPERT,
        position=first,
        magic=request["magic"],
        comment=request["comment"],
    )

    def carry_out(at: Desk) -> None:
        one, other = at.book.by_identifier(first.identifier), at.book.by_identifier(second.identifier)
        if one and other:
            close_by(at, order, one, other)

    details = {"order": order.ticket, "volume": first.listing.lots(steps), "price": second.price_open}
    return carry_out, {"retcode": Retcode.DONE, **details, "bid": line.bid, "ask": line.ask}


def _ignore(_: object) -> None:
    """For a step whose product is in the book already."""


def _change(desk: Desk, request: Row) -> None:
    if request["order"] in desk.book.pendings:
        pendings.change(desk, request)


def _remove(desk: Desk, request: Row) -> None:
    if order := desk.book.pendings.get(request["order"]):
        pendings.retire(desk, order, OrderState.CANCELED)


def _protect(desk: Desk, request: Row) -> None:
    position = desk.book.positions.get(request["position"])
    if position is None and not desk.account.hedging:
        position = next(iter(desk.book.of_symbol(request["symbol"])), None)
    if position:
        rounded = position.listing.rounded
        position.sl, position.tp = rounded(request["sl"]), rounded(request["tp"])
        position.updated_ms = desk.now_ms


def _result(desk: Desk, request: Row, retcode: int, **details: Any) -> Row:
    return {
        "retcode": int(retcode),
        "comment": words(retcode),
        "request_id": desk.requests,
        "request": dict(request),
        **details,
    }


def check(desk: Desk, request: Row) -> Row:
    """order_check: the verdict and the account as it would be after the deal, at unchanged profit."""
    verdict = judge(desk, request)
    now = figures(desk.market, desk.account, desk.book)
    bound = now.margin
    if not verdict and request["action"] == DEAL:
        bound = used_margin(desk.account, _after(desk, request))
    return {
        "retcode": int(verdict),
        "balance": desk.account.balance,
        "equity": now.equity,
        "profit": now.profit,
        "margin": bound,
        "margin_free": round(now.equity - bound, 8),
        "margin_level": now.equity / bound * 100 if bound else 0.0,
        "comment": words(verdict),
        "request": dict(request),
    }


def _after(desk: Desk, request: Row) -> list[Any]:
    line = desk.market.lines[request["symbol"]]
    steps = line.listing.steps(request["volume"]) or 0
    position = desk.book.positions.get(request["position"])
    if position is None:
        return checks.book_after(desk, line.listing, request["type"], steps, line.price(buy=request["type"] == BUY))
    return checks.without(desk, position, steps)
