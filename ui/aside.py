"""Work that would hold the window up, in a thread of its own; what comes of it arrives in the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

T = TypeVar("T")


class Aside(QObject):
    """One question at a time counts: the answer to an older one is dropped when it comes."""

    _answered = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked = 0
        self._take: Callable[[], None] | None = None
        self._answered.connect(self._arrived)

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._take is not None

    def ask(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Have `work` done; then `done` with what it returned, or `failed` with why it raised."""
        self._asked += 1
        number, found, trouble = self._asked, list[T](), list[str]()
        self._take = lambda: done(found[0]) if found else failed(trouble[0])

        def run() -> None:
            try:
                found.append(work())
            except Exception as error:  # noqa: BLE001 -- whatever it is, a person reads it in the window
                trouble.append(str(error) or type(error).__name__)
            with suppress(RuntimeError):  # nobody is there to hear it any more once the window is gone
                self._answered.emit(number)

        threading.Thread(target=run, name="aside", daemon=True).start()

    def forget(self) -> None:
        """Nothing that is under way is wanted any more."""
        self._asked += 1
        self._take = None

    def _arrived(self, number: int) -> None:
        if number == self._asked and self._take is not None:
            take, self._take = self._take, None
            take()
