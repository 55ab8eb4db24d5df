"""What one account's guard must find again after a restart; saved in the journal under server and login."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitors.excursions import Excursion
from monitors.gate import HaltKind
from monitors.history import History
from monitors.kinds import Side
from monitors.past import Spec


@dataclass(frozen=True, slots=True)
class Flow:
    """Money moved in (+) or out (-): how much, as what, and when (UTC epoch ms)."""

    amount: float
    kind: str
    at_ms: int


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Balance and credit as far as deals explain them, and the deals already counted."""

    balance: float
    credit: float
    deals: dict[int, int] = field(default_factory=dict)
    """Ticket to time (UTC epoch ms) of the deals counted lately."""
    flows: list[Flow] = field(default_factory=list)
    """Money moved that the balance does not show yet."""
    booked: float = 0.0
    """Performance that deals booked and the history has not folded yet."""
    opened_lots: float = 0.0
    """Lots opened since the day's reset."""
    lots_at_reset: float = 0.0
    world: str = ""
    """The world in which all this was booked."""


@dataclass(slots=True, kw_only=True)
class Episode:
    """One continuous trip of one level that acts; `began` is what each position held then, in steps."""

    number: int
    rule: str
    at: float
    alert: int
    began: dict[int, int]
    since_ms: int = 0
    plans: int = 0
    spent: bool = False
    """Nothing more will be planned for it: it acted once for all, or a person reset what it did."""
    shown: bool = False
    """A plan was shown in observe mode."""
    position: int | None = None
    """The position it is about, where the rule judges each by itself."""


@dataclass(slots=True, kw_only=True)
class Trip:
    """A level that is tripped: its alert, and its episode where it acts."""

    alert: int
    episode: Episode | None = None
    position: int | None = None
    """The position that tripped it, where the rule judges each by itself."""


@dataclass(slots=True, kw_only=True)
class Target:
    """Where a position is to end, in steps, and which episode wants it there."""

    steps: int
    episode: int | None = None
    hard: bool = True
    uncapped: bool = False
    level: str = ""
    """The key in `trips` of the level that planned it: a plan ends with its level, though that has cleared before."""
    behind: list[Target] = field(default_factory=list)
    """What other levels want of the position, deepest first: the next is in force where this one ends unreached."""


@dataclass(slots=True, kw_only=True)
class Halt:
    """Why nothing new may be opened; `baseline` is what each position held when it began, in steps."""

    kind: HaltKind
    reason: str
    since_ms: int
    until_ms: int | None = None
    baseline: dict[int, int] = field(default_factory=dict)
    sides: dict[int, tuple[str, Side]] = field(default_factory=dict)
    """Symbol and side of each of them."""
    undone: dict[int, int] = field(default_factory=dict)
    """Magic number to how many openings of it were undone."""
    undoing: set[int] = field(default_factory=set)
    """Positions whose undoing was begun, each counted once."""
    alarmed: set[int] = field(default_factory=set)
    """Magic numbers for which the third undo was followed by an alarm."""
    by_person: bool = False
    done: bool = False
    """A stop that was seen flat."""
    taken: bool = True
    """False until a reading has shown what was held: a stop pressed while nothing could be seen."""


@dataclass(slots=True, kw_only=True)
class Protection:
    """A protective stop that was sent and is not shown yet; when, in UTC epoch ms."""

    symbol: str
    stop: float
    target: float
    sent_ms: int


@dataclass(slots=True, kw_only=True)
class Memory:
    """All of it. `trips` is keyed by rule name and level value, so that a changed config finds its levels again.

    A rule that judges each position by itself has a trip for each: the key names the position too.
    """

    history: History | None = None
    ledger: Ledger | None = None
    trips: dict[str, Trip] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    halt: Halt | None = None
    cancels: set[int] = field(default_factory=set)
    """Tickets of pending orders that a rule wants gone."""
    excursions: dict[int, Excursion] = field(default_factory=dict)
    """How far each open position has been, by its identifier."""
    unseen: History | None = None
    """The history before a time unseen, until that is rebuilt or cannot be."""
    unseen_after: int = 0
    """The newest deal that it had counted, by ticket; 0: none."""
    typed: set[str] = field(default_factory=set)
    """Figures of an opening that a person typed before the time unseen was rebuilt."""
    specs: dict[str, Spec] = field(default_factory=dict)
    """What the profit of every symbol seen so far depends on."""
    asked: int | None = None
    """The alert that asks for the firm's figures, until they are typed."""
    doubts: dict[str, int] = field(default_factory=dict)
    """Rule name to the alarm that stands because its metric is unknown."""
    split: int = 0
    """The newest deal of a split that was accounted for, by ticket; 0: none."""
    unjudged: float = 0.0
    """Money moved that no rule has judged yet, since the disk did not take what they said."""
    by_flow: set[str] = field(default_factory=set)
    """Levels whose present breach money moved would have made alone: they only alert."""
    consents: set[str] = field(default_factory=set)
    """The terms of backstops that a person agreed to."""
    protections: dict[int, Protection] = field(default_factory=dict)
    """By position."""
    spreads: dict[str, dict[int, float]] = field(default_factory=dict)
    """Symbol to hour since the epoch to its widest spread."""


def trip_key(rule: str, at: float, position: int | None = None) -> str:
    """The key of a level in `trips`, of one position where the rule judges each by itself."""
    key = f"{rule}\x1f{at!r}"
    return key if position is None else f"{key}\x1f{position}"


def tripped(memory: Memory, rule: str, at: float) -> bool:
    """Whether the level is tripped, for the account or for any position."""
    return any(trip_key(rule, at, trip.position) == key for key, trip in memory.trips.items())


def tripped_positions(memory: Memory, rule: str) -> set[int]:
    """The positions for which some level of the rule is tripped."""
    return {t.position for key, t in memory.trips.items() if t.position is not None and key.startswith(f"{rule}\x1f")}
