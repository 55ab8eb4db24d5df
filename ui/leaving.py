"""Closing the window: behind the tray's icon where there is one, for good after a question while one is armed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.words import tr


class Window(Protocol):
    """What is to be closed."""

    hidden: SignalInstance

    @property
    def armed(self) -> bool: ...
    def hide(self) -> None: ...
    def close(self) -> bool: ...
    def come_forward(self) -> None: ...


class Leaving:
    """Whether the window may close now."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._allowed = False
        self._question: QMessageBox | None = None
        self.behind_tray = False
        """Whether closing hides it, since an icon brings it back."""

    def may_close(self) -> bool:
        """False where it was hidden or a question stands instead."""
        if self._allowed:
            return True
        if self.behind_tray:
            self._window.hide()
            self._window.hidden.emit()
            return False
        if self._window.armed:
            self._ask()
        return not self._window.armed

    def quit(self) -> None:
        """Close for good, after a question where an account is armed, in front of everything."""
        if self._window.armed:
            self._window.come_forward()
            self._ask()
        else:
            self.leave()

    def leave(self) -> None:
        """Close without asking."""
        self._allowed = True
        self._window.close()

    def _ask(self) -> None:
        """Beside the window, or the question would stand between a person and the stop."""
        if self._question is None:
            parent = self._window if isinstance(self._window, QWidget) else None
            self._question = box = QMessageBox(parent)
            box.setWindowModality(Qt.WindowModality.NonModal)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setIcon(QMessageBox.Icon.Warning)
            box.setWindowTitle(tr("Quit while armed?"))
            box.setText(tr("An account is armed. After quitting nothing watches it and nothing will be closed."))
            quitting = box.addButton(tr("Quit, leave it unguarded"), QMessageBox.ButtonRole.DestructiveRole)
            box.setDefaultButton(box.addButton(tr("Stay"), QMessageBox.ButtonRole.RejectRole))
            quitting.clicked.connect(self.leave)
        self._question.show()
