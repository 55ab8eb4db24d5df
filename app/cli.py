"""`plimsoll …`: arguments in, one call out; exit 0 done, 1 failed, 2 bad input."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

BAD_INPUT, FAILED = 2, 1


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = _parser()
    args = parser.parse_args(given)
    run: Callable[[argparse.Namespace], int] = args.run
    from app import commands  # noqa: PLC0415 -- `--help` and `--version` need none of it

    return commands.guarded(run, args)
