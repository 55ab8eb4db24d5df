"""The audit log as a chain: each row's hash covers the hash before it and all of the row; where the last is noted."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from app.store.folder import JOURNAL

START = bytes(32)
"""What the first row follows."""
HEAD_KEY = "audit:head"
"""Under which the journal's own table `state` keeps the head."""
HEAD_FILE = "audit.head"
"""Beside the journal, the same head again, at most a minute old: a log that was cut shorter than that is found out."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last row's number, 0 where there is none, and its hash in hexadecimal digits."""

    number: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")] = START.hex()


_heads = msgspec.json.Decoder(Head)


def link(before: bytes, number: int, *columns: bytes) -> bytes:
    """SHA-256 over the hash before, the row's number and its columns, each led by its length: no two read alike."""
    made = hashlib.sha256(before)
    made.update(number.to_bytes(8, "big", signed=True))
    for column in columns:
        made.update(len(column).to_bytes(8, "big"))
        made.update(column)
    return made.digest()


def read_head(text: str | bytes) -> Head | None:
    """A head as it was noted; None where that is none any more."""
    try:
        return _heads.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def head_file(journal: Path) -> Path | None:
    """Where the head of that journal is noted outside it; None for a copy under another name, which has none."""
    name = journal.name
    return journal.with_name(HEAD_FILE + name.removeprefix(JOURNAL)) if name.startswith(JOURNAL) else None


def note(head: Head, file: Path) -> None:
    """Replace what is noted there, in one step. Not synced: it is never ahead of the journal, and one is enough."""
    fresh = file.with_name(f"{file.name}.new")
    with contextlib.suppress(OSError):
        fresh.write_bytes(msgspec.json.encode(head))
        fresh.replace(file)


def noted(file: Path | None) -> Head | None:
    """What is noted there; None where there is nothing, or what a power cut left of it."""
    try:
        return read_head(file.read_bytes()) if file else None
    except OSError:
        return None
