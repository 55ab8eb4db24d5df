"""What a night costs: swap at the broker's midnight, three nights' worth on one day of the week."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum

from bridge.simulator.book import BUY, Position
from bridge.simulator.clock import EPOCH
from bridge.simulator.desk import Desk

_DAYS_A_YEAR = 360
_WEEKEND = {6, 0}  # Saturday and Sunday, counted from Sunday as MetaTrader does: nobody rolls over


class SwapMode(IntEnum):
    """SYMBOL_SWAP_MODE_*, as far as simulated."""

    DISABLED = 0
    POINTS = 1
    BASE_CURRENCY = 2
    MARGIN_CURRENCY = 3
    DEPOSIT_CURRENCY = 4
    INTEREST_CURRENT = 5
    INTEREST_OPEN = 6


def swap(
    mode: int, *, rate: float, lots: float, contract_size: float, point: float, price_now: float, price_open: float
) -> float:
    """One night's swap, in the currency the mode names (points and interest: profit currency).

    Source: MetaTrader 5 help, "Trading symbols: swap". Interest is a percentage a year of 360 days.
    """
    if mode == SwapMode.POINTS:
        return rate * point * contract_size * lots
    if mode in {SwapMode.INTEREST_CURRENT, SwapMode.INTEREST_OPEN}:
        price = price_now if mode == SwapMode.INTEREST_CURRENT else price_open
        return lots * contract_size * price * rate / 100 / _DAYS_A_YEAR
    return 0.0 if mode == SwapMode.DISABLED else rate * lots


def nights(ending_weekday: int, triple_day: int) -> int:
    """Nights charged for the one after a weekday (0 Sunday): three after the triple day, none at the weekend."""
    if ending_weekday in _WEEKEND:
        return 0
    return 3 if ending_weekday == triple_day else 1


def roll_over(desk: Desk) -> None:
    """Charge every position the night that begins now, and come back at the next midnight."""
    ended = EPOCH + timedelta(milliseconds=desk.zone.to_wall_ms(desk.now_ms) - 1)
    weekday = ended.isoweekday() % 7
    for position in desk.book.positions.values():
        count = nights(weekday, position.listing.swap_triple_day)
        position.swap = desk.account.rounded(position.swap + count * _one_night(desk, position))


def schedule(desk: Desk, start_ms: int) -> None:
    """Have every midnight from `start_ms` on charged."""

    def again(at: Desk) -> None:
        schedule(at, at.now_ms)

    midnight = desk.zone.next_midnight_ms(start_ms)
    desk.at(midnight, roll_over)
    desk.at(midnight, again, broker_side=False)


def _one_night(desk: Desk, position: Position) -> float:
    listing, line = position.listing, desk.market.lines[position.listing.name]
    amount = swap(
        listing.swap_mode,
        rate=listing.swap_long if position.side == BUY else listing.swap_short,
        lots=position.lots,
        contract_size=listing.contract_size,
        point=listing.point,
        price_now=line.price(buy=position.side != BUY),
        price_open=position.price_open,
    )
    currency = {
        SwapMode.BASE_CURRENCY: listing.base,
        SwapMode.MARGIN_CURRENCY: listing.margin_in,
        SwapMode.DEPOSIT_CURRENCY: desk.account.currency,
    }.get(SwapMode(listing.swap_mode), listing.profit)
    return amount * desk.market.rate(currency, desk.account.currency, high=amount < 0) if amount else 0.0
