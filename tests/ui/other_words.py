"""`python -m tests.ui.other_words`: every window and page in another language, and as JSON what stayed English."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QWidget,
)

from monitors.ports import Frame
from tests import frames
from tests.report_day import Kept
from tests.ui.bracketed import left
from tests.ui.conftest import Mailbox
from tests.ui.data_words import PATTERNS, as_shown, of_frame, of_place
from tests.ui.test_desk_window import Source, view
from tests.ui.walking import PLACES
from ui import application, sample
from ui.alert_history import AlertHistory
from ui.close_part import ClosePartWindow
from ui.desk_window import DeskWindow
from ui.main_window import MainWindow
from ui.pages.report import ReportPage
from ui.panels.card import Elided
from ui.push import PushDialog
from ui.tightening import TightenWindow
from ui.tray import Tray

ROLES = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole


def texts(top: QWidget) -> Iterator[str]:
    """Everything that a person may read or hear of a window and its parts."""
    for part in (top, *top.findChildren(QObject)):
        if isinstance(part, QAction):
            yield part.text()
        if not isinstance(part, QWidget):
            continue
        yield from (part.toolTip(), part.accessibleName(), part.windowTitle())
        if isinstance(part, QLabel):
            yield part.full if isinstance(part, Elided) else part.text()
        elif isinstance(part, QAbstractButton):
            yield part.text()
        elif isinstance(part, QComboBox):
            yield from (part.itemText(place) for place in range(part.count()))
        elif isinstance(part, QLineEdit):
            yield part.placeholderText()
        elif isinstance(part, QAbstractItemView):
            yield from _cells(part)


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for column in range(1 if isinstance(view, QListView) else model.columnCount()):
        yield from (str(model.headerData(column, Qt.Orientation.Horizontal, role) or "") for role in ROLES)
        for row in range(model.rowCount()):
            yield from (str(model.index(row, column).data(role) or "") for role in ROLES)


def _close_part(window: MainWindow) -> QWidget:
    made = ClosePartWindow(window, lambda _: None, 502)
    made.show_account(sample.frame().accounts[0])
    return made


def _tighten(window: MainWindow) -> QWidget:
    made = TightenWindow(window, lambda _: None, 502)
    made.show_account(sample.frame().accounts[0])
    return made


def _push(window: MainWindow) -> QWidget:
    return PushDialog(lambda: ["tgram://***"], lambda _: None, window)


def _tray(window: MainWindow) -> QWidget:
    tray = Tray(window)
    tray.show_frame(frames.three_accounts(), watched=False)
    tray.menu.setToolTip(tray.icon.toolTip())
    return tray.menu


def _desk(_window: MainWindow) -> QWidget:
    source = Source()
    source.view = view()
    return DeskWindow(source, "kafka-1:9092")


BESIDE: dict[str, Callable[[MainWindow], QWidget]] = {
    "close part": _close_part, "tighten": _tighten, "push": _push, "tray": _tray, "desk window": _desk,
}  # fmt: skip


def longest(data: Iterable[str]) -> list[str]:
    """In every way that they are shown."""
    return sorted({one for words in data if words for one in as_shown(words)}, key=len, reverse=True)


def main() -> None:
    app = application.prepare(["plimsoll"], offscreen=True)
    mailbox, data, seen = Mailbox(), set[str](), dict[str, str]()
    window = MainWindow(mailbox, lambda _: None)
    window.reports = Kept()
    window.show()

    def opened(frame: Frame, *_: int) -> MainWindow:
        data.update(of_frame(frame))
        mailbox.frame = replace(frame, number=mailbox.asked)
        window.poll()
        return window

    for name, made in PLACES.items():
        shown = made(opened)
        app.processEvents()
        page = window.page
        while isinstance(page, ReportPage) and (page.days.waiting or page.reading.waiting):
            app.processEvents()
        while isinstance(shown, AlertHistory) and shown.aside.waiting:
            app.processEvents()
        for text in texts(shown):
            seen.setdefault(text, name)
    beside = {name: made(window) for name, made in BESIDE.items()}
    for name, shown in beside.items():
        data.update((*of_frame(sample.frame()), *of_frame(view().frame)))
        for text in texts(shown):
            seen.setdefault(text, name)
    english = []
    for name in (*PLACES, *BESIDE):
        known = longest((*data, *of_place(name)))
        rest = {left(text, known, PATTERNS) for text, first in seen.items() if first == name}
        english += [f"{name}: {one}" for one in sorted(rest) if one]
    json.dump({"texts": len(seen), "english": english}, sys.stdout, indent=1)
    window.leave()


if __name__ == "__main__":
    main()
