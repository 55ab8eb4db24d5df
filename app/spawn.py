"""Starting a module of this program in a process of its own that outlives it, spoken to over its stdin."""

from __future__ import annotations

import subprocess

from bridge.children import python
from bridge.children import start as apart


def start(module: str, *given: str, out: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """`python -m module`; `out` is where stdout goes, and stderr with it where that is not left alone."""
    errors = None if out == subprocess.DEVNULL else subprocess.STDOUT
    return apart(python(module, *given), bufsize=0, stdin=subprocess.PIPE, stdout=out, stderr=errors)
