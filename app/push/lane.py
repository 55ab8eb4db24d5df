"""One target's thread: takes what the engine put into its mailbox, and waits for the service in everybody's place."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.operations.logbook import LOG
from app.push.message import Entry, compose
from app.push.outbox import Outbox
from app.push.sender import Answered, Asked
from app.push.targets import label
from monitors.ports import Clock

MAILBOX = 1_000
OUTCOMES = 200
REST_S = 60.0
"""A process that has had nothing to send for so long is let go."""


class Post(Protocol):
    """How a target is reached: within seconds there is an answer; `rest` lets go what waits for the next message."""

    def send(self, asked: Asked) -> Answered: ...
    def rest(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one message."""

    target: str
    ok: bool
    said: str
    alerts: tuple[int, ...]


class Lane:
    """`put` from the engine's thread, at no cost; everything else happens in this one's."""

    def __init__(self, target: str, per_minute: int, clock: Clock, post: Post, hide: Callable[[str], str]) -> None:
        self.label = label(target)
        self.failing: tuple[float, str, bool] | None = None
        """Since when it fails (monotonic s), what was said last, and whether that lasts; None while it works."""
        self.outcomes: deque[Outcome] = deque(maxlen=OUTCOMES)
        self._clock, self._post, self._hide = clock, post, hide
        self._outbox = Outbox(per_minute)
        self._mailbox: deque[Entry] = deque(maxlen=MAILBOX)
        self._woken, self._over, self._ended = threading.Event(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def put(self, entry: Entry) -> None:
        """To be said."""
        self._mailbox.append(entry)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"push {self.label}", daemon=True)
            self._thread.start()
        self._woken.set()

    def step(self) -> float | None:
        """At most one message; seconds until the next is due, None until something comes."""
        now_s = self._clock.monotonic()
        while self._mailbox:
            self._outbox.put(self._mailbox.popleft(), now_s)
        wait_s = self._outbox.wait_s(now_s)
        if wait_s is None or wait_s > 0:
            return wait_s
        said = self._outbox.entries()
        title, body = compose(said, self._outbox.dropped, self._hide)
        answered = self._post.send(Asked(title=title, body=body))
        self._settle(said, answered)
        return self._outbox.wait_s(self._clock.monotonic())

    def _settle(self, said: list[Entry], answered: Answered) -> None:
        now_s, words = self._clock.monotonic(), self._hide(answered.said)
        again = not answered.ok and self.failing is not None and self.failing[1] == words
        if answered.ok:
            self._outbox.taken(now_s)
            self.failing = None
        else:
            self._outbox.refused(now_s)
            self.failing = (self.failing[0] if self.failing else now_s), words, answered.lasting
        alerts = tuple(entry.key[1] for entry in said if isinstance(entry.key[1], int))
        self.outcomes.append(Outcome(target=self.label, ok=answered.ok, said=words, alerts=alerts))
        if not again:  # what fails in one way for hours is one line
            LOG.info("push to %s: %s", self.label, words)

    def stop(self) -> None:
        """End after the message under way."""
        self._over.set()
        self._woken.set()

    def ended(self, within_s: float) -> bool:
        """Whether the thread ended in that time; not joined, for a Qt thread that joins is never let go by Python."""
        return self._thread is None or self._ended.wait(within_s)

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                self._woken.clear()
                wait_s = self.step()
                if not self._mailbox and not self._over.is_set():
                    self._pause(wait_s)
        finally:
            self._post.rest()
            self._ended.set()

    def _pause(self, wait_s: float | None) -> None:
        """Until something comes or is due; the process does not wait as long."""
        if wait_s is not None and wait_s <= REST_S:
            self._woken.wait(wait_s)
        elif not self._woken.wait(REST_S):
            self._post.rest()
            self._woken.wait(None if wait_s is None else wait_s - REST_S)
