"""`plimsoll backup` and `plimsoll restore`: journal and archive into one file, and back."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands import BAD_INPUT, DONE, misplaced, told, writing, written
from app.commands.remote import folder
from app.store.backup import back_up
from app.store.backup import restore as put_back
from app.store.folder import held
from bridge.clock import SystemClock


def backup(args: argparse.Namespace) -> int:
    """Beside a running instance too."""
    out = Path(args.out)
    if why := misplaced(out):
        return told(f"--out {out}: {why}", BAD_INPUT)
    with writing(out):
        names = back_up(folder(args), out)
    written(f"{out}: {' and '.join(names)}, copied and opened again")
    return DONE


def restore(args: argparse.Namespace) -> int:
    """Not while an instance runs on the folder."""
    backup, where = Path(args.backup), folder(args)
    if not backup.is_file():
        return told(f"{backup}: found no such file; expected one that plimsoll backup wrote", BAD_INPUT)
    with held(where):
        names, aside = put_back(backup, where, f"before-restore-{SystemClock().utc_ms()}")
    kept = f"; what was there is kept as {', '.join(aside)}" if aside else ""
    written(f"{where}: {' and '.join(names)} restored{kept}")
    return DONE
