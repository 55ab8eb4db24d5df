"""One book with everything that is computed of it, whose figures add up: what the pages beside the monitor show."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from monitors.analysis import Analysis
from monitors.book import Book
from monitors.correlation import Correlations
from monitors.distance import Distance, ResetRoll
from monitors.drawdown_view import DrawdownLine, DrawdownView, Trend
from monitors.exposure_view import CurrencyLine, Cut, ExposureView, GroupLine, Rebalancing, SymbolLine
from monitors.kinds import Side
from monitors.margin_view import Line, MarginState, MarginView, Release
from monitors.model import Instrument, NotApplicable, Quote, Rates, Snapshot, TerminalState, Unknown, Value
from monitors.ports import AccountFrame, Severity
from monitors.positions import PositionLine
from monitors.reading import Reading
from monitors.responses.alert import Alert
from monitors.responses.close_all import CloseAll
from monitors.responses.diversify import Diversify
from monitors.responses.emergency_stop import EmergencyStopResponse
from monitors.responses.reduce import Reduce
from monitors.results import Apart, Results, Tally
from monitors.score import Score
from monitors.settings import Level, Rule
from monitors.statistics import Statistics
from tests import builders
from tests.frame_parts import BOOK, NOW_MS, account, level

JPY = 168.41 / (0.324 * 80_000)
"""Dollars for a yen, as GBPJPY's own profit has it."""
CONTRACTS = {"XAUUSD": 100.0, "EURUSD": 100_000.0, "GBPJPY": 100_000.0, "US500": 10.0}
MARGINS = {"XAUUSD": 23_412.99, "EURUSD": 3_870.27, "GBPJPY": 4_406.08, "US500": 3_419.35}
"""Dollars a lot."""
DIGITS = {"XAUUSD": 2, "EURUSD": 5, "GBPJPY": 3, "US500": 1}
STRATEGIES = {501: "London breakout M15", 502: "Manual", 503: "Carry basket H4", 504: "Index fade H1"}
RULES = (
    Rule(
        name="Daily loss",
        metric="drawdown.daily",
        when="above",
        levels=(
            Level(at=4_000.0, severity=Severity.HIGH, response=Reduce(percent=50.0)),
            Level(at=5_000.0, severity=Severity.CRITICAL, response=CloseAll()),
        ),
    ),
    Rule(
        name="XAUUSD share",
        metric="exposure.symbol_pct",
        when="above",
        levels=(Level(at=65.0, severity=Severity.MEDIUM, response=Diversify(symbol_pct=40.0)),),
    ),
    Rule(
        name="Margin level",
        metric="margin.level_pct",
        when="below",
        levels=(
            Level(at=150.0, severity=Severity.HIGH, response=Alert()),
            Level(at=120.0, severity=Severity.CRITICAL, response=Reduce(until=160.0)),
        ),
    ),
    Rule(
        name="Max drawdown",
        metric="drawdown.max_pct",
        when="above",
        levels=(Level(at=10.0, severity=Severity.EXTREME, response=EmergencyStopResponse()),),
    ),
)


@lru_cache(maxsize=1)
def reading() -> Reading:
    """The book with its prices, margins and conversions."""
    names = [p.symbol for p in BOOK]
    snapshot = Snapshot(
        taken_ms=NOW_MS,
        account=replace(account(), margin_call=100.0),
        terminal=TerminalState(connected=True, algo_allowed=True),
        positions=BOOK,
        quotes={p.symbol: Quote(time_ms=NOW_MS, bid=p.price, ask=p.price) for p in BOOK},
        instruments={name: instrument(name) for name in names},
        rates={name: rates(name) for name in names},
    )
    return Reading(snapshot=snapshot, book=Book(snapshot), history=builders.history(), low=snapshot.account.equity)


def instrument(symbol: str) -> Instrument:
    index = symbol == "US500"
    return builders.instrument(
        symbol,
        digits=DIGITS[symbol],
        point=10.0 ** -DIGITS[symbol],
        tick_size=10.0 ** -DIGITS[symbol],
        contract_size=CONTRACTS[symbol],
        currency_base="USD" if index else symbol[:3],
        currency_profit="USD" if index else symbol[3:],
    )


def rates(symbol: str) -> Rates:
    unit = JPY if symbol.endswith("JPY") else 1.0
    return Rates(margin_buy=MARGINS[symbol], margin_sell=MARGINS[symbol], profit=unit, loss=unit)


def exposure() -> ExposureView:
    """Four symbols, six currency legs that sum to nothing."""
    book = reading().book
    gross, total = dict(zip(book.symbols, book.gross.tolist(), strict=True)), float(book.gross.sum())
    lines = [
        SymbolLine(
            symbol=p.symbol,
            long=gross[p.symbol] if p.side is Side.BUY else 0.0,
            short=gross[p.symbol] if p.side is Side.SELL else 0.0,
            count=1,
            lots=p.lots if p.side is Side.BUY else -p.lots,
            share=gross[p.symbol] / total,
        )
        for p in BOOK
    ]
    legs = {
        "USD": gross["XAUUSD"] - gross["EURUSD"] + gross["US500"],
        "EUR": gross["EURUSD"],
        "GBP": gross["GBPJPY"],
        "US500": -gross["US500"],
        "JPY": -gross["GBPJPY"],
        "XAU": -gross["XAUUSD"],
    }
    matrix = np.array([[1, 0.46, -0.08, 0.21], [0.46, 1, 0.31, 0.38], [-0.08, 0.31, 1, 0.62], [0.21, 0.38, 0.62, 1]])
    sides = np.array([-1.0, 1.0, 1.0, -1.0])
    signed = matrix * np.outer(sides, sides)
    hhi = sum(line.share**2 for line in lines)
    return ExposureView(
        total=total,
        leverage=total / account().equity,
        hhi=hhi,
        effective_n=1 / hhi,
        diversification_pct=100 * (1 - hhi) / (1 - 1 / 4),
        symbols=tuple(sorted(lines, key=lambda line: -line.gross)),
        currencies=tuple(CurrencyLine(currency=name, net=net, one_pct=abs(net) / 100) for name, net in legs.items()),
        strategies=tuple(
            GroupLine(name=STRATEGIES[p.identifier], gross=gross[p.symbol], net=gross[p.symbol], count=1) for p in BOOK
        ),
        open_risk=float(book.risk.sum()),
        if_stopped=account().equity - float(book.risk.sum()),
        correlations=Correlations(
            symbols=book.symbols, matrix=matrix, bars=dict.fromkeys(book.symbols, 460), until_ms=NOW_MS
        ),
        signed=tuple(tuple(row) for row in signed.tolist()),
        largest_correlation=0.31,
        gap_pct=2.0,
        gap_loss=0.02 * total,
        rebalancing=(
            Rebalancing(
                rule="XAUUSD share",
                limit=65.0,
                cuts=(Cut(position=501, symbol="XAUUSD", before=2.0, after=1.9),),
                note="",
            ),
        ),
    )


# best, worst in money; planned reward to risk; score; held; the score's parts
SEEN: dict[int, tuple[float, float, float, float, float]] = {
    503: (402.84, -96.16, 2.40, 68.0, 97_200.0),
    504: (214.80, -133.20, 1.87, 55.0, 27_600.0),
    501: (1_864.00, -3_128.00, 1.78, 31.0, 18_660.0),
    502: (105.00, -619.50, 1.76, 24.0, 1_740.0),
}


def position_lines() -> tuple[PositionLine, ...]:
    """Best score first; R from the stops that stand, which are the first ones."""
    held, found = {p.identifier: p for p in BOOK}, list[PositionLine]()
    for identifier, (best, worst, planned, score, seconds) in SEEN.items():
        p = held[identifier]
        unit = CONTRACTS[p.symbol] * p.lots * (JPY if p.symbol == "GBPJPY" else 1.0)
        initial, points = abs(p.open - p.stop) * unit, 10.0 ** DIGITS[p.symbol] / unit
        found.append(
            PositionLine(
                identifier=identifier,
                symbol=p.symbol,
                side=p.side,
                lots=p.lots,
                strategy=STRATEGIES[identifier],
                held_s=seconds,
                profit=p.profit + p.swap,
                r=p.profit / initial,
                planned_rr=planned,
                best=best,
                worst=worst,
                best_r=best / initial,
                worst_r=worst / initial,
                best_points=best * points,
                worst_points=worst * points,
                given_back_pct=100 * (1 - p.profit / best),
                risk=abs(p.price - p.stop) * unit,
                unprotected_s=None,
                score=Score(
                    total=score,
                    parts=(("R now", score), ("Efficiency", score), ("Time under water", Unknown("too few trades"))),
                ),
            )
        )
    return tuple(found)


def margin() -> MarginView:
    """The account's own figures, and what each close would free."""
    equity, book = account().equity, reading().book
    releases = [
        Release(
            position=p.identifier,
            symbol=p.symbol,
            lots=p.lots,
            freed=MARGINS[p.symbol] * p.lots,
            realized=p.profit + p.swap,
            per_loss=None if p.profit + p.swap >= 0 else MARGINS[p.symbol] * p.lots / -(p.profit + p.swap),
        )
        for p in BOOK
    ]
    return MarginView(
        now=MarginState(
            level_pct=100 * equity / 68_000,
            used=68_000.0,
            free=equity - 68_000,
            cushion=(equity - 68_000) / equity,
            open_risk=float(book.risk.sum()),
        ),
        if_filled=MarginState(
            level_pct=100 * equity / 71_870.27,
            used=71_870.27,
            free=equity - 71_870.27,
            cushion=(equity - 71_870.27) / equity,
            open_risk=float(book.risk.sum()) + 300,
        ),
        lines=(
            Line(name="Margin call", at=100.0, in_money=False, equity=68_000.0, room=equity - 68_000),
            Line(name="Stop-out", at=50.0, in_money=False, equity=34_000.0, room=equity - 34_000),
        ),
        releases=tuple(sorted(releases, key=lambda one: -(one.per_loss or 1e9))),
    )


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


@lru_cache(maxsize=1)
def analysis() -> Analysis:
    return Analysis(
        taken_ms=NOW_MS,
        results=results(),
        drawdowns=drawdowns(),
        exposure=exposure(),
        positions=position_lines(),
        margin=margin(),
        distances=distances(),
    )


def analysed(view: AccountFrame) -> AccountFrame:
    """The account with what is computed of it."""
    watched = (
        level("XAUUSD share", "exposure.symbol_pct", 65.0, 58.48, severity=Severity.MEDIUM, action="diversify"),
        level("Leverage", "exposure.leverage", 20.0, 14.69, severity=Severity.MEDIUM, action="alert"),
        level("Correlation", "exposure.correlation", 0.7, 0.31, severity=Severity.LOW, action="decorrelate"),
    )
    return replace(view, reading=reading(), analysis=analysis(), rules=RULES, levels=(*view.levels, *watched))
