"""Run as a script: show a window, say so when it was painted for the first time, and end.

What `plimsoll demo` imports before it asks for a window is imported before Qt here too: Qt's bindings look through
every module that is imported after them, which the program does not pay.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.argv[1:] == ["plimsoll"]:
    import app.cli
    import app.commands.demo

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class Watcher(QObject):
    """Sees the events of the whole application until something has been painted; a window paints in one go."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802 -- as Qt calls it
        if event.type() == QEvent.Type.Paint:
            application.removeEventFilter(self)
            QTimer.singleShot(0, painted)
        return False


def painted() -> None:
    """All of the window is on the screen now, what lies in it included."""
    print("painted", flush=True)
    QCoreApplication.exit()


def bare() -> None:
    """An empty plot of pyqtgraph in a window of its own."""
    import pyqtgraph  # noqa: PLC0415 -- the other way must not pay for it here

    window = QMainWindow()
    window.setCentralWidget(pyqtgraph.PlotWidget())
    window.resize(1280, 800)
    window.show()
    QCoreApplication.exec()
    window.deleteLater()


def whole() -> None:
    """`plimsoll demo` by its own command line."""
    app.cli.main(["demo"])


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    watcher = Watcher()
    application.installEventFilter(watcher)
    {"bare": bare, "plimsoll": whole}[sys.argv[1]]()
