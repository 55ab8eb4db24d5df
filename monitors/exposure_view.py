"""What is held, by symbol, currency and strategy, and what could happen to it: one frozen view for whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitors import exposure as figures
from monitors.correlation import Correlations
from monitors.gaps import gap_loss
from monitors.legs import NO_RATE, converted_legs, sides
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import AnalysisSettings, Rule, Strategy
from monitors.strategies import named

PLAIN = Rule(name="exposure", metric="exposure.total", when="above", levels=())
"""No rule's own options change what a figure of exposure is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolLine:
    """One symbol's notional in account currency; `lots` net, long positive.

    `share` is of the gross of all that could be converted, 0 to 1.
    """

    symbol: str
    long: float
    short: float
    count: int
    lots: float
    share: float

    @property
    def gross(self) -> float:
        return self.long + self.short

    @property
    def net(self) -> float:
        return self.long - self.short


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyLine:
    """One currency's net leg in account currency, long positive; `one_pct`: what one percent against it would cost."""

    currency: str
    net: float
    one_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """A strategy's gross and net notional, account currency."""

    name: str
    gross: float
    net: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One close that helps a limit: from and to in lots."""

    position: int
    symbol: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebalancing:
    """The smallest closes that bring one limit back, or why none can."""

    rule: str
    limit: float
    cuts: tuple[Cut, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureView:
    """Account currency throughout; unknown where a conversion rate is missing."""

    total: Value
    leverage: Value
    hhi: Value
    effective_n: Value
    diversification_pct: Value
    symbols: tuple[SymbolLine, ...]
    """Largest gross first; those that could be converted."""
    currencies: tuple[CurrencyLine, ...]
    """Largest net first, down to the most negative."""
    strategies: tuple[GroupLine, ...]
    open_risk: Value
    if_stopped: Value
    """Equity if every stop is hit at its price; unknown while a position has none.

    Less than equity less `open_risk` where a stop in profit gives some of it back.
    """
    correlations: Correlations | None
    """Unsigned; None while there are none yet."""
    signed: tuple[tuple[float, ...], ...]
    """The matrix signed by side: + adds up, - offsets; rows in the order of `correlations.symbols`."""
    largest_correlation: Value
    gap_pct: float
    gap_loss: Value
    """Loss if every symbol gaps that far against its net position, stops not filled in between."""
    rebalancing: tuple[Rebalancing, ...]
    unconverted: tuple[str, ...] = ()
    """Symbols held that no rate converts; they are in none of the lines."""


def exposure(
    reading: Reading,
    strategies: Mapping[int, Strategy],
    analysis: AnalysisSettings,
    rebalancing: tuple[Rebalancing, ...] = (),
) -> ExposureView:
    """The view of one reading; `rebalancing` comes from `monitors.responses.rebalancing`, which plans."""
    book, held = reading.book, sides(reading.book)
    known = reading.correlations
    signed = known.signed(held).tolist() if known else []
    risk = float(book.risk.sum()) if book.symbols else 0.0
    gross = book.gross.tolist()
    return ExposureView(
        total=figures.total(reading, PLAIN),
        leverage=figures.leverage(reading, PLAIN),
        hhi=figures.hhi(reading, PLAIN),
        effective_n=figures.effective_n(reading, PLAIN),
        diversification_pct=figures.diversification_pct(reading),
        symbols=_symbols(reading),
        currencies=_currencies(converted_legs(book)),
        strategies=_strategies(reading, strategies),
        open_risk=risk if risk == risk else Unknown(NO_RATE),  # noqa: PLR0124 -- the quickest test for NaN
        if_stopped=_if_stopped(reading),
        correlations=known,
        signed=tuple(map(tuple, signed)),
        largest_correlation=figures.correlation(reading, PLAIN),
        gap_pct=analysis.gap_pct,
        gap_loss=gap_loss(reading, analysis.gap_pct),
        rebalancing=rebalancing,
        unconverted=tuple(name for name, g in zip(book.symbols, gross, strict=True) if g != g),  # noqa: PLR0124 -- NaN
    )


def _symbols(reading: Reading) -> tuple[SymbolLine, ...]:
    book = reading.book
    if not book.symbols:
        return ()
    (long, short), gross = book.by_leg(book.notional), book.gross
    counts = np.bincount(book.symbol, minlength=len(book.symbols))
    shares = gross / np.nansum(gross) if np.nansum(gross) > 0 else np.zeros_like(gross)
    columns = (column.tolist() for column in (long, short, counts, book.net, shares))
    lines = [
        SymbolLine(symbol=name, long=bought, short=sold, count=count, lots=lots, share=share)
        for name, bought, sold, count, lots, share in zip(book.symbols, *columns, strict=True)
        if share == share  # noqa: PLR0124 -- the quickest test for NaN
    ]
    return tuple(sorted(lines, key=lambda line: (-line.gross, line.symbol)))


def _currencies(legs: Mapping[str, float]) -> tuple[CurrencyLine, ...]:
    """Lines of the legs, whose sum is 0: what one percent costs is that much of the leg, whichever way it is held."""
    lines = [CurrencyLine(currency=name, net=net, one_pct=abs(net) / 100) for name, net in legs.items()]
    return tuple(sorted(lines, key=lambda line: (-line.net, line.currency)))


def _strategies(reading: Reading, strategies: Mapping[int, Strategy]) -> tuple[GroupLine, ...]:
    book, positions = reading.book, reading.snapshot.positions
    names = {magic: named(magic, strategies) for magic in {p.magic for p in positions}}
    order = sorted(set(names.values()))
    place = {magic: order.index(name) for magic, name in names.items()}
    group = np.array([place[p.magic] for p in positions], dtype=np.int64)
    worth = np.nan_to_num(book.notional) if positions else np.empty(0)
    signed = worth * book.sign if positions else worth
    columns = (np.bincount(group, weights, len(order)).tolist() for weights in (worth, signed, None))
    lines = [
        GroupLine(name=name, gross=gross, net=net, count=int(count))
        for name, gross, net, count in zip(order, *columns, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.gross, line.name)))


def _if_stopped(reading: Reading) -> Value:
    """Equity less all that floats between the present prices and the stops, profit that a stop gives back included."""
    held = len(reading.snapshot.positions)
    if not held:
        return NotApplicable(figures.NOTHING_HELD)
    bare = held - int(np.count_nonzero(reading.book.stop > 0))
    if bare:
        return Unknown(f"{bare} of {held} positions {'has' if bare == 1 else 'have'} no stop")
    lost = np.maximum(0.0, reading.book.loss_per_lot * reading.book.lots)
    left = reading.snapshot.account.equity - float(lost.sum())
    return left if left == left else Unknown(NO_RATE)  # noqa: PLR0124 -- the quickest test for NaN


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskExposure:
    """All accounts together in one display currency; `left_out` names the accounts that could not be added."""

    symbols: tuple[SymbolLine, ...]
    currencies: tuple[CurrencyLine, ...]
    left_out: tuple[str, ...]
    unconverted: tuple[str, ...]
    """Symbols of the accounts added that no rate converts."""


def desk_exposure(parts: Sequence[tuple[str, ExposureView | None, Value]]) -> DeskExposure:
    """The sums by symbol and currency over accounts: name, view, and display currency for one unit of its own.

    An account that is not seen or has no rate is named and left out (RULES: exposure).
    """
    added = [(view, rate) for _, view, rate in parts if view is not None and isinstance(rate, float)]
    symbols: dict[str, list[tuple[SymbolLine, float]]] = {}
    legs: dict[str, float] = {}
    for view, rate in added:
        for line in view.symbols:
            symbols.setdefault(line.symbol, []).append((line, rate))
        for leg in view.currencies:
            legs[leg.currency] = legs.get(leg.currency, 0.0) + leg.net * rate
    whole = sum(line.gross * rate for lines in symbols.values() for line, rate in lines)
    lines = [_added(name, lines, whole) for name, lines in symbols.items()]
    return DeskExposure(
        symbols=tuple(sorted(lines, key=lambda line: (-line.gross, line.symbol))),
        currencies=_currencies(legs),
        left_out=tuple(name for name, view, rate in parts if view is None or not isinstance(rate, float)),
        unconverted=tuple(dict.fromkeys(name for view, _ in added for name in view.unconverted)),
    )


def _added(name: str, lines: Sequence[tuple[SymbolLine, float]], whole: float) -> SymbolLine:
    long = sum(line.long * rate for line, rate in lines)
    short = sum(line.short * rate for line, rate in lines)
    return SymbolLine(
        symbol=name,
        long=long,
        short=short,
        count=sum(line.count for line, _ in lines),
        lots=sum(line.lots for line, _ in lines),
        share=(long + short) / whole if whole > 0 else 0.0,
    )
