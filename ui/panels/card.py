"""The plain parts that every card is made of: the card, its texts and its rows of name and figure."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import spoken, theme
from ui.alone import alone
from ui.shown import set_tip

ROOM = QRect(0, 0, 2_000, 2_000)
"""In which a label measures its text."""


class Label(QLabel):
    """A text in one colour; always plain, since names and reasons come from a broker."""

    def __init__(self, words: str = "", px: int = 12, weight: QFont.Weight = theme.MEDIUM, colour: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(px, weight))
        self._said, self._colour = "", ""
        self.say(words, colour or theme.colours().soft)

    def say(self, words: str, colour: str = "") -> None:
        """Show `words`, in `colour` where one is given."""
        if colour:
            different, self._colour = colour != self._colour, colour
            if different:
                self._shade()
        if words != self._said:
            self._said = words
            self._put(words)
            spoken.name(self, words)

    def _put(self, words: str) -> None:
        self.setText(words)

    def relook(self) -> None:
        """The same colour as it is in another look."""
        self._colour = theme.now(self._colour)
        self._shade()

    def _shade(self) -> None:
        shades = self.palette()
        shades.setColor(QPalette.ColorRole.WindowText, QColor(self._colour))
        self.setPalette(shades)


class Figure(Label):
    """A text of a size of its own, which is at least `least`: one as wide as before moves nothing around it."""

    def __init__(
        self,
        words: str = "",
        px: int = 12,
        weight: QFont.Weight = theme.MEDIUM,
        colour: str = "",
        *,
        least: QSize = QSize(),  # noqa: B008 -- it is never changed
    ) -> None:
        self._least = least
        super().__init__(words, px, weight, colour)
        self._keep()

    def _put(self, words: str) -> None:
        super()._put(words)
        self._keep()

    def _keep(self) -> None:
        # Not its size hint, which a label never lets be less than the size that is fixed now.
        metrics = self.fontMetrics()
        size = metrics.boundingRect(ROOM, int(self.alignment()), self.text()).size().expandedTo(self._least)
        if size != self.minimumSize():
            self.setFixedSize(size)


class Elided(Label):
    """A text that gives way to its neighbours: cut with an ellipsis, whole in the tooltip."""

    def __init__(self, words: str = "", px: int = 12, weight: QFont.Weight = theme.MEDIUM, colour: str = "") -> None:
        super().__init__(words, px, weight, colour)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)

    @property
    def full(self) -> str:
        """All of what it says."""
        return self._said

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._put(self._said)

    def _put(self, words: str) -> None:
        fitted = QFontMetrics(self.font()).elidedText(words, Qt.TextElideMode.ElideRight, self.width())
        set_tip(self, "" if fitted == words else words)
        self.setText(fitted)


class Card(QFrame):
    """A rounded card with a head line: caps or a title at the left, a remark at the right."""

    def __init__(
        self, title: str = "", *, caps: bool = True, margins: tuple[int, int, int, int] = (14, 11, 14, 11)
    ) -> None:
        super().__init__()
        c = theme.colours()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(5)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = Label(
            title.upper() if caps else title, 10 if caps else 13, theme.STRONG, c.faint if caps else c.text
        )
        self.remark = Label("", 10, theme.MEDIUM, c.faint)
        if title:
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.head.addWidget(self.remark)
            self.body.addLayout(self.head)


class Row(QWidget):
    """A name at the left, its figure at the right."""

    def __init__(self, name: str, *, strong: bool = True) -> None:
        super().__init__()
        c = theme.colours()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 1, 0, 1)
        line.setSpacing(8)
        self.name = Label(name, 12, theme.MEDIUM, c.soft)
        self.figure = Elided("", 12, theme.STRONG if strong else theme.MEDIUM, c.text)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.name)
        line.addWidget(self.figure, 1)

    def say(self, figure: str, colour: str) -> None:
        self.figure.say(figure, colour)


def rule(*, upright: bool = False) -> QFrame:
    """A thin line between two parts."""
    line = QFrame()
    line.setProperty("look", "rule")
    line.setFixedWidth(1) if upright else line.setFixedHeight(1)
    return line


def button(words: str, look: str = "", px: int = 11) -> QPushButton:
    """A push button in one of the style sheet's looks."""
    made = QPushButton(words)
    made.setFont(theme.font(px, theme.STRONG))
    # A click leaves the focus where it was, so that Space goes on acknowledging.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if look:
        made.setProperty("look", look)
    return made


def title_around(widget: QWidget) -> str:
    """The title of the card, or else of the window, in which a widget stands."""
    around = widget.parentWidget()
    while around is not None and not around.isWindow():
        if isinstance(around, Card) and around.title.text().strip():
            return around.title.text().capitalize()
        around = around.parentWidget()
    return widget.window().windowTitle()


if __name__ == "__main__":
    alone(Row, lambda widget: widget.say("97 446.55", theme.colours().text))
