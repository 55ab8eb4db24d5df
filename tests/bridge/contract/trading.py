"""The requests of the contract: one opens a position, one closes it or part of it."""

from __future__ import annotations

from typing import Any

DONE = 10009
MAGIC = 77


def bought(mt5: Any, lots: float) -> Any:
    """A new long position on EURUSD."""
    known = {held.ticket for held in mt5.positions_get()}
    done = mt5.order_send(request(mt5, lots))
    assert done is not None, mt5.last_error()
    assert done.retcode == DONE, done
    (made,) = (held for held in mt5.positions_get(symbol="EURUSD") if held.ticket not in known)
    return made


def request(mt5: Any, lots: Any, **others: Any) -> dict[str, Any]:
    """Buy at market."""
    price = mt5.symbol_info_tick("EURUSD").ask
    return {"action": 1, "symbol": "EURUSD", "volume": lots, "type": 0, "price": price, "deviation": 100,
            "type_filling": mt5.ORDER_FILLING_IOC, "magic": MAGIC, **others}  # fmt: skip


def close(mt5: Any, position: Any, lots: float) -> dict[str, Any]:
    """Sell so much of a long position."""
    price = mt5.symbol_info_tick("EURUSD").bid
    return request(mt5, lots, type=1, price=price, position=position.ticket, comment="plimsoll 1")
