"""An account as a button of the header, painted again only where what it says is another."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from monitors.ports import AccountFrame, Link, Severity
from ui import spoken, text, theme
from ui.alone import alone
from ui.icons import paint_dot
from ui.panels.account import is_past
from ui.panels.link_words import state_colour
from ui.shown import Last, set_tip
from ui.words import tr

HIGH, LEAST_PX, FIGURES_TOP = 44, 120, 23
ONE_WIDTH = str.maketrans("123456789", "0" * 9)
"""Figures of one length are of one width."""


class Chip(QAbstractButton):
    """One account: dot of its worst alert, name and login over equity and the day's result."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFixedHeight(HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        c = theme.colours()
        self.account, self.login, self.equity, self.currency, self.day = "", "", "", "", ""
        self.narrow, self._shown = False, Last()
        self.dot, self.edge, self.day_colour, self.past = c.profit, c.edge, c.soft, False

    def show_account(self, view: AccountFrame, severity: Severity | None, place: int) -> None:
        """`place` is its own, which has a key."""
        c, account, today = theme.colours(), view.account, view.metrics.get("pnl.today")
        whose = view.name, view.login, view.server, view.broker_offset_s
        if not self._shown.differs(whose, account, today, view.link, view.halt, severity, place):
            return
        day = text.known(today)
        blind = view.link in {Link.BLIND, Link.STALLED}
        digits = account.digits if account else 2
        shown = (
            view.name,
            str(view.login) if view.login else "",
            text.number(account.equity, digits) if account else text.DASH,
            account.currency if account else "",
            tr("no data") if is_past(view) else text.signed(day, digits) if day is not None else text.DASH,
            c.severity(severity) if severity and not blind else state_colour(view),
            c.critical if blind else c.severity(severity) if severity else c.edge,
            c.faint if is_past(view) else c.gain(day),
            is_past(view),
        )
        if shown != self._now():
            figures, upper = self.figures, self._upper
            self.account, self.login, self.equity, self.currency, self.day = shown[:5]
            self.dot, self.edge, self.day_colour, self.past = shown[5:]
            if figures != self.figures:
                self.updateGeometry()
            self.update(self.rect().adjusted(0, FIGURES_TOP if upper == self._upper else 0, 0, 0))
        found = tr("{severity} alert", severity=text.severity_name(severity)) if severity else tr("no alert")
        found = ", ".join(filter(None, (tr("halted") if view.halt else "", found)))
        spoken.name(self, tr("{account}, {link}, equity {equity} {currency}, day {day}, {alert}", account=view.name,
                             link=text.link_name(view.link), equity=self.equity, currency=self.currency,
                             day=self.day, alert=found))  # fmt: skip
        where = f"{view.server} ({text.zone(view.broker_offset_s)}), Ctrl+{place + 1}"
        named = f"{view.name} {view.login or ''}".rstrip() + f", {self.equity} {self.currency}".rstrip()
        set_tip(self, f"{named}\n{where}")

    def _now(self) -> tuple[object, ...]:
        words = self.account, self.login, self.equity, self.currency, self.day
        return (*words, self.dot, self.edge, self.day_colour, self.past)

    @property
    def texts(self) -> tuple[str, str]:
        """What stands right of the name, and the equity; a narrow chip leaves login and currency to the tooltip."""
        return ("", self.equity) if self.narrow else (self.login, f"{self.equity} {self.currency}".rstrip())

    def make_narrow(self, narrow: bool) -> None:  # noqa: FBT001 -- its only argument
        """Give up login and currency, or take them back."""
        if narrow != self.narrow:
            self.narrow = narrow
            self.updateGeometry()
            self.update()

    @property
    def _upper(self) -> tuple[object, ...]:
        """What stands over the figures, or around them."""
        return self.account, self.login, self.dot, self.edge, self.past

    @property
    def figures(self) -> tuple[str, ...]:
        """What its width hangs on, whether it is narrow or not."""
        words = self.account, self.login, self.equity, self.currency, self.day
        return tuple(one.translate(ONE_WIDTH) for one in words)

    def sizeHint(self) -> QSize:
        strong, plain = QFontMetrics(theme.font(12, theme.STRONG)), QFontMetrics(theme.font(12))
        login, equity = self.texts
        upper = 26 + strong.horizontalAdvance(self.account) + (12 + plain.horizontalAdvance(login) if login else 0)
        lower = 12 + strong.horizontalAdvance(equity) + 12 + strong.horizontalAdvance(self.day)
        return QSize(max(LEAST_PX, max(upper, lower) + 16), HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        calm = self.edge == c.edge
        edge = c.curve if self.hasFocus() else self.edge if chosen or not calm else c.line
        painter.setPen(QPen(QColor(edge), 1.2))
        painter.setBrush(QColor(c.track if chosen else c.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), 6, 6)
        right, (login, equity) = self.width() - 12, self.texts
        if event.rect().top() < FIGURES_TOP:
            paint_dot(painter, QPointF(16, 14), self.dot, filled=not self.past)
            self._words(painter, 26, 5, self.account, c.text, strong=True)
            self._words(painter, right, 5, login, c.soft, strong=False, to_right=True)
        self._words(painter, 12, 23, equity, c.faint if self.past else c.text, strong=True)
        self._words(painter, right, 23, self.day, self.day_colour, strong=True, to_right=True)
        painter.end()

    def _words(
        self, painter: QPainter, x: int, y: int, words: str, colour: str, *, strong: bool, to_right: bool = False
    ) -> None:
        painter.setFont(theme.font(12, theme.STRONG if strong else theme.MEDIUM))
        painter.setPen(QColor(colour))
        box = QRectF(0, y, x, 17) if to_right else QRectF(x, y, self.width() - x, 17)
        way = Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, way | Qt.AlignmentFlag.AlignVCenter, words)


if __name__ == "__main__":
    alone(Chip, lambda widget, frame: widget.show_account(frame.accounts[0], None, 0))
