"""Events until none is left that another has brought about: a layout asks for a layout, the charts wait for a turn."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

ROUNDS = 6


def settle() -> None:
    """Run the events that wait, and those that these bring."""
    for _ in range(ROUNDS):
        QApplication.processEvents()
