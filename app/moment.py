"""Which instant it is for days and whatever ends by time: this machine's, unless the broker's ticks contradict it."""

from __future__ import annotations

from monitors.history import History
from monitors.model import Snapshot
from monitors.ports import Clock
from monitors.zones import DAY_MS, MINUTE_MS

APART_MS = 2 * MINUTE_MS
JUST_S = 30.0
"""A tick that came since a reading so short ago is as old as that at most."""
START_S = 5.0
"""So long a start waits for a tick that shows the time before anything ends by this machine's clock."""
PROOF_S = 600.0
"""So long after a sleep or a step of the clock a tick is waited for that shows the time; a closed market has none."""


class Moment:
    """A clock that is set forward must not begin a day early, nor begin one twice when it is set right."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest_ms = 0
        self._last: tuple[int, float] | None = None
        """The moment of the last reading, and its monotonic second."""
        self._told: tuple[int, float] | None = None
        """What the broker's ticks say against this machine, and when they said it."""
        self._late_ms = 0
        """How much later than that it may have been then: a tick may be as old as the reading before it."""
        self._until_s = float("inf")
        self._sure, self._sure_s = False, clock.monotonic() + START_S
        """Whether a tick has shown the time since the start; from when on it is believed without one."""

    def of(self, snapshot: Snapshot) -> int:
        """The moment of a reading, UTC epoch ms."""
        now_s = self._clock.monotonic()
        newest = max((quote.time_ms for quote in snapshot.quotes.values()), default=0)
        if newest > self._newest_ms > 0 and self._last and now_s - self._last[1] <= JUST_S:
            self._told = (newest, now_s) if abs(newest - snapshot.taken_ms) > APART_MS else None
            self._late_ms = round(1000 * (now_s - self._last[1])) if self._told else 0
            self._until_s, self._sure = float("inf"), True
        elif now_s >= self._until_s:
            self._told, self._late_ms, self._until_s = None, 0, float("inf")
        self._newest_ms = max(newest, self._newest_ms)
        moment = snapshot.taken_ms if self._told is None else self._told[0] + round(1000 * (now_s - self._told[1]))
        self._last = moment, now_s
        return moment

    def passed(self, moment: int, snapshot: Snapshot) -> int:
        """Up to when time has surely passed, at the reading of that moment.

        Nothing ends early because a start found this machine's clock set forward: until a tick has shown the time, or
        none has come for START_S, no more has passed than the newest tick says. A clock set again before that is
        believed neither as it was nor as it is, but at the earlier of the two.
        """
        if self._sure:
            return moment
        if self._clock.monotonic() < self._sure_s:
            return min(moment, self._newest_ms)
        return moment if self._until_s == float("inf") else min(moment, snapshot.taken_ms)

    def latest(self, moment: int, snapshot: Snapshot) -> int:
        """How late it may be at the reading of that moment: as this machine says, until a tick has measured a sleep.

        What is to last for so long begins then, or it would end early once a tick shows how long the sleep was. No
        tick is of the future: where a clock was set back the newest one says that it is later than that.
        """
        measured = self._until_s == float("inf")
        moment = (moment if self._sure and measured else max(moment, self._newest_ms)) + self._late_ms
        return moment if measured else max(moment, snapshot.taken_ms)

    def doubt(self) -> None:
        """This machine slept or its clock was set: time goes on from the last reading until a tick tells."""
        if self._last is not None:
            self._told, self._until_s = self._last, self._clock.monotonic() + PROOF_S


def onwards(history: History | None, starts: tuple[int, int]) -> tuple[int, int]:
    """The resets, and never one before those that were crossed: a clock set back does not begin a day a second time.

    One that had been more than a week ahead is not waited for.
    """
    if history is None or history.day.start_ms - starts[0] > 7 * DAY_MS:
        return starts
    return max(starts[0], history.day.start_ms), max(starts[1], history.week.start_ms)


def brokers_now(snapshot: Snapshot) -> int:
    """By this machine's clock or by the newest quote, whichever is earlier: a clock set forward hides no deal."""
    return min(snapshot.taken_ms, max((q.time_ms for q in snapshot.quotes.values()), default=snapshot.taken_ms))
