"""A supervisor as its only user sees it, looked through beat by beat, and what may be done to its hosts."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from bridge.attach import Attachment
from bridge.clock import SystemClock
from bridge.lane import HOST
from bridge.port import Awaited, CloseOrder, Receipt, TerminalError, Unanswered
from bridge.supervisor import Supervisor
from monitors.kinds import Side
from monitors.model import Bars, Snapshot

BOUND_S = 20.0
BEAT_S = 0.02
BRIEFLY_S = 0.05
"""How long the one thread that looks at all terminals may be held up by one of them."""
SLACK_S = 0.25
"""What a busy machine may add to a wait."""
STOPPED = pytest.mark.skipif(os.name != "posix", reason="only POSIX can stop a process")
ORDER = CloseOrder(
    ticket=1,
    symbol="EURUSD",
    side=Side.SELL,
    lots=0.1,
    held=0.3,
    filling=1,
    magic=0,
    comment="plimsoll abc 1",
    identifiers=(1,),
)
START_BID = 1.1


class Moved(SystemClock):
    """This machine's clock, which a test may move on."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


class Watched(Supervisor):
    """A supervisor as its only user sees it: looked through beat by beat."""

    clock: Moved

    @classmethod
    def of(cls, file: Path, zone: str = "Europe/Athens", command: Sequence[str] = HOST) -> Watched:
        clock = Moved()
        made = cls(Attachment(name="main", backend="simulator", path=str(file), clock=zone), clock, command)
        made.clock = clock
        return made

    def seen(self, within_s: float = BOUND_S, *, enough: Callable[[Snapshot], bool] = lambda _: True) -> list[Snapshot]:
        """Look until what is seen is enough; everything that was seen on the way."""
        found: list[Snapshot] = []
        trouble = ""
        for _ in range(round(within_s / BEAT_S)):
            try:
                found.append(self.look(0))
                if enough(found[-1]):
                    return found
            except TerminalError as error:
                trouble = error.reason
            _beat()
        raise AssertionError(f"not seen within {within_s} s: {trouble}")

    def once(self) -> list[Snapshot]:
        """What one look brings, if anything."""
        try:
            return [self.look(0)]
        except TerminalError:
            return []

    def troubled(self, within_s: float = BOUND_S, *, words: str = "") -> TerminalError:
        """Look until there is an error that says so."""
        for _ in range(round(within_s / BEAT_S)):
            try:
                self.look(0)
            except TerminalError as error:
                if words in error.reason:
                    return error
            _beat()
        raise AssertionError(f"never said: {words}")

    def took(self) -> float:
        """How long one look takes that brings nothing."""
        began = self.clock.monotonic()
        with pytest.raises(Unanswered):
            self.look(0)
        return self.clock.monotonic() - began

    def told(self, awaited: Awaited) -> Receipt:
        """The receipt, once it is there."""
        for _ in range(round(BOUND_S / BEAT_S)):
            receipt = self.receipt(awaited)
            if receipt is not None:
                return receipt
            _beat()
        raise AssertionError("no receipt")

    def read(self) -> list[float]:
        """The lots that the records show."""
        for _ in range(round(BOUND_S / BEAT_S)):
            try:
                return [p.lots for p in self.records(0).positions]
            except Unanswered:
                _beat()
        raise AssertionError("no records")

    def charted(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        """The bars, once they are there."""
        for _ in range(round(BOUND_S / BEAT_S)):
            try:
                return self.bars(symbol, minutes, since_ms, until_ms)
            except Unanswered:
                _beat()
        raise AssertionError("no bars")

    def host(self, lane: str) -> psutil.Process:
        return psutil.Process(self.pids[lane])


def follows(snapshot: Snapshot) -> bool:
    return "EURUSD" in snapshot.ticks


def bids(snapshots: list[Snapshot]) -> list[float]:
    return [bid for s in snapshots if "EURUSD" in s.ticks for bid in s.ticks["EURUSD"].bid.tolist()]


def has(bid: float) -> Callable[[Snapshot], bool]:
    return lambda snapshot: bid in bids([snapshot])


def kill(process: psutil.Process) -> None:
    process.kill()
    psutil.wait_procs([process], timeout=BOUND_S)


@contextmanager
def stopped(*processes: psutil.Process) -> Iterator[None]:
    """Stuck, as in a call that does not return."""
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            if process.is_running():
                os.kill(process.pid, signal.SIGCONT)


def _beat() -> None:
    threading.Event().wait(BEAT_S)
