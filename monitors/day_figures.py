"""What a report's facts come to: its five figures, how long a person took, the best and the worst, the busiest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from monitors.alert_load import TEN_MINUTES_MS
from monitors.day_report import Close, Report
from monitors.model import Floats
from monitors.ports import Severity
from monitors.record import AlertRecord
from monitors.trades import Trade
from monitors.zones import MINUTE_MS

TARGET_MS = MINUTE_MS
"""A critical alert is to be acknowledged within it."""
SLOWEST_MS = 60 * MINUTE_MS
SHOWN_TRADES = 3
SAME = 1e-9
GRAVE = (Severity.CRITICAL, Severity.EXTREME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """Result, balance, lowest equity and deepest drawdown; money in account currency, times UTC epoch ms."""

    result: float
    """What equity gained less what was moved in."""
    result_pct: float | None
    """Of the first equity; None where there was none."""
    opened: float
    """The balance at the first point."""
    balance: float
    lowest: float
    lowest_ms: int
    deepest_pct: float
    deepest: float


def headline(report: Report) -> Headline | None:
    """None where no equity was recorded."""
    curve = report.equity
    seen = np.flatnonzero(np.isfinite(curve.last))
    if report.opening is None or not len(seen):
        return None
    first, opened = report.opening
    result = float(curve.last[seen[-1]]) - first - report.flows
    lowest = int(np.nanargmin(curve.low))
    return Headline(
        result=result, result_pct=100 * result / first if first > 0 else None, opened=opened,
        balance=float(curve.balance[seen[-1]]), lowest=float(curve.low[lowest]),
        lowest_ms=int(curve.time_ms[lowest]), deepest_pct=float(np.nanmax(report.falls.pct)),
        deepest=report.falls.deepest,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Closes together; `booked` and `saved` None where of none of them it is known."""

    filled: int
    refused: int
    unknown: int
    booked: float | None
    saved: float | None
    untold: int
    """How many of those that were filled have no `saved`."""


def together(closes: Iterable[Close]) -> Sum:
    """What rules and stops closed, in one row."""
    done = tuple(closes)
    booked = [close.booked for close in done if close.booked is not None]
    saved = [close.saved for close in done if close.saved is not None]
    filled = [close for close in done if close.request.filled > 0]
    return Sum(
        filled=len(filled), refused=sum(close.request.state == "refused" for close in done),
        unknown=sum(close.request.state == "unknown" for close in done),
        booked=sum(booked) if booked else None, saved=sum(saved) if saved else None,
        untold=sum(close.saved is None for close in filled),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a person took to acknowledge; `met` of `grave` ones within TARGET_MS."""

    median_ms: int
    slowest_ms: int
    grave: int
    met: int


def pace(alerts: Iterable[AlertRecord]) -> Pace | None:
    """Of those that were acknowledged; None where none was. One that waits still is none that was met."""
    found = tuple(alerts)
    took = [(a.acknowledged_ms - a.raised_ms, a.severity) for a in found if a.acknowledged_ms is not None]
    if not took:
        return None
    return Pace(
        median_ms=round(median(ms for ms, _ in took)), slowest_ms=max(ms for ms, _ in took),
        grave=sum(a.severity in GRAVE for a in found),
        met=sum(ms < TARGET_MS for ms, severity in took if severity in GRAVE),
    )  # fmt: skip


def busiest(alerts: Iterable[AlertRecord]) -> int:
    """The most alerts that were raised within ten minutes."""
    moments = sorted(alert.raised_ms for alert in alerts)
    return max((bisect_left(moments, at + TEN_MINUTES_MS) - n for n, at in enumerate(moments)), default=0)


def waited_share(milliseconds: int) -> float:
    """A time to acknowledge on a log scale: 0 at once, 1 from an hour on."""
    return min(1.0, float(np.log1p(max(0, milliseconds) / 1_000) / np.log1p(SLOWEST_MS / 1_000)))


def best(trades: Sequence[Trade], *, worst: bool = False) -> list[Trade]:
    """The three that gained most, or lost most, most first."""
    own = [trade for trade in trades if (trade.net < 0 if worst else trade.net > 0)]
    return sorted(own, key=lambda trade: trade.net if worst else -trade.net)[:SHOWN_TRADES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Equity had nothing been closed: `known` per column where it differs from what was, else NaN.

    Between the two columns of each of `bridges` nobody can tell.
    """

    known: Floats
    bridges: tuple[tuple[int, int], ...]


def held(report: Report) -> Held:
    """From a report's `without`; nothing where nothing was closed."""
    last, without = report.equity.last, report.without
    runs = stretches(without)
    bridges = [
        (one.stop - 1, after.start) for one, after in pairwise(runs) if np.isfinite(last[one.stop : after.start]).any()
    ]
    return Held(known=np.where(np.abs(without - last) > SAME, without, np.nan), bridges=tuple(bridges))


def stretches(values: Floats) -> list[slice]:
    """The stretches of a curve without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], np.isfinite(values), [False]]).astype(int)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
