"""What is held, by symbol, currency and strategy, and what could happen to it: one frozen view for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.correlation import Correlations
from monitors.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolLine:
    """One symbol's notional in account currency; `share` of gross, 0 to 1; `lots` net, long positive."""

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
    """Largest gross first."""
    currencies: tuple[CurrencyLine, ...]
    """Largest net first, down to the most negative."""
    strategies: tuple[GroupLine, ...]
    open_risk: Value
    if_stopped: Value
    """Equity if every stop is hit."""
    correlations: Correlations | None
    """Unsigned; None while there are none yet."""
    signed: tuple[tuple[float, ...], ...]
    """The matrix signed by side: + adds up, - offsets; rows in the order of `correlations.symbols`."""
    largest_correlation: Value
    gap_pct: float
    gap_loss: Value
    """Loss if every symbol gaps that far against its net position, stops not filled in between."""
    rebalancing: tuple[Rebalancing, ...]
