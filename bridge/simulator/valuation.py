"""What the book is worth in account currency: profit, margin, tick values, the account's figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.simulator.account import Account
from bridge.simulator.book import BUY, Book, Position
from bridge.simulator.listing import Listing
from bridge.simulator.market import Market
from monitors.instruments import hedged_margin, hedged_per_lot, margin, profit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An account's figures, rounded to its currency; `level` in percent, 0.0 without margin as MetaTrader has it."""

    profit: float
    equity: float
    margin: float

    @property
    def free(self) -> float:
        return round(self.equity - self.margin, 8)

    @property
    def level(self) -> float:
        return self.equity / self.margin * 100 if self.margin else 0.0


def trade_profit(
    market: Market, account: Account, listing: Listing, *, side: int, lots: float, opened: float, closed: float
) -> float:
    """Profit in account currency, to the cent.

    Converted at the close price where the symbol is itself the conversion pair, else at the worse side (recorded
    deals and order_calc_profit of MetaTrader's Python reference).
    """
    raw = profit(listing.terms, side=1 if side == BUY else -1, lots=lots, opened=opened, closed=closed)
    if listing.profit == account.currency:
        rate = 1.0
    elif listing.base == account.currency:
        rate = 1 / closed if closed > 0 else 0.0
    else:
        rate = market.rate(listing.profit, account.currency, high=raw < 0)
    return account.rounded(raw * rate)


def floating(market: Market, account: Account, position: Position) -> float:
    """An open position's profit without its swap, at the price that would close it."""
    line = market.lines[position.listing.name]
    if not line.utc_ms:
        return 0.0
    closed = line.price(buy=position.side != BUY)
    return trade_profit(
        market,
        account,
        position.listing,
        side=position.side,
        lots=position.lots,
        opened=position.price_open,
        closed=closed,
    )


def margin_rate(market: Market, account: Account, listing: Listing, *, buy: bool, price: float) -> float:
    """Margin to account currency for a trade at `price`: that price where it is the pair, else ask to buy, bid to sell.

    Source: order_calc_margin in MetaTrader's Python reference: EURJPY costs what EURUSD's ask says.
    """
    source, target = listing.margin_in, account.currency
    if source == target:
        return 1.0
    if price > 0 and (listing.base, listing.profit) == (source, target):
        return price
    if price > 0 and (listing.profit, listing.base) == (source, target):
        return 1 / price
    return market.rate(source, target, high=buy)


def margin_alone(market: Market, account: Account, listing: Listing, *, side: int, lots: float, price: float) -> float:
    """What a trade would bind if it were the only one, to the cent (order_calc_margin knows no positions)."""
    buy = side == BUY
    bound = margin(
        listing.terms,
        lots=lots,
        price=price,
        leverage=account.leverage,
        rate=listing.margin_rate_long if buy else listing.margin_rate_short,
    )
    return account.rounded(bound * margin_rate(market, account, listing, buy=buy, price=price))


def used_margin(account: Account, positions: Iterable[Position]) -> float:
    """Margin of all positions, covered volume counted once a pair, at the prices and rates of their opening.

    Source: MetaTrader 5 help, "Hedged margin": each leg at its volume-weighted open price and conversion rate, the
    covered volume at those of both legs together.
    """
    by_symbol: dict[str, list[Position]] = {}
    for position in positions:
        by_symbol.setdefault(position.listing.name, []).append(position)
    return account.rounded(math.fsum(_of_symbol(account, held) for held in by_symbol.values()))


def _of_symbol(account: Account, held: list[Position]) -> float:
    listing, leverage = held[0].listing, account.leverage
    longs = [p for p in held if p.side == BUY]
    shorts = [p for p in held if p.side != BUY]

    def per_lot(leg: list[Position], rate: float) -> float:
        price, conversion = _weighted(leg)
        return margin(listing.terms, lots=1.0, price=price, leverage=leverage, rate=rate) * conversion

    long_lots = listing.lots(sum(p.steps for p in longs))
    short_lots = listing.lots(sum(p.steps for p in shorts))
    covered = 0.0
    if longs and shorts:
        price, conversion = _weighted(held)
        rate = listing.margin_rate_long if long_lots >= short_lots else listing.margin_rate_short
        covered = conversion * hedged_per_lot(
            listing.terms, hedged=listing.hedged, price=price, leverage=leverage, rate=rate
        )
    return hedged_margin(
        long_lots,
        short_lots,
        per_lot(longs, listing.margin_rate_long),
        per_lot(shorts, listing.margin_rate_short),
        covered,
        listing.hedged_use_leg,
    )


def _weighted(leg: list[Position]) -> tuple[float, float]:
    """Open price and margin rate, weighted by volume; zeros for no positions."""
    steps = sum(p.steps for p in leg)
    if not steps:
        return 0.0, 0.0
    price = math.fsum(p.price_open * p.steps for p in leg) / steps
    return price, math.fsum(p.margin_rate * p.steps for p in leg) / steps


def figures(market: Market, account: Account, book: Book) -> Figures:
    """The account as it stands; the margin of an unchanged book is not worked out twice."""
    held = book.positions.values()
    if book.bound is None:
        book.bound = used_margin(account, held)
    open_profit = account.rounded(sum(floating(market, account, p) + p.swap for p in held))
    equity = account.rounded(account.balance + account.credit + open_profit)
    return Figures(profit=open_profit, equity=equity, margin=book.bound)


def tick_values(market: Market, account: Account, listing: Listing) -> tuple[float, float]:
    """Value of a tick of one lot in account currency, as a profit and as a loss; zeros where there is no rate."""
    if market.route(listing.profit, account.currency) is None:
        return 0.0, 0.0
    low = market.rate(listing.profit, account.currency, high=False)
    high = market.rate(listing.profit, account.currency, high=True)
    return listing.tick_worth * low, listing.tick_worth * high
