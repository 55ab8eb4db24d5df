"""What could keep the guard from acting on this machine: disk, libraries, display, sleep, another instance."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import TypeVar

from app.checks.doctor import Finding, State, failed, ok, warned
from app.commands.show import display_there
from app.instance import control
from app.store.audit import AuditError, verified
from app.store.folder import JOURNAL
from app.watchdog import awake
from monitors.ports import Clock
from monitors.settings import Config

T = TypeVar("T")
MEGABYTE = 1024 * 1024
FULL_MB, TIGHT_MB = 50, 500
SLOW_SYNC_MS = 50.0
SYNCS = 5
WAL_MENDED = (3, 51, 3)
"""SQLite before this can corrupt a WAL file that two connections write to."""
PATIENCE_S = 5.0


def machine_findings(config: Config, folder: Path, clock: Clock) -> list[Finding]:
    """Everything that no terminal is needed for, in a bounded time."""
    return [
        _config(config),
        *_within(lambda: _disk(folder, clock), lambda: [_late("data folder", str(folder))]),
        *_within(lambda: [_audit(folder)], lambda: [_long(folder)]),
        *libraries(),
        _display(),
        _within(lambda: _sleep(armed=config.armed), lambda: _late("sleep", "the desktop")),
        _instance(folder),
    ]


def libraries() -> list[Finding]:
    """What the program stands on; true without any config."""
    found = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    sqlite = ok("sqlite", sqlite3.sqlite_version)
    if found < WAL_MENDED:
        sqlite = warned("sqlite", f"{sqlite3.sqlite_version}: with two writers on one file it can corrupt it",
                        "nothing: Plimsoll writes with one connection a file; let no other program write to "
                        "journal.db")  # fmt: skip
    python = ok("python", f"{platform.python_version()} on {platform.platform()}")
    return [python, _window_library(), sqlite]


def _config(config: Config) -> Finding:
    mode = "armed" if config.armed else "observing: rules warn and send nothing"
    if config.armed and not config.rules:
        return warned("config", f"{config.source}, armed without rules: nothing can trip",
                      "add a [[rule]]; config.toml as it came with Plimsoll shows some")  # fmt: skip
    if not config.source:
        return warned("config", "no config file: the defaults, which only observe",
                      "copy the config.toml that came with Plimsoll here and set your account")  # fmt: skip
    rules = "1 rule" if len(config.rules) == 1 else f"{len(config.rules)} rules"
    return ok("config", f"{config.source}, {rules}, {mode}")


def _disk(folder: Path, clock: Clock) -> list[Finding]:
    """Whether the data folder, or the nearest that is there, takes what is written, and how fast it is safe."""
    try:
        place = next(p for p in (folder, *folder.absolute().parents) if p.exists() or p.is_symlink())
        if not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "a file is in the way")
        took = _synced_ms(place, clock)
        free = shutil.disk_usage(place).free // MEGABYTE
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        return [failed("data folder", f"{folder}: {why}",
                       "choose a data folder that can be written (app.data_dir)")]  # fmt: skip
    there = ok("data folder", f"{folder}")
    space = ok("disk space", f"{free} MB free")
    if free < TIGHT_MB:
        space = Finding(check="disk space", state=State.FAILED if free < FULL_MB else State.WARNING,
                        found=f"{free} MB free", remedy="make room: without it nothing is sent by rule")  # fmt: skip
    speed = ok("disk speed", f"{took:.2f} ms for a synced write")
    if took > SLOW_SYNC_MS:
        speed = warned("disk speed", f"{took:.0f} ms for a synced write, of which every order takes two",
                       "put the data folder on a local disk (app.data_dir)")  # fmt: skip
    return [there, space, speed]


def _audit(folder: Path) -> Finding:
    """The audit log, all of it; what is wrong with it keeps no guard from acting."""
    check, file = "audit log", folder / JOURNAL
    if not file.is_file():
        return ok(check, "none yet: it begins with the first start")
    try:
        found = verified(file)
    except AuditError as error:
        return warned(check, str(error), "a start takes up a journal of before; anything else it names")
    except sqlite3.DatabaseError as error:
        return failed(check, f"{file}: damaged ({error})", "keep a copy; a start sets the file aside and only observes")
    if found.damage:
        return warned(check, f"{file}: {found.damage}", "keep a copy of the data folder and find out what changed it; "
                      "plimsoll restore brings back a backup")  # fmt: skip
    return ok(check, f"{found.rows} rows, whole; head {found.head.number} {found.head.hash}")


def _long(folder: Path) -> Finding:
    return warned(
        "audit log", f"{folder / JOURNAL}: not verified within {PATIENCE_S:.0f} s", "run plimsoll audit verify"
    )


def _synced_ms(place: Path, clock: Clock) -> float:
    took = []
    with tempfile.NamedTemporaryFile(dir=place, prefix=".plimsoll-") as file:
        for _ in range(SYNCS):
            began = clock.monotonic()
            file.write(b"a line as long as a request is before it is sent\n")
            file.flush()
            os.fsync(file.fileno())
            took.append((clock.monotonic() - began) * 1000)
    return median(took)


def _window_library() -> Finding:
    try:
        return ok("window library", f"PySide6 {version('PySide6-Essentials')}")
    except PackageNotFoundError:
        return warned("window library", "PySide6 is not installed: no window", "install Plimsoll again")


def _display() -> Finding:
    if display_there():
        return ok("display", "there")
    return warned("display", "none: plimsoll runs without a window here",
                  "set DISPLAY or WAYLAND_DISPLAY, or use plimsoll run --headless")  # fmt: skip


def _sleep(*, armed: bool) -> Finding:
    can, why = awake.possible()
    if can:
        return ok("sleep", "can be prevented while armed")
    remedy = "set this machine never to sleep while Plimsoll guards"
    state = State.WARNING if armed else State.OK
    return Finding(check="sleep", state=state, found=f"cannot be prevented here: {why}", remedy=remedy)


def _instance(folder: Path) -> Finding:
    """A running one is no fault, one that is there and does not answer is."""
    try:
        control.ask(folder, verb="status")
    except control.Silent as silent:
        return failed("instance", silent.reason, silent.remedy)
    except control.NotRunning:
        return ok("instance", "no Plimsoll is running on this data folder")
    return ok("instance", "a Plimsoll is running on this data folder and answers")


def _within(look: Callable[[], T], late: Callable[[], T], patience_s: float = PATIENCE_S) -> T:
    """What `look` finds, or `late` where it takes too long; a thread that hangs is left to the end of the process."""
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(look()), name="look", daemon=True)
    thread.start()
    thread.join(patience_s)
    return found[0] if found else late()


def _late(check: str, what: str) -> Finding:
    return failed(check, f"no answer from {what} within {PATIENCE_S:.0f} s", "look at what holds it up")
