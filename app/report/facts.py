"""What a report says, gathered from the archive for one account and one range of days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.archive import records
from app.archive.facts import Whose
from app.archive.reader import EquityRange, Reader
from app.archive.records import AlertRecord, Mark, ResponseRecord
from app.dealings import with_excursions
from app.report.worth import Close, worth
from monitors.model import Floats
from monitors.trades import Trade, trades

COLUMNS = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One account from `since_ms` to `until_ms`, UTC epoch ms; money in account currency."""

    whose: Whose
    since_ms: int
    until_ms: int
    equity: EquityRange
    opening: tuple[float, float] | None
    """Equity and balance at the first point; None where there is none."""
    drawdown_pct: Floats
    """Per column of `equity`: how far its low stood below the highest of the range before it; NaN in gaps."""
    deepest: float
    """The deepest such fall in money."""
    flows: float
    """Money moved in less money moved out."""
    alerts: tuple[AlertRecord, ...]
    responses: tuple[ResponseRecord, ...]
    closes: tuple[tuple[Close, ...], ...]
    """Of each response, what its requests closed."""
    trades: tuple[Trade, ...]
    marks: tuple[Mark, ...]

    @property
    def empty(self) -> bool:
        """Nothing at all was recorded in the range."""
        return not (len(self.equity) or self.alerts or self.responses or self.trades)


def gather(reader: Reader, number: int, since_ms: int, until_ms: int) -> Report:
    """The facts of account `number`."""
    equity = reader.equity(number, since_ms, until_ms, COLUMNS)
    marks = records.marks(reader, number, since_ms, until_ms)
    responses = records.responses(reader, number, since_ms, until_ms)
    deals = records.deals(reader, number, since_ms, until_ms)
    later = records.deals(reader, number, since_ms, 2**62)
    closed = [trade for trade in trades(deals) if trade.closed_ms >= since_ms]
    first = (
        reader.equity(number, int(equity.time_ms[0]), int(equity.time_ms[0]) + 1_000, 1_000) if len(equity) else None
    )
    pct, deepest = fall(equity, [mark for mark in marks if mark.kind == "flow"])
    return Report(
        whose=reader.accounts()[number], since_ms=since_ms, until_ms=until_ms, equity=equity, drawdown_pct=pct,
        opening=(float(first.last[0]), float(first.balance[0])) if first else None,
        deepest=deepest, flows=sum(mark.amount or 0.0 for mark in marks if mark.kind == "flow"),
        alerts=records.alerts(reader, number, since_ms, until_ms), responses=responses,
        closes=tuple(tuple(worth(request, later) for request in response.requests) for response in responses),
        trades=with_excursions(closed, records.excursions(reader, number)), marks=marks,
    )  # fmt: skip


def fall(equity: EquityRange, flows: Iterable[Mark]) -> tuple[Floats, float]:
    """Drawdown from the highest of the range so far, percent of each column, and the deepest in money.

    Money moved is no performance: the percent is that of a unit value (RULES: drawdown), the money that of equity less
    what was moved.
    """
    moved, unit = np.zeros(len(equity)), np.ones(len(equity))
    for flow in flows:
        after = int(np.searchsorted(equity.time_ms, flow.at_ms))
        before = equity.last[:after][np.isfinite(equity.last[:after])]
        moved[after:] += flow.amount or 0.0
        if len(before) and before[-1] > 0 and before[-1] + (flow.amount or 0.0) > 0:
            unit[after:] *= before[-1] / (before[-1] + (flow.amount or 0.0))
    seen = np.isfinite(equity.high)
    pct, deepest = np.full(len(equity), np.nan), 0.0
    if seen.any():
        high, low = (equity.high * unit)[seen], (equity.low * unit)[seen]
        summit = np.maximum.accumulate(high)
        pct[seen] = 100 * (summit - low) / np.where(summit > 0, summit, np.inf)
        deepest = float((np.maximum.accumulate((equity.high - moved)[seen]) - (equity.low - moved)[seen]).max())
    return pct, deepest
