"""The exchange's facts as the genuine structures' fields, times in broker time."""

from __future__ import annotations

import math

from bridge.simulator.backend import Row
from bridge.simulator.book import BUY, Deal, Order, OrderState, Position
from bridge.simulator.desk import Desk
from bridge.simulator.market import Line
from bridge.simulator.valuation import figures, floating, tick_values

BUILD = 5260


def terminal(desk: Desk) -> Row:
    return {
        "connected": desk.linked,
        "trade_allowed": desk.algo_trading,
        "tradeapi_disabled": desk.api_disabled,
        "build": BUILD,
        "maxbars": 100_000,
        "codepage": 0,
        "ping_last": 20_000,
        "company": desk.account.company,
        "name": "Simulated terminal",
        "language": "English",
        "path": f"C:\\Simulator\\{desk.name}",
        "data_path": f"C:\\Simulator\\{desk.name}",
        "commondata_path": "C:\\Simulator\\Common",
    }


def account(desk: Desk) -> Row:
    state = figures(desk.market, desk.account, desk.book)
    held = desk.account
    return {
        "login": held.login,
        "leverage": held.leverage,
        "limit_orders": held.limit_orders,
        "margin_so_mode": held.so_mode,
        "trade_allowed": held.trade_allowed,
        "trade_expert": held.trade_expert,
        "margin_mode": held.margin_mode,
        "currency_digits": held.digits,
        "fifo_close": held.fifo_close,
        "balance": held.balance,
        "credit": held.credit,
        "profit": state.profit,
        "equity": state.equity,
        "margin": state.margin,
        "margin_free": state.free,
        "margin_level": state.level,
        "margin_so_call": held.margin_call,
        "margin_so_so": held.stop_out,
        "name": held.name,
        "server": held.server,
        "currency": held.currency,
        "company": held.company,
    }


def tick(desk: Desk, line: Line) -> Row:
    stamp = desk.zone.to_wall_ms(line.utc_ms) if line.utc_ms else 0
    return {"time": stamp // 1000, "bid": line.bid, "ask": line.ask, "time_msc": stamp, "flags": line.flags}


def symbol(desk: Desk, line: Line) -> Row:
    listing = line.listing
    as_profit, as_loss = tick_values(desk.market, desk.account, listing)
    spread = (line.ask - line.bid) / listing.point
    change = (line.bid / line.first - 1) * 100 if line.first and line.quoted else 0.0
    return {
        "select": line.selected,
        "visible": line.selected,
        "time": desk.zone.to_wall_ms(line.utc_ms) // 1000 if line.utc_ms else 0,
        "digits": listing.digits,
        "spread": round(spread) if math.isfinite(spread) else 0,
        "spread_float": True,
        "trade_calc_mode": int(listing.mode),
        "trade_mode": listing.trade_mode,
        "trade_stops_level": listing.stops_level,
        "trade_freeze_level": listing.freeze_level,
        "trade_exemode": listing.exemode,
        "swap_mode": listing.swap_mode,
        "swap_rollover3days": listing.swap_triple_day,
        "margin_hedged_use_leg": listing.hedged_use_leg,
        "expiration_mode": listing.expiration_mode,
        "filling_mode": listing.filling,
        "order_mode": listing.order_mode,
        "bid": line.bid,
        "bidhigh": line.bid_high,
        "bidlow": line.bid_low,
        "ask": line.ask,
        "askhigh": line.ask_high,
        "asklow": line.ask_low,
        "point": listing.point,
        "trade_tick_value": as_profit,
        "trade_tick_value_profit": as_profit,
        "trade_tick_value_loss": as_loss,
        "trade_tick_size": listing.tick,
        "trade_contract_size": listing.contract_size,
        "trade_face_value": listing.face_value,
        "volume_min": listing.volume_min,
        "volume_max": listing.volume_max,
        "volume_step": listing.volume_step,
        "volume_limit": listing.volume_limit,
        "swap_long": listing.swap_long,
        "swap_short": listing.swap_short,
        "margin_initial": listing.margin_initial,
        "session_open": line.first,
        "margin_hedged": listing.hedged,
        "price_change": round(change, 4),
        "currency_base": listing.base,
        "currency_profit": listing.profit,
        "currency_margin": listing.margin_in,
        "description": listing.description or listing.name,
        "name": listing.name,
        "path": listing.path or f"Simulated\\{listing.name}",
    }


def position(desk: Desk, held: Position) -> Row:
    opened, updated = desk.zone.to_wall_ms(held.opened_ms), desk.zone.to_wall_ms(held.updated_ms)
    return {
        "ticket": held.ticket,
        "time": opened // 1000,
        "time_msc": opened,
        "time_update": updated // 1000,
        "time_update_msc": updated,
        "type": held.side,
        "magic": held.magic,
        "identifier": held.identifier,
        "reason": int(held.reason),
        "volume": held.lots,
        "price_open": held.price_open,
        "sl": held.sl,
        "tp": held.tp,
        "price_current": desk.market.lines[held.listing.name].price(buy=held.side != BUY),
        "swap": held.swap,
        "profit": floating(desk.market, desk.account, held),
        "symbol": held.listing.name,
        "comment": held.comment,
    }


def order(desk: Desk, held: Order) -> Row:
    def stamp(utc_ms: int) -> int:
        return desk.zone.to_wall_ms(utc_ms) if utc_ms else 0

    line = desk.market.lines[held.listing.name]
    waiting = held.state == OrderState.PLACED
    return {
        "ticket": held.ticket,
        "time_setup": stamp(held.placed_ms) // 1000,
        "time_setup_msc": stamp(held.placed_ms),
        "time_done": stamp(held.done_ms) // 1000,
        "time_done_msc": stamp(held.done_ms),
        "time_expiration": stamp(held.expires_ms) // 1000,
        "type": held.kind,
        "type_time": held.type_time,
        "type_filling": held.filling,
        "state": int(held.state),
        "magic": held.magic,
        "position_id": held.position_id,
        "position_by_id": held.position_by,
        "reason": int(held.reason),
        "volume_initial": held.listing.lots(held.steps),
        "volume_current": held.listing.lots(held.steps_left),
        "price_open": held.price,
        "sl": held.sl,
        "tp": held.tp,
        "price_current": line.price(buy=held.kind % 2 == BUY) if waiting else held.price,
        "price_stoplimit": held.stoplimit,
        "symbol": held.listing.name,
        "comment": held.comment,
    }


def deal(desk: Desk, done: Deal) -> Row:
    stamp = desk.zone.to_wall_ms(done.utc_ms)
    return {
        "ticket": done.ticket,
        "order": done.order,
        "time": stamp // 1000,
        "time_msc": stamp,
        "type": int(done.kind),
        "entry": int(done.entry),
        "magic": done.magic,
        "position_id": done.position_id,
        "reason": int(done.reason),
        "volume": done.lots,
        "price": done.price,
        "commission": done.commission,
        "swap": done.swap,
        "profit": done.profit,
        "symbol": done.symbol,
        "comment": done.comment,
    }
