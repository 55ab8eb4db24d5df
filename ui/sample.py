"""One account in trouble, made up: what a panel is drawn from when it is opened alone. Its figures add up."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from monitors.acts import Act, ActKind, Acts
from monitors.alert_load import AlertLoad
from monitors.analysis import Analysis
from monitors.book import Book
from monitors.booked import Starts, booked
from monitors.correlation import Correlations
from monitors.distance import ResetRoll, distances
from monitors.drawdown_view import drawdowns
from monitors.excursions import Excursion
from monitors.exposure_view import exposure
from monitors.history import History, begin
from monitors.kinds import DealKind, DealReason, Entry, MarginMode, Side
from monitors.latency import Took
from monitors.margin_view import margin
from monitors.metrics import METRICS, value
from monitors.model import Account, Deal, Instrument, Position, Quote, Rates, Snapshot, TerminalState, Unknown
from monitors.ports import AccountFrame, AlertView, Frame, Happening, LevelView, Link, Severity
from monitors.positions import lines
from monitors.reading import Reading
from monitors.responses.alert import Alert
from monitors.responses.close_all import CloseAll
from monitors.responses.reduce import Reduce
from monitors.results import results
from monitors.series import SeriesView
from monitors.settings import AnalysisSettings, Level, Rule, SizingSettings, Strategy
from monitors.trades import Trade, trades
from monitors.trail import Trail
from monitors.trend import EquityRecord, slopes
from monitors.unattended import unattended

NOW_MS = 1_772_454_727_000  # 2026-03-02T12:32:07Z
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
TODAY_MS = NOW_MS // DAY_MS * DAY_MS
BOUGHT, UNSEEN = (0.3, 0.7), (0.5, 0.53)
"""Shares of the day: when more was opened, and what nobody saw."""
NAME, PEAK, BALANCE, MARGIN = "Funded 100k", 101_623.20, 100_130.00, 68_000.00
SYMBOLS = {"XAUUSD": (2, 100.0, 23_413.0), "EURUSD": (5, 100_000.0, 3_870.0), "GBPUSD": (5, 100_000.0, 4_406.0),
           "US500": (1, 10.0, 3_419.0)}  # fmt: skip
"""Digits, contract size, dollars of margin a lot."""
STRATEGIES = {7001: Strategy(name="London breakout", timeframe="M15"), 7002: Strategy(name="Carry", timeframe="H4")}
RULES = (
    Rule(name="Margin level", metric="margin.level_pct", when="below", levels=(
        Level(at=150.0, severity=Severity.HIGH, response=Alert()),
        Level(at=120.0, severity=Severity.CRITICAL, response=Reduce(until=160.0)))),
    Rule(name="Daily loss", metric="drawdown.daily", when="above", levels=(
        Level(at=4_000.0, severity=Severity.HIGH, response=Reduce(percent=50.0)),
        Level(at=5_000.0, severity=Severity.CRITICAL, response=CloseAll()))),
    Rule(name="Max drawdown", metric="drawdown.max_pct", when="above", levels=(
        Level(at=4.0, severity=Severity.CRITICAL, response=Alert()),)),
    Rule(name="Largest symbol", metric="exposure.symbol_pct", when="above", levels=(
        Level(at=50.0, severity=Severity.MEDIUM, response=Alert()),)),
)  # fmt: skip


def _held() -> tuple[Position, ...]:
    return (
        _position(501, "XAUUSD", Side.SELL, 2.0, opened=4_172.78, price=4_184.90, stop=4_198.00, magic=7001),
        _position(502, "EURUSD", Side.BUY, 3.5, opened=1.16240, price=1.16108, stop=1.15900, magic=0),
        _position(503, "GBPUSD", Side.BUY, 0.8, opened=1.34110, price=1.34320, stop=1.33700, magic=7002),
        _position(504, "US500", Side.SELL, 1.2, opened=6_842.1, price=6_838.7, stop=0.0, magic=7002),
    )


def _position(identifier: int, symbol: str, side: Side, lots: float, *, opened: float, price: float, stop: float,
              magic: int) -> Position:  # fmt: skip
    way = price - opened if side is Side.BUY else opened - price
    return Position(identifier=identifier, ticket=identifier, symbol=symbol, side=side, steps=round(100 * lots),
                    lots=lots, open=opened, price=price, stop=stop, target=0.0, swap=0.0, magic=magic,
                    profit=round(way * lots * SYMBOLS[symbol][1], 2), opened_ms=NOW_MS - 2 * HOUR_MS)  # fmt: skip


def _instrument(symbol: str) -> Instrument:
    digits, contract, _ = SYMBOLS[symbol]
    base = symbol[:3] if len(symbol) > len("US500") else "USD"
    return Instrument(symbol=symbol, digits=digits, point=10.0**-digits, tick_size=10.0**-digits,
                      contract_size=contract, volume_min=0.01, volume_step=0.01, volume_max=100.0, currency_base=base,
                      currency_profit="USD", currency_margin=base)  # fmt: skip


@lru_cache(maxsize=1)
def reading() -> Reading:
    """What was seen of it, with what is remembered."""
    held = _held()
    profit = round(sum(p.profit for p in held), 2)
    equity = round(BALANCE + profit, 2)
    account = Account(
        login=51_023_381, server="Demo-Server", currency="USD", digits=2, leverage=100,
        margin_mode=MarginMode.HEDGING, balance=BALANCE, credit=0.0, profit=profit, equity=equity, margin=MARGIN,
        margin_free=round(equity - MARGIN, 2), margin_call=100.0, stop_out=50.0,
    )  # fmt: skip
    snapshot = Snapshot(
        taken_ms=NOW_MS, account=account, terminal=TerminalState(connected=True, algo_allowed=True), positions=held,
        quotes={p.symbol: Quote(time_ms=NOW_MS, bid=p.price, ask=p.price) for p in held},
        instruments={name: _instrument(name) for name in SYMBOLS},
        rates={name: Rates(margin_buy=lot, margin_sell=lot) for name, (_, _, lot) in SYMBOLS.items()},
    )  # fmt: skip
    matrix = np.array([[1, 0.46, 0.38, -0.08], [0.46, 1, 0.72, 0.21], [0.38, 0.72, 1, 0.31], [-0.08, 0.21, 0.31, 1]])
    book = Book(snapshot)
    return Reading(
        snapshot=snapshot, book=book, history=_history(), low=equity,
        excursions={p.identifier: Excursion(best=abs(p.profit) / 2, worst=min(p.profit, -90.0) * 1.2, best_points=90.0,
                                            worst_points=-240.0, stop=p.stop, since_ms=p.opened_ms) for p in held},
        correlations=Correlations(symbols=tuple(SYMBOLS), matrix=matrix, bars=dict.fromkeys(SYMBOLS, 480),
                                  until_ms=NOW_MS),
    )  # fmt: skip


def _history() -> History:
    return begin(equity=PEAK, balance=100_000.0, now_ms=NOW_MS - 5 * HOUR_MS, day_ms=TODAY_MS, day_cash=0.0,
                 week_ms=TODAY_MS - DAY_MS, week_cash=0.0, initial=100_000.0)  # fmt: skip


def _deals() -> tuple[Deal, ...]:
    """Two dozen positions of the last days, opened and closed."""
    found = []
    for n in range(24):
        symbol, magic, side = [*SYMBOLS][n % 4], (7001, 7002, 0)[n % 3], Side.BUY if n % 2 else Side.SELL
        profit = round(420.0 * np.sin(n * 1.7) + 40, 2)
        for entry in (Entry.IN, Entry.OUT):
            closes = entry is Entry.OUT
            found.append(Deal(
                ticket=2 * n + closes, order=n, position=100 + n, symbol=symbol, kind=DealKind.TRADE, entry=entry,
                side=side.opposite if closes else side, lots=0.5, price=1.0, profit=profit if closes else 0.0,
                swap=0.0, commission=-3.5, fee=0.0, magic=magic, reason=int(DealReason.EXPERT),
                time_ms=NOW_MS - (24 - n) * 5 * HOUR_MS + closes * HOUR_MS))  # fmt: skip
    return tuple(found)


def closed() -> tuple[Trade, ...]:
    """What was traded in the last days."""
    return trades(_deals())


def _analysis() -> Analysis:
    seen, deals = reading(), _deals()
    starts = Starts(day_ms=TODAY_MS, week_ms=TODAY_MS - DAY_MS, month_ms=TODAY_MS - DAY_MS)
    realized = booked(deals, closed(), starts, STRATEGIES, held=seen.snapshot.positions)
    trends = slopes(EquityRecord())
    return Analysis(
        taken_ms=NOW_MS,
        results=results(seen, realized, STRATEGIES),
        drawdowns=drawdowns(seen, SizingSettings(), trends),
        exposure=exposure(seen, STRATEGIES, AnalysisSettings()),
        positions=lines(seen, STRATEGIES),
        margin=margin(seen),
        distances=distances(seen, RULES, _tripped, Unknown("the record is short"), trends[0].per_hour),
        unattended=unattended(seen, RULES, ()),
        rolls=(ResetRoll(rule="Daily loss", reset_ms=TODAY_MS + DAY_MS, floor_now=95_000.0, floor_after=97_900.0,
                         equity=seen.snapshot.account.equity, short=450.0, closes=((502, "EURUSD", 1.0),)),),
    )  # fmt: skip


def _tripped(rule: Rule, level: Level, _position: int | None = None) -> bool:
    now = value(reading(), rule)
    return isinstance(now, float) and (now <= level.at if rule.when == "below" else now >= level.at)


def _levels() -> tuple[LevelView, ...]:
    seen = reading()
    found = []
    for rule in RULES:
        metric = METRICS[rule.metric]
        for level in rule.levels:
            line = None if metric.line is None else metric.line(seen, rule, level.at)
            found.append(LevelView(rule=rule.name, metric=rule.metric, when=rule.when, at=level.at, unit=metric.unit,
                                   severity=level.severity, action=level.response.name, value=value(seen, rule),
                                   tripped=_tripped(rule, level), line_equity=line))  # fmt: skip
    return tuple(found)


def _series(rows: int = 20_000) -> SeriesView:
    """A day that rises and then falls to what is seen now, with a stretch that nobody saw."""
    share, equity = np.linspace(0, 1, rows), reading().snapshot.account.equity
    curve = PEAK - 2_200 * (1 - np.sin(np.pi * np.minimum(share / 1.4, 0.5))) + 60 * np.sin(70 * share) * (1 - share)
    curve += (equity - curve[-1]) * np.clip((share - 0.7) / 0.3, 0, 1) ** 1.6
    used = np.array([20_000.0, 31_000.0, MARGIN])[np.searchsorted(BOUGHT, share)]
    peak = np.maximum.accumulate(curve)
    columns = np.vstack((NOW_MS / 1_000 - 86_000 * (1 - share), curve, np.full(rows, BALANCE),
                         100 * (peak - curve) / peak, 100 * curve / used))  # fmt: skip
    columns[1:, np.searchsorted(UNSEEN, share) == 1] = np.nan
    return SeriesView(columns)


def _alert(number: int, rule: Rule, level: Level, minutes: float, **more: object) -> AlertView:
    now = value(reading(), rule)
    made = AlertView(number=number, account=NAME, rule=rule.name, metric=rule.metric, value=level.at,
                     threshold=level.at, when=rule.when, severity=level.severity, episode=number,
                     raised_ms=NOW_MS - round(60_000 * minutes), latest=now if isinstance(now, float) else None,
                     why="The broker closes at 50 %.", do="Close part of XAUUSD. Look at the news.")  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def _alerts() -> tuple[AlertView, ...]:
    marginal, _, deep, share = RULES
    return (
        _alert(1, deep, deep.levels[0], 4.0),
        _alert(2, marginal, marginal.levels[0], 30.0, worst=141.2, worst_ms=NOW_MS - 300_000),
        _alert(3, share, share.levels[0], 14.0, acknowledged_ms=NOW_MS - 780_000),
    )


def _happened() -> dict[int, tuple[Happening, ...]]:
    told = {"alert": 2, "episode": 2, "rule": "Margin level", "metric": "margin.level_pct", "threshold": 150.0}
    return {2: (Happening(at_ms=NOW_MS - 1_800_000, event="alert",
                          facts={**told, "state": "raised", "severity": "high", "value": 149.2}),)}  # fmt: skip


@lru_cache(maxsize=1)
def frame() -> Frame:
    """The account with everything that is computed of it, and its alerts."""
    seen = reading()
    account, names = seen.snapshot.account, ("pnl.today", "drawdown.daily", "drawdown.max_pct", "margin.level_pct",
                                             "risk.open_pct")  # fmt: skip
    minutes = np.arange(3_600)
    trail = Trail(NOW_MS - 1_000 * minutes[::-1], 150 + 12 * np.cos(minutes / 700))
    view = AccountFrame(
        name=NAME, login=account.login, server=account.server, mode="armed", link=Link.LIVE, reason="",
        as_of_ms=NOW_MS, account=account, positions=seen.snapshot.positions,
        metrics={name: value(seen, Rule(name=name, metric=name, when="above", levels=())) for name in names},
        levels=_levels(), series=_series(), volume_digits=dict.fromkeys(SYMBOLS, 2),
        price_digits={name: digits for name, (digits, _, _) in SYMBOLS.items()}, position_states={502: "closing"},
        last_action="closed 0.50 EURUSD", next_trip="Daily loss 4\u202f000", can_stop=True, broker_offset_s=7_200,
        next_reset_ms=TODAY_MS + DAY_MS, tick_age_s=0.3, call_ms=4.0, reading=seen, analysis=_analysis(), rules=RULES,
        trails={rule.name: trail for rule in RULES},
        order_took=Took(last_ms=84.0, p50_ms=79.0, p99_ms=310.0, count=14),
        acts=Acts(None, (
            Act(at_ms=NOW_MS - 4 * HOUR_MS, kind=ActKind.PLAN, rule="Margin level", closes=(("EURUSD", 0.5),)),
            Act(at_ms=NOW_MS - 3 * HOUR_MS, kind=ActKind.STOP, reason="emergency stop by click"),
            Act(at_ms=NOW_MS - 2 * HOUR_MS, kind=ActKind.RESET, reason="reset by a person"))),
    )  # fmt: skip
    load = AlertLoad(peaks=(0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 3), last_hour=3,
                     last_ten=1, median_ack_s=41.0)  # fmt: skip
    return Frame(number=1, at_ms=NOW_MS, accounts=(view,), alerts=_alerts(), beat_ms=1.4, occurrences=_happened(),
                 beat_took=Took(last_ms=1.4, p50_ms=1.2, p99_ms=3.1, count=1_000), load=load)  # fmt: skip
