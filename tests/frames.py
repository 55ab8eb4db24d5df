"""Plausible frames for tests and screenshots of the window: one book whose figures add up."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from monitors.model import Account, MarginMode, NotApplicable, PendingOrder, Position, Side, Unknown, Value
from monitors.ports import AccountFrame, AlertView, Frame, HaltView, LevelView, Link, Severity
from monitors.series import COLUMNS, SeriesView

NOW_MS = 1_772_454_727_000  # 2026-03-02T12:32:07Z
OFFSET_S = 7_200
PEAK, MARGIN = 101_623.2, 68_000.0


@lru_cache(maxsize=16)
def series(rows: int = 40_000, *, end: float = 97_446.55, gap: tuple[float, float] | None = (0.55, 0.57)) -> SeriesView:
    """A day that rises and then falls to `end`; `gap` is a share of the day without data."""
    walk = np.random.default_rng(7)
    share = np.linspace(0, 1, rows)
    time_s = NOW_MS / 1_000 - 86_000 * (1 - share)
    rise = 2_100 * np.sin(share * 2.6) + np.cumsum(walk.normal(0, 7, rows)) * (1 - share)
    equity = 99_400 + rise * (PEAK - 99_400) / rise.max()
    fall = np.clip((share - 0.72) / 0.28, 0, 1) ** 1.6
    equity += (end - equity[-1]) * fall
    balance = np.select([share < 0.2, share < 0.5, share < 0.97], [99_400, 100_200, 100_770], 100_130).astype(
        np.float64
    )
    peak = np.maximum.accumulate(equity)
    used = np.select([share < 0.25, share < 0.55, share < 0.8], [20_000, 25_000, 31_000], MARGIN)
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


def funded() -> AccountFrame:
    """An armed account in trouble: margin level 143.3 %, and near 4 % under its peak."""
    day, depth = series(), float(series().column("drawdown_pct")[-1])
    metrics: dict[str, Value] = {
        "margin.level_pct": 143.3,
        "pnl.today": -2_553.45,
        "drawdown.daily": 2_553.45,
        "drawdown.max_pct": depth,
        "risk.open_pct": 4.32,
    }
    return AccountFrame(
        name="Funded 100k",
        login=51_023_381,
        server="FTMO-Server4",
        mode="armed",
        link=Link.LIVE,
        reason="",
        as_of_ms=NOW_MS,
        account=account(),
        positions=BOOK,
        orders=(),
        metrics=metrics,
        levels=levels(143.3, 2_553.45, depth, 4.32),
        series=day,
        position_states={502: "halved 14:18"},
        volume_digits={p.symbol: 2 for p in BOOK},
        price_digits={"XAUUSD": 2, "EURUSD": 5, "GBPJPY": 3, "US500": 1},
        last_action="Close 50 % 14:18:04",
        next_trip="Equity 96 000",
        can_stop=True,
        broker_offset_s=OFFSET_S,
        next_reset_ms=NOW_MS + 34_073_000,
        tick_age_s=0.3,
        call_ms=4.0,
    )


def calm_account() -> AccountFrame:
    """An armed account with nothing to say."""
    metrics: dict[str, Value] = {
        "margin.level_pct": 512.6,
        "pnl.today": 412.60,
        "drawdown.daily": 0.0,
        "drawdown.max_pct": 0.2,
        "risk.open_pct": 1.1,
    }
    book = tuple(replace(one, profit=abs(one.profit) / 4) for one in BOOK)
    return replace(
        funded(),
        metrics=metrics,
        levels=levels(512.6, 0.0, 0.2, 1.1),
        positions=book,
        position_states={},
        last_action="",
        account=account(equity=101_182.6, balance=100_408.8, margin=19_739.0),
        series=series(end=101_182.6, gap=None),
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


def frame(*accounts: AccountFrame, alerts: tuple[AlertView, ...] = (), number: int = 1, title: str = "") -> Frame:
    """A frame of these accounts."""
    return Frame(number=number, at_ms=NOW_MS, accounts=accounts, alerts=alerts, beat_ms=1.2, title=title)


def calm() -> Frame:
    return frame(calm_account())


def warning() -> Frame:
    return frame(funded(), alerts=ALERTS)


def observe() -> Frame:
    return frame(replace(funded(), mode="observe", last_action=""), alerts=ALERTS[:2])


def latched(*, flat: bool = False) -> Frame:
    """The stop was pressed; one position resists, or all is flat."""
    progress = "flat: no positions, no pendings" if flat else "3 of 4 closed, NOT flat: act in MT5"
    halt = HaltView(kind="stop", reason="by click", since_ms=NOW_MS - 15_000, flat=flat, progress=progress)
    left = () if flat else BOOK[2:3]
    view = replace(
        funded(),
        halt=halt,
        positions=left,
        position_states={503: "retry 2, requote"},
        last_action="Stop 14:31:52",
        next_trip="",
    )
    return frame(view, alerts=ALERTS)


def blind() -> Frame:
    """The terminal went away six minutes ago."""
    lost_ms = NOW_MS - 327_000
    full = series(end=97_448.54)
    kept = SeriesView(full.columns[:, full.column("time_s") <= lost_ms / 1_000])
    view = replace(
        funded(),
        link=Link.BLIND,
        reason="no answer from the terminal",
        as_of_ms=lost_ms,
        series=kept,
        can_stop=False,
        cannot_stop_reason="No answer from the terminal",
        tick_age_s=None,
        levels=levels(143.3, 2_551.46, 4.11, 4.32),
        metrics={**funded().metrics, "pnl.today": Unknown("blind")},
    )
    gone = alert(
        9,
        "terminal",
        0.0,
        Severity.CRITICAL,
        rule="No data from Funded 100k",
        threshold=None,
        value=None,
        latest=None,
        raised_ms=lost_ms + 10_000,
        why="rules cannot act",
    )
    return frame(view, alerts=(gone, *ALERTS[2:3]))


def uncertain() -> Frame:
    return frame(replace(funded(), link=Link.UNCERTAIN, reason="account and positions do not agree"))


def no_positions() -> Frame:
    """Nothing is open, so margin has no level."""
    idle = NotApplicable("no margin is used")
    view = replace(
        calm_account(),
        positions=(),
        metrics={"margin.level_pct": idle, "pnl.today": 0.0},
        levels=levels(idle, 0.0, 0.2, 0.0),
        account=account(equity=100_408.8, balance=100_408.8, margin=0.0),
        next_trip="",
        orders=(PendingOrder(ticket=9, symbol="EURUSD", side=Side.BUY, lots=0.5, price=1.155, magic=0),),
    )
    return frame(view)


def three_accounts() -> Frame:
    """One in trouble, one calm in euro, one only watched."""
    swing = replace(
        calm_account(),
        name="Swing",
        login=88_120_475,
        server="ICMarketsEU-MT5-4",
        account=account(equity=24_871.15, balance=24_558.75, margin=3_635.0, currency="EUR"),
        metrics={**calm_account().metrics, "pnl.today": 312.40},
    )
    gold = replace(
        calm_account(),
        name="Gold EA",
        login=70_993_012,
        mode="observe",
        account=account(equity=5_204.77, balance=5_186.71, margin=1_205.0),
        metrics={**calm_account().metrics, "pnl.today": 18.06},
    )
    return frame(funded(), swing, gold, alerts=ALERTS)


def empty() -> Frame:
    return frame()


ALL = {
    "calm": calm,
    "warning": warning,
    "latched": latched,
    "blind": blind,
    "uncertain": uncertain,
    "observe": observe,
    "no_positions": no_positions,
    "three_accounts": three_accounts,
    "empty": empty,
}
