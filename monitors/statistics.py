"""How often and how much a strategy wins, over the positions that were closed whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitors.model import NotApplicable, Value
from monitors.settings import Strategy
from monitors.strategies import named
from monitors.trades import Trade

ALL = "All"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Of the positions closed in the period they were asked for (RULES: position analytics)."""

    closed: int
    won: int
    win_rate_pct: Value
    profit_factor: Value
    planned_rr: Value
    """Mean planned reward to risk."""
    realized_r: Value
    """Mean R multiple at the close."""
    net: float


def statistics(trades: Sequence[Trade]) -> Statistics:
    """Win rate, profit factor (gross profit over gross loss, net of costs), and the mean ratios of those that have one.

    A trade is won where its net is above 0. Without a losing trade there is no profit factor.
    """
    won = sum(trade.net > 0 for trade in trades)
    gained = sum(trade.net for trade in trades if trade.net > 0)
    lost = -sum(trade.net for trade in trades if trade.net < 0)
    none = NotApplicable("no position was closed")
    return Statistics(
        closed=len(trades),
        won=won,
        win_rate_pct=100 * won / len(trades) if trades else none,
        profit_factor=none if not trades else gained / lost if lost > 0 else NotApplicable("no position lost"),
        planned_rr=_mean([planned(trade) for trade in trades], "no closed position had both a stop and a target"),
        realized_r=_mean([realized(trade) for trade in trades], "no closed position had a stop"),
        net=float(sum(trade.net for trade in trades)),
    )


def by_strategy(
    trades: Sequence[Trade], strategies: Mapping[int, Strategy]
) -> tuple[tuple[str, Statistics], ...]:  # fmt: skip
    """All together first, then each strategy by name, that of the deal that opened."""
    groups: dict[str, list[Trade]] = {}
    for trade in trades:
        groups.setdefault(named(trade.magic, strategies), []).append(trade)
    return ((ALL, statistics(trades)), *((name, statistics(groups[name])) for name in sorted(groups)))


def planned(trade: Trade) -> float | None:
    """(target - open) / (open - stop) by side; None without a stop and a target on their own sides of the opening."""
    risk, reward = _risk(trade), trade.side.sign * (trade.target - trade.open)
    return reward / risk if risk is not None and trade.target > 0 and reward > 0 else None


def realized(trade: Trade) -> float | None:
    """The R multiple at the close, by price and so without costs; None without a first stop that risked anything."""
    risk = _risk(trade)
    return trade.side.sign * (trade.close - trade.open) / risk if risk is not None else None


def _risk(trade: Trade) -> float | None:
    """Price distance from the opening to the first stop that was seen, else to the last."""
    first = trade.excursion.stop if trade.excursion is not None else 0.0
    stop = first or trade.stop
    risk = trade.side.sign * (trade.open - stop)
    return risk if stop > 0 and risk > 0 else None


def _mean(found: Sequence[float | None], lacking: str) -> Value:
    known = [ratio for ratio in found if ratio is not None]
    return sum(known) / len(known) if known else NotApplicable(lacking)
