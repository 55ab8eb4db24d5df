"""Another look takes effect at once and leaves nothing of the old one: the window is as if it had been opened in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.config.draft import FileDraft
from monitors.acts import Act, ActKind, Acts
from monitors.latency import Took
from monitors.ports import Frame
from tests import frame_parts, frames
from tests.ui.conftest import Opener
from ui import application, theme
from ui.alert_history import AlertHistory, PastAlert
from ui.main_window import MainWindow
from ui.pages.menu import PAGES
from ui.tray import SIDE_PX, Tray

LOOKS = [("light", "plimsoll"), ("dark", "blue-red"), ("dark", "plimsoll")]
"""One after the other; after blue-red two tokens that were of one colour part again."""


def full() -> Frame:
    acts = tuple(Act(at_ms=frame_parts.NOW_MS - 3_000_000 * n, kind=kind, reason="r") for n, kind in enumerate(ActKind))
    took = Took(last_ms=1.0, p50_ms=1.0, p99_ms=2.0, count=9)
    first, *rest = frames.desk_frame().accounts
    frame = frames.frame(replace(first, acts=Acts(None, acts), order_took=took), *rest, alerts=frame_parts.ALERTS)
    return replace(frame, beat_took=took)


def page(name: str) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.drafts = lambda: FileDraft(None, {})
        window.show_page(name)
        return window

    return show


def detail(window: MainWindow) -> QWidget:
    window.monitor.open_detail(2)
    return window


def compact(window: MainWindow) -> QWidget:
    window.compact.begin()
    window.watch()
    assert window.compact.strip is not None
    return window.compact.strip


def history(window: MainWindow) -> QWidget:
    shown = AlertHistory(lambda: [PastAlert(view=one) for one in frame_parts.ALERTS], window)
    shown.show()
    while shown.aside.waiting:
        QApplication.processEvents()
    shown.search.clearFocus()  # its caret is there or not, whatever the look
    return shown


SHOWN = {
    **{name: (full, page(name)) for name in PAGES},
    "an alert's pane": (full, detail),
    "latched": (frames.latched, page(PAGES[0])),
    "blind": (frames.blind, page(PAGES[0])),
    "observe": (frames.observe, page(PAGES[0])),
    "compact": (full, compact),
    "alert history": (full, history),
}


def picture(widget: QWidget) -> QImage:
    for _ in range(3):
        QApplication.processEvents()
    return widget.grab().toImage()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("what", SHOWN)
def test_what_stands_looks_as_if_it_had_been_opened_in_the_look(opened: Opener, what: str) -> None:
    made, show = SHOWN[what]
    window = opened(made())
    shown, seen = show(window), list[QImage]()
    for look in LOOKS:
        window.wear(*look)
        seen.append(picture(shown))
    for look, found in zip(LOOKS, seen, strict=True):
        application.wear(theme.tokens(*look))
        assert found == picture(show(opened(made()))), look


@pytest.mark.timeout(300)
def test_a_page_that_was_hidden_meanwhile_wears_the_look_too(opened: Opener) -> None:
    window = opened(full())
    for name in PAGES[1:]:
        window.show_page(name)
    window.wear("light", "plimsoll")
    for name in ("Exposure", "Accounts"):
        window.show_page(name)
        other = opened(full())
        other.show_page(name)
        assert picture(window) == picture(other)


def test_the_menu_wears_the_look_at_once(opened: Opener) -> None:
    window = opened(full())
    before = picture(window)
    window.header.pages.look.choices["light"].trigger()
    assert picture(window) != before
    assert window.isVisible()
    assert not window.notice.isVisible()


def test_the_trays_icon_is_painted_in_the_look(qapp: QApplication) -> None:
    def icon(tray: Tray) -> QImage:
        return tray.icon.icon().pixmap(SIDE_PX, SIDE_PX).toImage()

    owner = QObject()
    tray = Tray(owner)
    tray.show_frame(full(), watched=True)
    application.wear(theme.tokens("light", "plimsoll"))
    tray.relook()
    fresh = Tray(owner)
    fresh.show_frame(full(), watched=True)
    assert icon(tray) == icon(fresh)
    owner.deleteLater()
    qapp.processEvents()


def test_a_colour_of_one_look_is_known_in_another() -> None:
    blue = theme.tokens("dark", "blue-red")
    assert blue.profit == blue.curve
    theme.choose(theme.tokens("light", "plimsoll"))
    assert (theme.now(blue.profit), theme.now(blue.curve)) == (theme.LIGHT.profit, theme.LIGHT.curve)
    assert theme.now("#123456") == "#123456"
