"""The functions about positions, orders and history, and those that check, calculate and send."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Final

from bridge.simulator.backend import Refusal, Row
from bridge.simulator.face.arguments import GROUP_UNITS, c_double, date, exactly, string, unsigned, wrapped
from bridge.simulator.face.connection import Calls
from bridge.simulator.face.errors import NO_RECEIPT, NOT_FOUND, UNNAMED, BadArgument, named
from bridge.simulator.face.groups import group_filter
from bridge.simulator.face.request import echo, read_request
from bridge.simulator.face.structures import STRUCTURES, Structure

_POSITION: Final = STRUCTURES["TradePosition"]
_ORDER: Final = STRUCTURES["TradeOrder"]
_DEAL: Final = STRUCTURES["TradeDeal"]
_CHECKED: Final = STRUCTURES["OrderCheckResult"]
_SENT: Final = STRUCTURES["OrderSendResult"]
_PERIOD: Final = 2

Belongs = Callable[[Row], bool]


class TradingCalls(Calls):
    """positions_*, orders_*, history_*, order_*."""

    def positions_total(self) -> int:
        return len(self._terminal.positions())

    def positions_get(self, /, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        exact, belongs = _selection(args, kwargs)
        return _found(_POSITION, partial(self._terminal.positions, **exact), exact, belongs)

    def orders_total(self) -> int:
        return len(self._terminal.orders())

    def orders_get(self, /, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        exact, belongs = _selection(args, kwargs)
        return _found(_ORDER, partial(self._terminal.orders, **exact), exact, belongs)

    def history_orders_total(self, *args: Any) -> int:
        period = self._period(args)
        return len(self._terminal.history_orders(*period))

    def history_deals_total(self, *args: Any) -> int:
        period = self._period(args)
        return len(self._terminal.history_deals(*period))

    def history_orders_get(self, /, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        if args:
            period, belongs = self._period(args), _group(kwargs)
            return _filled(_ORDER, self._terminal.history_orders(*period), belongs)
        key, number = _identity(kwargs)
        return _found(_ORDER, partial(self._terminal.history_orders_of, **{key: number}), {key})

    def history_deals_get(self, /, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        if args:
            period, belongs = self._period(args), _group(kwargs)
            return _filled(_DEAL, self._terminal.history_deals(*period), belongs)
        key, number = _identity(kwargs)
        return _found(_DEAL, partial(self._terminal.history_deals_of, **{key: number}), {key})

    def order_calc_margin(self, *args: Any) -> float:
        action, symbol, volume, price = exactly(4, args)
        asked = wrapped(action), string(symbol), c_double(volume), c_double(price)
        return self._terminal.margin(*asked)

    def order_calc_profit(self, *args: Any) -> float:
        action, symbol, volume, opened, closed = exactly(5, args)
        asked = wrapped(action), string(symbol), c_double(volume), c_double(opened), c_double(closed)
        return self._terminal.profit(*asked)

    def order_check(self, /, *args: Any, **kwargs: Any) -> Any:
        """`request` in the result is the package's own echo, whatever the terminal says."""
        request = read_request(args, kwargs)
        return _CHECKED.fill({**self._terminal.check(request), "request": echo(request)})

    def order_send(self, /, *args: Any, **kwargs: Any) -> Any:
        """Sends whatever passes the reading, an all-zero request included; `request` in the result is an echo."""
        request = read_request(args, kwargs)
        answer = self._terminal.send(request)
        if answer is None:
            raise Refusal(NO_RECEIPT)
        return _SENT.fill({**answer, "request": echo(request)})

    def _period(self, args: tuple[Any, ...]) -> tuple[int, int]:
        since, until = exactly(_PERIOD, args)
        return date(since, self._last_error), date(until, self._last_error)


def _selection(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[dict[str, Any], Belongs | None]:
    """Which of the open positions or orders the terminal is asked for, and which of those belong to the group.

    A ticket wins over a symbol, a symbol over a group, and what loses is not even looked at. Any other keyword is
    ignored: a mistyped filter asks for everything.
    """
    if args:
        raise BadArgument(UNNAMED)
    if "ticket" in kwargs:
        return {"ticket": unsigned(kwargs["ticket"], named("ticket"))}, None
    if "symbol" in kwargs:
        return {"symbol": string(kwargs["symbol"], text=named("symbol"))}, None
    return {}, _group(kwargs)


def _group(kwargs: dict[str, Any]) -> Belongs | None:
    if "group" not in kwargs:
        return None
    belongs = group_filter(string(kwargs["group"], GROUP_UNITS, named("group")))
    return lambda row: belongs(row.get("symbol", ""))


def _identity(kwargs: dict[str, Any]) -> tuple[str, int]:
    for key in ("ticket", "position"):
        if key in kwargs:
            return key, unsigned(kwargs[key], named(key))
    raise BadArgument


def _filled(structure: Structure, rows: list[Row], belongs: Belongs | None = None) -> tuple[Any, ...]:
    return tuple(map(structure.fill, rows if belongs is None else filter(belongs, rows)))


def _found(structure: Structure, read: Callable[[], list[Row]], keys: Collection[str],
           belongs: Belongs | None = None) -> tuple[Any, ...]:  # fmt: skip
    """A ticket that the terminal does not know is an empty answer, not an error."""
    try:
        return _filled(structure, read(), belongs)
    except Refusal as refusal:
        if "ticket" in keys and refusal.code == NOT_FOUND:
            return ()
        raise
