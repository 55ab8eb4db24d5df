"""The thirty-two functions: how each is called, its docstring, and what it returns when it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final


class Convention(Enum):
    """How a function takes its arguments."""

    NONE = "no argument at all"
    POSITIONAL = "by position only"
    FREE = "by position and by any keyword"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One function: `misused` is returned after -2, `refused` after any other error; `texts` are errors of its own."""

    convention: Convention
    doc: str
    misused: Any = None
    refused: Any = None
    texts: Mapping[int, str] = field(default_factory=dict)


_NONE, _POSITIONAL, _FREE = Convention
_NO_PLAIN_PASSWORD: Final = {-7: "Unsupported authorization mode, OTP or certificate password needed"}
_DISABLED: Final = {-8: "Auto-Trading using Python API disabled in Terminal"}

SIGNATURES: Final = {
    "initialize": Signature(
        convention=_FREE,
        doc='initialize([path],[server="SERVER"],[login=LOGIN],[password="PASSWORD"])\n\n'
        "Establish connection to MetaTrader 5 terminal",
        misused=False,
        refused=False,
        texts=_NO_PLAIN_PASSWORD,
    ),
    "shutdown": Signature(convention=_NONE, doc="shutdown()\n\nDisconnect from MetaTrader 5 terminal"),
    "login": Signature(
        convention=_FREE,
        doc='login(login,[server="SERVER"],[password="PASSWORD"])\n\nLog in to specific account',
        misused=False,
        refused=False,
        texts=_NO_PLAIN_PASSWORD,
    ),
    "version": Signature(convention=_NONE, doc="version()\n\nGet MetaTrader 5 terminal version", refused=(0, 0, "")),
    "terminal_info": Signature(convention=_NONE, doc="terminal_info()\n\nGet parameters of MetaTrader 5 terminal"),
    "account_info": Signature(convention=_NONE, doc="account_info()\n\nReturn information on the current account"),
    "copy_ticks_from": Signature(
        convention=_POSITIONAL,
        doc="copy_ticks_from(symbol, date_from, count, flags)\n\nGet ticks starting from specific date",
    ),
    "copy_ticks_range": Signature(
        convention=_POSITIONAL,
        doc="copy_ticks_range(symbol, date_from, date_to, flags)\n\nGet ticks from specified period",
    ),
    "copy_rates_from": Signature(
        convention=_POSITIONAL,
        doc="copy_rates_from(symbol, timeframe, date_from, count)\n\nGet bars starting from specific date",
    ),
    "copy_rates_from_pos": Signature(
        convention=_POSITIONAL,
        doc="copy_rates_from_pos(symbol, timeframe, start_pos, count)\n\nGet bars starting from specified position",
    ),
    "copy_rates_range": Signature(
        convention=_POSITIONAL,
        doc="copy_rates_range(symbol, timeframe, date_from, date_to)\n\nGet bars from specified period",
    ),
    "positions_total": Signature(convention=_NONE, doc="positions_total()\n\nReturn the number of open positions"),
    "positions_get": Signature(
        convention=_FREE,
        doc='positions_get([symbol="SYMBOL"],[ticket=TICKET],[group="GROUP"])\n\n'
        "Return all open positions, can be filtered by symbol, group or ticket",
    ),
    "orders_total": Signature(convention=_NONE, doc="orders_total()\n\nReturn the number of orders"),
    "orders_get": Signature(
        convention=_FREE,
        doc='orders_get([symbol="SYMBOL"],[ticket=TICKET],[group="GROUP"])\n\n'
        "Return all orders, can be filtered by symbol, group or ticket",
    ),
    "history_orders_total": Signature(
        convention=_POSITIONAL,
        doc="history_orders_total(date_from, date_to)\n\nReturn the number of orders in selected range from history",
    ),
    "history_orders_get": Signature(
        convention=_FREE,
        doc='history_orders_get([date_from, date_to, [group="GROUP"]],[position=POSITION],[ticket=TICKET])\n\n'
        "Return orders in selected range from history or filtered by position id, ticket",
    ),
    "history_deals_total": Signature(
        convention=_POSITIONAL,
        doc="history_deals_total(date_from, date_to)\n\nReturn the number of deals in selected range from history",
    ),
    "history_deals_get": Signature(
        convention=_FREE,
        doc='history_deals_get([date_from, date_to, [group="GROUP"]],[position=POSITION],[ticket=TICKET])\n\n'
        "Return deals in selected range from history or filtered by position id, ticket",
    ),
    "order_check": Signature(
        convention=_FREE,
        doc="order_check(request)\n\nCheck if there are enough funds to execute required trading operation",
    ),
    "order_send": Signature(
        convention=_FREE,
        doc="order_send(request)\n\nSend trading requests to server",
        texts=_DISABLED,
    ),
    "order_calc_margin": Signature(
        convention=_POSITIONAL,
        doc="order_calc_margin(action, symbol, volume, price,)\n\nCalculate margin required for specified order",
    ),
    "order_calc_profit": Signature(
        convention=_POSITIONAL,
        doc="order_calc_profit(action, symbol, volume, price_open, price_close)\n\n"
        "Calculate profit for the current account in the current market conditions based on parameters passed",
    ),
    "symbol_info": Signature(
        convention=_POSITIONAL,
        doc="symbol_info(symbol)\n\nReturn full information for specified symbol",
    ),
    "symbol_info_tick": Signature(
        convention=_POSITIONAL,
        doc="symbol_info_tick(symbol)\n\nReturn current prices of specified symbol",
    ),
    "symbol_select": Signature(
        convention=_POSITIONAL,
        doc="symbol_select(symbol,[enable])\n\nSelect symbol in Market Watch window or remove symbol from the window",
        misused=False,
        refused=False,
    ),
    "symbols_total": Signature(convention=_NONE, doc="symbols_total()\n\nReturn the number of all available symbols"),
    "symbols_get": Signature(
        convention=_FREE,
        doc='symbols_get([group="GROUP"])\n\nReturn all available symbols or filtred by group',
        misused=False,
    ),
    "market_book_add": Signature(
        convention=_POSITIONAL,
        doc="market_book_add(symbol)\n\nOpens Depth of Market for a selected symbol",
    ),
    "market_book_release": Signature(
        convention=_POSITIONAL,
        doc="market_book_release(symbol)\n\nCloses Depth of Market for a selected symbol",
    ),
    "market_book_get": Signature(
        convention=_POSITIONAL,
        doc="market_book_get(symbol)\n\nReturns Depth of Market structures of a specified symbol",
    ),
    "last_error": Signature(convention=_NONE, doc="last_error()\n\nReturn last error code and description"),
}
