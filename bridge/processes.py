"""Which MetaTrader terminals run on this machine, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import psutil

PROGRAM = "terminal64.exe"
PROGRAMS = (PROGRAM, "terminal.exe")
"""MetaTrader 5, and the name that MetaTrader 4 and the 32-bit terminals of old share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A terminal's process; `path` is empty where the system does not say, as for a program run as administrator."""

    path: str
    pid: int


def terminals(names: tuple[str, ...] = PROGRAMS) -> tuple[Running, ...]:
    """Those that run now, lowest process first, by their programs' names in whatever case."""
    wanted = {name.casefold() for name in names}
    found = []
    for process in psutil.process_iter():
        try:
            if _name(process).casefold() in wanted:
                found.append(Running(path=_path(process), pid=process.pid))
        except (psutil.Error, OSError):  # it ended between the list and the question, or is nobody's business
            continue
    return tuple(sorted(found, key=lambda running: running.pid))


def same_place(one: str, other: str) -> bool:
    """Whether two paths mean one place, as Windows sees it: whatever the case, the slashes and the short names."""
    if PureWindowsPath(one) == PureWindowsPath(other):
        return True
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except OSError:
        return PureWindowsPath(_first_word(process)).name


def _path(process: psutil.Process) -> str:
    try:
        return str(process.exe())
    except psutil.AccessDenied:
        return ""
    except OSError:
        return _first_word(process)


def _first_word(process: psutil.Process) -> str:
    """What was called: Wine 8 does not say which program a process runs, and its command lines begin with the path."""
    return "".join(process.cmdline()[:1])
