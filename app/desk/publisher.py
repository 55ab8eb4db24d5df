"""The thread that tells the desk: what the engine told it goes to disk, from there to Kafka, and is then let go."""

from __future__ import annotations

import re
import secrets
import socket
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.desk.kafka import DeskError, producer
from app.desk.messages import Told, encoded
from app.desk.outbox import FILE, LARGEST, Dropped, Outbox, Put, opened
from app.desk.sending import Sending
from app.desk.stating import stated
from app.events import Event
from bridge.clock import SystemClock
from monitors.ports import AccountFrame, Clock, Frame

if TYPE_CHECKING:
    from app.desk.sending import Connect
    from app.main import Program
    from monitors.settings import DeskSettings

EVERY_S, STATES_EVERY_S = 0.05, 1.0
WAITING = 100_000
"""Events that may wait in memory while the disk takes nothing."""
BATCH = 2_000
"""Events that go to disk at once."""
AGAIN_S = 5.0
LONGEST_S = 2.5


class Publisher:
    """`tell` from any thread, at no cost. What goes wrong is said once and disturbs nobody."""

    def __init__(self, settings: DeskSettings, folder: Path, newest: Callable[[], Frame | None], clock: Clock,
                 say: Callable[[str], None], *, connect: Connect = producer,
                 waiting: int = WAITING, largest: int = LARGEST) -> None:  # fmt: skip
        """`newest` gives the frame that accounts are read from; at most `largest` bytes wait on disk."""
        self._settings = settings
        self._machine = settings.machine or host()
        self._run = secrets.token_hex(8)
        self._path = folder / FILE
        self._newest = newest
        self._clock = clock
        self._say = say
        self._connect = connect
        self._waiting, self._largest = waiting, largest
        self._mailbox: deque[tuple[int, Event]] = deque()
        self._events = self._states = 0
        """How many have been numbered."""
        self._stated_s = clock.monotonic() - STATES_EVERY_S
        self._stated = 0
        """The frame that states were made of last."""
        self._resume_s = clock.monotonic()
        """Not before then is a producer made."""
        self.dropped_events = self.dropped_states = 0
        """Let go because the outbox is full."""
        self.unkept = 0
        """Events let go because the disk took nothing; counted by whoever tells."""
        self._refused = 0
        self._confirmed: tuple[list[int], list[int]] = [], []
        """What a broker has and the disk did not let go yet."""
        self._trouble: dict[str, str] = {}
        """By its place what was said to be wrong, and is."""
        self._outbox: Outbox | None = None
        self._sending: Sending | None = None
        self._begun = False
        self._begin = threading.Lock()
        self._over, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)

    def tell(self, told: Event) -> None:
        """One event, to be on disk within a moment; it is let go where the disk has taken none for long."""
        self.begin()
        self._events += 1
        if len(self._mailbox) >= self._waiting:
            self.unkept += 1  # its number is missing at the desk, which says so
            return
        self._mailbox.append((self._events, told))

    def begin(self) -> None:
        """Start the thread; nothing of it is made before."""
        with self._begin:
            if not self._begun:
                self._begun = True
                self._thread.start()

    def close(self) -> None:
        """What was told is on disk, and sent where somebody takes it; what hangs is left behind."""
        self._over.set()
        if self._begun:
            self._ended.wait(LONGEST_S)

    def _work(self) -> None:
        try:
            while not self._over.wait(EVERY_S):
                self.step()
            while self.step() and self._mailbox:
                pass
            if self._sending is not None:
                self._sending.finish()
                self._let_go()
        finally:
            self._stop_sending()
            if self._outbox is not None:
                self._outbox.close()
            self._ended.set()

    def step(self) -> bool:
        """Everything that is due; False where the disk was in the way."""
        try:
            outbox = self._opened()
            self._keep(outbox)
            self._send(outbox)
            self._let_go()
        except (sqlite3.Error, OSError) as error:
            self._say_once("disk", f"{self._path}: cannot be written ({error}); what the desk is to hear waits")
            return False
        self._over_with("disk", f"{self._path}: is written again")
        return True

    def _opened(self) -> Outbox:
        if self._outbox is None:
            self._outbox, said = opened(self._path, f"damaged-{self._clock.utc_ms()}", self._largest)
            if said:
                self._say(said)
        return self._outbox

    def _keep(self, outbox: Outbox) -> None:
        """From memory to disk; what the disk does not take stays in memory."""
        now_ms, frame = self._clock.utc_ms(), self._newest()
        keys = {view.name: self._key(view) for view in frame.accounts} if frame else {}
        count = min(len(self._mailbox), BATCH)
        events = []
        for number, told in islice(self._mailbox, count):
            message = Told(machine=self._machine, run=self._run, number=number, event=told)
            name = told["account"]
            events.append(Put(keys.get(name, f"{self._machine}//{name}"), now_ms, encoded(message)))
        states = self._due(frame, keys, now_ms)
        if not events and not states:
            return
        dropped = outbox.put(events, states, self._sending.sent if self._sending else 0)
        for _ in range(count):
            self._mailbox.popleft()
        if states and self._sending:
            self._sending.stale = True
        self._count(dropped)

    def _due(self, frame: Frame | None, keys: dict[str, str], now_ms: int) -> list[Put]:
        """Of every account its state, once a second, where a beat has come since: a guard that hangs is silent."""
        now_s = self._clock.monotonic()
        if frame is None or frame.number == self._stated or now_s - self._stated_s < STATES_EVERY_S:
            return []
        self._stated, self._stated_s = frame.number, now_s
        made = []
        for view in frame.accounts:
            self._states += 1
            state = stated(frame, view, self._machine, self._run, self._states)
            made.append(Put(keys[view.name], now_ms, encoded(state)))
        return made

    def _key(self, view: AccountFrame) -> str:
        return f"{self._machine}/{view.server}/{view.login}"

    def _count(self, dropped: Dropped) -> None:
        self.dropped_events += dropped.events
        self.dropped_states += dropped.states
        if self.dropped_events or self.dropped_states or self.unkept:
            self._say_once("full", "more waits for Kafka than may: states are let go, then the oldest events; "
                           "they are in the audit log")  # fmt: skip

    def _send(self, outbox: Outbox) -> None:
        now_s = self._clock.monotonic()
        if self._sending is None:
            if now_s < self._resume_s:
                return
            try:
                self._sending = Sending(self._settings, self._connect)
            except DeskError as error:
                self._say_once("kafka", f"{error}; what the desk is to hear waits in {self._path}")
                self._resume_s = now_s + AGAIN_S
                return
        self._sending.fill(outbox, self._clock.utc_ms())
        self._sending.poll()
        if wrong := self._sending.broken or self._sending.away:
            self._say_once("kafka", f"Kafka: {wrong}; what the desk is to hear waits in {self._path}")
        if self._sending.broken:
            self._let_go()
            self._stop_sending()
            self._resume_s = now_s + AGAIN_S

    def _let_go(self) -> None:
        """Take out of the outbox what a broker has."""
        if self._sending is None or self._outbox is None:
            return
        self._sending.poll()
        events, states = self._confirmed
        more_events, more_states = self._sending.confirmed()
        events += more_events
        states += more_states
        if not events and not states:
            return
        self._outbox.remove(events, states)
        events.clear()
        states.clear()
        refused, self._sending.refused = self._sending.refused, 0
        if refused:
            self._refused += refused
            self._say(f"Kafka takes {self._refused} messages of this start for the desk never: too large")
        if not self._sending.away and not self._sending.broken:
            self._over_with("kafka", "Kafka takes what the desk is to hear again")
            if self._outbox.waiting() == (0, 0):
                lost = f"{self.dropped_events + self.unkept} events and {self.dropped_states} states"
                self._over_with("full", f"all is sent to Kafka; {lost} were let go meanwhile")

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.close()
            self._sending = None

    def _say_once(self, place: str, words: str) -> None:
        if self._trouble.get(place) != words:
            self._trouble[place] = words
            self._say(words)

    def _over_with(self, place: str, words: str) -> None:
        if self._trouble.pop(place, None):
            self._say(words)


@contextmanager
def telling(program: Program, say: Callable[[str], None]) -> Iterator[None]:
    """Tell the desk while a program runs; what the engine tells at its end is told too."""
    publisher = Publisher(program.config.desk, program.folder, program.mailbox.newest, SystemClock(), say)
    program.sinks = (*program.sinks, publisher.tell)
    with closing(publisher):
        yield


def host() -> str:
    """The host's name, as a machine's name may be."""
    return re.sub(r"[^\w.-]", "-", socket.gethostname())[:64] or "machine"
