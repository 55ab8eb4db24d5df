"""What is drawn in a turn of the event loop of its own, once all that was drawn before it has been painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Later(QTimer):
    """Started again before its turn it draws once."""

    def __init__(self, parent: QObject, draw: Callable[[], None]) -> None:
        super().__init__(parent, singleShot=True, interval=0)
        self._draw = draw
        self.timeout.connect(draw)

    def settle(self) -> None:
        """Draw now what waits for its turn."""
        if self.isActive():
            self.stop()
            self._draw()
