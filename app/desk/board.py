"""What is known of every account of every machine, from what they told; the desk's only memory, and in memory only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.desk import picturing
from app.desk.doubles import Doubles
from app.desk.messages import State, Told
from app.events import stamp
from app.words import plain, words
from monitors.desk import Counted, DeskView, Held, Machine, together
from monitors.overview import seen
from monitors.ports import AccountFrame, AlertView, Clock, Frame

SILENT_S = 10.0
MOST = 20_000
"""Accounts that are kept; whoever can write to the topic must not fill this machine's memory."""


@dataclass(slots=True)
class _Known:
    state: State
    key: str
    view: AccountFrame
    alerts: tuple[AlertView, ...]
    held: Held
    heard_s: float | None = None
    """When it was told last while the desk was listening, on the desk's own clock; None where it only lay there."""
    heard_ms: int = 0
    since: str = ""
    """Since when it is silent, in words; empty while it is not."""
    remembered: AccountFrame | None = None
    """The account as it is drawn then."""


class Board:
    """Used from one thread."""

    def __init__(self, clock: Clock, silent_s: float = SILENT_S) -> None:
        self._clock = clock
        self._silent_s = silent_s
        self._began_s = clock.monotonic()
        self._accounts: dict[tuple[str, str], _Known] = {}
        self._doubles = Doubles()
        self._events = self._doubled = self._frames = 0
        self.unreadable = 0
        self.last = ""
        self.away = ""

    def hear(self, told: Told) -> bool:
        """An event; False where it came before."""
        if not self._doubles.take(told.machine, told.run, told.number):
            self._doubled += 1
            return False
        self._events += 1
        self.last = f"{plain(told.machine)}  {words(told.event)}"
        return True

    def learn(self, state: State, key: str, *, fresh: bool) -> bool:
        """The state of an account; `fresh` where it was told just now and did not lie there. False for an older one.

        A state is of the account that the machine calls so: with another key it was another account before.
        """
        place = state.machine, state.account
        known = self._accounts.get(place)
        if known is not None and _older(state, key, known):
            return False
        if known is None and len(self._accounts) >= MOST:
            self.unreadable += 1
            return False
        heard_s = self._clock.monotonic() if fresh else known.heard_s if known else None
        heard_ms = self._clock.utc_ms() if fresh else known.heard_ms if known and known.heard_s else state.at_ms
        self._accounts[place] = _Known(state, key, picturing.pictured(state), picturing.alarms(state),
                                       picturing.held(state), heard_s, heard_ms)  # fmt: skip
        return True

    def forget(self, key: str) -> None:
        """The account under that key is no more."""
        for place in [place for place, known in self._accounts.items() if known.key == key]:
            del self._accounts[place]

    def view(self) -> DeskView:
        """Everything as it is now."""
        now_s, now_ms = self._clock.monotonic(), self._clock.utc_ms()
        self._frames += 1
        for known in self._accounts.values():
            self._judge(known, now_s)
        entries = sorted(self._accounts.items(), key=lambda entry: entry[0])
        shown = [known for _, known in entries]
        frame = Frame(number=self._frames, at_ms=now_ms, accounts=tuple(map(_drawn, shown)),
                      alerts=tuple(alert for known in shown for alert in known.alerts))  # fmt: skip
        counted = Counted(events=self._events, doubled=self._doubled, missing=self._doubles.missing,
                          unreadable=self.unreadable)  # fmt: skip
        held = (known.held if seen(_drawn(known)) else replace(known.held, legs=None) for known in shown)
        return DeskView(frame=frame, machines=self._machines(now_s), together=together(held), counted=counted,
                        last=self.last, away=self.away)  # fmt: skip

    def _judge(self, known: _Known, now_s: float) -> None:
        quiet = known.heard_s is None or now_s - known.heard_s >= self._silent_s
        known.since = f"silent since {stamp(known.heard_ms)[11:19]}Z" if quiet else ""

    def _machines(self, now_s: float) -> tuple[Machine, ...]:
        """A machine is silent where all of its accounts are; one of which something lay there has time to speak."""
        heard_out = now_s - self._began_s >= self._silent_s
        by_name: dict[str, list[_Known]] = {}
        for (name, _), known in self._accounts.items():
            by_name.setdefault(name, []).append(known)
        return tuple(
            Machine(name=plain(name), accounts=len(own), silent=heard_out and all(known.since for known in own),
                    heard_ms=max(known.heard_ms for known in own))
            for name, own in sorted(by_name.items())
        )  # fmt: skip


def _older(state: State, key: str, known: _Known) -> bool:
    """One key keeps its order; of two the machine's own clock tells which is the later."""
    if state.run == known.state.run:
        return state.number <= known.state.number
    return key != known.key and state.at_ms < known.state.at_ms


def _drawn(known: _Known) -> AccountFrame:
    """The same object until something is another, so that nothing is drawn twice."""
    if not known.since:
        return known.view
    if known.remembered is None or known.remembered.reason != known.since:
        known.remembered = picturing.silent(known.view, known.since, known.state.at_ms)
    return known.remembered
