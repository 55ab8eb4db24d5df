"""The compact strip: what one account is worth a glance for, and the stop, on top of everything else."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.overview import nearest
from monitors.ports import AccountFrame, Frame
from ui import spoken, text, theme
from ui.alone import alone
from ui.header import worst
from ui.icons import SeverityIcon
from ui.panels.account import is_past, remark
from ui.panels.alerts import waiting_rows
from ui.panels.card import Elided, Label
from ui.panels.limits import Bar, room_shade
from ui.panels.panel import rightward
from ui.panels.stop import Plate, StopPlate, plate
from ui.panels.strike import Strike
from ui.shown import set_sheet, set_tip
from ui.words import tr

WIDE, HIGH = 320, 96
KEYS = "Ctrl+Shift+C"


class SmallStop(Strike):
    """84 by 80: what it says is the plate's own; a reset does not live here."""

    def __init__(self) -> None:
        super().__init__(84, 80)
        self._plate: Plate | None = None
        self.covers = ""

    def show_plate(self, shown: Plate, covered: str) -> None:
        said = tr("Emergency stop, {word}, {covered}, {line}", word=shown.word, covered=covered, line=shown.line)
        spoken.name(self, said)
        word = tr("use MT5") if not shown.now else shown.word if shown.halted else covered
        head = tr("Emergency stop: {word}", word=shown.word)
        set_tip(self, f"{head}\n{covered}\n{shown.line}\nCtrl+Shift+X")
        if (shown, word) != (self._plate, self.covers):
            self._plate, self.covers = shown, word
            self.enliven(live=shown.live)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, centre = theme.colours(), QPainter(self), QPointF(42, 34)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = self._plate is not None and self._plate.now
        painter.setPen(QColor(c.plate if now else c.edge))
        painter.setBrush(QColor(c.plate if now else c.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.live:
            shine = QRadialGradient(QPointF(36, 24), 34)
            for at, colour in ((0, c.stop_light), (0.45, c.stop), (1, c.stop_dark)):
                shine.setColorAt(at, QColor(colour))
            painter.setPen(QPen(QColor(c.on_plate), 3))
            painter.setBrush(shine)
        else:
            painter.setPen(QPen(QColor(c.edge), 1.5))
        painter.drawEllipse(centre, 27, 27)
        painter.setPen(QColor(c.on_stop if self.live else c.soft))
        painter.setFont(theme.font(12, theme.BOLD))
        painter.drawText(QRectF(0, 7, 84, 54), Qt.AlignmentFlag.AlignCenter, tr("STOP"))
        painter.setPen(QColor(c.on_plate if now else c.soft))
        painter.setFont(theme.font(11, theme.STRONG))
        words = painter.fontMetrics().elidedText(self.covers, Qt.TextElideMode.ElideRight, 78)
        painter.drawText(QRectF(3, 61, 78, 17), Qt.AlignmentFlag.AlignCenter, words)
        painter.end()


class Whole(Protocol):
    """The window that it stands for."""

    @property
    def stop(self) -> StopPlate: ...
    def come_forward(self) -> None: ...
    def hide(self) -> None: ...


class CompactStrip(QWidget):
    """Drawn from the newest frame by whoever owns it; a double click, or the keys again, bring the window back."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint
                         | Qt.WindowType.WindowStaysOnTopHint)  # fmt: skip
        c = theme.colours()
        self.setWindowTitle(tr("Plimsoll, compact"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setFixedSize(WIDE, HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # or the stop would have the focus, and Enter would strike
        self.setFocus()
        self._edge, self._grip = c.line, QPoint()
        self.dot, self.name = Label("●", 11), Elided("", 12, theme.STRONG, c.text)
        self.icon, self.count = SeverityIcon(), Label(tr("no alerts"), 11, theme.MEDIUM, c.faint)
        self.level = Label("", 26, theme.STRONG, c.text)
        self.caption = rightward(Label(tr("Margin level"), 10, theme.MEDIUM, c.soft))
        self.state = rightward(Label("", 10))
        self.limit, self.room = Elided("", 11, theme.MEDIUM, c.soft), rightward(Label("", 11, theme.STRONG, c.text))
        self.bar, self.stop = Bar(tr("Room")), SmallStop()
        self._lay_out()
        QShortcut(QKeySequence(KEYS), self).activated.connect(self.left)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.left)

    def _lay_out(self) -> None:
        row, words = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(11, 8, 8, 8)
        row.setSpacing(10)
        words.setSpacing(1)
        upper, middle, lower, side = QHBoxLayout(), QHBoxLayout(), QHBoxLayout(), QVBoxLayout()
        upper.setSpacing(6)
        for widget in (self.dot, self.name, self.icon, self.count):
            upper.addWidget(widget, 1 if widget is self.name else 0)
        side.setSpacing(0)
        side.addWidget(self.caption)
        side.addWidget(self.state)
        middle.addWidget(self.level, 1)
        middle.addLayout(side)
        lower.addWidget(self.limit, 1)
        lower.addWidget(self.room)
        for line in (upper, middle, lower):
            words.addLayout(line)
        words.addWidget(self.bar)
        row.addLayout(words, 1)
        row.addWidget(self.stop)

    def show_account(self, frame: Frame, view: AccountFrame, plate_of: StopPlate) -> None:
        """The account as it is; the stop covers what the window's own plate covers."""
        c, past = theme.colours(), is_past(view)
        grave, waiting = worst(frame.alerts, view.name), [a for a in frame.alerts if a.active and a.waiting]
        self.dot.say("○" if past else "●", c.severity(grave) if grave else c.critical if past else c.profit)
        spoken.name(self.dot, tr("not connected") if past else tr("connected"))
        self.name.say(view.name)
        self.icon.setVisible(grave is not None)
        if grave:
            self.icon.show_severity(grave, filled=True)
        rows = len(waiting_rows(frame.alerts))
        self.count.say(f"{rows}" if rows else tr("no alerts"))
        worst_of_all = max((a.severity for a in waiting), key=lambda one: one.rank, default=None)
        sheet = f"color: {c.faint}"
        if worst_of_all:
            sheet = f"background: {c.severity(worst_of_all)}; color: {c.on_fill}; border-radius: 8px; padding: 1px 5px"
        set_sheet(self.count, sheet)
        self._say_level(view, frame, c.severity(grave) if grave else c.text)
        self._say_room(view)
        shown = plate(frame, plate_of.scope)
        self.stop.show_plate(shown, plate_of.covered)
        edge = c.severity(worst_of_all) if worst_of_all else c.critical if past or view.halt else c.line
        if edge != self._edge:
            self._edge = edge
            self.update()

    def _say_level(self, view: AccountFrame, frame: Frame, shade: str) -> None:
        c, past = theme.colours(), is_past(view)
        level = text.known(view.metrics.get("margin.level_pct"))
        flat = level is None and not view.positions
        self.level.say(tr("Flat") if flat and not past else text.DASH if level is None else text.percent(level),
                       c.faint if past or (level is None and not flat) else shade)  # fmt: skip
        self.caption.say(tr("no positions") if flat and not past else tr("Margin level"))
        halted = tr("HALTED \u00b7 flat") if view.halt and view.halt.flat else tr("HALTED") if view.halt else ""
        said = remark(view, frame.at_ms).upper() or halted or text.mode_name(view.mode).upper()
        self.state.say(said, c.critical if past else c.soft)

    def _say_room(self, view: AccountFrame) -> None:
        c, past, found = theme.colours(), is_past(view), nearest(view.levels)
        if found is None or past:
            self.limit.say(tr("Room to the nearest limit"))
            self.room.say(tr("unknown") if past else text.DASH, c.faint)
            self.bar.show_share(0.0, [], c.edge)
            return
        digits = view.account.digits if view.account else 2
        self.limit.say(tr("Room to {rule}", rule=found.level.rule))
        self.room.say(text.measure(found.level.metric, found.left, digits, brief=True), c.text)
        self.bar.show_share(found.share, [], room_shade(found.level.metric, found.share))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed by the desktop it is not the end of the program: the window comes back."""
        event.ignore()
        self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.globalPosition().toPoint() - self.pos()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragged by anything but the stop."""
        self.move(event.globalPosition().toPoint() - self._grip)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.left.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(c.window))
        painter.setPen(QPen(QColor(self._edge), 2 if self._edge != c.line else 1))
        painter.setBrush(QColor(c.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.end()


class Compact:
    """The strip in the window's place, built when it is first asked for."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self.strip: CompactStrip | None = None

    def begin(self) -> None:
        """The strip instead of the window."""
        if self.strip is None:
            self.strip = CompactStrip()
            self.strip.left.connect(self._whole.come_forward)
            self.strip.stop.struck.connect(self._whole.stop.strike)
        self.strip.show()
        self._whole.hide()

    def end(self) -> None:
        """The window is there again."""
        if self.strip is not None:
            self.strip.hide()

    def watch(self, frame: Frame, view: AccountFrame) -> None:
        """While the window is hidden its plate follows all the same: a press acts on what is, not on what was."""
        self._whole.stop.show_account(frame, view.name)
        if self.strip is not None and self.strip.isVisible():
            self.strip.show_account(frame, view, self._whole.stop)

    def close(self) -> None:
        """Away with it."""
        if self.strip is not None:
            self.strip.deleteLater()
            self.strip = None


if __name__ == "__main__":
    alone(CompactStrip, lambda widget, frame, view, send: widget.show_account(frame, view, StopPlate(send)))
