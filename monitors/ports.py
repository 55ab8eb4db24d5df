"""What crosses the floors: commands from the window, frames to it, and the clock that everyone is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from monitors.acts import Acts
from monitors.alert_load import AlertLoad
from monitors.latency import Took
from monitors.model import Account, PendingOrder, Position, Value
from monitors.series import SeriesView
from monitors.trail import Trail

if TYPE_CHECKING:
    from monitors.analysis import Analysis
    from monitors.reading import Reading
    from monitors.settings import Rule


class Clock(Protocol):
    """The one source of time."""

    def utc_ms(self) -> int:
        """UTC as epoch milliseconds."""

    def monotonic(self) -> float:
        """Seconds that never run back; for durations."""


class FrameSource(Protocol):
    """Where the newest frame lies; older ones are dropped."""

    def newest(self) -> Frame | None:
        """None before the first."""


class Severity(StrEnum):
    """How much an alert matters, mildest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    EXTREME = "extreme"

    @property
    def rank(self) -> int:
        """0 for low to 4 for extreme."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """Close everything, cancel pendings, latch; `account` None means every account."""

    account: str | None = None
    by: str = "click"


@dataclass(frozen=True, slots=True)
class Reset:
    """A person lifts the halt of one account, or of all."""

    account: str | None = None
    by: str = "click"


@dataclass(frozen=True, slots=True)
class Loosen:
    """A person confirmed by typing that the limits of one account become what the config says, at once."""

    account: str
    by: str = "click"


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A person has seen alert `alert`; it changes no value, no condition and no action."""

    alert: int
    by: str = "click"


@dataclass(frozen=True, slots=True)
class Shelve:
    """A person does not want to hear of alert `alert`, nor of its next occurrences, for so many minutes; 0: again."""

    alert: int
    minutes: float
    by: str = "click"


@dataclass(frozen=True, slots=True)
class Consent:
    """A person agrees to the backstops of one account, or of all; `terms` are those that were shown, empty: any."""

    account: str | None = None
    terms: tuple[str, ...] = ()
    by: str = "click"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A person types what a firm states: openings of the day and highs, account currency; None stays as it is."""

    account: str
    balance: float | None = None
    equity: float | None = None
    day_high: float | None = None
    week_high: float | None = None
    high_water: float | None = None
    by: str = "click"

    @property
    def typed(self) -> dict[str, float]:
        """The figures that were given, by name."""
        figures = {"balance": self.balance, "equity": self.equity, "day_high": self.day_high,
                   "week_high": self.week_high, "high_water": self.high_water}  # fmt: skip
        return {name: figure for name, figure in figures.items() if figure is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePart:
    """A person closes a position, which held `held` lots where they looked, down to `left` lots."""

    account: str
    position: int
    held: float
    left: float
    by: str = "click"


@dataclass(frozen=True, slots=True, kw_only=True)
class TightenStop:
    """A person brings the stop of a position nearer, to that price."""

    account: str
    position: int
    stop: float
    by: str = "click"


Command = EmergencyStop | Reset | Loosen | Acknowledge | Shelve | Opening | Consent | ClosePart | TightenStop


class Link(StrEnum):
    """Whether the account can be seen."""

    WAITING = "waiting"
    LIVE = "live"
    UNCERTAIN = "uncertain"
    BLIND = "blind"
    STALLED = "stalled"
    """Set by who draws: no frame has come, so nothing is known, of the terminal neither."""
    SILENT = "silent"
    """Set by the desk: the account's machine says nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One occurrence of one level, as the list shows it; times in UTC epoch milliseconds."""

    number: int
    account: str
    rule: str
    metric: str
    value: float | None
    threshold: float | None
    when: str
    severity: Severity
    raised_ms: int
    active: bool = True
    acknowledged_ms: int | None = None
    cleared_ms: int | None = None
    escalated: bool = False
    """Its plans are spent: what was to be done about it did not help."""
    stage: int = 0
    """How often it was told again, because nobody acknowledged it or because its plans are spent."""
    climbed_ms: int | None = None
    """When that was last."""
    episode: int | None = None
    why: str = ""
    do: str = ""
    latest: float | None = None
    """The metric now, while the alert is active."""
    position: int | None = None
    """The identifier of the position that it is about, where the rule judges each by itself."""
    symbol: str = ""
    """That position's symbol."""
    worst: float | None = None
    """The metric at its farthest beyond the threshold, and when that was."""
    worst_ms: int | None = None
    shelved_until_ms: int | None = None
    """Until when nobody is to hear of it; the condition and what acts on it are as ever. Never a critical one."""

    @property
    def waiting(self) -> bool:
        """Whether it wants a person: not acknowledged and not shelved."""
        return self.acknowledged_ms is None and self.shelved_until_ms is None

    @property
    def shelvable(self) -> bool:
        """Whether it is one that a rule raised, below critical, and nothing that was done about it has failed."""
        return self.number > 0 and self.severity.rank < Severity.CRITICAL.rank and not self.escalated

    @property
    def place(self) -> tuple[str, str, float | None, int | None]:
        """What its occurrences have in common: account, rule, level and position."""
        return self.account, self.rule, self.threshold, self.position


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event that was told: when (UTC epoch ms), its name, and the rest of what it says (CONTRACT: events)."""

    at_ms: int
    event: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One level of one rule: the line on the chart and the row under Limits."""

    rule: str
    metric: str
    when: str
    at: float
    severity: Severity
    action: str
    tripped: bool
    value: Value
    unit: str
    line_equity: float | None = None
    """Where the level stands on the equity axis, for levels that are a line there; account currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltView:
    """Why nothing new may be opened; `progress` says what the stop has reached."""

    kind: str
    reason: str
    since_ms: int
    until_ms: int | None = None
    flat: bool = False
    progress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """A limit that the config would loosen and that holds until then (UTC epoch ms), or until a person confirms it."""

    rule: str
    what: str
    until_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFrame:
    """One account at one moment; every figure the terminal's own or computed from it."""

    name: str
    login: int
    server: str
    mode: str
    """`armed`, `observe`, or `read-only` where it is armed and another instance acts on the account."""
    link: Link
    reason: str
    as_of_ms: int | None
    mode_reason: str = ""
    account: Account | None = None
    positions: tuple[Position, ...] = ()
    orders: tuple[PendingOrder, ...] = ()
    metrics: Mapping[str, Value] = field(default_factory=dict)
    levels: tuple[LevelView, ...] = ()
    halt: HaltView | None = None
    held: tuple[HeldView, ...] = ()
    series: SeriesView | None = None
    position_states: Mapping[int, str] = field(default_factory=dict)
    volume_digits: Mapping[str, int] = field(default_factory=dict)
    price_digits: Mapping[str, int] = field(default_factory=dict)
    last_action: str = ""
    next_trip: str = ""
    can_stop: bool = False
    cannot_stop_reason: str = ""
    broker_offset_s: int = 0
    next_reset_ms: int | None = None
    tick_age_s: float | None = None
    reading: Reading | None = None
    """What the figures were computed from, for projections that a person asks for; None while nothing is seen."""
    analysis: Analysis | None = None
    """Of the latest reading, a few times a second; None while nothing is seen."""
    rules: tuple[Rule, ...] = ()
    """Those that watch this account, so that what they would do can be shown before they do it."""
    trails: Mapping[str, Trail] = field(default_factory=dict)
    """Rule name to its metric's last hour; the worst position's where each is judged."""
    call_ms: float = 0.0
    order_took: Took | None = None
    """From a close's send to the broker's answer, of the newest; None while none was answered in this run."""
    acts: Acts = field(default_factory=Acts)
    """Where the program acted on this account in this run."""
    lately: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    """Position to where it has been in the last hour: its price from its opening, in its favour, oldest first."""
    machine: str = ""
    """Whose account it is, at a desk of many machines; empty for one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the window draws: all accounts and all alerts at one moment."""

    number: int
    at_ms: int
    accounts: tuple[AccountFrame, ...]
    alerts: tuple[AlertView, ...]
    beat_ms: float = 0.0
    beat_took: Took | None = None
    """The newest beats of all accounts together; None before the first one."""
    title: str = ""
    occurrences: Mapping[int, tuple[Happening, ...]] = field(default_factory=dict)
    """Alert number to what happened in its occurrence, oldest first: its own life, plans, requests, outcomes."""
    load: AlertLoad = field(default_factory=AlertLoad)
    """Of all accounts together."""
