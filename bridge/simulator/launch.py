"""Starts a simulated terminal that belongs to this process: it ends with it, however that ends."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bridge.children import python, spawn
from bridge.port import TerminalError
from bridge.simulator import addressed

START_S, END_S = 10.0, 5.0
_LOOK_S = 0.01


@contextmanager
def launched(file: Path, *, scenario: Path | None = None, seed: int = 1, rehearse: bool = False) -> Iterator[int]:
    """A simulated terminal that answers at `file`; yields its process number and ends it afterwards.

    TerminalError where it does not come up within ten seconds. On Linux it is killed when the thread that entered
    here ends.
    """
    options = ["--seed", str(seed), "--own"]
    options += ["--scenario", str(scenario)] if scenario else []
    options += ["--rehearse"] if rehearse else []
    process = _started(file, options)
    try:
        _await(file, process)
        yield process.pid
    finally:
        _end(process)


def _started(file: Path, options: Sequence[str]) -> subprocess.Popen[bytes]:
    command = python("bridge.simulator.serve", str(file), *options)
    return spawn(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def _await(file: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(round(START_S / _LOOK_S)):
        address = addressed.read(file)
        if address and address.pid == process.pid:
            return
        if process.poll() is not None:
            raise TerminalError(f"the simulated terminal ended as it started, with code {process.returncode}")
        time.sleep(_LOOK_S)
    raise TerminalError(f"the simulated terminal did not come up within {START_S:.0f} s")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
