"""From the engine to every client's outbox: the engine hands over and goes on; a thread of its own does the rest."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Thread

from app.events import Event, line
from app.stream.asked import POSITION, Asked
from app.stream.outbox import Outbox, Update
from app.stream.updates import Facts, figures, positions, snapshot, status, update
from monitors.ports import AccountFrame, Clock, Frame

PACE_S = 0.05
"""Between two updates of one kind, at least; of positions, whose list is long, POSITIONS_S."""
POSITIONS_S = 0.25
EVERY_S = 5.0
"""What has not changed is said again so often, so that silence means that nobody watches."""
REMEMBERED = 512
"""Events since the newest frame, for a client that comes between two."""


@dataclass(frozen=True, slots=True)
class _Told:
    whole: tuple[Facts, Facts, str, str, str]
    at_s: float


class Hub:
    """`tell` and `put` cost the engine a queue's append; `join` and `leave` come from the clients' threads."""

    def __init__(self, clock: Clock, poll_ms: int, say: Callable[[str], None]) -> None:
        self._clock = clock
        self._every_s = max(EVERY_S, poll_ms / 1000)
        self._say = say
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._newest: Frame | None = None
        self._frame: Frame | None = None
        self._since: deque[Event] = deque(maxlen=REMEMBERED)
        self._clients: dict[Outbox, Asked] = {}
        self._greeted: set[Outbox] = set()
        self._told: dict[tuple[str, str], _Told] = {}
        """What was last said of an account's kind."""
        self._waiting = False
        """A frame is there that nobody was shown yet, because it came too soon after the one before."""
        self._shown_s = float("-inf")
        self._positions_s = float("-inf")
        self._thread = Thread(target=self._run, name="stream hub", daemon=True)
        self._thread.start()

    def tell(self, told: Event) -> None:
        """An event, from the engine's thread."""
        self._queue.put(partial(self._event, told))

    def put(self, frame: Frame) -> None:
        """The newest frame, from the engine's thread."""
        self._newest = frame
        self._queue.put(self._arrived)

    def join(self, outbox: Outbox, asked: Asked) -> None:
        """A client is there: it gets a snapshot of each account, then what it asked for."""
        self._queue.put(partial(self._joined, outbox, asked))

    def leave(self, outbox: Outbox) -> None:
        """A client is gone."""
        self._queue.put(partial(self._left, outbox))

    def close(self) -> None:
        """Once the engine has ended."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                act = self._queue.get(timeout=self._due_s())
            except queue.Empty:
                act = self._show
            if act is None:
                return
            try:
                act()
            except Exception as error:  # noqa: BLE001 -- a thread that dies silently would look like a calm market
                self._say(f"stream: {type(error).__name__}: {error}")

    def _due_s(self) -> float | None:
        """Until a frame that waits is shown; None where none does."""
        return max(0.0, self._shown_s + PACE_S - self._clock.monotonic()) if self._waiting else None

    def _joined(self, outbox: Outbox, asked: Asked) -> None:
        self._clients[outbox] = asked
        self._greet()

    def _left(self, outbox: Outbox) -> None:
        self._clients.pop(outbox, None)
        self._greeted.discard(outbox)
        if not self._clients:
            self._told.clear()

    def _event(self, told: Event) -> None:
        self._since.append(told)
        if self._greeted:
            body = _body(told)
            for outbox in self._greeted:
                if self._clients[outbox].wants_event(told["account"], told["event"]):
                    outbox.event(body)

    def _arrived(self) -> None:
        if self._newest is not self._frame:
            self._frame, self._waiting = self._newest, True
            self._since.clear()
            if self._clock.monotonic() - self._shown_s >= PACE_S:
                self._show()

    def _greet(self) -> None:
        """The newest frame and what happened since, to whoever came meanwhile; nothing before the first frame."""
        if self._frame is None:
            return
        for outbox in self._clients.keys() - self._greeted:
            asked = self._clients[outbox]
            for view in self._frame.accounts:
                if asked.covers(view.name):
                    outbox.event(_body(snapshot(self._frame, view, self._every_s)))
            for told in self._since:
                if asked.wants_event(told["account"], told["event"]):
                    outbox.event(_body(told))
            self._greeted.add(outbox)

    def _show(self) -> None:
        """The newest frame as updates, to whoever wants them."""
        frame, now_s = self._frame, self._clock.monotonic()
        if frame is None:
            return
        self._waiting, self._shown_s = False, now_s
        self._greet()
        if not self._clients:
            return
        listed = now_s - self._positions_s >= POSITIONS_S
        if listed:
            self._positions_s = now_s
        found: list[Update | None] = []
        for view in frame.accounts:
            found += [self._update(frame.at_ms, view, kind, facts, {}) for kind, facts in figures(view).items()]
            if listed:
                total, each = positions(view)
                found.append(self._update(frame.at_ms, view, POSITION, total, {"positions": each}))
        updates = [one for one in found if one is not None]
        for outbox, asked in self._clients.items():
            outbox.update([one for one in updates if asked.wants_update(*one[0])])

    def _update(self, at_ms: int, view: AccountFrame, kind: str, facts: Facts, more: Facts) -> Update | None:
        """None where nothing has changed and it was said a moment ago."""
        place, now_s = (view.name, kind), self._clock.monotonic()
        before, whole = self._told.get(place), (facts, more, status(view, kind), view.link, view.reason)
        if before is not None and before.whole == whole and now_s - before.at_s < self._every_s:
            return None
        self._told[place] = _Told(whole, now_s)
        previous = None if before is None else before.whole[0]
        return place, _body(update(at_ms, view, kind, {**facts, **more}, previous))


def _body(told: Event) -> bytes:
    """As in the JSON Lines, without the line's end."""
    return line(told)[:-1]
