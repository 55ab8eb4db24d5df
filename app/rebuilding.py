"""A time unseen is rebuilt as its deals and bars come in, while beats go on as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.memory import Ledger, Memory
from bridge.port import Terminal, TerminalError
from monitors.history import History
from monitors.model import Bars, Deal, Snapshot, Unknown
from monitors.openings import kept
from monitors.ports import Clock
from monitors.rebuild import BEFORE_MS, Absence, rebuilt, specs_of

PATIENCE_S = 60.0
"""What has not come by then is asked for anew, up to the newest reading."""
ATTEMPTS = 5
LATE_DEALS_MS = 15 * 60_000
"""A deal may show so late; one of the last minutes that the ledger has not counted came after the reading."""

Step = Callable[[History], History]


@dataclass(slots=True)
class _Attempt:
    """One try: what was seen when it began, what has come of it, and every beat since."""

    memory: Memory
    before: History
    snapshot: Snapshot
    starts: tuple[int, int]
    counted: frozenset[int]
    began_s: float
    deals: tuple[Deal, ...] | None = None
    bars: dict[str, Bars] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    failed: bool = False


class Rebuilding:
    """Of one account: figures stay unknown until it is done, then they are as if nothing had been missed."""

    def __init__(self, terminal: Terminal, clock: Clock) -> None:
        self._terminal = terminal
        self._clock = clock
        self._attempt: _Attempt | None = None
        self._tried = 0

    def follow(self, step: Step) -> None:
        """What happened to the history since the attempt began; it will happen to the rebuilt one too."""
        if self._attempt is not None:
            self._attempt.steps.append(step)

    def advance(self, memory: Memory, history: History, snapshot: Snapshot, starts: tuple[int, int]) -> History:
        """Ask for what is still to come and give the history after this beat; it never waits for the terminal."""
        if not memory.specs.keys() >= snapshot.instruments.keys():
            memory.specs |= specs_of(snapshot)
        before, ledger = memory.unseen, memory.ledger
        if before is None or ledger is None:
            self._attempt, self._tried = None, 0
            return history
        attempt = self._current(memory, before, ledger, snapshot, starts)
        if attempt.failed:
            return history
        try:
            absence = self._asked(attempt)
        except TerminalError:
            return history
        found = rebuilt(absence, attempt.bars)
        if isinstance(found, Unknown):
            return self._failed(attempt, history, found.reason)
        for step in attempt.steps:
            found = step(found)
        found = kept(found, history, memory.typed)
        memory.unseen, memory.typed, self._attempt = None, set(), None
        return replace(found, closed_high=history.closed_high, eod_high=history.eod_high)

    def _current(self, memory: Memory, before: History, ledger: Ledger, snapshot: Snapshot,
                 starts: tuple[int, int]) -> _Attempt:  # fmt: skip
        now_s, attempt = self._clock.monotonic(), self._attempt
        if attempt is None or attempt.memory is not memory or now_s - attempt.began_s >= PATIENCE_S:
            attempt = _Attempt(memory, before, snapshot, starts, frozenset(ledger.deals), now_s)
            self._attempt = attempt
        return attempt

    def _asked(self, attempt: _Attempt) -> Absence:
        """The absence with all its bars; TerminalError where something is still to come."""
        since_ms, until_ms = attempt.before.seen_ms, attempt.snapshot.taken_ms
        if attempt.deals is None:
            attempt.deals = tuple(
                d for d in self._terminal.records(since_ms - LATE_DEALS_MS).deals
                if d.ticket > attempt.memory.unseen_after
                and (d.ticket in attempt.counted or d.time_ms < until_ms - LATE_DEALS_MS)
            )  # fmt: skip
        absence = Absence(before=attempt.before, snapshot=attempt.snapshot, deals=attempt.deals,
                          specs=attempt.memory.specs, day_ms=attempt.starts[0], week_ms=attempt.starts[1])  # fmt: skip
        for symbol in absence.charted:
            if symbol not in attempt.bars:
                attempt.bars[symbol] = self._terminal.bars(symbol, 1, since_ms - BEFORE_MS, until_ms)
        return absence

    def _failed(self, attempt: _Attempt, history: History, reason: str) -> History:
        """It cannot be rebuilt from what came; it is tried again, as bars may come late, and in the end given up."""
        attempt.failed, self._tried = True, self._tried + 1
        if self._tried >= ATTEMPTS:
            attempt.memory.unseen, attempt.memory.typed = None, set()
        day, week = history.day, history.week
        return replace(
            history,
            day=replace(day, missed=reason) if day.peak is None else day,
            week=replace(week, missed=reason) if week.peak is None else week,
        )
