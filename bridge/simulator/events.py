"""The things that happen to a desk from outside, by the names a scenario gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.simulator.book import BUY, SELL
from bridge.simulator.dealing import fill, market_order, transfer
from bridge.simulator.desk import Desk
from bridge.simulator.faults import Answer, Partial
from bridge.simulator.triggers import close_at_market, stop_out
from monitors.kinds import DealReason

Facts = dict[str, Any]


def happen(desk: Desk, at_ms: int, kind: str, facts: Facts) -> None:
    """Put one event on the desk's timeline; KeyError for a kind that is not the exchange's."""
    handler = _AT_BROKER.get(kind)
    if handler is not None and not facts.get("on_send"):
        desk.at(at_ms, lambda d: handler(d, facts))
    else:
        at_terminal = _AT_TERMINAL[kind]
        desk.at(at_ms, lambda d: at_terminal(d, facts), broker_side=False)


def quote(desk: Desk, facts: Facts) -> None:
    desk.quote(facts["symbol"], facts["bid"], facts["ask"])


def deposit(desk: Desk, facts: Facts) -> None:
    amount = facts["amount"]
    transfer(desk, amount, comment="Deposit" if amount >= 0 else "Withdrawal")
    stop_out(desk)


def credit(desk: Desk, facts: Facts) -> None:
    transfer(desk, facts["amount"], credit=True, comment="Credit")
    stop_out(desk)


def market(desk: Desk, facts: Facts) -> None:
    desk.market.lines[facts["symbol"]].trading = facts["open"]


def close(desk: Desk, facts: Facts) -> None:
    """Somebody else closes it, or part of it; what is gone already stays gone."""
    position = desk.book.by_identifier(facts["position"])
    if position and desk.market.lines[position.listing.name].quoted:
        steps = position.listing.steps(facts["volume"]) if facts.get("volume") else None
        close_at_market(desk, position, DealReason.CLIENT, min(steps or position.steps, position.steps))


def stop_hit(desk: Desk, facts: Facts) -> None:
    position = desk.book.by_identifier(facts["position"])
    if position and desk.market.lines[position.listing.name].quoted:
        close_at_market(desk, position, DealReason.STOP_LOSS)


def open_by_hand(desk: Desk, facts: Facts) -> None:
    """The trader opens a position at the present price; on netting it joins what is there."""
    line = desk.market.lines[facts["symbol"]]
    if not line.quoted:
        return
    side = BUY if facts["side"] == "buy" else SELL
    order = market_order(
        desk,
        line.listing,
        side,
        line.listing.steps(facts["volume"]) or 0,
        ticket=facts["id"],
        magic=facts.get("magic", 0),
    )
    order.sl, order.tp = facts.get("stop", 0.0), facts.get("target", 0.0)
    fill(desk, order, line.price(buy=side == BUY))


def rollover(desk: Desk, facts: Facts) -> None:
    """A new ticket for the same identifier, in the same place."""
    position = desk.book.by_identifier(facts["position"])
    if position is None:
        return
    old, position.ticket = position.ticket, desk.book.next_ticket()
    position.updated_ms = desk.now_ms
    desk.book.positions = {
        position.ticket if ticket == old else ticket: held for ticket, held in desk.book.positions.items()
    }


def _disconnect(desk: Desk, _: Facts) -> None:
    desk.cut()


def _reconnect(desk: Desk, _: Facts) -> None:
    desk.relink()


def _die(desk: Desk, _: Facts) -> None:
    desk.alive = False


def _come_back(desk: Desk, _: Facts) -> None:
    desk.alive = True
    desk.lives += 1


def _hang(desk: Desk, facts: Facts) -> None:
    desk.hanging_until_ms = max(desk.hanging_until_ms, desk.now_ms + round(facts["seconds"] * 1000))


def _algo_trading(desk: Desk, facts: Facts) -> None:
    desk.algo_trading = facts["allowed"]


def _answer(desk: Desk, facts: Facts) -> None:
    answer = Answer(
        retcode=facts.get("retcode"),
        executed=facts.get("executed", False),
        late_ms=round(facts.get("late_s", 0.0) * 1000),
    )
    desk.faults.add(answer, facts.get("times", 1))


def _partial(desk: Desk, facts: Facts) -> None:
    desk.faults.add(Partial(share=facts["share"]), facts.get("times", 1))


def _stop_hit_on_send(desk: Desk, facts: Facts) -> None:
    desk.faults.stop_hits.append(facts["position"])


def _switch_account(desk: Desk, facts: Facts) -> None:
    desk.account.login = facts["login"]


_AT_BROKER: dict[str, Callable[[Desk, Facts], None]] = {
    "quote": quote,
    "deposit": deposit,
    "credit": credit,
    "market": market,
    "close": close,
    "stop_hit": stop_hit,
    "open": open_by_hand,
    "rollover": rollover,
}
_AT_TERMINAL: dict[str, Callable[[Desk, Facts], None]] = {
    "disconnect": _disconnect,
    "reconnect": _reconnect,
    "terminal_dies": _die,
    "terminal_back": _come_back,
    "hang": _hang,
    "algo_trading": _algo_trading,
    "answer": _answer,
    "no_answer": _answer,
    "partial": _partial,
    "stop_hit": _stop_hit_on_send,
    "switch_account": _switch_account,
}
EXCHANGE_EVENTS = frozenset(_AT_BROKER) | frozenset(_AT_TERMINAL)
