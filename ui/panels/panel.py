"""The cards of the pages: a title with a second word beside it, and widgets that paint one fact."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from monitors.ports import AccountFrame
from ui import spoken, text, theme
from ui.panels.account import is_past, remark
from ui.panels.card import Card, Elided, Label, title_around
from ui.words import tr

MOST_NAME_PX, NAME_GAP_PX = 110, 8


class Panel(Card):
    """Title, what is meant by it in a softer word, and at the right `as of` where it is only remembered."""

    def __init__(self, title: str, sub: str = "", *, margins: tuple[int, int, int, int] = (14, 9, 14, 9)) -> None:
        super().__init__(title, caps=False, margins=margins)
        c = theme.colours()
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.sub = Elided(sub, 11, theme.MEDIUM, c.faint)
        self.head.takeAt(1)
        self.head.insertWidget(1, self.sub, 1)
        self.remark.setFont(theme.font(11))

    def show_remark(self, view: AccountFrame, now_ms: int, words: str = "") -> None:
        """`as of` where figures are remembered, else these words."""
        self.remark.say(remark(view, now_ms) if is_past(view) else words)


class Painting(QWidget):
    """Paints `fact`; drawn anew only when the fact or its greyness is another."""

    def __init__(self, *, least_high: int = 20) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(least_high)
        self.past = False
        self._fact: object = None

    def changed(self, fact: object, *, past: bool) -> bool:
        """Take the fact over; True, with a repaint under way, where it is another than before."""
        if fact is self._fact and past == self.past:
            return False
        self._fact, self.past = fact, past
        self.update()
        return True


def scrolled(inside: QWidget) -> QScrollArea:
    """A widget that scrolls upright in what room its card has; the keys reach it where there is more than fits."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def reach(_low: int, high: int) -> None:
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus if high > 0 else Qt.FocusPolicy.NoFocus)
        spoken.name(area, title_around(area))

    area.verticalScrollBar().rangeChanged.connect(reach)
    area.setWidget(inside)
    return area


def why_nothing(view: AccountFrame) -> str:
    """Why a page has nothing to show; empty where it has."""
    if view.analysis is not None:
        return ""
    return tr("Waiting for the first reading") if not view.reason else tr("Unknown: {reason}", reason=view.reason)


def rightward(label: Label) -> Label:
    """The label, its text at the right."""
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def money_digits(view: AccountFrame) -> int:
    """Decimals of the account's currency."""
    return view.account.digits if view.account else 2


def currency(view: AccountFrame) -> str:
    """The account's currency; empty while it is not known."""
    return view.account.currency if view.account else ""


def in_money(value: float, view: AccountFrame) -> str:
    """An amount with the account's currency."""
    return f"{text.number(value, money_digits(view))} {currency(view)}".strip()


def names_px(names: Iterable[str], least: int) -> int:
    """Room for painted names at the left of bars: as much as the longest needs, within reason; see `elided`."""
    metrics = QFontMetrics(theme.font(12, theme.STRONG))
    return max([least, *(min(MOST_NAME_PX, metrics.horizontalAdvance(name) + NAME_GAP_PX) for name in names)])


def elided(name: str, room: int) -> str:
    """A painted name as it fits, with an ellipsis where it is cut: brokers' suffixes make long ones."""
    metrics = QFontMetrics(theme.font(12, theme.STRONG))
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, room - NAME_GAP_PX // 2)
