"""`plimsoll report`: the risk report of a day or a range as one HTML or PDF file, while the guard runs too."""

from __future__ import annotations

import argparse
import os
import sqlite3
from pathlib import Path

from app.archive.opening import FILE, ArchiveDamaged
from app.archive.reader import Reader
from app.commands import BAD_INPUT, DONE, misplaced, told, written
from app.commands.remote import folder
from app.commands.where import config_path
from app.config import load
from app.report.facts import audited, gather
from app.report.making import Heading, sheet
from app.report.writing import ENDINGS, write
from app.store.backup import DAMAGED
from app.store.folder import JOURNAL
from bridge.clock import SystemClock
from monitors.wall import Times


def run(args: argparse.Namespace) -> int:
    """Bad input exits 2 before anything is written."""
    out = Path(args.out)
    if why := misplaced(out):
        return told(f"--out {out}: {why}", BAD_INPUT)
    if out.suffix.lower() not in ENDINGS:
        return told(f"--out {out}: found the ending {out.suffix!r}, expected {' or '.join(ENDINGS)}", BAD_INPUT)
    config = load(config_path(args.config), os.environ)
    path = folder(args) / FILE
    try:
        reader = Reader(path)
    except ArchiveDamaged as error:
        return told(f"{error}; {DAMAGED}", BAD_INPUT)
    try:
        number = _account(reader, args.account)
        if isinstance(number, str):
            return told(f"{path}: {number}", BAD_INPUT)
        now_ms = SystemClock().utc_ms()
        times = Times(reader.accounts()[number].zone)
        span = reader.span(number)
        since = args.since or args.until or times.day(span[1] if span else now_ms)
        until = args.until or since
        if until < since:
            return told(f"--to {until}: found a day before --from {since}; expected that day or a later one", BAD_INPUT)
        report = gather(reader, number, times.midnight_ms(since), times.midnight_ms(until, after=1),
                        strategies=config.strategies, audit=audited(folder(args) / JOURNAL))  # fmt: skip
    except sqlite3.Error as error:
        return told(f"{path}: cannot be read ({error}); {DAMAGED}", BAD_INPUT)
    finally:
        reader.close()
    heading = Heading(since=since, until=until, written_ms=now_ms, config=config.digest)
    write(sheet(report, heading), out)
    days = since if since == until else f"{since} to {until}"
    nothing = "; nothing was recorded then" if report.empty else ""
    written(f"{out}: {report.whose.name}, {days}{nothing}")
    return DONE


def _account(reader: Reader, name: str | None) -> int | str:
    """The account's number, or what is wrong: of several with one name the newest is meant."""
    accounts = reader.accounts()
    if not accounts:
        return "no account was recorded yet; let Plimsoll run for a moment"
    known = ", ".join(sorted({whose.name for whose in accounts.values()}))
    fitting = [number for number, whose in accounts.items() if name in (None, whose.name)]
    if not fitting:
        return f"--account {name}: was not recorded; expected one of {known}"
    if name is None and len(fitting) > 1:
        return f"several accounts were recorded; name one with --account: {known}"
    return fitting[-1]
