"""The figures of a real history report, reproduced to the cent from its own deals."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from monitors.deal_report import deal_report


def number(cell: str) -> float:
    return float(cell.replace(" ", ""))


@pytest.fixture
def deals(shared: Path) -> list[list[str]]:
    """The rows of the section "Deals", the deposit first."""
    with (shared / "data" / "mt5" / "history_report_icmarkets_demo.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    first = next(n for n, row in enumerate(rows) if row[0] == "Deals") + 2
    last = next(n for n, row in enumerate(rows) if row[0] == "Results")
    return rows[first:last]


def test_net_gross_factors_and_balance_drawdown_are_the_reports_own(shared: Path, deals: list[list[str]]) -> None:
    said = json.loads((shared / "data" / "mt5" / "history_report_icmarkets_demo.expected.json").read_text())
    cash = np.array([sum(number(cell) for cell in row[8:12]) for row in deals[1:]])
    report = deal_report(np.arange(len(cash)), cash, number(deals[0][11]))
    told = said["reported_by_mt5"]
    assert round(report.net, 2) == told["net_profit"]
    assert round(report.gross_profit, 2) == told["gross_profit"]
    assert round(report.gross_loss, 2) == told["gross_loss"]
    assert report.profit_factor is not None
    assert round(report.profit_factor, 2) == told["profit_factor"]
    assert round(report.balance_drawdown, 2) == said["derived"]["max_balance_drawdown"]
    assert report.recovery_factor is not None
    assert round(report.recovery_factor, 2) == told["recovery_factor"]
    balances = number(deals[0][11]) + np.cumsum(cash)
    assert [round(b, 2) for b in balances] == [balance for _, balance in said["curve"]][1:]


def test_without_deals_there_is_nothing_to_divide() -> None:
    report = deal_report(np.empty(0, dtype=np.int64), np.empty(0), 5_000.0)
    assert (report.net, report.balance_drawdown) == (0.0, 0.0)
    assert report.profit_factor is report.recovery_factor is None


def test_a_first_loss_falls_from_the_deposit() -> None:
    report = deal_report(np.array([1, 2]), np.array([-50.0, 20.0]), 1_000.0)
    assert (report.balance_drawdown, report.balance_drawdown_pct) == (50.0, 5.0)
