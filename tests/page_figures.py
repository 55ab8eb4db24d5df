"""Made-up drawdowns, distances and results of the account that is drawn: figures that add up with its book."""

from __future__ import annotations

from monitors.distance import Distance, ResetRoll
from monitors.drawdown_view import DrawdownLine, DrawdownView, Trend
from monitors.kinds import Side
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import Severity
from monitors.results import Apart, Results, Tally
from monitors.statistics import Statistics
from tests.frame_parts import BOOK, NOW_MS, account

JPY = 168.41 / (0.324 * 80_000)
"""Dollars for a yen, as GBPJPY's own profit has it."""
CONTRACTS = {"XAUUSD": 100.0, "EURUSD": 100_000.0, "GBPJPY": 100_000.0, "US500": 10.0}
MARGINS = {"XAUUSD": 23_412.99, "EURUSD": 3_870.27, "GBPJPY": 4_406.08, "US500": 3_419.35}
"""Dollars a lot."""
DIGITS = {"XAUUSD": 2, "EURUSD": 5, "GBPJPY": 3, "US500": 1}


def drawdowns() -> DrawdownView:
    """Under water since this morning, after a month that had recovered."""
    hour = 3_600_000
    return DrawdownView(
        lines=(
            drawdown("Day", 2_553.45, 2.55, 2_683.10, 2.68, start_ms=NOW_MS - 6 * hour),
            drawdown("Week", 4_176.65, 4.11, 4_306.30, 4.24, start_ms=NOW_MS - 7 * hour, reconstructed=True),
            drawdown(
                "All time", 4_176.65, 4.11, 5_120.00, 5.02, start_ms=NOW_MS - 500 * hour, end_ms=NOW_MS - 300 * hour
            ),
        ),
        trends=(
            Trend(minutes=5, per_hour=-310.0),
            Trend(minutes=30, per_hour=-842.5),
            Trend(minutes=240, per_hour=Unknown("the record is 96 minutes long")),
        ),
        recovery_factor=0.03,
        size_factor=0.59,
    )


def drawdown(
    name: str,
    depth: float,
    pct: float,
    deepest: float,
    deepest_pct: float,
    *,
    start_ms: int,
    end_ms: int | None = None,
    reconstructed: bool = False,
) -> DrawdownLine:
    recovered: Value = 100.0 if end_ms else 100 * (1 - depth / deepest)
    return DrawdownLine(
        name=name,
        depth=depth,
        depth_pct=pct,
        deepest=deepest,
        deepest_pct=deepest_pct,
        start_ms=start_ms,
        trough_ms=start_ms + 4_000_000,
        end_ms=end_ms,
        length_s=((end_ms or NOW_MS) - start_ms) / 1_000,
        recovered_pct=recovered,
        reconstructed=reconstructed,
    )


def distance(
    rule: str,
    metric: str,
    at: float,
    severity: Severity,
    action: str,
    *,
    value: Value,
    room: Value,
    equity_at: Value,
    binding: bool = False,
) -> Distance:
    """Money, points and minutes from the equity at which the level trips."""
    equity = account().equity
    money: Value = equity - equity_at if isinstance(equity_at, float) else equity_at
    lots = {
        p.symbol: (-1 if p.side is Side.BUY else 1)
        * p.lots
        * CONTRACTS[p.symbol]
        * (JPY if p.symbol == "GBPJPY" else 1.0)
        for p in BOOK
    }
    points = {
        symbol: money / unit * 10.0 ** DIGITS[symbol] if isinstance(money, float) else None
        for symbol, unit in lots.items()
    }
    minutes: Value = money / 14.0 if isinstance(money, float) else money
    return Distance(
        rule=rule,
        metric=metric,
        at=at,
        severity=severity,
        action=action,
        value=value,
        room=room,
        money=money,
        pct=100 * money / equity if isinstance(money, float) else money,
        equity_at=equity_at,
        points=points,
        minutes=minutes,
        early=minutes / 3 if isinstance(minutes, float) else minutes,
        late=minutes * 4 if isinstance(minutes, float) else minutes,
        trend_minutes=60 * money / 842.5 if isinstance(money, float) else money,
        binding=binding,
    )


def distances() -> tuple[Distance, ...]:
    """Nearest first; the share of a symbol is reached by no move of equity."""
    aside = NotApplicable("no move of equity leads there")
    at = distance
    return (
        at("Daily loss", "drawdown.daily", 4_000.0, Severity.HIGH, "reduce", value=2_553.45, room=1_446.55,
           equity_at=96_000.0, binding=True),
        at("XAUUSD share", "exposure.symbol_pct", 65.0, Severity.MEDIUM, "diversify", value=58.48, room=6.52,
           equity_at=aside),
        at("Max drawdown", "drawdown.max_pct", 10.0, Severity.EXTREME, "emergency_stop", value=4.11, room=5.89,
           equity_at=91_460.88),
        at("Margin level", "margin.level_pct", 120.0, Severity.CRITICAL, "reduce", value=143.3, room=23.3,
           equity_at=81_600.0),
    )  # fmt: skip


def tally(name: str, floating: float, today: Value, week: Value, month: Value, **counts: int) -> Tally:
    return Tally(name=name, floating=floating, today=today, week=week, month=month, **counts)


def results() -> Results:
    """What floats and what was realised: every division adds up to the account."""
    late = Unknown("the week's deals are not all read")
    return Results(
        account=tally("Funded 100k", -2_683.45, 130.0, 730.0, late, open=4, closed=41, won=24),
        symbols=(
            tally("XAUUSD", -2_431.38, 210.0, 600.0, 1_310.0, open=1, closed=18, won=11),
            tally("EURUSD", -462.0, -80.0, 40.0, -120.5, open=1, closed=14, won=7),
            tally("GBPJPY", 169.55, 0.0, 90.0, 215.0, open=1, closed=6, won=4),
            tally("US500", 40.38, 0.0, 0.0, 64.2, open=1, closed=3, won=2),
        ),
        strategies=(
            tally("London breakout", -2_431.38, 210.0, 600.0, 1_310.0, open=1, closed=18, won=11),
            tally("Manual", -462.0, -80.0, 40.0, late, open=1, closed=14, won=7),
            tally("Carry basket", 169.55, 0.0, 90.0, 215.0, open=1, closed=6, won=4),
            tally("Index fade", 40.38, 0.0, 0.0, 64.2, open=1, closed=3, won=2),
        ),
        timeframes=(
            tally("M15", -2_431.38, 210.0, 600.0, 1_310.0, open=1, closed=18, won=11),
            tally("H1", 40.38, 0.0, 0.0, 64.2, open=1, closed=3, won=2),
            tally("H4", 169.55, 0.0, 90.0, 215.0, open=1, closed=6, won=4),
            tally("none", -462.0, -80.0, 40.0, late, open=1, closed=14, won=7),
        ),
        statistics=(
            ("All strategies", statistics(41, 24, 1.62, 1.9, 0.21, 1_468.7)),
            ("London breakout", statistics(18, 11, 2.04, 1.8, 0.34, 1_310.0)),
            ("Manual", statistics(14, 7, 0.91, Unknown("no stops were seen"), Unknown("no stops were seen"), -120.5)),
            ("Carry basket", statistics(6, 4, NotApplicable("nothing was lost"), 2.4, 0.6, 215.0)),
            ("Index fade", statistics(3, 2, 1.4, 1.9, 0.1, 64.2)),
        ),
        apart=(Apart(position=503, symbol="GBPJPY", stated=168.41, computed=168.47),),
        uncomputed=("US500",),
        display_currency="USD",
        display_rate=1.0,
    )


def statistics(closed: int, won: int, factor: Value, planned: Value, realized: Value, net: float) -> Statistics:
    return Statistics(
        closed=closed,
        won=won,
        win_rate_pct=100 * won / closed,
        profit_factor=factor,
        planned_rr=planned,
        realized_r=realized,
        net=net,
    )


def roll() -> ResetRoll:
    """The next reset lifts the floor over equity."""
    return ResetRoll(
        rule="Daily loss",
        reset_ms=NOW_MS + 34_073_000,
        floor_now=95_000.0,
        floor_after=97_623.5,
        equity=97_446.55,
        short=176.95,
        closes=((501, "XAUUSD", 0.15),),
    )
