"""What a plausible frame is made of: one book whose figures add up, its rules, its day and its alerts."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from monitors.kinds import MarginMode, Side
from monitors.model import Account, Position, Value
from monitors.ports import AlertView, LevelView, Severity
from monitors.series import COLUMNS, SeriesView

NOW_MS = 1_772_454_727_000  # 2026-03-02T12:32:07Z
OFFSET_S = 7_200
PEAK, MARGIN = 101_623.2, 68_000.0


@lru_cache(maxsize=16)
def series(rows: int = 40_000, *, end: float = 97_446.55, gap: tuple[float, float] | None = (0.55, 0.57),
           booked: float = 100_130, margin: float = MARGIN) -> SeriesView:  # fmt: skip
    """A day that rises and then falls to `end`; `gap` is a share of the day without data."""
    walk = np.random.default_rng(7)
    share = np.linspace(0, 1, rows)
    time_s = NOW_MS / 1_000 - 86_000 * (1 - share)
    rise = 2_100 * np.sin(share * 2.6) + np.cumsum(walk.normal(0, 7, rows)) * (1 - share)
    equity = 99_400 + rise * (PEAK - 99_400) / rise.max()
    fall = np.clip((share - 0.72) / 0.28, 0, 1) ** 1.6
    equity += (end - equity[-1]) * fall
    balance = np.select([share < 0.2, share < 0.5, share < 0.97], [99_400, 100_200, 100_770], booked).astype(np.float64)
    peak = np.maximum.accumulate(equity)
    used = np.select([share < 0.25, share < 0.55, share < 0.8], [20_000, 25_000, 31_000], margin)
    columns = np.vstack((time_s, equity, balance, 100 * (peak - equity) / peak, 100 * equity / used))
    if gap is not None:
        columns = columns[:, (share < gap[0]) | (share > gap[1])]
        columns[1:, int(np.searchsorted(share, gap[0])) - 1] = np.nan
    assert columns.shape[0] == len(COLUMNS)
    return SeriesView(columns)


def position(
    identifier: int,
    symbol: str,
    side: Side,
    lots: float,
    *,
    opened: float,
    price: float,
    profit: float,
    stop: float = 0.0,
    swap: float = 0.0,
) -> Position:
    """One position of the book; money in USD."""
    return Position(
        identifier=identifier,
        ticket=identifier,
        symbol=symbol,
        side=side,
        steps=round(lots * 100),
        lots=lots,
        open=opened,
        price=price,
        stop=stop,
        target=0.0,
        profit=profit,
        swap=swap,
        magic=0,
        opened_ms=NOW_MS - 9_000_000,
    )


BOOK = (
    position(
        501, "XAUUSD", Side.SELL, 2.0, opened=4_172.78, price=4_184.90, profit=-2_424.00, stop=4_198.0, swap=-7.38
    ),
    position(502, "EURUSD", Side.BUY, 3.5, opened=1.16240, price=1.16108, profit=-462.00, stop=1.159),
    position(503, "GBPJPY", Side.BUY, 0.8, opened=203.118, price=203.442, profit=168.41, stop=202.5, swap=1.14),
    position(504, "US500", Side.SELL, 1.2, opened=6_842.1, price=6_838.7, profit=40.80, stop=6_870.0, swap=-0.42),
)


def level(
    rule: str, metric: str, at: float, value: Value, *, severity: Severity, action: str, line: float | None = None
) -> LevelView:
    """A level that is tripped when its number says so."""
    number = value if isinstance(value, float) else None
    when = "below" if metric == "margin.level_pct" else "above"
    tripped = number is not None and (number >= at if when == "above" else number <= at)
    unit = "%" if metric.endswith("_pct") else "USD"
    return LevelView(
        rule=rule,
        metric=metric,
        when=when,
        at=at,
        severity=severity,
        action=action,
        tripped=tripped,
        value=value,
        unit=unit,
        line_equity=line,
    )


def levels(margin: Value, day: Value, depth: Value, risk: Value) -> tuple[LevelView, ...]:
    """A sensible rule set, judged by these values."""
    return (
        level("Margin level", "margin.level_pct", 150.0, margin, severity=Severity.HIGH, action="alert"),
        level("Margin level", "margin.level_pct", 120.0, margin, severity=Severity.CRITICAL, action="reduce"),
        level("Daily loss", "drawdown.daily", 4_000.0, day, severity=Severity.HIGH, action="reduce", line=96_000.0),
        level(
            "Daily loss", "drawdown.daily", 5_000.0, day, severity=Severity.CRITICAL, action="close_all", line=95_000.0
        ),
        level("Max drawdown", "drawdown.max_pct", 4.0, depth, severity=Severity.CRITICAL, action="alert"),
        level("Max drawdown", "drawdown.max_pct", 10.0, depth, severity=Severity.EXTREME, action="emergency_stop"),
        level("Open risk to stops", "risk.open_pct", 6.0, risk, severity=Severity.MEDIUM, action="alert"),
    )


def account(
    *, equity: float = 97_446.55, balance: float = 100_130.0, margin: float = MARGIN, currency: str = "USD"
) -> Account:
    """Figures that agree with each other."""
    return Account(
        login=51_023_381,
        server="FTMO-Server4",
        currency=currency,
        digits=2,
        leverage=100,
        margin_mode=MarginMode.HEDGING,
        balance=balance,
        credit=0.0,
        profit=round(equity - balance, 2),
        equity=equity,
        margin=margin,
        margin_free=round(equity - margin, 2),
        stop_out=50.0,
    )


def alert(number: int, metric: str, at: float, severity: Severity, **more: object) -> AlertView:
    """An unacknowledged, active alert of the funded account; `more` replaces fields."""
    base = AlertView(
        number=number,
        account="Funded 100k",
        rule="Margin level",
        metric=metric,
        value=at,
        threshold=at,
        when="below",
        severity=severity,
        raised_ms=NOW_MS - 60_000,
        latest=at - 1,
        why="The broker closes at 50 %.",
        do="Close part of XAUUSD.",
    )
    return replace(base, **more)  # type: ignore[arg-type]  # fields by name


ALERTS = (
    alert(3, "equity", 97_250.0, Severity.HIGH, active=False, cleared_ms=NOW_MS - 70_000, raised_ms=NOW_MS - 220_000),
    alert(1, "margin.level_pct", 150.0, Severity.HIGH, latest=143.3, value=148.9, raised_ms=NOW_MS - 1_800_000),
    alert(
        4,
        "exposure.symbol_pct",
        50.0,
        Severity.MEDIUM,
        when="above",
        latest=58.0,
        acknowledged_ms=NOW_MS - 780_000,
        raised_ms=NOW_MS - 842_000,
    ),
    alert(2, "drawdown.max_pct", 4.0, Severity.CRITICAL, when="above", latest=4.11, raised_ms=NOW_MS - 40_000),
    alert(
        5,
        "terminal.silence_s",
        30.0,
        Severity.LOW,
        when="above",
        active=False,
        cleared_ms=NOW_MS - 11_000_000,
        acknowledged_ms=NOW_MS - 10_000_000,
        raised_ms=NOW_MS - 12_000_000,
    ),
)
