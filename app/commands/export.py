"""`plimsoll export history`: the history store's rows as CSV or Parquet, while the guard runs too."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from app.archive.opening import FILE, ArchiveDamaged
from app.archive.reader import Reader
from app.commands import BAD_INPUT, DONE, misplaced, told, writing, written
from app.commands.remote import folder
from app.exports.files import WRITERS, NoParquet
from app.exports.tables import LATER_MS, TABLES, Kind, rows
from app.store.backup import DAMAGED
from monitors.wall import Times

UTC = Times("UTC")


def history(args: argparse.Namespace) -> int:
    """Bad input exits 2 before anything is written."""
    out, path = Path(args.out), Path(args.db) if args.db else folder(args) / FILE
    write = WRITERS.get(out.suffix.lower())
    if write is None:
        return told(f"--out {out}: found the ending {out.suffix!r}, expected {' or '.join(WRITERS)}", BAD_INPUT)
    if why := misplaced(out):
        return told(f"--out {out}: {why}", BAD_INPUT)
    if args.since and args.until and args.until < args.since:
        return told(f"--to {args.until}: found a day before --from {args.since}; expected that day or a later one",
                    BAD_INPUT)  # fmt: skip
    table = TABLES[args.table]
    since = UTC.midnight_ms(args.since) if args.since else 0
    until = UTC.midnight_ms(args.until, after=1) if args.until else LATER_MS
    fresh = out.with_name(f"{out.name}.new")
    try:
        with closing(Reader(path)) as reader, writing(out):
            accounts = _accounts(reader, args.account)
            if isinstance(accounts, str):
                return told(f"{path}: {accounts}", BAD_INPUT)
            found = rows(reader, table, accounts, since, until)
            count = write(fresh, {"account": Kind.TEXT, **table.columns}, found)
            fresh.replace(out)
    except NoParquet as error:
        return told(f"--out {out}: {error}", BAD_INPUT)
    except (ArchiveDamaged, sqlite3.Error) as error:
        return told(f"{path}: cannot be read ({error}); {DAMAGED}", BAD_INPUT)
    finally:
        fresh.unlink(missing_ok=True)
    written(f"{out}: {count} rows")
    return DONE


def _accounts(reader: Reader, name: str | None) -> list[int] | str:
    """All of them, or those of that name; what is wrong where there is none."""
    known = reader.accounts()
    found = [number for number, whose in known.items() if name in (None, whose.name)]
    if found or name is None:
        return found
    names = ", ".join(sorted({whose.name for whose in known.values()})) or "one that was: none is yet"
    return f"--account {name}: was not recorded; expected one of {names}"
