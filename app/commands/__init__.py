"""The commands, one file each; what they raise becomes one line and an exit code here."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from app.archive.opening import FILE, ArchiveError
from app.config import ConfigError
from app.instance.control import NotRunning
from app.operations.logbook import LOG
from app.store.audit import AuditError
from app.store.backup import BackupError
from app.store.folder import JOURNAL, SPARE, FolderError, FolderTaken
from app.store.journal import JournalError
from bridge.port import TerminalError
from bridge.simulator.tables import ScenarioError
from bridge.simulator.ticks import TickFileError

DONE, FAILED, BAD_INPUT = 0, 1, 2
OWN = (JOURNAL, FILE, SPARE, "audit.head", "instance.", "identity", "flatten-", "drills.jsonl", "watchdog.log",
       "outbox.db", "stream.token", "plimsoll.log", "crash-", "fault-")  # fmt: skip
"""How the names of the data folder's own files begin."""
INPUT = (ConfigError, ScenarioError, TickFileError, JournalError, ArchiveError, BackupError, FolderError, TerminalError,
         AuditError)  # fmt: skip
ELSEWHERE = (NotRunning, FolderTaken)
TOLD = (*INPUT, *ELSEWHERE, OSError)
"""What a command says in a line; any other error is one of the program's own."""


def guarded(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; bad input is told in lines that name file, key and remedy, and exits 2."""
    try:
        with _terminable():
            code = run(args)
            sys.stdout.flush()
            return code
    except INPUT as error:
        return told(str(error), BAD_INPUT)
    except ELSEWHERE as error:
        return told(str(error), FAILED)
    except KeyboardInterrupt:
        return DONE if args.endless else told("interrupted", FAILED)
    except BrokenPipeError:
        unread()
        return FAILED
    except OSError as error:
        unread()
        what = f"{error.filename or 'output'}: {error.strerror or error}"
        return told(f"{what}; make room or choose another place", FAILED)


def told(text: str, code: int) -> int:
    """Say it on stderr, and in the log where one is kept; the code to exit with."""
    LOG.log(logging.WARNING if code else logging.INFO, "%s", text)
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    return code


def say(text: str) -> None:
    """Say it on stderr."""
    told(text, DONE)


def written(text: str) -> None:
    """Say it on stdout."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def unread() -> None:
    """Let stdout lead nowhere once nobody takes what is written, or Python's last flush fails as well."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does, so that what it made for a while goes with it."""

    def interrupt(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def misplaced(out: Path) -> str | None:
    """Why nothing may be written there, in words that name the remedy; a journal must not become a spreadsheet."""
    if out.is_dir() or not out.absolute().parent.is_dir():
        return "expected a file to write in a folder that is there"
    if any(out.resolve().name.startswith(own) for own in OWN):
        return "found the name of a file that Plimsoll keeps itself; choose another"
    return None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the disk refuses while this file is written names it: a full one does not say what did not fit."""
    try:
        yield
    except OSError as error:
        if error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
