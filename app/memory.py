"""What one account's guard must find again after a restart; saved in the journal under server and login."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitors.gate import HaltKind
from monitors.history import History
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


@dataclass(slots=True, kw_only=True)
class Trip:
    """A level that is tripped: its alert, and its episode where it acts."""

    alert: int
    episode: Episode | None = None


@dataclass(slots=True, kw_only=True)
class Target:
    """Where a position is to end, in steps, and which episode wants it there."""

    steps: int
    episode: int | None = None
    hard: bool = True
    uncapped: bool = False


@dataclass(slots=True, kw_only=True)
class Halt:
    """Why nothing new may be opened; `baseline` is what each position held when it began, in steps."""

    kind: HaltKind
    reason: str
    since_ms: int
    until_ms: int | None = None
    baseline: dict[int, int] = field(default_factory=dict)
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
class Memory:
    """All of it. `trips` is keyed by rule name and level value, so that a changed config finds its levels again."""

    history: History | None = None
    ledger: Ledger | None = None
    trips: dict[str, Trip] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    halt: Halt | None = None
    cancels: set[int] = field(default_factory=set)
    """Tickets of pending orders that a rule wants gone."""
    unseen: History | None = None
    """The history before a time unseen, until that is rebuilt or cannot be."""
    unseen_after: int = 0
    """The newest deal that it had counted, by ticket; 0: none."""
    specs: dict[str, Spec] = field(default_factory=dict)
    """What the profit of every symbol seen so far depends on."""
    by_flow: set[str] = field(default_factory=set)
    """Levels whose present breach money moved would have made alone: they only alert."""


def trip_key(rule: str, at: float) -> str:
    """The key of a level in `trips`."""
    return f"{rule}\x1f{at!r}"
