"""One book with everything that is computed of it, whose figures add up: what the pages beside the monitor show."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from monitors.analysis import Analysis
from monitors.book import Book
from monitors.correlation import Correlations
from monitors.exposure_view import CurrencyLine, Cut, ExposureView, GroupLine, Rebalancing, SymbolLine
from monitors.kinds import Side
from monitors.margin_view import Line, MarginState, MarginView, Release
from monitors.model import Instrument, Quote, Rates, Snapshot, TerminalState, Unknown
from monitors.ports import AccountFrame, Severity
from monitors.positions import PositionLine
from monitors.reading import Reading
from monitors.responses.alert import Alert
from monitors.responses.close_all import CloseAll
from monitors.responses.diversify import Diversify
from monitors.responses.emergency_stop import EmergencyStopResponse
from monitors.responses.reduce import Reduce
from monitors.score import Score
from monitors.settings import Level, Rule
from monitors.unattended import unattended
from tests import builders
from tests.frame_parts import BOOK, NOW_MS, account, level
from tests.page_figures import (
    CONTRACTS,
    DIGITS,
    JPY,
    MARGINS,
    distances,
    drawdown,
    drawdowns,
    results,
    roll,
    statistics,
    tally,
)

__all__ = ["distances", "drawdown", "drawdowns", "results", "roll", "statistics", "tally"]

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
        unattended=unattended(reading(), RULES, ()),
    )


def analysed(view: AccountFrame) -> AccountFrame:
    """The account with what is computed of it."""
    watched = (
        level("XAUUSD share", "exposure.symbol_pct", 65.0, 58.48, severity=Severity.MEDIUM, action="diversify"),
        level("Leverage", "exposure.leverage", 20.0, 14.69, severity=Severity.MEDIUM, action="alert"),
        level("Correlation", "exposure.correlation", 0.7, 0.31, severity=Severity.LOW, action="decorrelate"),
    )
    return replace(view, reading=reading(), analysis=analysis(), rules=RULES, levels=(*view.levels, *watched))
