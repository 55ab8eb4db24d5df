"""What was realised since the day's, the week's and the month's reset, by symbol, strategy and timeframe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitors.kinds import Entry
from monitors.model import Deal, Position
from monitors.settings import Strategy
from monitors.statistics import Statistics, by_strategy
from monitors.strategies import named, timeframe
from monitors.trades import Trade

BOOKINGS = "Bookings"
"""What the broker booked for no position: interest, fees, dividends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """The latest resets, UTC epoch ms."""

    day_ms: int
    week_ms: int
    month_ms: int


@dataclass(slots=True)
class Sums:
    """Realised since each reset, account currency; positions closed whole this month, and how many of them gained."""

    day: float = 0.0
    week: float = 0.0
    month: float = 0.0
    closed: int = 0
    won: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """Account currency throughout."""

    account: Sums = field(default_factory=Sums)
    symbols: Mapping[str, Sums] = field(default_factory=dict)
    strategies: Mapping[str, Sums] = field(default_factory=dict)
    timeframes: Mapping[str, Sums] = field(default_factory=dict)
    statistics: tuple[tuple[str, Statistics], ...] = ()
    """By strategy, all of them first."""
    lacking: tuple[str, str, str] = ("", "", "")
    """Why the day, the week and the month are not known; "" where they are."""


def booked(
    deals: Sequence[Deal],
    trades: Sequence[Trade],
    starts: Starts,
    strategies: Mapping[int, Strategy],
    *,
    held: Sequence[Position] = (),
    since_ms: int = 0,
) -> Booked:
    """Profit, swap, commission and fee of every deal, on the day it was booked (RULES: profit and loss).

    So the commission of an entry counts on the day it was charged. A deal belongs to the strategy that opened its
    position, whoever closed it. `deals` and `trades` are all there were since `since_ms` (UTC epoch ms); a period that
    began before that is not known. To be made anew when a deal comes or a reset passes, not on every beat.
    """
    opened = _openers(deals, trades, held)
    whole = Sums()
    groups: tuple[dict[str, Sums], ...] = ({}, {}, {})
    for deal in deals:
        if deal.performs:
            own = deal.position == 0
            magic = opened.get(deal.position, deal.magic)
            names = (
                deal.symbol or BOOKINGS,
                BOOKINGS if own else named(magic, strategies),
                BOOKINGS if own else timeframe(magic, strategies),
            )
            _add(whole, groups, names, deal, starts)
    for trade in trades:
        if trade.closed_ms >= starts.month_ms:
            names = trade.symbol, named(trade.magic, strategies), timeframe(trade.magic, strategies)
            for sums in (whole, *(group.setdefault(name, Sums()) for group, name in zip(groups, names, strict=True))):
                sums.closed += 1
                sums.won += trade.net > 0
    ages = (starts.day_ms, starts.week_ms, starts.month_ms)
    day, week, month = ("its deals are not all known" if start < since_ms else "" for start in ages)
    return Booked(account=whole, symbols=groups[0], strategies=groups[1], timeframes=groups[2],
                  statistics=by_strategy(trades, strategies), lacking=(day, week, month))  # fmt: skip


def _openers(deals: Sequence[Deal], trades: Sequence[Trade], held: Sequence[Position]) -> dict[int, int]:
    """The magic number that opened each position: as the trade or the position has it, else of its first entry."""
    entries = sorted((d for d in deals if d.entry is Entry.IN and d.position), key=lambda d: d.ticket, reverse=True)
    found = {deal.position: deal.magic for deal in entries}
    return found | {p.identifier: p.magic for p in held} | {trade.position: trade.magic for trade in trades}


def _add(whole: Sums, groups: tuple[dict[str, Sums], ...], names: tuple[str, str, str], deal: Deal,
         starts: Starts) -> None:  # fmt: skip
    """Count the deal's cash in every period that it lies in."""
    cash, at = deal.cash, deal.time_ms
    for sums in (whole, *(group.setdefault(name, Sums()) for group, name in zip(groups, names, strict=True))):
        sums.day += cash if at >= starts.day_ms else 0.0
        sums.week += cash if at >= starts.week_ms else 0.0
        sums.month += cash if at >= starts.month_ms else 0.0
