"""A scenario file: a simulated terminal, what happens to it, and the rules that watch it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomli

from bridge.simulator import events
from bridge.simulator.account import HEDGING, NETTING, SO_MONEY, SO_PERCENT, Account
from bridge.simulator.book import BUY, SELL, Deal, DealType, Order, Position
from bridge.simulator.clock import VirtualClock, epoch_ms
from bridge.simulator.desk import Desk
from bridge.simulator.exchange import Exchange, new_desk
from bridge.simulator.listing import FILL_BOC, FILL_FOK, FILL_IOC, Listing
from bridge.simulator.opening import put
from bridge.simulator.scenario_events import AppEvent, read_events
from bridge.simulator.tables import ScenarioError, Table
from bridge.simulator.valuation import margin_rate
from monitors.instruments import CalcMode
from monitors.zones import Zone, zone

DESK = "main"
WHOLE = frozenset({"JPY", "KRW", "CLP", "VND", "IDR"})
"""Currencies without a smaller unit in use."""
_FILLS = {"fok": FILL_FOK, "ioc": FILL_IOC, "boc": FILL_BOC}
_EXECUTIONS = ("request", "instant", "market", "exchange")
_TRADE_MODES = ("disabled", "long_only", "short_only", "close_only", "full")
_MODES = {mode.name.lower(): mode for mode in CalcMode}
_PENDINGS = ("buy_limit", "sell_limit", "buy_stop", "sell_stop", "buy_stop_limit", "sell_stop_limit")
_BEFORE_MS = 30 * 86_400_000  # what the account began with was paid in long before the day and the week


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario ready to run: its world at `start`, the exchange's events on it, the app's own beside it."""

    name: str
    path: Path
    start: datetime
    length_s: float
    login: int
    clock: VirtualClock
    exchange: Exchange
    app_events: tuple[AppEvent, ...]
    config: dict[str, Any]


def load(path: str | Path, begin: datetime | None = None) -> Scenario:
    """Read a scenario file, to begin at its own start or at another moment.

    ScenarioError lists everything that is wrong with it; `[expect]` is not looked at.
    """
    path = Path(path)
    faults: list[str] = []
    root = Table(_parsed(path), "", faults)
    head = root.table("scenario")
    name = head.text("name", path.stem)
    own_start = head.moment("start", datetime(2026, 3, 2, 8, tzinfo=UTC))
    start = begin or own_start
    length_s = head.number("length_s", 60.0, above=0)
    zone = _zone(head)
    head.finish()
    clock, start_ms = VirtualClock(start), epoch_ms(start)
    account, history_days = _account(root.table("account"))
    quotes: dict[str, tuple[float, float]] = {}
    listings = [_listing(table, account, quotes) for table in root.tables("symbol")]
    _check_names(listings, faults)
    desk = new_desk(DESK, account, listings, zone, start_ms, history_days=history_days)
    _check_routes(desk, faults)
    for symbol, (bid, ask) in quotes.items():
        desk.quote(symbol, bid, ask)
    _pay_in(desk, start_ms - _BEFORE_MS)
    tables = root.tables("position")
    for count, table in enumerate(tables):
        _position(desk, table, start_ms - 1000 * (len(tables) - count), faults)
    for table in root.tables("order"):
        _pending(desk, table, start_ms)
    exchange_events, app_events = read_events(root.tables("event"), desk)
    config = root.raw("config")
    root.raw("expect")
    root.finish()
    if faults:
        raise ScenarioError(path, (fault.lstrip(".") for fault in faults))
    for event in exchange_events:
        events.happen(desk, start_ms + round(event.at_s * 1000), event.kind, event.facts)
    return Scenario(
        name=name,
        path=path,
        start=start,
        length_s=length_s,
        login=account.login,
        clock=clock,
        exchange=Exchange(clock, [desk]),
        app_events=app_events,
        config=config,
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        found = tomli.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ScenarioError(path, [f"cannot be read: {fault.strerror}, should be a scenario file"]) from fault
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ScenarioError(path, [f"is not TOML: {fault}"]) from fault
    if not found:
        raise ScenarioError(path, ["is empty, should be a scenario file with [scenario], [account], [[symbol]]"])
    return found


def _zone(head: Table) -> Zone:
    name = head.text("server_zone", "UTC")
    try:
        return zone(name)
    except ValueError:
        head.fault("server_zone", name, "an IANA zone or new-york-close")
        return zone("UTC")


def _account(table: Table) -> tuple[Account, int | None]:
    money = table.number("stop_out_money", 0.0, least=0)
    percent = table.number("stop_out_pct", 0.0, least=0)
    currency = table.text("currency", "USD")
    account = Account(
        login=table.whole("login", 1001, least=1),
        currency=currency,
        leverage=table.whole("leverage", 100, least=1),
        balance=table.number("balance", 10_000.0),
        credit=table.number("credit", 0.0),
        margin_mode=NETTING if table.choice("margin_mode", ("hedging", "netting"), "hedging") == "netting" else HEDGING,
        so_mode=SO_MONEY if money else SO_PERCENT,
        stop_out=money or percent,
        margin_call=table.number("margin_call", 0.0, least=0),
        digits=table.whole("currency_digits", 0 if currency in WHOLE else 2, most=8),
        limit_orders=table.whole("limit_orders", 200),
        limit_positions=table.whole("limit_positions", 0),
        fifo_close=table.truth("fifo_close", default=False),
        trade_allowed=table.truth("trade_allowed", default=True),
        trade_expert=table.truth("trade_expert", default=True),
        name=table.text("name", "Trader"),
        server=table.text("server", "Simulated-Demo"),
    )
    history_days = table.whole("history_days", least=1) if table.has("history_days") else None
    table.finish()
    return account, history_days


def _listing(table: Table, account: Account, quotes: dict[str, tuple[float, float]]) -> Listing:
    contract_size = table.number("contract_size", 100_000.0, above=0)
    listing = Listing(
        name=table.text("name"),
        base=table.text("base", account.currency),
        profit=table.text("profit", account.currency),
        margin_currency=table.text("margin", ""),
        digits=table.whole("digits", 5, most=8),
        contract_size=contract_size,
        mode=_MODES[table.choice("calc_mode", _MODES, "forex")],
        volume_min=table.number("volume_min", 0.01, above=0),
        volume_step=table.number("volume_step", 0.01, above=0),
        volume_max=table.number("volume_max", 100.0, above=0),
        volume_limit=table.number("volume_limit", 0.0, least=0),
        tick_size=table.number("tick_size", 0.0, least=0),
        tick_price=table.number("tick_price", 0.0, least=0),
        margin_initial=table.number("margin_initial", 0.0, least=0),
        margin_rate_long=table.number("margin_rate_long", 1.0, least=0),
        margin_rate_short=table.number("margin_rate_short", 1.0, least=0),
        hedged_margin=table.number("hedged_margin", contract_size, least=0),
        hedged_use_leg=table.truth("hedged_use_leg", default=False),
        filling=sum(_FILLS[fill] for fill in set(table.choices("filling", _FILLS, ["fok", "ioc"]))),
        exemode=_EXECUTIONS.index(table.choice("execution", _EXECUTIONS, "market")),
        trade_mode=_TRADE_MODES.index(table.choice("trade_mode", _TRADE_MODES, "full")),
        stops_level=table.whole("stops_level", 0),
        freeze_level=table.whole("freeze_level", 0),
        swap_mode=table.whole("swap_mode", 1, most=6),
        swap_long=table.number("swap_long", 0.0),
        swap_short=table.number("swap_short", 0.0),
        swap_triple_day=table.whole("swap_triple_day", 3, most=6),
        commission_per_lot=table.number("commission_per_lot", 0.0),
    )
    quotes[listing.name] = (table.number("bid", 1.0, nan=True, least=0), table.number("ask", 1.0001, nan=True, least=0))
    table.finish()
    return listing


def _check_names(listings: list[Listing], faults: list[str]) -> None:
    names = [listing.name for listing in listings]
    faults.extend(
        f"symbol[{count}].name: found {name!r} twice, should be a name of its own"
        for count, name in enumerate(names, 1)
        if name in names[: count - 1]
    )


def _check_routes(desk: Desk, faults: list[str]) -> None:
    for line in desk.market.lines.values():
        for currency in {line.listing.profit, line.listing.margin_in}:
            if desk.market.route(currency, desk.account.currency) is None:
                fault = f"nothing converts {currency} into {desk.account.currency}, should have a [[symbol]] that does"
                faults.append(f"symbol {line.listing.name}: {fault}")


def _pay_in(desk: Desk, utc_ms: int) -> None:
    for kind, amount in ((DealType.BALANCE, desk.account.balance), (DealType.CREDIT, desk.account.credit)):
        if amount:
            ticket = desk.book.next_ticket()
            desk.book.deals.append(Deal(ticket=ticket, utc_ms=utc_ms, kind=kind, profit=amount, comment="Opening"))


def _position(desk: Desk, table: Table, opened_ms: int, faults: list[str]) -> None:
    identifier = table.whole("id", least=1)
    symbol = table.choice("symbol", desk.market.lines)
    side = BUY if table.choice("side", ("buy", "sell")) == "buy" else SELL
    lots, price = table.number("volume", above=0), table.number("open", above=0)
    sl, tp = table.number("stop", 0.0, least=0), table.number("target", 0.0, least=0)
    magic, swap = table.whole("magic", 0), table.number("swap", 0.0)
    comment = table.text("comment", "")
    table.finish()
    if desk.book.by_identifier(identifier):
        table.fault("id", identifier, "a number of its own")
    if symbol and desk.book.of_symbol(symbol) and not desk.account.hedging:
        table.fault("symbol", symbol, "one position a symbol on a netting account")
    line = desk.market.lines.get(symbol)
    if line is None:
        return
    listing, steps = line.listing, line.listing.steps(lots)
    if steps is None:
        table.fault("volume", lots, f"a multiple of {listing.volume_step:g}")
    if faults:
        return
    position = Position(
        identifier=identifier,
        ticket=identifier,
        listing=listing,
        side=side,
        steps=steps or 0,
        price_open=price,
        opened_ms=opened_ms,
        updated_ms=opened_ms,
        margin_rate=margin_rate(desk.market, desk.account, listing, buy=side == BUY, price=price),
        sl=sl,
        tp=tp,
        magic=magic,
        swap=swap,
        comment=comment,
    )
    put(desk, position)


def _pending(desk: Desk, table: Table, placed_ms: int) -> None:
    ticket = table.whole("id", least=1)
    symbol = table.choice("symbol", desk.market.lines)
    kind = table.choice("type", _PENDINGS)
    lots, price = table.number("volume", above=0), table.number("price", above=0)
    limit = table.number("limit", 0.0, least=0)
    sl, tp = table.number("stop", 0.0, least=0), table.number("target", 0.0, least=0)
    magic = table.whole("magic", 0)
    table.finish()
    line = desk.market.lines.get(symbol)
    steps = line.listing.steps(lots) if line else None
    if line is None or kind not in _PENDINGS:
        return
    if steps is None:
        table.fault("volume", lots, f"a multiple of {line.listing.volume_step:g}")
        return
    if ticket in desk.book.pendings or desk.book.by_identifier(ticket):
        table.fault("id", ticket, "a number of its own")
    desk.book.reserve(ticket)
    desk.book.pendings[ticket] = Order(
        ticket=ticket,
        listing=line.listing,
        kind=2 + _PENDINGS.index(kind),
        steps=steps,
        steps_left=steps,
        placed_ms=placed_ms,
        price=price,
        stoplimit=limit,
        sl=sl,
        tp=tp,
        magic=magic,
    )
