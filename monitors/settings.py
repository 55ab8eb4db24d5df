"""The configuration as facts: what config.toml says once every fault has been ruled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from monitors.ports import Severity

if TYPE_CHECKING:
    from monitors.floors import Floors
    from monitors.model import PendingOrder, Position
    from monitors.responses.base import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySettings:
    """When daily and weekly begin: `zone` is "server" or an IANA name, `reset_minute` minutes after midnight there."""

    zone: str = "server"
    reset_minute: int = 0
    week_starts: int = 0
    """Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalSettings:
    """One terminal to watch; `login` 0 watches any account and can never be armed."""

    name: str = "main"
    backend: str = "mt5"
    path: str = ""
    login: int = 0
    server: str = ""
    clock: str = ""
    """The broker's zone; empty where it is to be found out."""
    initial_balance: float = 0.0
    high_water: float = 0.0
    day: DaySettings = field(default_factory=DaySettings)
    pack: str = ""
    """The firm's plan that this account is under, by the name of its file; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """Who trades under a magic number."""

    name: str
    timeframe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step of a ladder; `at` is in the metric's unit."""

    at: float
    severity: Severity
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A metric, a direction and a ladder of levels, mildest first."""

    name: str
    metric: str
    when: str
    levels: tuple[Level, ...]
    confirm: int | None = None
    confirm_s: float = 0.0
    rearm: float = 0.0
    accounts: tuple[str, ...] = ("*",)
    symbols: tuple[str, ...] = ("*",)
    magics: tuple[int, ...] = ()
    base: str = "balance"
    of: str = "base"
    window_s: float = 60.0
    hard: bool = True
    why: str = ""
    do: str = ""
    position: int | None = None
    """The one position that a rule on `position.*` is narrowed to while it is judged or acts for that position."""
    floors: Floors | None = None
    """Of the firm's plan that a rule on `firm.*` measures against."""

    def covers(self, account: str) -> bool:
        """True where this rule judges the account of that name."""
        return any(fnmatchcase(account, pattern) for pattern in self.accounts)

    def selects(self, held: Position | PendingOrder) -> bool:
        """True where an action of this rule may touch the position or order."""
        if self.position is not None and getattr(held, "identifier", self.position) != self.position:
            return False
        if self.magics and held.magic not in self.magics:
            return False
        return any(fnmatchcase(held.symbol, pattern) for pattern in self.symbols)

    def selected(self, positions: Sequence[Position]) -> list[int]:
        """Indices of the positions that an action of this rule may touch; a symbol's name is matched once."""
        if self.position is not None:
            return [i for i, p in enumerate(positions) if self.selects(p)]
        if self.symbols == ("*",) and not self.magics:
            return list(range(len(positions)))
        match = {s: any(fnmatchcase(s, pattern) for pattern in self.symbols) for s in {p.symbol for p in positions}}
        return [i for i, p in enumerate(positions) if match[p.symbol] and (not self.magics or p.magic in self.magics)]

    def breached(self, value: float, at: float) -> bool:
        """At the threshold counts as tripped."""
        return value <= at if self.when == "below" else value >= at

    def beyond(self, value: float, at: float) -> bool:
        """True where `value` is on the safe side of `at` by the re-arming distance."""
        if self.breached(value, at):
            return False
        return value >= at + self.rearm if self.when == "below" else value <= at - self.rearm


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """What is shown beyond the rules: `currency` of sums over accounts (empty: the first account's own).

    `gap_pct` is the weekend gap that is asked about, in percent of price; correlations are taken on bars of
    `correlation_minutes` over `correlation_days`.
    """

    currency: str = ""
    gap_pct: float = 2.0
    correlation_minutes: int = 15
    correlation_days: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SizingSettings:
    """The trader's own rule for size: `risk_pct` of equity a trade, times a factor by drawdown.

    `steps` are pairs of drawdown from the all-time high in percent and factor, by rising drawdown; between two the
    factor lies on the line between theirs.
    """

    risk_pct: float = 1.0
    steps: tuple[tuple[float, float], ...] = ((0.0, 1.0), (5.0, 0.5), (10.0, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """A critical alert that nobody acknowledges is told again every `escalate_s`, `escalate_times` times; 0: never."""

    escalate_s: float = 300.0
    escalate_times: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSettings:
    """The WebSocket stream; off unless enabled. `origins` are other web pages that may connect."""

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = 8765
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """Push messages: Apprise URLs, or `keyring:NAME` of one, the least severity worth one, and how many a minute."""

    urls: tuple[str, ...] = ()
    min_severity: Severity = Severity.HIGH
    per_minute: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """What a desk of many machines hears of this one, over Kafka; off without `brokers` (HOST:PORT, …).

    `topic` is the beginning of the topics' names, `machine` what this one is called (empty: the host's name). The
    last four are librdkafka's own, with dots for the underscores; a password is never among them.
    """

    brokers: str = ""
    topic: str = "plimsoll"
    machine: str = ""
    security_protocol: str = ""
    sasl_mechanism: str = ""
    sasl_username: str = ""
    ssl_ca_location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration, frozen; `digest` names its content."""

    armed: bool = False
    poll_ms: int = 100
    data_dir: str = ""
    day: DaySettings = field(default_factory=DaySettings)
    terminals: tuple[TerminalSettings, ...] = ()
    strategies: Mapping[int, Strategy] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    alerts: AlertSettings = field(default_factory=AlertSettings)
    analysis: AnalysisSettings = field(default_factory=AnalysisSettings)
    sizing: SizingSettings = field(default_factory=SizingSettings)
    stream: StreamSettings = field(default_factory=StreamSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    digest: str = ""
    source: str = ""
