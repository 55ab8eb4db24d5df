"""The result figures of a list of deals as MetaTrader's history report states them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.falls import figures
from monitors.model import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReport:
    """Account currency; ratios None where there is nothing to divide by."""

    net: float
    gross_profit: float
    gross_loss: float
    """Negative or 0."""
    profit_factor: float | None
    balance_drawdown: float
    """The largest fall of the balance in money."""
    balance_drawdown_pct: float
    recovery_factor: float | None


def deal_report(time_ms: Ints, cash: Floats, deposit: float) -> DealReport:
    """The report over deals that booked `cash` each (profit, swap, commission and fee), oldest first, length n.

    Source: MetaTrader 5 help, "Trading report", and a real report's own figures: gross profit and loss are summed a
    deal and not a position, so what opening a position costs is gross loss; the recovery factor of a history report
    divides by the drawdown of the balance, having no record of equity.
    """
    net = float(cash.sum())
    profit, loss = float(cash[cash > 0].sum()), float(cash[cash < 0].sum())
    balance = deposit + np.concatenate(([0.0], np.cumsum(cash)))
    found = figures(np.concatenate((time_ms[:1], time_ms)) if len(time_ms) else np.zeros(1, dtype=np.int64), balance)
    return DealReport(
        net=net,
        gross_profit=profit,
        gross_loss=loss,
        profit_factor=profit / -loss if loss < 0 else None,
        balance_drawdown=found.maximal if found else 0.0,
        balance_drawdown_pct=found.maximal_pct if found else 0.0,
        recovery_factor=found.recovery_factor if found else None,
    )
