"""Fields in which a person asks a question: a choice of names and a number, kept while figures are redrawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QWidget

from ui import theme
from ui.alone import alone
from ui.panels.card import Label

HIGH = 24


class Choice(QComboBox):
    """Names with a value each; the chosen value stays chosen while it is there."""

    def __init__(self, name: str, wide: int) -> None:
        super().__init__()
        self.setFont(theme.font(12))
        self.setFixedHeight(HIGH)
        self.setMinimumWidth(wide)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._items: tuple[tuple[str, object], ...] = ()

    def offer(self, items: Sequence[tuple[str, object]]) -> None:
        """Offer these; only another list changes anything."""
        if tuple(items) == self._items:
            return
        kept, self._items = self.value, tuple(items)
        before = self.blockSignals(True)
        self.clear()
        self.addItems([name for name, _ in items])
        self.setCurrentIndex(max(0, next((n for n, (_, value) in enumerate(items) if value == kept), 0)))
        self.blockSignals(before)

    def put(self, value: object) -> None:
        """Choose a value without telling anyone."""
        before = self.blockSignals(True)
        self.setCurrentIndex(next((n for n, (_, one) in enumerate(self._items) if one == value), 0))
        self.blockSignals(before)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls what it stands in; turned over by mistake it would choose."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(theme.font(11))
        painter.setPen(QColor(theme.colours().soft))
        box = QRectF(self.width() - 18, 0, 14, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "▾")
        painter.end()

    @property
    def value(self) -> object:
        """The chosen value; None where there is none."""
        place = self.currentIndex()
        return self._items[place][1] if 0 <= place < len(self._items) else None


class Number(QDoubleSpinBox):
    """A number to type or to step; thin spaces are for reading, so none stand here."""

    def __init__(self, name: str, wide: int, *, most: float = 1e9, places: int = 2, step: float = 1.0) -> None:
        super().__init__()
        plain = QLocale(QLocale.Language.C)
        plain.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        self.setLocale(plain)
        self.setFont(theme.font(12))
        self.setFixedHeight(HIGH)
        self.setFixedWidth(wide)
        self.setAccessibleName(name)
        self.setRange(0.0, most)
        self.setDecimals(places)
        self.setSingleStep(step)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.relook()

    def relook(self) -> None:
        """By palette: under a style sheet a field without buttons has no room for its text."""
        c, shades = theme.colours(), self.palette()
        for role, colour in (
            (QPalette.ColorRole.Base, c.track),
            (QPalette.ColorRole.Window, c.track),
            (QPalette.ColorRole.Text, c.text),
            (QPalette.ColorRole.Highlight, c.curve),
            (QPalette.ColorRole.HighlightedText, c.on_fill),
        ):
            shades.setColor(role, QColor(colour))
        self.setPalette(shades)
        self.lineEdit().setPalette(shades)  # a style sheet that was set anew keeps it from following

    def put(self, value: float) -> None:
        """Set the number without telling anyone."""
        before = self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(before)


def named(name: str, *fields: QWidget) -> QHBoxLayout:
    """A field, or several, under one name at the left."""
    line = QHBoxLayout()
    line.setSpacing(6)
    line.addWidget(Label(name, 12, theme.MEDIUM, theme.colours().soft))
    line.addStretch(1)
    for field in fields:
        line.addWidget(field)
    return line


if __name__ == "__main__":
    alone(lambda name: Number(name, 120))
