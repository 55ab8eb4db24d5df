"""Journal and archive into one file while the program runs, and back again with what was there set aside."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from app.archive.opening import FILE as HISTORY
from app.archive.opening import ArchiveError, read_from
from app.store.chain import HEAD_FILE
from app.store.folder import JOURNAL
from app.store.journal import Journal, JournalError

FILES = (JOURNAL, HISTORY)
LABEL = "plimsoll-backup.json"
FORMAT = 1
DAMAGED = "start Plimsoll on it once, which sets a damaged file aside or says what else to do, then try again"
MOST_BYTES = 1 << 40


class BackupError(Exception):
    """The backup cannot be made or restored; the text names the file and the remedy."""


def back_up(folder: Path, out: Path) -> list[str]:
    """Copy what there is by SQLite's online backup, open each copy, then put the file in its place; the names."""
    with TemporaryDirectory(prefix="plimsoll-backup-") as place:
        names = [name for name in FILES if (folder / name).is_file()]
        if not names:
            raise BackupError(f"{folder}: nothing to back up; name the data folder with --data")
        for name in names:
            _copied(folder / name, Path(place) / name)
            try:
                _verified(Path(place) / name)
            except BackupError as error:
                raise BackupError(f"{folder / name}: no backup was made, {error}; {DAMAGED}") from error
        fresh = out.with_name(f"{out.name}.new")
        try:
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as bundle:
                bundle.writestr(LABEL, json.dumps({"format": FORMAT, "files": names}))
                for name in names:
                    bundle.write(Path(place) / name, name)
            with unpacked(fresh):
                fresh.replace(out)
        finally:
            fresh.unlink(missing_ok=True)
    return names


def restore(backup: Path, folder: Path, suffix: str) -> tuple[list[str], list[str]]:
    """Verify and copy first, then set aside what the folder has under `suffix`; the names restored and those set aside.

    The folder must be held by the caller, so that no instance writes meanwhile.
    """
    with unpacked(backup) as (place, names):
        fresh = [folder / f"{name}.new" for name in names]
        try:
            for name, new in zip(names, fresh, strict=True):  # a full disk shows itself here, with all still in place
                try:
                    shutil.copyfile(place / name, new)
                except OSError as error:
                    why = f"{new}: {error.strerror}; make room; nothing was changed"
                    raise BackupError(why) from error
            aside = []
            for name in FILES:  # all of them: a journal of today and an archive of last week are no pair
                for companion in (name, f"{name}-wal", f"{name}-shm", *([HEAD_FILE] if name == JOURNAL else [])):
                    if (folder / companion).exists():
                        (folder / companion).replace(folder / f"{companion}.{suffix}")
                        aside.append(f"{companion}.{suffix}")
            for name, new in zip(names, fresh, strict=True):
                new.replace(folder / name)
        finally:
            for new in fresh:
                with suppress(OSError):
                    new.unlink(missing_ok=True)
    return names, aside


@contextmanager
def unpacked(backup: Path) -> Iterator[tuple[Path, list[str]]]:
    """A backup's files, each opened and found whole, in a folder that is gone afterwards; BackupError otherwise."""
    with TemporaryDirectory(prefix="plimsoll-restore-") as temporary:
        place = Path(temporary)
        try:
            with zipfile.ZipFile(backup) as bundle:
                label = json.loads(bundle.read(LABEL))
                names = [name for name in FILES if name in label["files"]]
                if label["format"] != FORMAT or not names:
                    raise BackupError(f"{backup}: a backup of a newer Plimsoll; update this one")
                for name in names:
                    if bundle.getinfo(name).file_size > MOST_BYTES:
                        raise BackupError(f"{backup}: {name} is larger than any archive; take another backup")
                    bundle.extract(name, place)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, TypeError, ValueError, EOFError) as error:
            raise BackupError(f"{backup}: no backup of Plimsoll ({error}); name a file of plimsoll backup") from error
        for name in names:
            try:
                _verified(place / name)
            except BackupError as error:
                raise BackupError(f"{backup}: {error}; take another backup") from error
        yield place, names


def _copied(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as there,
            closing(sqlite3.connect(target)) as here,
        ):
            there.backup(here, pages=4_096, sleep=0.01)
    except sqlite3.Error as error:
        raise BackupError(f"{source}: cannot be copied ({error}); {DAMAGED}") from error


def _verified(copy: Path) -> None:
    """It opens as what it is, with every page whole."""
    try:
        if copy.name == JOURNAL:
            Journal(copy).close()
        else:
            db = read_from(copy)
            try:
                found = db.conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
            finally:
                db.close()
            if found != "ok":
                raise BackupError(f"{copy.name} is damaged ({found.splitlines()[-1]})")
    except (JournalError, ArchiveError, sqlite3.Error) as error:
        raise BackupError(f"{copy.name}: {str(error).removeprefix(f'{copy}: ')}") from error
