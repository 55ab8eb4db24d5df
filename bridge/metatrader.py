"""The genuine MetaTrader 5: the only place that imports its package, and never the one that starts a terminal."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path, PureWindowsPath
from types import ModuleType
from typing import Any

from bridge.attach import Attached, Attachment
from bridge.clock import SystemClock
from bridge.port import TerminalError
from bridge.processes import PROGRAM, Running, same_place, terminals
from monitors.ports import Clock

CONNECT_MS = 1500
"""How long a terminal may take to say that it is ready; one that is still starting is asked again later."""
LOST = -10000
"""The package's codes from here down say that the pipe is gone."""
CLOSING_S = 5.0
"""A terminal that is closing drops its pipe before its process ends, and a pipe asked for meanwhile starts it anew."""

WINDOWS_ONLY = "run Plimsoll on the Windows machine that MetaTrader 5 runs on, or try the demo: plimsoll demo"
START_IT = "start MetaTrader 5 and log in; Plimsoll never starts it"
CHOOSE = "set path of this [[terminal]] to the one that is meant"
HIDDEN = "run the terminal and Plimsoll both as administrator, or neither"
Listed = Callable[[tuple[str, ...]], tuple[Running, ...]]
"""The processes that run programs of these names."""


def attach(attachment: Attachment, clock: Clock | None = None) -> Attached:
    """The package, and the way to the terminal of that path or, without one, to the only one that runs."""
    package = _package()
    door = Door(package, attachment.path, clock or SystemClock())
    return Attached(module=package, ready=door.ready, connect=door.connect)


def require_package() -> None:
    """TerminalError where the package is not installed; it is not loaded for that."""
    if find_spec("MetaTrader5") is None:
        raise TerminalError("no MetaTrader 5 here: its package runs on Windows only", WINDOWS_ONLY)


def running(path: str, listed: Listed = terminals) -> Running:
    """The terminal to attach to; TerminalError says why there is none, or which ones there are to choose from."""
    if path:
        return _of_path(path, listed((PureWindowsPath(path).name,)))
    there = listed((PROGRAM,))
    by_path = {PureWindowsPath(one.path): one for one in there if one.path}
    if not there:
        raise TerminalError("no terminal found", START_IT)
    if not by_path:
        raise TerminalError("a terminal runs, but not where it can be seen", HIDDEN)
    if len(by_path) > 1:
        named = ", ".join(sorted(one.path for one in by_path.values()))
        raise TerminalError(f"{len(by_path)} terminals run: {named}", CHOOSE)
    return next(iter(by_path.values()))


def _of_path(path: str, there: tuple[Running, ...]) -> Running:
    for one in there:
        if one.path and same_place(one.path, path):
            return one
    if not Path(path).is_file():
        raise TerminalError(f"there is no program {path}", "set path of this [[terminal]] to its terminal64.exe")
    if any(not one.path for one in there):
        raise TerminalError("a terminal runs, but not where it can be seen", HIDDEN)
    raise TerminalError(f"the terminal is closed: {path}", START_IT)


class Door:
    """The way into one terminal, which is found anew for every connection."""

    def __init__(self, package: Any, path: str, clock: Clock, listed: Listed = terminals) -> None:
        self._package = package
        self._path = path
        self._clock = clock
        self._listed = listed
        self._pid: int | None = None
        """The process last connected to."""
        self._lost_s: float | None = None
        self._data = ""

    def ready(self) -> None:
        """Raise TerminalError unless the terminal runs, and has not just hung up."""
        self._found()

    def connect(self) -> bool:
        """`initialize` with the path of a terminal that runs, and nothing else; never another terminal's answers.

        Without login, password and server, since they would switch the account.
        """
        found = self._found()
        if not self._package.initialize(found.path, timeout=CONNECT_MS):
            return False
        self._compare(found)
        self._pid, self._lost_s = found.pid, None
        return True

    def _found(self) -> Running:
        found = running(self._path, self._listed)
        if found.pid == self._pid and self._hung_up():
            raise TerminalError("the terminal hung up and may be closing", "wait some seconds, or start it again")
        return found

    def _hung_up(self) -> bool:
        """True for some seconds after the pipe of the process that is still there was lost."""
        now = self._clock.monotonic()
        if self._lost_s is None and self._package.last_error()[0] <= LOST:
            self._lost_s = now
        return self._lost_s is not None and now - self._lost_s < CLOSING_S

    def _compare(self, wanted: Running) -> None:
        """Hold what answers against what was called: pipes have been seen to lead to another terminal."""
        info = self._package.terminal_info()
        if info is None:
            code, text = self._package.last_error()
            raise TerminalError(f"the terminal does not say where it is: {text} ({code})", "look at MetaTrader 5")
        folder = str(PureWindowsPath(wanted.path).parent)
        self._data = self._data or info.data_path
        for asked, answered in ((folder, info.path), (self._data, info.data_path)):
            if not same_place(asked, answered):
                self._package.shutdown()
                raise TerminalError(f"another terminal answers: {answered} in place of {asked}",
                                    "close one of the two terminals and start it again")  # fmt: skip


def _package() -> ModuleType:
    try:
        import MetaTrader5  # noqa: PLC0415 -- there on Windows alone, and slow to load
    except ImportError as error:
        raise TerminalError(f"the MetaTrader5 package is not here ({error}): it runs on Windows only",
                            WINDOWS_ONLY) from error  # fmt: skip
    module: ModuleType = MetaTrader5
    return module
