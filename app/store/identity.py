"""The short id by which the deals of one data folder's Plimsoll are told from those of any other."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from app.store.folder import sync_names
from bridge import private

FILE = "identity"
_ID = re.compile(r"[0-9a-f]{6}\n?")


def identity(folder: Path) -> str:
    """Six hexadecimal digits, made once and kept. Where the folder takes nothing they are of this run only."""
    file, fresh = folder / FILE, folder / f"{FILE}.{os.getpid()}.new"
    if known := _read(file):
        return known
    made = secrets.token_hex(3)
    with contextlib.suppress(OSError):
        private.folder(folder)
        try:
            _write(fresh, made)
            _place(fresh, file)
            sync_names(folder)
        finally:
            fresh.unlink(missing_ok=True)
    return _read(file) or made


def _read(file: Path) -> str:
    """What is kept; empty where nothing is, or nothing that is an id."""
    try:
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    return text.strip() if _ID.fullmatch(text) else ""


def _write(fresh: Path, made: str) -> None:
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{made}\n")
        file.flush()
        os.fsync(file.fileno())


def _place(fresh: Path, file: Path) -> None:
    """Under its name in one step. Of two processes that make one at once the first wins; what is no id is replaced."""
    try:
        os.link(fresh, file)
    except FileExistsError:
        if not _read(file):
            fresh.replace(file)
    except OSError:  # a file system without hard links
        fresh.replace(file)
