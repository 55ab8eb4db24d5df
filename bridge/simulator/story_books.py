"""What the demo's three accounts hold, and what they did earlier that day and week."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.simulator.account import HEDGING, NETTING, Account
from bridge.simulator.book import BUY, SELL, Deal, DealType, Order, OrderState, Position
from bridge.simulator.catalogue import CHARACTERS
from bridge.simulator.desk import Desk
from bridge.simulator.opening import put
from bridge.simulator.valuation import margin_rate, trade_profit
from monitors.kinds import Entry

_MINUTE_MS, _DAY_MS = 60_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Held:
    """An open position: entry, stop and target in percent of the price at which the story begins; 0: none."""

    identifier: int
    symbol: str
    side: int
    lots: float
    entry_pct: float
    stop_pct: float
    target_pct: float
    magic: int
    minutes_ago: int
    swap: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """A closed trade: its move in percent, for it when positive."""

    symbol: str
    side: int
    lots: float
    won_pct: float
    magic: int
    minutes_ago: int
    lasted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An account of the demo."""

    name: str
    login: int
    currency: str
    leverage: int
    balance: float
    margin_mode: int
    held: tuple[Held, ...]
    done: tuple[Done, ...]

    def account(self) -> Account:
        return Account(
            login=self.login,
            currency=self.currency,
            leverage=self.leverage,
            balance=self.balance,
            margin_mode=self.margin_mode,
            margin_call=100.0,
            stop_out=50.0,
            name=self.name,
            server="Northgate-Demo",
            company="Northgate Markets",
        )


PLANS = (
    Plan(
        name="Funded 100k",
        login=51023381,
        currency="USD",
        leverage=20,
        balance=100_770.0,
        margin_mode=HEDGING,
        held=(
            Held(90000101, "XAUUSD", SELL, 0.50, -0.02, 1.90, 1.8, 7003, 96, -7.38),
            Held(90000102, "EURUSD", BUY, 5.00, 0.02, 0.80, 0.8, 7001, 212),
            Held(90000103, "GBPJPY", BUY, 1.50, 0.05, 0.90, 1.1, 7001, 1490, 1.14),
            Held(90000104, "US500", SELL, 2.40, 0.03, 0.0, 0.9, 0, 44, -0.42),
        ),
        done=(
            Done("EURUSD", BUY, 2.00, 0.19, 7001, 4100, 190),
            Done("XAUUSD", BUY, 0.40, -0.22, 7003, 2800, 75),
            Done("GBPJPY", SELL, 1.00, 0.17, 7001, 330, 120),
            Done("US500", BUY, 2.00, 0.31, 0, 260, 55),
            Done("XAUUSD", SELL, 0.50, 0.24, 7003, 170, 40),
        ),
    ),
    Plan(
        name="Swing",
        login=88120475,
        currency="EUR",
        leverage=30,
        balance=24_558.75,
        margin_mode=NETTING,
        held=(
            Held(90000201, "EURUSD", SELL, 0.60, 0.30, 0.9, 1.6, 7010, 3900, 2.66),
            Held(90000202, "US500", BUY, 0.30, 0.25, 1.2, 2.0, 7010, 5600, -6.1),
        ),
        done=(
            Done("GBPJPY", BUY, 0.30, 0.42, 7010, 8200, 2600),
            Done("EURUSD", SELL, 0.50, -0.15, 7010, 6100, 900),
        ),
    ),
    Plan(
        name="Gold EA",
        login=70993012,
        currency="USD",
        leverage=100,
        balance=5_186.71,
        margin_mode=HEDGING,
        held=(
            Held(90000301, "XAUUSD", SELL, 0.30, 0.03, 0.0, 1.0, 7020, 38),
            Held(90000302, "XAUUSD", SELL, 0.15, 0.01, 0.0, 1.0, 7020, 21),
        ),
        done=(
            Done("XAUUSD", BUY, 0.10, 0.21, 7020, 400, 22),
            Done("XAUUSD", SELL, 0.15, -0.09, 7020, 310, 35),
            Done("XAUUSD", BUY, 0.20, 0.14, 7020, 120, 18),
        ),
    ),
)


def fill(desk: Desk, plan: Plan, start_ms: int) -> None:
    """Give a desk its history and its positions, sized so that they weigh the same at another price level."""
    first = len(desk.book.deals)
    for trade in plan.done:
        _close_out(desk, trade, start_ms)
    earned = sum(deal.profit for deal in desk.book.deals[first:])
    paid_in = desk.account.rounded(plan.balance - earned)
    ticket = desk.book.next_ticket()
    deposit = Deal(
        ticket=ticket, utc_ms=start_ms - 30 * _DAY_MS, kind=DealType.BALANCE, profit=paid_in, comment="Deposit"
    )
    desk.book.deals.insert(first, deposit)
    for held in plan.held:
        put(desk, _position(desk, held, start_ms))


def _weighed(desk: Desk, symbol: str, lots: float) -> float:
    line = desk.market.lines[symbol]
    weight = CHARACTERS[symbol].price / line.bid
    steps = round(lots * weight / line.listing.volume_step)
    return line.listing.lots(max(steps, round(line.listing.volume_min / line.listing.volume_step)))


def _position(desk: Desk, held: Held, start_ms: int) -> Position:
    line = desk.market.lines[held.symbol]
    listing, sign = line.listing, 1 if held.side == BUY else -1
    price = listing.rounded(line.bid * (1 - sign * held.entry_pct / 100))
    opened = start_ms - held.minutes_ago * _MINUTE_MS
    return Position(
        identifier=held.identifier,
        ticket=held.identifier,
        listing=listing,
        side=held.side,
        steps=listing.steps(_weighed(desk, held.symbol, held.lots)) or 1,
        price_open=price,
        opened_ms=opened,
        updated_ms=opened,
        margin_rate=margin_rate(desk.market, desk.account, listing, buy=held.side == BUY, price=price),
        sl=listing.rounded(line.bid * (1 - sign * held.stop_pct / 100)) if held.stop_pct else 0.0,
        tp=listing.rounded(line.bid * (1 + sign * held.target_pct / 100)) if held.target_pct else 0.0,
        magic=held.magic,
        swap=held.swap,
    )


def _close_out(desk: Desk, trade: Done, start_ms: int) -> None:
    """Both deals of a trade that is over, with their orders."""
    book, line = desk.book, desk.market.lines[trade.symbol]
    listing, sign = line.listing, 1 if trade.side == BUY else -1
    lots = _weighed(desk, trade.symbol, trade.lots)
    opened = listing.rounded(line.bid)
    closed = listing.rounded(line.bid * (1 + sign * trade.won_pct / 100))
    profit = trade_profit(desk.market, desk.account, listing, side=trade.side, lots=lots, opened=opened, closed=closed)
    done_ms = start_ms - trade.minutes_ago * _MINUTE_MS
    identifier = 0
    legs = ((Entry.IN, trade.side, opened, 0.0, trade.lasted), (Entry.OUT, 1 - trade.side, closed, profit, 0))
    for entry, side, price, money, minutes in legs:
        at_ms = done_ms - minutes * _MINUTE_MS
        order = Order(
            ticket=book.next_ticket(),
            listing=listing,
            kind=side,
            steps=listing.steps(lots) or 1,
            placed_ms=at_ms,
            done_ms=at_ms,
            state=OrderState.FILLED,
            price=price,
            magic=trade.magic,
        )
        identifier = order.position_id = identifier or order.ticket
        book.orders_done.append(order)
        deal = Deal(
            ticket=book.next_ticket(),
            utc_ms=at_ms,
            kind=side,
            order=order.ticket,
            entry=entry,
            magic=trade.magic,
            position_id=identifier,
            lots=lots,
            price=price,
            profit=money,
            symbol=trade.symbol,
        )
        book.deals.append(deal)
