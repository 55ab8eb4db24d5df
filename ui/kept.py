"""What the window remembers of its last time: where it stood and how it looked; a file of its own, never the config."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from ui import theme


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

    def place(self, window: QWidget) -> None:
        """Where it stood, moved into a screen that is there; as it is where nothing is known."""
        found = self._settings.value("geometry")
        if isinstance(found, QByteArray):
            window.restoreGeometry(found)

    def keep_place(self, window: QWidget) -> None:
        """Where it stands now."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.sync()
