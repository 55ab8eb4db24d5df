"""Buy, Sell and Close, the package's own conveniences, with all that makes them unfit for a risk tool."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bridge.simulator.face.constants import CONSTANTS

_BUY: Final = CONSTANTS["ORDER_TYPE_BUY"]
_SELL: Final = CONSTANTS["ORDER_TYPE_SELL"]
_ASK_AGAIN: Final = (CONSTANTS["TRADE_RETCODE_REQUOTE"], CONSTANTS["TRADE_RETCODE_PRICE_OFF"])
_DONE: Final = CONSTANTS["TRADE_RETCODE_DONE"]
_ATTEMPTS: Final = 10
_DEVIATION: Final = 10


class Helpers:
    """Orders at market by way of the package's own functions; FOK, ten points of deviation, ten attempts at once."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._order_send = functions["order_send"]
        self._positions_get = functions["positions_get"]
        self._symbol_info_tick = functions["symbol_info_tick"]

    def send(self, order_type: int, symbol: Any, volume: Any, price: Any, comment: Any, ticket: Any) -> Any:
        """One order_send, whose request holds a comment and a position only when they are given."""
        request = {
            "action": CONSTANTS["TRADE_ACTION_DEAL"],
            "type": order_type,
            "symbol": symbol,
            "volume": volume,
            "price": price,
            "deviation": _DEVIATION,
        }
        optional = {"comment": comment, "position": ticket}
        return self._order_send(request | {key: value for key, value in optional.items() if value is not None})

    def at_market(self, order_type: int, symbol: Any, volume: Any, comment: Any, ticket: Any) -> Any:
        """Reads the tick anew for each attempt; without a tick there is no attribute to read, and that is the error."""
        result = None
        for _ in range(_ATTEMPTS):
            tick = self._symbol_info_tick(symbol)
            price = tick.ask if order_type == _BUY else tick.bid
            result = self.send(order_type, symbol, volume, price, comment, ticket)
            if result is None or result.retcode not in _ASK_AGAIN:
                break
        return result

    def deal(self, order_type: int, symbol: Any, volume: Any, price: Any, comment: Any, ticket: Any) -> Any:
        if price is None:
            return self.at_market(order_type, symbol, volume, comment, ticket)
        return self.send(order_type, symbol, volume, price, comment, ticket)

    def close(self, symbol: Any, comment: Any, ticket: Any) -> bool | str | None:
        """True, "Partially" or False by how many came back DONE; None as soon as one gets no answer."""
        chosen = {"symbol": symbol} if ticket is None else {"ticket": ticket}
        sent = done = 0
        for position in self._positions_get(**chosen):
            if position.type not in (_BUY, _SELL):
                continue
            opposite = _SELL if position.type == _BUY else _BUY
            result = self.at_market(opposite, symbol, position.volume, comment, position.ticket)
            if result is None:
                return None
            sent += 1
            done += result.retcode == _DONE
        if not done:
            return False
        return True if done == sent else "Partially"


def helper_functions(functions: Mapping[str, Callable[..., Any]], module: str) -> dict[str, Callable[..., Any]]:
    """The four by name, with the genuine signatures."""
    helpers = Helpers(functions)

    def buy(symbol: Any, volume: Any, price: Any = None, *, comment: Any = None, ticket: Any = None) -> Any:
        return helpers.deal(_BUY, symbol, volume, price, comment, ticket)

    def sell(symbol: Any, volume: Any, price: Any = None, *, comment: Any = None, ticket: Any = None) -> Any:
        return helpers.deal(_SELL, symbol, volume, price, comment, ticket)

    def close(symbol: Any, *, comment: Any = None, ticket: Any = None) -> Any:
        return helpers.close(symbol, comment, ticket)

    def raw_order(
        order_type: Any, symbol: Any, volume: Any, price: Any, comment: Any = None, ticket: Any = None
    ) -> Any:
        return helpers.send(order_type, symbol, volume, price, comment, ticket)

    named: dict[str, Callable[..., Any]] = {"Buy": buy, "Sell": sell, "Close": close, "_RawOrder": raw_order}
    for name, function in named.items():
        function.__name__ = function.__qualname__ = name
        function.__module__ = module
        function.__annotations__ = {}
    return named
