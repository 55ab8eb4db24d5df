"""Going through a window as a person without a mouse does: every dialog and page, and every stop of the Tab key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QWidget,
)

from app.config.draft import FileDraft
from monitors.ports import Frame
from tests import frames, pages
from tests.first_run import FOUND
from tests.ui.conftest import Opener
from tests.ui.test_alert_history import PAST
from tests.ui.test_flood import flooded
from ui.alarm_window import AlarmWindow, Words
from ui.alert_history import AlertHistory
from ui.backstop import ConsentWindow
from ui.first_run import FirstRun
from ui.main_window import MainWindow
from ui.pages.menu import PAGES
from ui.pages.settings import SettingsPage

KINDS = QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox, QAbstractItemView
MOST = 400
"""Stops after which a walk has lost its way."""


def _page(frame: Callable[[], Frame], page: str) -> Callable[[Opener], QWidget]:
    def show(opened: Opener) -> QWidget:
        window = opened(frame())
        window.drafts = lambda: FileDraft(None, {})
        window.show_page(page)
        return window

    return show


def _detail(opened: Opener) -> QWidget:
    window = opened(frames.warning())
    window.monitor.open_detail(2)
    return window


def _strip(opened: Opener) -> QWidget:
    window = opened(frames.warning())
    window.compact.begin()
    window.watch()
    assert window.compact.strip is not None
    return window.compact.strip


def _beside(made: Callable[[MainWindow], QWidget]) -> Callable[[Opener], QWidget]:
    def show(opened: Opener) -> QWidget:
        shown = made(opened(frames.analysed_frame()))
        shown.show()
        return shown

    return show


def _consent(window: MainWindow) -> QWidget:
    made = ConsentWindow(window, lambda _: None)
    made.show_account(frames.full())
    return made


def _keys(window: MainWindow) -> QWidget:
    window.show_keys()
    return next(one for one in window.children() if type(one).__name__ == "KeyHelp")  # type: ignore[return-value]


def _question(window: MainWindow) -> QWidget:
    window.leaving.quit()
    return next(one for one in window.children() if type(one).__name__ == "QMessageBox")  # type: ignore[return-value]


def _alarm(_window: MainWindow) -> QWidget:
    made = AlarmWindow()
    made.show_words(Words(headline="PLIMSOLL HAS ENDED", since_ms=1, guarded="Positions are NOT guarded.",
                          cause="It was killed.", remedies=("Look at MT5.",)))  # fmt: skip
    return made


def _first(_window: MainWindow) -> QWidget:
    made = FirstRun("")
    made.show_found(FOUND)
    return made


def _draft(opened: Opener) -> QWidget:
    """The settings with a config to edit, and with something wrong in it."""
    window = opened(frames.analysed_frame())
    window.drafts = lambda: FileDraft(None, {})
    window.show_page("Settings")
    page = window.page
    assert isinstance(page, SettingsPage)
    page.editor.typed.emit("rule[0].levels[1].at", "140.0")
    page.editor.typed.emit("rule[0].levels[1].severity", "low")
    return window


PLACES: dict[str, Callable[[Opener], QWidget]] = {
    **{f"{page} {name}": _page(frame, page) for page in PAGES
       for name, frame in (("analysed", frames.analysed_frame), ("desk", frames.desk_frame))},
    "latched": _page(frames.latched, PAGES[0]),
    "blind": _page(frames.blind, PAGES[0]),
    "flood": _page(flooded, PAGES[0]),
    "detail": _detail,
    "draft": _draft,
    "strip": _strip,
    "history": _beside(lambda window: AlertHistory(lambda: PAST, window)),
    "consent": _beside(_consent),
    "keys": _beside(_keys),
    "question": _beside(_question),
    "alarm": _beside(_alarm),
    "first run": _beside(_first),
}  # fmt: skip
assert pages.RULES


@contextmanager
def shown(name: str, opened: Opener) -> Iterator[QWidget]:
    """The window of that name, active and without focus on any part of it."""
    made = PLACES[name](opened)
    made.activateWindow()
    QApplication.processEvents()
    yield made
    if not isinstance(made, MainWindow):
        made.hide()
        made.deleteLater()
        QApplication.processEvents()


def interactive(window: QWidget) -> list[QWidget]:
    """Everything in it that can be used now: the kinds that Qt knows, and what takes a press of the mouse itself."""
    return [one for one in window.findChildren(QWidget)
            if one.window() is window and one.isVisible() and one.isEnabled() and _used(one)]  # fmt: skip


def _used(widget: QWidget) -> bool:
    if isinstance(widget, QHeaderView) or isinstance(widget.parentWidget(), QLineEdit | QAbstractSpinBox | QComboBox):
        return False
    own = any(name in vars(kind) for kind in type(widget).__mro__ if kind.__module__.startswith("ui.")
              for name in ("mousePressEvent", "mouseReleaseEvent"))  # fmt: skip
    return isinstance(widget, KINDS) or own


def walk(window: QWidget, *, back: bool = False) -> Iterator[QWidget]:
    """Each stop of Tab, the focus being there, until the first comes again."""
    seen = list[QWidget]()
    for _ in range(MOST):
        target = QApplication.focusWidget()
        if target is None or target.window() is not window:
            target = window
        QTest.keyClick(target, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
        QApplication.processEvents()
        found = QApplication.focusWidget()
        if found is None or found in seen or found is window:
            return
        seen.append(found)
        yield found
    raise AssertionError(f"more than {MOST} stops")
