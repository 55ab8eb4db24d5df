"""What the window remembers of its last time: where it stood and how it looked; a file of its own, never the config."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui import theme

TITLE_PX = 32
"""What a desktop puts over a window."""


def within(place: QRect, rooms: Sequence[QRect]) -> QRect:
    """The place inside the one of the screens that shows most of it, the first where none does."""
    room = max(rooms, key=lambda one: _area(one.intersected(place)))  # the first of equals
    size = place.size().boundedTo(room.size())
    left = min(max(place.left(), room.left()), room.left() + room.width() - size.width())
    top = min(max(place.top(), room.top()), room.top() + room.height() - size.height())
    return QRect(left, top, size.width(), size.height())


def _area(box: QRect) -> int:
    return max(0, box.width()) * max(0, box.height())


def onto_screen(window: QWidget) -> None:
    """Move the window into a screen that is there, under room for its title, and make it no larger than that."""
    rooms = [screen.availableGeometry().adjusted(0, TITLE_PX, 0, 0) for screen in QGuiApplication.screens()]
    window.setGeometry(within(window.geometry(), rooms))


class Kept:
    """In `file`, or where the platform keeps such things. What cannot be read or written is as if it were new."""

    def __init__(self, file: Path | None = None) -> None:
        ini = QSettings.Format.IniFormat
        self._settings = (
            QSettings(str(file), ini) if file else QSettings(ini, QSettings.Scope.UserScope, "plimsoll", "window")
        )

    @property
    def look(self) -> tuple[str, str]:
        """Theme and colours by name."""
        kept = str(self._settings.value("theme", "")), str(self._settings.value("colours", ""))
        return (kept[0] if kept[0] in theme.THEMES else theme.DEFAULT_THEME,
                kept[1] if kept[1] in theme.PRESETS else theme.DEFAULT_PRESET)  # fmt: skip

    def keep_look(self, name: str, colours: str) -> None:
        """For the next start."""
        self._settings.setValue("theme", name)
        self._settings.setValue("colours", colours)

    @property
    def still(self) -> bool:
        """Whether nothing may move."""
        return str(self._settings.value("still", "")) == "true"

    def keep_still(self, still: bool) -> None:  # noqa: FBT001 -- its only argument
        """From the next start on, or off again."""
        self._settings.setValue("still", "true" if still else "false")

    def place(self, window: QWidget) -> None:
        """Where it stood, else where it is; moved into a screen that is there, and no larger than that."""
        found = self._settings.value("geometry")
        if isinstance(found, QByteArray):
            window.restoreGeometry(found)
        if not window.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
            onto_screen(window)

    def keep_place(self, window: QWidget) -> None:
        """Where it stands now."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.sync()
