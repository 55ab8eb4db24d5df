"""A widget as a picture in a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget


def save_png(widget: QWidget, path: Path) -> None:
    """As it stands; OSError where the file cannot be written."""
    if not widget.grab().save(str(path), "PNG"):
        raise OSError(f"{path}: the picture could not be written")
