"""The stop process as others see it: started so that it outlives its parent, followed and succeeded by a guard."""

from __future__ import annotations

import contextlib
import io
import subprocess
import threading
from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.spawn import start
from app.stopping.summons import Summons
from app.store.absorb import Record, readable, take
from app.store.journal import Journal
from app.store.latch import Elsewhere, Held, file_of, holds_halt, latch
from app.store.spare import SpareJournal
from bridge.clock import SystemClock
from bridge.simulator import addressed
from monitors.ports import Clock

if TYPE_CHECKING:
    from bridge.attach import Attachment

CLOSING = "the stop process is closing"
NOWHERE_S, SEEN_S = 15.0, 1.0
"""So long a stop process is left to it by a guard that sees the account itself."""


class NoStop:
    """Nobody else closes here."""

    @property
    def closing(self) -> bool:
        """Whether another process sends for this terminal now: then this one sends nothing."""
        return False

    def pressed(self) -> bool:
        """Whether the stop was pressed in another process since this was asked last."""
        return False

    def left(self) -> list[Record]:
        """What a stop process that is gone has left, once."""
        return []

    def hand_over(self, journal: Journal) -> None:
        """Have that in the journal, if it is not there yet; sqlite3.Error where the journal does not take it."""

    @property
    def stands(self) -> bool:
        """Whether a stop that was handed over is still in a file, which the next start would take for pressed anew."""
        return False

    def watch(self, *, pressed: bool, silent_s: float) -> None:
        """Once a beat: whether a person's stop is not flat yet, and how long nothing was read."""

    def dismiss(self) -> None:
        """End the stop process that `watch` called; one that somebody else started goes on."""


class Mine(NoStop):
    """The stop process's own view: it stands back for one that took it for dead."""

    def __init__(self, held: Held) -> None:
        self._held = held

    @property
    def closing(self) -> bool:
        """See NoStop."""
        return self._held.superseded


class Following(NoStop):
    """The running instance's view, by the stop process's file and lock; without a file a look is one `stat`."""

    def __init__(self, folder: Path, name: str, clock: Clock, summons: Summons) -> None:
        self._summons = summons
        self._file = file_of(folder, name)
        self._spare = SpareJournal(self._file)
        self._elsewhere = Elsewhere(folder, name)
        self._clock = clock
        self._read = 0
        self._was: tuple[int, int] | None = None
        self._given: tuple[int, int] | None = None
        self._left: list[Record] = []
        self._taken = False
        """The journal has what was left, and the file is not set aside yet."""
        self._beside_s: float | None = None
        """Since when a stop process has been closing while the account was seen here."""

    @property
    def closing(self) -> bool:
        """See NoStop. One that hangs is told that it was succeeded before anything is sent in its place."""
        if self._elsewhere.moves(self._clock.monotonic()):
            return True
        if self._elsewhere.hangs:
            self._elsewhere.supersede()
        return False

    def pressed(self) -> bool:
        """See NoStop."""
        state = self._state()
        if state is None or state == self._was:
            return False
        if self._was is None or state[0] != self._was[0] or state[1] < self._was[1]:
            self._read = 0
        self._was = state
        try:
            with self._file.open("rb") as file:
                file.seek(self._read)
                fresh = file.read()
        except OSError:
            return False
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        return any(holds_halt(line) for line in whole.splitlines())

    def left(self) -> list[Record]:
        """See NoStop."""
        state = self._state()
        if state is None or state == self._given or self.closing:
            return []
        self._given, self._left = state, readable(self._spare.lines())
        return self._left

    def hand_over(self, journal: Journal) -> None:
        """See NoStop; then the file is set aside, as soon as the disk lets it."""
        if not (self._left or self._taken) or self.closing:
            return
        if self._left:
            take(self._left, journal)
            self._left = []
        with contextlib.suppress(OSError):
            self._spare.set_aside()
        self._taken = self._spare.holds

    @property
    def stands(self) -> bool:
        """See NoStop."""
        return self._taken

    def watch(self, *, pressed: bool, silent_s: float) -> None:
        """See NoStop. One that gets nowhere while the account is seen here is succeeded: it may be of another time."""
        now_s = self._clock.monotonic()
        if not self.closing:
            self._beside_s = None
            if pressed:
                self._summons.watch(silent_s)
        elif silent_s > SEEN_S or not pressed:
            self._beside_s = None
        elif self._beside_s is None:
            self._beside_s = now_s
        elif now_s - self._beside_s > NOWHERE_S:
            self._elsewhere.supersede()

    def dismiss(self) -> None:
        """See NoStop."""
        self._summons.dismiss()

    def _state(self) -> tuple[int, int] | None:
        """What tells one state of the file from another; None where there is none."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size


class Launched:
    """A stop process that was started from here and does not end with this one."""

    def __init__(self, process: subprocess.Popen[bytes], trouble: str, reader: threading.Thread | None) -> None:
        self.trouble = trouble
        """Why the latch could not be written, empty where it is on disk."""
        self.pid = process.pid
        self._process = process
        self._reader = reader

    @property
    def code(self) -> int | None:
        """0: flat; anything else: not; None while it is at work."""
        return self._process.poll()

    def wait(self, seconds: float | None = None) -> int | None:
        """The code, once it has ended and all it said was heard; None where that takes longer."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        if self._reader is not None:
            self._reader.join()
        return code

    def kill(self) -> None:
        """End it where it stands; another one takes up what it left."""
        self._process.kill()


def launch(attachment: Attachment, folder: Path, index: int, *, seconds: float | None = None,
           heard: Callable[[str], None] | None = None) -> Launched:  # fmt: skip
    """Latch on disk, then start the stop process of one terminal of the config, the `index`-th.

    `heard` is given each of its lines, in a thread of its own; without it they go to a file beside the journal.
    """
    trouble = latch(folder, name=attachment.name, login=attachment.login, server=attachment.server,
                    now_ms=SystemClock().utc_ms())  # fmt: skip
    settings = {"attachment": asdict(attachment), "data": str(folder.absolute()), "index": index, "for": seconds}
    with contextlib.ExitStack() as stack:
        out = subprocess.PIPE if heard else _log(folder, attachment.name, stack)
        process = start("app.flatten", out=out)
    if process.stdin is not None:
        with contextlib.suppress(OSError), process.stdin as pipe:
            pipe.write(msgspec.json.encode(settings) + b"\n")
    reader = None
    if heard is not None:
        reader = threading.Thread(target=_listen, args=(process.stdout, heard), name="flatten", daemon=True)
        reader.start()
    return Launched(process, trouble, reader)


def _listen(out: io.RawIOBase, heard: Callable[[str], None]) -> None:
    with io.BufferedReader(out) as lines:
        for line in lines:
            heard(line.decode(errors="replace").rstrip())


def _log(folder: Path, name: str, stack: contextlib.ExitStack) -> int:
    """Where lines go that nobody hears; nowhere where the folder takes nothing."""
    try:
        return stack.enter_context(file_of(folder, name).with_suffix(".log").open("ab")).fileno()
    except OSError:
        return subprocess.DEVNULL


def out_of_reach(attachment: Attachment) -> str:
    """Why starting a stop process would be in vain; empty where it would not."""
    if attachment.backend == "simulator" and addressed.running(Path(attachment.path)) is None:
        return "there is no simulated terminal to stop"
    if attachment.backend == "mt5" and find_spec("MetaTrader5") is None:
        return "no MetaTrader 5 can be reached from this machine"
    return ""
