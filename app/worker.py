"""The one QThread; the engine and its terminals are born and die in it."""

from __future__ import annotations

from PySide6.QtCore import QThread, Signal

from app.loop import Loop

LONGEST_S = 3.0


class Worker(QThread):
    """Runs the loop; `failed` carries what ended it before its time, such as an engine that could not be built."""

    failed = Signal(object)

    def __init__(self, loop: Loop) -> None:
        super().__init__()
        self._loop = loop

    def run(self) -> None:
        """The thread's body."""
        try:
            self._loop.run()
        except Exception as error:  # noqa: BLE001 -- a thread that dies silently would look like a calm market
            self.failed.emit(error)

    def finish(self, seconds: float = LONGEST_S) -> bool:
        """End the loop and wait for the thread; False where it is stuck, and then it must outlive nothing but this."""
        self._loop.stop()
        return self.wait(round(1000 * seconds))
