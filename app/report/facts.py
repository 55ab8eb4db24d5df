"""What a report says, gathered from the archive for one account and one range of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.archive import records
from app.archive.facts import Whose
from app.archive.reader import EquityRange, Reader
from app.archive.records import AlertRecord, Mark, ResponseRecord
from app.dealings import with_excursions
from app.report.falls import Falls, fallen
from app.report.worth import Close, worth
from monitors.deal_report import DealReport, deal_report
from monitors.model import Deal
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
    falls: Falls
    as_deals: DealReport | None
    """As MetaTrader's history report counts the range's deals; None where there are none."""
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
    falls = fallen(equity, [mark for mark in marks if mark.kind == "flow"])
    opening = (float(first.last[0]), float(first.balance[0])) if first else None
    return Report(
        whose=reader.accounts()[number], since_ms=since_ms, until_ms=until_ms, equity=equity, falls=falls,
        as_deals=_as_deals(deals, opening[1] if opening else 0.0), opening=opening,
        flows=sum(mark.amount or 0.0 for mark in marks if mark.kind == "flow"),
        alerts=records.alerts(reader, number, since_ms, until_ms), responses=responses,
        closes=tuple(tuple(worth(request, later) for request in response.requests) for response in responses),
        trades=with_excursions(closed, records.excursions(reader, number)), marks=marks,
    )  # fmt: skip


def _as_deals(deals: Sequence[Deal], balance: float) -> DealReport | None:
    own = [deal for deal in deals if deal.performs]
    if not own:
        return None
    return deal_report(np.array([d.time_ms for d in own]), np.array([d.cash for d in own]), balance)
