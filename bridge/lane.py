"""One child process and the conversation with it: one request at a time, an answer or the reason why none came."""

from __future__ import annotations

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from bridge import wire
from bridge.attach import Attachment
from bridge.children import python, spawn
from bridge.port import TerminalError, Unanswered
from monitors.ports import Clock

HOST = python("bridge.host")
PAUSES_S = (0.0, 0.25, 0.5, 1.0)
SELDOM_S, SELDOM_FROM = 1.5, 12
"""After so many starts in a row that came to nothing the next ones are further apart."""
PARTING_S = 0.5
LOOK_AT_IT = "look at MetaTrader 5: it may hang or be busy"


@dataclass(slots=True)
class _Asked:
    key: object
    message: Callable[[int], wire.Request]
    number: int = 0
    sent_s: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: a reply, or the trouble that came instead; `sent` False where it never left."""

    reply: wire.Reply | None
    trouble: TerminalError | None = None
    sent: bool = True
    waited_s: float = 0.0


class Lane:
    """Used from one thread. Starts its host when it is first needed and again, ever later, when it was lost."""

    def __init__(self, attachment: Attachment, clock: Clock, deadline_s: float, command: Sequence[str] = HOST,
                 say: Callable[[str], None] = lambda _: None) -> None:  # fmt: skip
        """`say` is told of every host that was lost."""
        self.attachment = attachment
        self._clock = clock
        self._deadline_s = deadline_s
        self._command = tuple(command)
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._attached = self._greeted = False
        self._waiting: deque[_Asked] = deque()
        self._outcomes: dict[object, Outcome] = {}
        self._numbers = 0
        self._failures = 0
        self._began_s = self._used_s = clock.monotonic()
        self._not_before_s = self._began_s
        self._trouble = ""

    @property
    def pid(self) -> int | None:
        """The host's process; None while there is none."""
        return self._child.pid if self._child else None

    @property
    def idle_s(self) -> float:
        """How long nobody has wanted anything of it."""
        return 0.0 if self._waiting else self._clock.monotonic() - self._used_s

    def prepare(self) -> None:
        """Start the process, which takes its time, before it can be told whom it serves."""
        self._begin()

    def open(self) -> None:
        """Have a host ahead of the first request, another one where the last was lost."""
        self._pump()
        self._begin()
        self._attach()

    def rest(self) -> None:
        """End the host of a lane that nobody needs now, without waiting for it; the next request starts another."""
        child = self._child
        self._drop("")
        self._outcomes.clear()
        if child is not None:
            child.kill()

    def renew(self) -> None:
        """Have another host from the next request on, unless this one has something under way or to be fetched."""
        if self._child is not None and not self._waiting and not self._outcomes:
            self.rest()

    def asked(self, key: object) -> bool:
        """Whether a request under this key is under way or its outcome waits to be fetched."""
        return key in self._outcomes or any(asked.key == key for asked in self._waiting)

    def ask(self, key: object, message: Callable[[int], wire.Request]) -> None:
        """Put a request in the queue; `message` makes it from its number."""
        self._used_s = self._clock.monotonic()
        self._pump()  # first: it is not to fail for a host that died before
        self._waiting.append(_Asked(key, message))
        self._pump()

    def fetch(self, key: object, wait_s: float = 0.0) -> Outcome | None:
        """The outcome of the request under this key, waiting for it at most so long; None while there is none."""
        until = self._clock.monotonic() + wait_s
        self._pump()
        while key not in self._outcomes:
            left = until - self._clock.monotonic()
            if left <= 0 or self._child is None:
                return None
            try:
                self._take(self._lines.get(timeout=left))
            except Empty:
                return None
            self._pump()
        self._used_s = self._clock.monotonic()
        return self._outcomes.pop(key)

    @property
    def unanswered(self) -> Unanswered:
        """Why nothing has come yet; a remedy only once it takes longer than it should."""
        if self._trouble:
            return Unanswered(f"{self._trouble}; {'asked again' if self._child else 'it is started again'}", LOOK_AT_IT)
        late = self._late_s()
        if self._child is None or late < 1:
            return Unanswered("the terminal has not answered yet")
        return Unanswered(f"the terminal has not answered for {late:.0f} s", LOOK_AT_IT)

    def close(self) -> None:
        """End the host: it is asked to, and killed where it does not listen."""
        child, reader = self._child, self._reader
        self._drop("the program is ending")
        if child is not None and reader is not None:
            reader.join(PARTING_S)
            child.kill()
            reader.join(PARTING_S)
            child.wait()

    def part(self) -> None:
        """Ask the host to end, without waiting for it; `close` follows."""
        if self._child and self._child.stdin:
            _closed(self._child)

    @property
    def _expected(self) -> bool:
        """Whether the host owes a line: its greeting, or the answer to what was sent."""
        return self._attached and (not self._greeted or (bool(self._waiting) and self._waiting[0].sent_s is not None))

    def _late_s(self) -> float:
        first = self._waiting[0] if self._waiting else None
        since = first.sent_s if first and first.sent_s is not None else self._began_s
        return self._clock.monotonic() - since

    def _pump(self) -> None:
        """Take what has come, replace what is lost or too late, and send the next request if none is out."""
        while self._child is not None:
            try:
                self._take(self._lines.get_nowait())
            except Empty:
                break
        if self._child is not None and self._expected and self._late_s() > self._deadline_s:
            self._lost(f"the terminal gave no answer within {self._deadline_s:.0f} s")
        if self._waiting:
            self._begin()
            self._attach()
            self._send_next()

    def _begin(self) -> None:
        if self._child is None and self._clock.monotonic() >= self._not_before_s:
            self._start()

    def _send_next(self) -> None:
        first = self._waiting[0] if self._waiting else None
        if first is None or self._child is None or not self._greeted or first.sent_s is not None:
            return
        self._numbers += 1
        first.number, now_s = self._numbers, self._clock.monotonic()
        if self._write(first.message(first.number)):
            first.sent_s = now_s

    def _write(self, message: wire.Attach | wire.Request) -> bool:
        """False where the host did not get the whole line, and so does nothing of it."""
        child = self._child
        if child is None or child.stdin is None:
            return False
        try:
            child.stdin.write(wire.line(message))
            child.stdin.flush()
        except OSError:
            self._lost("the terminal's host is gone")
            return False
        return True

    def _take(self, text: bytes) -> None:
        """One line of the host; an empty one is the end of it."""
        if not text:
            self._lost("the terminal's host ended")
            return
        try:
            said: wire.Reply | None = wire.reply(text)
            trouble = None
        except wire.Garbled as error:
            self._lost(f"the terminal's host answered nonsense: {error.reason[:120]}")
            return
        except TerminalError as error:
            said, trouble = None, error
        if isinstance(said, wire.Hello):
            self._greeted = True
            if said.version != wire.VERSION:
                self._lost(f"the terminal's host speaks version {said.version}, this program {wire.VERSION}")
            return
        first = self._waiting[0] if self._waiting else None
        if first is None or first.sent_s is None or (said is not None and said.number != first.number):
            reason = said.reason if isinstance(said, wire.Failed) else "the terminal's host answered what nobody asked"
            self._lost(reason)
            return
        self._waiting.popleft()
        self._failures, self._trouble = 0, ""
        self._outcomes[first.key] = Outcome(said, trouble, waited_s=self._clock.monotonic() - first.sent_s)

    def _start(self) -> None:
        try:
            child = spawn(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            self._drop(f"the terminal's host cannot be started: {error}")
            self._fail()
            return
        self._child = child
        self._lines = SimpleQueue()
        self._reader = threading.Thread(target=_read, args=(child, self._lines), name="lane", daemon=True)
        self._reader.start()

    def _attach(self) -> None:
        if self._child is not None and not self._attached:
            self._attached, self._began_s = True, self._clock.monotonic()
            self._write(wire.Attach(wire.VERSION, self.attachment))

    def _lost(self, why: str) -> None:
        """The host is no more, or is not to be trusted: end it, and say so to whoever waits for the request sent."""
        child = self._child
        self._drop(why)
        if child is not None:
            child.kill()
        self._fail()
        if self._failures < SELDOM_FROM:
            self._say(f"{why}; another one is started")

    def _drop(self, why: str) -> None:
        child, self._child = self._child, None
        self._attached = self._greeted = False
        if child is not None:
            _closed(child)
        self._trouble = why
        trouble = TerminalError(why, LOOK_AT_IT)
        for asked in self._waiting:
            waited = self._clock.monotonic() - asked.sent_s if asked.sent_s is not None else 0.0
            self._outcomes[asked.key] = Outcome(None, trouble, sent=asked.sent_s is not None, waited_s=waited)
        self._waiting.clear()

    def _fail(self) -> None:
        self._failures += 1
        seldom = self._failures >= SELDOM_FROM
        pause = SELDOM_S if seldom else PAUSES_S[min(self._failures, len(PAUSES_S)) - 1]
        self._not_before_s = self._clock.monotonic() + pause


def _read(child: subprocess.Popen[bytes], lines: SimpleQueue[bytes]) -> None:
    """The reader's thread: whole lines as they come, an empty one at the end, then the child is buried."""
    if child.stdout is not None:
        with child.stdout:
            while (text := child.stdout.readline(wire.LONGEST)).endswith(b"\n"):
                lines.put(text)
    lines.put(b"")
    child.wait()


def _closed(child: subprocess.Popen[bytes]) -> None:
    """Close the way to the child, which tells it to end; what could not be written any more is lost."""
    if child.stdin is not None:
        try:
            child.stdin.close()
        except OSError:
            return
