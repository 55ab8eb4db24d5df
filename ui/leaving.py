"""The question before an armed window closes: beside it, or it would stand between a person and the stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def question(parent: QWidget, leave: Callable[[], None]) -> QMessageBox:
    """The question, not shown yet; `leave` is called where the answer is to quit."""
    box = QMessageBox(parent)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Quit while armed?")
    box.setText("An account is armed. After quitting nothing watches it and nothing will be closed.")
    quitting = box.addButton("Quit, leave it unguarded", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton("Stay", QMessageBox.ButtonRole.RejectRole))
    quitting.clicked.connect(leave)
    return box
