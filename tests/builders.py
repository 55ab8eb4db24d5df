"""Facts with sensible defaults for any test: an account in dollars that holds what the test says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from monitors.book import Book
from monitors.history import History, begin
from monitors.kinds import DealKind, DealReason, Entry, MarginMode, Side
from monitors.model import (
    Account,
    Bars,
    Deal,
    Instrument,
    PendingOrder,
    Position,
    Quote,
    Rates,
    Snapshot,
    TerminalState,
    Ticks,
)
from monitors.outcomes import Request
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.responses.alert import Alert
from monitors.responses.base import Response, Situation
from monitors.settings import Level, Rule

NOW_MS = 1_772_438_400_000
"""Monday 2026-03-02 08:00 UTC."""
DAY_MS, WEEK_MS = NOW_MS - 8 * 3_600_000, NOW_MS - 8 * 3_600_000
"""That day's and that week's midnight, UTC."""
_NONE = np.empty(0)
NO_BARS = Bars(time_ms=np.empty(0, dtype=np.int64), open=_NONE, high=_NONE, low=_NONE, close=_NONE, spread=_NONE)


def instrument(symbol: str = "EURUSD", **changes: Any) -> Instrument:
    """A forex pair of that name, base first, or gold; steps of 0.01 lots from 0.01 to 100."""
    gold, yen = symbol.startswith("XAU"), symbol.endswith("JPY")
    digits = 2 if gold else 3 if yen else 5
    made = Instrument(
        symbol=symbol,
        digits=digits,
        point=10.0**-digits,
        tick_size=10.0**-digits,
        contract_size=100.0 if gold else 100_000.0,
        volume_min=0.01,
        volume_step=0.01,
        volume_max=100.0,
        currency_base=symbol[:3],
        currency_profit=symbol[3:6],
        currency_margin=symbol[:3],
        margin_hedged=100.0 if gold else 100_000.0,
        filling_mask=3,
    )
    return replace(made, **changes)


def quote(bid: float, ask: float | None = None, time_ms: int = NOW_MS) -> Quote:
    """Bid and ask; without an ask there is no spread."""
    return Quote(time_ms=time_ms, bid=bid, ask=bid if ask is None else ask)


QUOTES: Mapping[str, Quote] = {
    "EURUSD": quote(1.10000, 1.10010),
    "GBPUSD": quote(1.25000, 1.25020),
    "USDJPY": quote(150.000, 150.010),
    "EURGBP": quote(0.88000, 0.88010),
    "XAUUSD": quote(2_000.00, 2_000.50),
}
"""What the symbols known here cost, unless the test says otherwise."""

RATES: Mapping[str, Rates] = {
    "EURUSD": Rates(margin_buy=1_100.0, margin_sell=1_100.0),
    "GBPUSD": Rates(margin_buy=1_250.0, margin_sell=1_250.0),
    "USDJPY": Rates(margin_buy=1_000.0, margin_sell=1_000.0, profit=1 / 150.010, loss=1 / 150.000),
    "EURGBP": Rates(margin_buy=1_100.0, margin_sell=1_100.0, profit=1.25000, loss=1.25020),
    "XAUUSD": Rates(margin_buy=2_000.0, margin_sell=2_000.0),
}
"""Margin a lot at 1:100, and the conversion into dollars."""

PLAIN_RATES = Rates(margin_buy=1_000.0, margin_sell=1_000.0)


def position(identifier: int = 1, symbol: str = "EURUSD", side: Side = Side.BUY, lots: float = 1.0,
             **changes: Any) -> Position:  # fmt: skip
    """A position opened at the price it would be closed at, so without profit; its ticket is not its identifier."""
    held = QUOTES.get(symbol, quote(1.0)).closing(side)
    made = Position(
        identifier=identifier,
        ticket=900_000 + identifier,
        symbol=symbol,
        side=side,
        steps=round(lots / 0.01),
        lots=lots,
        open=held,
        price=held,
        stop=0.0,
        target=0.0,
        profit=0.0,
        swap=0.0,
        magic=0,
        opened_ms=NOW_MS - 3_600_000 + identifier,
    )
    return replace(made, **changes)


def order(ticket: int = 1, symbol: str = "EURUSD", **changes: Any) -> PendingOrder:
    """A pending buy of one lot."""
    made = PendingOrder(ticket=ticket, symbol=symbol, side=Side.BUY, lots=1.0, price=1.0, magic=0)
    return replace(made, **changes)


def account(*, balance: float = 10_000.0, credit: float = 0.0, profit: float = 0.0, margin: float = 0.0,
            **changes: Any) -> Account:  # fmt: skip
    """A hedging account in dollars whose equity and free margin follow from the four figures."""
    equity = balance + credit + profit
    made = Account(
        login=1001,
        server="Demo",
        currency="USD",
        digits=2,
        leverage=100,
        margin_mode=MarginMode.HEDGING,
        balance=balance,
        credit=credit,
        profit=profit,
        equity=equity,
        margin=margin,
        margin_free=equity - margin,
    )
    return replace(made, **changes)


def _margin(positions: Sequence[Position], rates: Mapping[str, Rates]) -> float:
    """What the uncovered lots of each symbol and one lot of every hedged pair need."""
    total = 0.0
    for symbol in {p.symbol for p in positions}:
        rate = rates[symbol]
        long = sum(p.lots for p in positions if p.symbol == symbol and p.side is Side.BUY)
        short = sum(p.lots for p in positions if p.symbol == symbol and p.side is Side.SELL)
        total += max(long * rate.margin_buy, short * rate.margin_sell)
    return round(total, 2)


def snapshot(*positions: Position, balance: float = 10_000.0, credit: float = 0.0, margin: float | None = None,
             quotes: Mapping[str, Quote] | None = None, rates: Mapping[str, Rates] | None = None,
             instruments: Mapping[str, Instrument] | None = None, **changes: Any) -> Snapshot:  # fmt: skip
    """One look at an account that holds these positions; what is given by symbol stands in for the defaults."""
    held = dict.fromkeys(p.symbol for p in positions)
    costs = {name: RATES.get(name, PLAIN_RATES) for name in held} | dict(rates or {})
    made = Snapshot(
        taken_ms=NOW_MS,
        account=account(
            balance=balance,
            credit=credit,
            profit=sum(p.profit + p.swap for p in positions),
            margin=_margin(positions, costs) if margin is None else margin,
        ),
        terminal=TerminalState(connected=True, algo_allowed=True),
        positions=positions,
        quotes={name: QUOTES.get(name, quote(1.0)) for name in held} | dict(quotes or {}),
        instruments={name: instrument(name) for name in held} | dict(instruments or {}),
        rates=costs,
    )
    return replace(made, **changes)


def history(**changes: Any) -> History:
    """The memory of an account first seen with 10,000 at midnight, nothing lost since."""
    made = begin(equity=10_000.0, balance=10_000.0, now_ms=DAY_MS, day_ms=DAY_MS, week_ms=WEEK_MS, day_cash=0.0,
                 week_cash=0.0)  # fmt: skip
    return replace(made, **changes)


def reading(seen: Snapshot | None = None, **changes: Any) -> Reading:
    """A trustworthy reading of the snapshot; its worst equity is the one at its end."""
    seen = snapshot() if seen is None else seen
    made = Reading(snapshot=seen, book=Book(seen), history=history(), low=seen.account.equity)
    return replace(made, **changes)


def ticks(*rows: tuple[int, float, float]) -> Ticks:
    """Ticks from (time in UTC epoch milliseconds, bid, ask)."""
    return Ticks(
        time_ms=np.array([row[0] for row in rows], dtype=np.int64),
        bid=np.array([row[1] for row in rows], dtype=float),
        ask=np.array([row[2] for row in rows], dtype=float),
    )


def level(at: float = 120.0, response: Response | None = None, severity: Severity = Severity.HIGH) -> Level:
    """One level; it alerts unless a response is given."""
    return Level(at=at, severity=severity, response=response or Alert())


def rule(metric: str = "margin.level_pct", when: str = "below", *levels: Level, **changes: Any) -> Rule:
    """A rule with these levels, or with one alert at 120."""
    made = Rule(name=metric, metric=metric, when=when, levels=levels or (level(),))
    return replace(made, **changes)


def situation(read: Reading, by: Rule | None = None, began: Mapping[int, int] | None = None) -> Situation:
    """What a response is told; the episode began with what is held now unless said otherwise."""
    by = by or rule()
    now = {p.identifier: p.steps for p in read.snapshot.positions}
    return Situation(reading=read, rule=by, began=now if began is None else began)


def deal(ticket: int = 501, **changes: Any) -> Deal:
    """A lot of position 1 sold by an expert, without profit."""
    made = Deal(
        ticket=ticket,
        order=7_000 + ticket,
        position=1,
        symbol="EURUSD",
        kind=DealKind.TRADE,
        entry=Entry.OUT,
        side=Side.SELL,
        lots=1.0,
        price=1.1,
        profit=0.0,
        swap=0.0,
        commission=0.0,
        fee=0.0,
        time_ms=NOW_MS,
        magic=0,
        reason=int(DealReason.EXPERT),
    )
    return replace(made, **changes)


def request(**changes: Any) -> Request:
    """A close of half of position 1, a long of one lot, sent now."""
    made = Request(
        number=1,
        episode=1,
        position=1,
        symbol="EURUSD",
        side=Side.BUY,
        steps=50,
        held=100,
        sent_ms=NOW_MS,
        deal_floor=500,
        tag="plimsoll 000000 1",
    )
    return replace(made, **changes)
