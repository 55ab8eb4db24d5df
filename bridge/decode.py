"""From the package's structures to the vocabulary of the floor."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from bridge.port import TerminalError
from monitors.kinds import DealKind, Entry, MarginMode, Side
from monitors.model import Account, Bars, Deal, Instrument, PendingOrder, Position, Quote, TerminalState
from monitors.zones import Zone

ORDER_MODE_CLOSE_BY = 64
AT_MARKET = (0, 1, 8)
"""ORDER_TYPE values of a buy and a sell at the market and of a close-by."""
BALANCE, CREDIT, CORRECTION, BONUS = 2, 3, 5, 6
NETTING_MODES = (0, 1)
STOP_OUT_IN_MONEY = 1


def account(row: Any) -> Account:
    """AccountInfo to Account."""
    return Account(
        login=row.login,
        server=row.server,
        currency=row.currency,
        digits=row.currency_digits,
        leverage=row.leverage,
        margin_mode=MarginMode.NETTING if row.margin_mode in NETTING_MODES else MarginMode.HEDGING,
        balance=row.balance,
        credit=row.credit,
        profit=row.profit,
        equity=row.equity,
        margin=row.margin,
        margin_free=row.margin_free,
        stop_out_in_money=row.margin_so_mode == STOP_OUT_IN_MONEY,
        margin_call=row.margin_so_call,
        stop_out=row.margin_so_so,
        trade_allowed=row.trade_allowed,
        trade_expert=row.trade_expert,
        fifo_close=row.fifo_close,
    )


def terminal(row: Any) -> TerminalState:
    """TerminalInfo to TerminalState; ping comes in microseconds."""
    return TerminalState(
        connected=row.connected,
        algo_allowed=row.trade_allowed,
        api_disabled=row.tradeapi_disabled,
        ping_ms=row.ping_last / 1000,
    )


def instrument(row: Any) -> Instrument:
    """SymbolInfo to Instrument."""
    if not (row.volume_step > 0 and row.trade_contract_size > 0):
        raise TerminalError(f"{row.name}: the specification has no volume step or contract size")
    return Instrument(
        symbol=row.name,
        digits=row.digits,
        point=row.point,
        tick_size=row.trade_tick_size or row.point,
        contract_size=row.trade_contract_size,
        volume_min=row.volume_min,
        volume_step=row.volume_step,
        volume_max=row.volume_max,
        currency_base=row.currency_base,
        currency_profit=row.currency_profit,
        currency_margin=row.currency_margin,
        calc_mode=row.trade_calc_mode,
        margin_hedged=row.margin_hedged,
        margin_initial=row.margin_initial,
        hedged_use_leg=row.margin_hedged_use_leg,
        filling_mask=row.filling_mode,
        execution=row.trade_exemode,
        trade_mode=row.trade_mode,
        stops_level=row.trade_stops_level,
        freeze_level=row.trade_freeze_level,
        close_by=bool(row.order_mode & ORDER_MODE_CLOSE_BY),
    )


def position(row: Any, spec: Instrument, clock: Zone) -> Position:
    """TradePosition to Position; a volume off the step is no reading."""
    if not math.isfinite(row.volume):
        raise TerminalError(f"position {row.identifier}: volume {row.volume} is no number")
    try:
        steps = spec.steps(row.volume)
    except ValueError as error:
        raise TerminalError(f"position {row.identifier}: {error}") from error
    return Position(
        identifier=row.identifier,
        ticket=row.ticket,
        symbol=row.symbol,
        side=Side.SELL if row.type else Side.BUY,
        steps=steps,
        lots=spec.lots(steps),
        open=row.price_open,
        price=row.price_current,
        stop=row.sl,
        target=row.tp,
        profit=row.profit,
        swap=row.swap,
        magic=row.magic,
        opened_ms=clock.to_utc_ms(row.time_msc),
        comment=plain(row.comment),
    )


def pending(row: Any) -> PendingOrder:
    """TradeOrder to PendingOrder; buy orders have even types."""
    return PendingOrder(
        ticket=row.ticket,
        symbol=row.symbol,
        side=Side.SELL if row.type % 2 else Side.BUY,
        lots=row.volume_current,
        price=row.price_open,
        magic=row.magic,
        stop=row.sl,
        target=row.tp,
    )


def is_close(row: Any) -> bool:
    """Whether a waiting order is a market order for a position, or one by another, and no pending that opens."""
    return row.type in AT_MARKET and row.position_id > 0


def closing(rows: Any, positions: Iterable[Position]) -> frozenset[int]:
    """Identifiers of the held positions that such orders belong to."""
    named = {name for row in rows if is_close(row) for name in (row.position_id, row.position_by_id)}
    return frozenset(p.identifier for p in positions if named & {p.identifier, p.ticket})


def deal(row: Any, clock: Zone) -> Deal:
    """TradeDeal to Deal: what moves money from outside is a transfer, what the broker books otherwise a booking."""
    if row.type in (0, 1):
        kind = DealKind.TRADE
    elif row.type in (BALANCE, CORRECTION, BONUS):
        kind = DealKind.TRANSFER
    else:
        kind = DealKind.CREDIT if row.type == CREDIT else DealKind.BOOKING
    return Deal(
        ticket=row.ticket,
        order=row.order,
        position=row.position_id,
        symbol=row.symbol,
        kind=kind,
        entry=Entry(row.entry) if kind is DealKind.TRADE else Entry.IN,
        side=Side.SELL if row.type == 1 else Side.BUY,
        lots=row.volume,
        price=row.price,
        profit=row.profit,
        swap=row.swap,
        commission=row.commission,
        fee=row.fee,
        time_ms=clock.to_utc_ms(row.time_msc),
        magic=row.magic,
        reason=row.reason,
        comment=plain(row.comment),
    )


def quote(row: Any, clock: Zone) -> Quote:
    """Tick to Quote."""
    return Quote(time_ms=clock.to_utc_ms(row.time_msc), bid=row.bid, ask=row.ask)


def bars(rows: Any, clock: Zone) -> Bars:
    """The array of copy_rates_* to Bars."""
    return Bars(
        time_ms=clock.to_utc(rows["time"].astype(np.int64) * 1000),
        open=rows["open"].astype(float),
        high=rows["high"].astype(float),
        low=rows["low"].astype(float),
        close=rows["close"].astype(float),
        spread=rows["spread"].astype(float),
    )


def plain(text: str) -> str:
    """What a broker wrote, with halves of characters replaced: they fit into no message."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
