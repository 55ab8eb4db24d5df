"""Processes that run modules of this program: apart from it, or ended with it, whatever they are blocked in."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from bridge.crashes import CRASHES

ROOT = Path(__file__).resolve().parent.parent
APART = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Windows: no console of its own, out of reach of Ctrl-C."""
_PR_SET_PDEATHSIG = 1


def python(module: str, *given: str) -> tuple[str, ...]:
    """The command that runs a module of ours; the working folder, which may hold an `app` too, is not looked into."""
    return sys.executable, "-P", "-m", "bridge.child", module, *given


def environment() -> dict[str, str]:
    """This process's, with our own packages first and where an error is reported."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, **CRASHES.passed_on}


def start(command: Sequence[str], **pipes: Any) -> subprocess.Popen[bytes]:
    """Start a process that outlives this one, out of reach of the terminal's Ctrl-C; `pipes` as for Popen."""
    return subprocess.Popen(  # noqa: S603 -- our own module in our own Python
        command, env=environment(), creationflags=APART, start_new_session=sys.platform != "win32", **pipes
    )


def spawn(command: Sequence[str], **pipes: Any) -> subprocess.Popen[bytes]:
    """The same for one that ends with this process; on Linux it does its part with `die_with_parent`."""
    child = start(command, **pipes)
    if sys.platform == "win32":
        from bridge.jobs import bind  # noqa: PLC0415 -- Windows only

        bind(child)
    return child


def answers() -> BinaryIO:
    """Called by a child: the pipe to whoever started it; whatever else is printed from now on goes to stderr."""
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sink


def die_with_parent() -> None:
    """On Linux, be killed as soon as the thread that started this process ends; elsewhere nothing happens.

    A process that reads its standard input sees its end as well; this one also ends a process that is stuck.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was told
        os.kill(os.getpid(), signal.SIGKILL)
