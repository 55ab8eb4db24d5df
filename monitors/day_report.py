"""A day's report, or several days', as facts: what is written as a file and what the window draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from monitors.deal_report import DealReport
from monitors.falls import Drawdown
from monitors.model import Floats
from monitors.record import AlertRecord, EquityRange, Mark, RequestRecord, ResponseRecord, Whose
from monitors.settings import Strategy
from monitors.trades import Trade


@dataclass(frozen=True, slots=True, kw_only=True)
class Falls:
    """`pct` per column: how far its low stood below the highest of the range before it, NaN in gaps.

    `deepest` is the largest fall in money; `listed` are the deepest in percent, their times UTC epoch ms.
    """

    pct: Floats
    deepest: float
    listed: tuple[Drawdown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """One request's close, account currency; None where it cannot be told honestly."""

    request: RequestRecord
    booked: float | None
    saved: float | None
    """Booked less the same lots at their later exit: positive saved, negative cost."""
    known_ms: int | None = None
    """When that exit was, UTC epoch ms: what holding would have brought is known from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The audit log beside the archive: its rows, how many of the newest were verified, and the last one's hash."""

    rows: int
    checked: int
    head: str
    damage: str
    """Empty where the chain is whole."""

    def __str__(self) -> str:
        if self.damage:
            return "Audit log not verified"
        if not self.rows:
            return "Audit log: no rows yet"
        which = "all" if self.checked >= self.rows else f"the newest {_grouped(self.checked)}"
        return f"Audit log: {_grouped(self.rows)} rows, {which} verified, head {self.head[:8]}"


NO_AUDIT = "No audit log lies beside this history"


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


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
    without: Floats
    """Per column, the last equity had no rule and no stop closed anything; NaN where that is not known."""
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
    strategies: Mapping[int, Strategy]
    """Who opened what, by magic number."""
    audit: Audit | None
    """None where there is no audit log beside the archive."""

    @property
    def empty(self) -> bool:
        """Nothing at all was recorded in the range."""
        return not (len(self.equity) or self.alerts or self.responses or self.trades)


class Reports(Protocol):
    """What the window asks for reports. Everything reads or writes files and may wait for them; OSError says why not.

    An account is named by its server and login, a day of its broker's clock as 2026-03-02.
    """

    def days(self, server: str, login: int) -> tuple[str, ...]:
        """The days of which something was recorded, newest first."""

    def report(self, server: str, login: int, day: str) -> Report:
        """One day."""

    def save(self, server: str, login: int, day: str, out: Path) -> None:
        """One day as a file: a PDF where its name ends so, else HTML."""
