"""Work that would hold the window up, in a thread of its own; what it found comes back into the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal


class Aside(QObject):
    """One piece of work at a time: what was asked for last counts, and what comes of earlier ones is let go."""

    found = Signal(object)
    failed = Signal(str)
    _ended = Signal(int, object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked = 0
        self._ended.connect(self._tell)
        self.busy = False

    def ask(self, work: Callable[[], object]) -> None:
        """`found` with what it returns, or `failed` with why it raised."""
        self._asked += 1
        self.busy = True
        threading.Thread(target=self._run, args=(self._asked, work), name="aside", daemon=True).start()

    def forget(self) -> None:
        """Nothing that is under way is wanted any more."""
        self._asked += 1
        self.busy = False

    def _run(self, number: int, work: Callable[[], object]) -> None:
        found, why = None, ""
        try:
            found = work()
        except Exception as error:  # noqa: BLE001 -- whatever it is, a person reads it in the window
            why = f"{error}" or type(error).__name__
        with suppress(RuntimeError):  # the window is gone
            self._ended.emit(number, found, why)

    def _tell(self, number: int, found: object, why: str) -> None:
        if number != self._asked:
            return
        self.busy = False
        if why:
            self.failed.emit(why)
        else:
            self.found.emit(found)
