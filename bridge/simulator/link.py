"""The port on a simulated terminal: the package's face over the exchange, with a deadline on a terminal that hangs."""

from __future__ import annotations

from typing import Any

from bridge.port import TerminalError
from bridge.session import Session
from bridge.simulator import rows
from bridge.simulator.book import BUY
from bridge.simulator.clock import Clock
from bridge.simulator.exchange import Exchange
from bridge.simulator.face.module import as_module

DEADLINE_MS = 2000


def simulated_terminal(
    exchange: Exchange, clock: Clock, account: str | None = None, world: str = "", display: str = ""
) -> Session:
    """A session on one account of the exchange; a call into a hanging terminal gives up after two seconds.

    `world` names an exchange that begins anew at every start, so that an earlier one's balance is not held against it.
    `display` is the currency of sums over accounts.
    """

    def ready() -> None:
        until = exchange.hanging_until_ms(account)
        now = clock.utc_ms()
        if until > now:
            clock.wait_until(min(until, now + DEADLINE_MS))
            if until > now + DEADLINE_MS:
                raise TerminalError("the terminal gave no answer within 2 s")

    desk = exchange.desk(account)
    return Session(as_module(exchange.backend(account)), clock, desk.market.zone.name, ready, world, display=display)


def books(exchange: Exchange, account: str | None = None) -> tuple[dict[str, float | None], list[dict[str, Any]]]:
    """The broker's own books: the account's figures, and what is held by identifier."""
    desk = exchange.desk(account)
    row, digits = rows.account(desk), desk.account.digits
    figures: dict[str, float | None] = {
        key: round(row[key], digits) for key in ("balance", "credit", "equity", "margin")
    }
    figures["margin_level_pct"] = round(row["margin_level"], 6) if row["margin"] else None
    held = sorted(desk.book.positions.values(), key=lambda p: p.identifier)
    positions = [
        {
            "position": p.identifier,
            "symbol": p.listing.name,
            "side": "buy" if p.side == BUY else "sell",
            "volume": rows.position(desk, p)["volume"],
        }
        for p in held
    ]
    return figures, positions
