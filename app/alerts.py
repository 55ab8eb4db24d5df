"""The alerts of all accounts: raised, acknowledged, cleared; numbered from 1, kept until both seen and over."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.climb import Climb
from app.events import Tell, event
from app.shelf import LONGEST_MIN, over, shelved
from app.store.journal import Journal
from monitors.ports import AlertView, Clock, Severity
from monitors.settings import AlertSettings
from monitors.zones import MINUTE_MS

LAST = "number:alert"
KEPT = 200
"""Alerts that are acknowledged and cleared stay in the list until so many newer ones came."""


class AlertBook:
    """Acknowledging changes no value, no condition and no action."""

    def __init__(self, journal: Journal, clock: Clock, tell: Tell) -> None:
        self._journal = journal
        self._clock = clock
        self._tell = tell
        self._alerts = {view.number: view for view in journal.load_all("alert:", AlertView)}
        self._last = journal.load(LAST, int) or 0
        self._standing = 0
        self._climb = Climb(clock, self._alerts.values())
        self._shelf_s: dict[object, float] = {}
        """By what is shelved in this run, the monotonic second at which its time is over."""
        self._unwritten: set[int] = set()
        """Numbers whose alert the journal has not taken, or not let go, yet."""
        self._before: tuple[dict[int, AlertView], set[int], int] | None = None
        """The list, those numbers and the last number, as they were when the commit under way first touched them."""

    def roll_back(self) -> None:
        """A commit failed: all is as it was before it, so that what it told of, which nobody heard, is told again."""
        if self._before is not None:
            self._alerts, self._unwritten, self._last = self._before
            self._before = None

    def views(self) -> tuple[AlertView, ...]:
        """All that are kept, by number."""
        return tuple(self._alerts.values())

    def active(self, number: int) -> bool:
        """Whether the condition of that alert still holds."""
        view = self._alerts.get(number)
        return view is not None and view.active

    def standing(self, account: str, rule: str) -> list[int]:
        """The numbers of that rule's alerts that are still active, also from the run before."""
        return [a.number for a in self._alerts.values() if a.active and (a.account, a.rule) == (account, rule)]

    def raise_(self, *, account: str, rule: str, metric: str, value: float | None, threshold: float | None, when: str,
               severity: Severity, episode: int | None, why: str = "", do: str = "", position: int | None = None,
               symbol: str = "") -> int:  # fmt: skip
        """A new occurrence; its number."""
        self._mark()
        self._last += 1
        number = self._last
        view = AlertView(number=number, account=account, rule=rule, metric=metric, value=value, threshold=threshold,
                         when=when, severity=severity, raised_ms=self._clock.utc_ms(), episode=episode, why=why, do=do,
                         latest=value, position=position, symbol=symbol, worst=value,
                         worst_ms=self._clock.utc_ms())  # fmt: skip
        self._keep(shelved(view, self._alerts.values()), "raised", value)
        return number

    def stand(self, account: str, rule: str, why: str, do: str = "Look at MT5: is it running, logged in and connected?",
              severity: Severity = Severity.CRITICAL) -> int:  # fmt: skip
        """An alarm that stands while an account cannot be seen: in the list, but no event, for `blind` is one already.

        Its number is negative, so that it takes none from the alerts of rules; it does not outlive the process.
        """
        self._standing -= 1
        view = AlertView(number=self._standing, account=account, rule=rule, metric="terminal", value=None, when="above",
                         threshold=None, severity=severity, raised_ms=self._clock.utc_ms(), why=why,
                         do=do)  # fmt: skip
        self._keep(view, "raised", None)
        return self._standing

    def clear(self, number: int, value: float | None) -> None:
        """The condition is over; an alert not acknowledged stays listed."""
        view = self._alerts.get(number)
        if view and view.active:
            self._keep(replace(view, active=False, cleared_ms=self._clock.utc_ms(), latest=value), "cleared", value)

    def acknowledge(self, number: int) -> bool:
        """A person has seen it; False where there is no such alert."""
        view = self._alerts.get(number)
        if view is None:
            return False
        if view.acknowledged_ms is None:
            self._keep(replace(view, acknowledged_ms=self._clock.utc_ms()), "acknowledged", view.latest)
        return True

    def escalate(self, number: int) -> None:
        """What was to be done about it did not help; said once, and what was acknowledged is to be seen again."""
        view = self._alerts.get(number)
        if view and not view.escalated:
            self._step(replace(view, escalated=True, acknowledged_ms=None, shelved_until_ms=None))

    def shelve(self, number: int, minutes: float) -> bool:
        """Nobody hears of it for so long, nor of what its level does meanwhile; False where that cannot be."""
        view = self._alerts.get(number)
        if view is None or not view.shelvable or not 0 <= minutes <= LONGEST_MIN:
            return False
        until_ms = self._clock.utc_ms() + round(minutes * MINUTE_MS) if minutes else None
        self._shelf_s[view.place] = self._clock.monotonic() + minutes * 60
        self._shelve({a.number: until_ms for a in self._alerts.values() if a.place == view.place and a.shelvable})
        return True

    def unshelve(self) -> None:
        """Once a beat: those whose time is over want a person again; a clock set back holds none for longer."""
        now_ms, now_s = self._clock.utc_ms(), self._clock.monotonic()
        on = [a for a in self._alerts.values() if a.shelved_until_ms is not None]
        due = [a.number for a in on if over(a, now_ms) or now_s >= self._shelf_s.get(a.place, now_s + 1)]
        if due:
            self._shelve(dict.fromkeys(due))

    def _shelve(self, until_ms: Mapping[int, int | None]) -> None:
        self._mark()
        for number, until in until_ms.items():
            self._alerts[number] = replace(self._alerts[number], shelved_until_ms=until)
        self._unwritten |= until_ms.keys()
        self._write()

    def climb(self, settings: AlertSettings) -> None:
        """Once a beat: what is critical, active and not acknowledged for too long is told again, so many times."""
        for number in self._climb.due(self._alerts.values(), settings):
            self._step(self._alerts[number])

    def _step(self, view: AlertView) -> None:
        """One stage up, from now on."""
        self._keep(replace(view, stage=view.stage + 1, climbed_ms=self._clock.utc_ms()), "escalated", view.latest)
        self._climb.begin(view.number)

    def latest(self, number: int, value: float | None) -> None:
        """The metric now, for the list; not an event and not saved."""
        view = self._alerts.get(number)
        if view and view.latest != value:
            self._alerts[number] = replace(view, latest=value, **self._worse(view, value))

    def _worse(self, view: AlertView, value: float | None) -> dict[str, Any]:
        """What changes where this is farther beyond the threshold than any value before."""
        further = value is not None and (
            view.worst is None or (value < view.worst if view.when == "below" else value > view.worst)
        )
        return {"worst": value, "worst_ms": self._clock.utc_ms()} if further else {}

    def advise(self, number: int, do: str) -> None:
        """What is to be done about it now, for the list; not an event and not saved."""
        view = self._alerts.get(number)
        if view and view.do != do:
            self._alerts[number] = replace(view, do=do)

    def catch_up(self) -> None:
        """Write what the journal did not take before; nothing where it took everything."""
        if self._unwritten:
            self._write()

    def _mark(self) -> None:
        """Remember how all is before a commit touches it."""
        if self._before is None and self._journal.committing:
            self._before = dict(self._alerts), set(self._unwritten), self._last
            self._journal.once_kept(self._kept)

    def _kept(self) -> None:
        self._before = None

    def _keep(self, view: AlertView, state: str, value: float | None) -> None:
        self._mark()
        self._alerts[view.number] = view
        over = [n for n, a in self._alerts.items() if not a.active and a.acknowledged_ms is not None]
        for number in over[: max(0, len(over) - KEPT)]:
            del self._alerts[number]
            self._unwritten.add(number)
        if view.number < 0:
            return
        self._unwritten.add(view.number)
        self._write()
        about = {} if view.position is None else {"position": view.position}
        about |= {"stage": view.stage} if state == "escalated" else {}
        self._tell(event(self._clock.utc_ms(), "alert", view.account, alert=view.number, episode=view.episode,
                         rule=view.rule, metric=view.metric, value=value, threshold=view.threshold,
                         severity=view.severity, state=state, **about))  # fmt: skip

    def _write(self) -> None:
        """What the journal does not take now is written later: an alert is never lost to a busy disk."""
        with contextlib.suppress(sqlite3.Error):
            with self._journal.atomic():
                for number in self._unwritten:
                    view = self._alerts.get(number)
                    if view is None:
                        self._journal.forget(_key(number))
                    else:
                        self._journal.save(_key(number), view)
                self._journal.save(LAST, self._last)
            self._unwritten = set()


def _key(number: int) -> str:
    """So that the keys' order is the numbers'."""
    return f"alert:{number:012d}"
