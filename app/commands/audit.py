"""`plimsoll audit verify` and `plimsoll audit export`: the log as evidence, while the guard runs too."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

import msgspec

from app.commands import BAD_INPUT, DONE, FAILED, misplaced, told, writing, written
from app.commands.remote import folder
from app.store.audit import Verdict, reading, sound, verified
from app.store.export import FORMATS, rows
from app.store.folder import JOURNAL

CSV = "csv"
UNREADABLE = "SQLite cannot read it; keep a copy, then start Plimsoll on the folder, or restore a backup"


def verify(args: argparse.Namespace) -> int:
    """Exit 1 where a row is damaged, and name the first one."""
    path = _journal(args)
    try:
        found = verified(path)
        trouble = "" if found.damage else sound(path)
    except sqlite3.DatabaseError as error:
        return told(f"{path}: damaged ({error}): {UNREADABLE}", FAILED)
    if args.json:
        written(msgspec.json.encode(_facts(path, found, trouble)).decode())
    elif found.damage:
        told(f"{path}: {found.damage}", FAILED)
    elif trouble:
        told(f"{path}: the {found.rows} rows of the audit log are whole, but the file is damaged ({trouble})", FAILED)
    else:
        span = f", {found.first} to {found.last}" if found.rows else ""
        written(f"{path}: {found.rows} rows{span}, whole; head {found.head.number} {found.head.hash}")
    return FAILED if found.damage or trouble else DONE


def _facts(path: Path, found: Verdict, trouble: str) -> dict[str, object]:
    """The same for a program; `rows` are those that were found whole."""
    return {
        "ok": not (found.damage or trouble),
        "file": str(path),
        "rows": found.rows,
        "first": found.first or None,
        "last": found.last or None,
        "head": found.head,
        "damage": found.damage,
        "file_damage": trouble or None,
    }


def export(args: argparse.Namespace) -> int:
    """Every row as it is found, in its order: whether it is as it was written is for `verify` to say."""
    path, out = _journal(args), Path(args.out) if args.out else None
    if args.since and args.until and args.until < args.since:
        return told(f"--to {args.until}: found a day before --from {args.since}; expected that day or a later one",
                    BAD_INPUT)  # fmt: skip
    if out and (why := misplaced(out)):
        return told(f"--out {out}: {why}", BAD_INPUT)
    kind = args.format or (out.suffix.lower()[1:] if out else "")
    try:
        count = _export(args, path, out, kind if kind in FORMATS else CSV)
    except sqlite3.DatabaseError as error:
        return told(f"{path}: damaged ({error}): {UNREADABLE}", FAILED)
    if out:
        written(f"{out}: {count} rows")
    return DONE


def _export(args: argparse.Namespace, path: Path, out: Path | None, kind: str) -> int:
    after = (date.fromisoformat(args.until) + timedelta(days=1)).isoformat() if args.until else None
    with reading(path) as conn, _place(out) as place:
        lines = FORMATS[kind](rows(conn, args.since, after))
        written_lines = sum(place.write(line) > 0 for line in lines)
    return written_lines - int(kind == CSV)  # less its header


@contextmanager
def _place(out: Path | None) -> Iterator[TextIO]:
    """Stdout, or the file, which is there once all of it is."""
    if out is None:
        yield sys.stdout
        return
    fresh = out.with_name(f"{out.name}.new")
    try:
        with writing(out):
            with fresh.open("w", encoding="utf-8", newline="") as file:
                yield file
            fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)


def _journal(args: argparse.Namespace) -> Path:
    return Path(args.db) if args.db else folder(args) / JOURNAL
