"""Starting a module of this program in a process of its own, spoken to over its stdin."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

APART = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Flags of Windows."""
ROOT = Path(__file__).resolve().parent.parent


def start(module: str, *given: str, out: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """`python -m module`, out of reach of the terminal's Ctrl-C, so that the program can end it in order.

    `out` is where stdout goes, and stderr with it where that is not left alone.
    The working folder is no place to import from: it may hold an `app` of its own.
    """
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    line = [sys.executable, "-P", "-m", module, *given]
    return subprocess.Popen(  # noqa: S603 -- our own module in our own Python
        line,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=out,
        stderr=None if out == subprocess.DEVNULL else subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": path},
        creationflags=APART,
        start_new_session=sys.platform != "win32",
    )
