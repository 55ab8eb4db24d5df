"""The line at the top: mark, accounts as chips, mode, the broker's clock and whether the terminal answers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from monitors.overview import calling
from monitors.ports import AccountFrame, AlertView, Frame, Link, Severity
from ui import spoken, text, theme
from ui.alone import alone
from ui.icons import Mark, paint_dot
from ui.pages.menu import PAGES, PageMenu, key
from ui.panels.account import is_past
from ui.panels.alerts import waiting_rows
from ui.panels.card import Figure, Label, button
from ui.panels.stop_short import StopShort
from ui.shown import Last, set_sheet, set_tip
from ui.words import tr, trn

HIGH, CHIP_HIGH, CHIP_LEAST, FIGURES_TOP = 64, 44, 120, 23
ONE_WIDTH = str.maketrans("123456789", "0" * 9)
"""Figures of one length are of one width."""
MODES = {"observe": tr("OBSERVE: nothing is sent"), "read-only": tr("READ-ONLY: another acts here")}
BRIEF = {"observe": tr("OBSERVE"), "read-only": tr("READ-ONLY")}  # where there is little room
LONGEST_CALLS = text.DOT.join((tr("tick {age}", age="0.0 s"), tr("call {count}\u202fms", count=888)))
"""What the line under the connection has room for from the start, so that nothing moves when a call takes longer."""
WIDE, SHORT, NARROW = range(3)
"""How the header makes room for every chip: not at all; clock and mode shorter; chips without login and currency."""


def worst(alerts: tuple[AlertView, ...], account: str) -> Severity | None:
    """The worst unacknowledged, active severity of an account."""
    return max((alert.severity for alert in calling(alerts, account)), key=lambda severity: severity.rank, default=None)


class Chip(QAbstractButton):
    """One account: dot of its worst alert, name and login over equity and the day's result."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFixedHeight(CHIP_HIGH)
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
            found = tr("{severity} alert", severity=text.severity_name(severity)) if severity else tr("no alert")
            found = ", ".join(filter(None, (tr("halted") if view.halt else "", found)))
            spoken.name(self, tr("{account}, {link}, equity {equity} {currency}, day {day}, {alert}", account=view.name,
                                 link=text.link_name(view.link), equity=self.equity, currency=self.currency,
                                 day=self.day, alert=found))  # fmt: skip
            if figures != self.figures:
                self.updateGeometry()
            self.update(self.rect().adjusted(0, FIGURES_TOP if upper == self._upper else 0, 0, 0))
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
        return QSize(max(CHIP_LEAST, max(upper, lower) + 16), CHIP_HIGH)

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


class Header(QFrame):
    """Chips choose the account; `chosen` carries its place. A short stop stands where no plate does."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setFixedHeight(HIGH)
        self.chips: list[Chip] = []
        self.word, self.pages = Label("Plimsoll", 16, theme.STRONG, c.text), PageMenu()
        self.stop, self.waiting = StopShort(), button("", px=11)
        self.mode = Label("", 11, theme.STRONG, c.text)
        self.time, self.day = Figure("", 16, theme.STRONG, c.text), Label("", 11, theme.MEDIUM, c.soft)
        least = QSize(QFontMetrics(theme.font(11)).horizontalAdvance(LONGEST_CALLS) + 2, 0)
        self.link, self.calls = (
            Label("", 12, theme.STRONG, c.text),
            Figure("", 11, colour=c.soft, least=least),
        )
        self.dot = Label("●", 11, theme.STRONG, c.profit)
        self._said: tuple[Frame, int] | None = None
        self._small, self._plate_only = False, True
        self._tight, self._roomed, self._clock, self._counted = WIDE, Last(), Last(), Last()
        inside = QWidget()
        self._chips = QHBoxLayout(inside)
        self._chips.setContentsMargins(0, 0, 0, 0)
        self._chips.setSpacing(8)
        self._chips.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setFixedHeight(CHIP_HIGH)
        for way in (self.area.setHorizontalScrollBarPolicy, self.area.setVerticalScrollBarPolicy):
            way(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        self._line = line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 16, 0)
        line.setSpacing(8)
        line.addWidget(Mark())
        line.addLayout(_stack(self.word, self.pages, Qt.AlignmentFlag.AlignLeft))
        line.addSpacing(8)
        line.addWidget(self.area, 1)
        line.addWidget(self.mode, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addSpacing(8)
        line.addLayout(_stack(self.time, self.day, Qt.AlignmentFlag.AlignRight))
        line.addSpacing(10)
        line.addLayout(_stack(self.dot, Label(" ", 11), Qt.AlignmentFlag.AlignLeft))
        line.addLayout(_stack(self.link, self.calls, Qt.AlignmentFlag.AlignLeft))
        line.addSpacing(4)
        line.addWidget(self.waiting, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_page(PAGES[0])

    def show_page(self, name: str) -> None:
        """Name the page; on every page but the first, which has the plate and the list, show the stop and the count."""
        self.pages.show_page(name)
        self._plate_only = name == PAGES[0]
        self._show_stop()

    def show_stop(self, *, beside_plate: bool) -> None:
        """Whether the short stop stands here though the page has the plate: that may be scrolled away."""
        if beside_plate != self._small:
            self._small = beside_plate
            self._show_stop()

    def _show_stop(self) -> None:
        there = self._small or not self._plate_only
        self.stop.setVisible(there)
        self.waiting.setVisible(there and bool(self.waiting.text()))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def show_frame(self, frame: Frame, selected: int) -> None:
        self._said = frame, selected
        set_tip(self.word, frame.title)
        self._show_waiting(frame.alerts)
        while len(self.chips) < len(frame.accounts):
            self._add_chip()
        for chip in self.chips[len(frame.accounts) :]:
            chip.hide()
        for place, (chip, view) in enumerate(zip(self.chips, frame.accounts, strict=False)):
            chip.show_account(view, worst(frame.alerts, view.name), place)
            if place == selected and not chip.isChecked():
                chip.setChecked(True)
                self.area.ensureWidgetVisible(chip)
            elif place != selected:
                chip.setChecked(False)
            chip.show()
        chosen = frame.accounts[selected] if frame.accounts else None
        self._show_state(frame, chosen, short=self._tight >= SHORT)
        if self._roomed.differs(*self._room(chosen)):
            self._make_room()

    def _room(self, view: AccountFrame | None) -> tuple[object, ...]:
        """What the room hangs on that all of it needs."""
        words = [label.text().translate(ONE_WIDTH) for label in (self.time, self.day, self.link)]
        chips = [chip.figures for chip in self.chips if not chip.isHidden()]
        asks = (self.waiting.text(), self.waiting.isHidden(), self.stop.isHidden())
        return self.width(), chips, words, self.calls.minimumWidth(), asks, view and (view.mode, view.broker_offset_s)

    def _make_room(self) -> None:
        """Say as much as leaves every chip whole; what is left out is in the tooltips, and then the chips scroll."""
        if self._said is None:
            return
        frame, selected = self._said
        chips = self.chips[: len(frame.accounts)]
        for tight in (WIDE, SHORT, NARROW):
            self._tight = tight
            self._show_state(frame, frame.accounts[selected] if frame.accounts else None, short=tight >= SHORT)
            for chip in chips:
                chip.make_narrow(tight == NARROW)
            self._line.invalidate()
            self._line.activate()  # which also asks the stacks inside it anew
            others = self._line.minimumSize().width() - self.area.minimumSizeHint().width()
            need = sum(chip.sizeHint().width() for chip in chips) + self._chips.spacing() * len(chips)
            if need + others <= self.width():
                break

    def _show_state(self, frame: Frame, view: AccountFrame | None, *, short: bool) -> None:
        c = theme.colours()
        offset = view.broker_offset_s if view else 0
        if self._clock.differs(frame.at_ms // 1_000, offset):
            self.time.say(text.clock(frame.at_ms, offset) if frame.at_ms else text.DASH)
            set_tip(self.time, text.times(frame.at_ms, offset))
        until, brief, server = "", "", tr("server {zone}", zone=text.zone(offset))
        if view is not None and view.next_reset_ms is not None:
            left = text.countdown((view.next_reset_ms - frame.at_ms) / 1_000)
            until, brief = tr("day resets in {time}", time=left), tr("resets in {time}", time=left) if short else ""
        self.day.say(brief or text.DOT.join(filter(None, (server, until))))
        set_tip(self.day, text.DOT.join(filter(None, (server, until))))
        words, under, colour, filled = link_words(view, frame.at_ms)
        self.link.say(words)
        self.calls.say(under)
        set_tip(self.link, view.reason if view else "")
        self.dot.say("●" if filled else "○", colour)
        spoken.name(self.dot, words)
        self._show_mode(view, c, short=short)

    def _show_waiting(self, alerts: tuple[AlertView, ...]) -> None:
        """How many alerts nobody has answered, in the colour of the worst; a click leads to their list."""
        there = self.stop.isVisibleTo(self)
        if not self._counted.differs(alerts, there):
            return
        c, waiting = theme.colours(), waiting_rows(alerts)
        self.waiting.setText(trn("{count} alert", "{count} alerts", len(waiting)) if waiting else "")
        self.waiting.setVisible(bool(waiting) and there)
        if waiting:
            colour = c.severity(max((alert.severity for alert in waiting), key=lambda one: one.rank))
            look = f"background: {colour}; color: {c.on_fill}; border: none; border-radius: 9px; padding: 3px 9px"
            set_sheet(self.waiting, look)
            tip = tr("Not acknowledged. A click or {key} shows them.", key=key(PAGES[0]))
            set_tip(self.waiting, tip)

    def _show_mode(self, view: AccountFrame | None, c: theme.Tokens, *, short: bool) -> None:
        observing = view is not None and view.mode not in {"armed", ""}
        self.mode.setVisible(observing)
        if view is not None and observing:
            words = MODES.get(view.mode, view.mode.upper())
            self.mode.say(BRIEF.get(view.mode, words) if short else words, c.curve)
            set_tip(self.mode, f"{words}\n{view.mode_reason}".rstrip())
            set_sheet(self.mode, f"border: 1px solid {c.curve}; border-radius: 4px; padding: 4px 8px; color: {c.curve}")

    def _add_chip(self) -> None:
        chip, place = Chip(), len(self.chips)
        chip.clicked.connect(lambda: self.chosen.emit(place))
        self.chips.append(chip)
        self._chips.insertWidget(place, chip)


def state_colour(view: AccountFrame) -> str:
    """The dot of an account without an alert: a halt is no calm, and an account that is not seen is worse."""
    halted = view.halt is not None and view.link is Link.LIVE
    return theme.colours().medium if halted else link_words(view, 0)[2]


def link_words(view: AccountFrame | None, now_ms: int) -> tuple[str, str, str, bool]:
    """Connection in words, what stands under it, the dot's colour, and whether the dot is filled."""
    c = theme.colours()
    if view is None or view.link is Link.WAITING:
        return tr("Waiting for MT5"), tr("no reading yet"), c.faint, False
    if view.link in {Link.BLIND, Link.STALLED}:
        then = "" if view.as_of_ms is None else text.when(view.as_of_ms, now_ms, view.broker_offset_s)
        since = tr("since {time}", time=then) if then else ""
        words = tr("MT5 not connected") if view.link is Link.BLIND else tr("Not watching")
        return words, since, c.critical, False
    age = tr("no tick yet") if view.tick_age_s is None else tr("tick {age}", age=text.duration(view.tick_age_s))
    under = text.DOT.join((age, tr("call {count}\u202fms", count=round(view.call_ms))))
    if view.link is Link.UNCERTAIN:
        return tr("Reading uncertain"), under, c.high, True
    return tr("MT5 connected"), under, c.profit, True


def _stack(upper: Label, lower: Label | PageMenu, way: Qt.AlignmentFlag) -> QVBoxLayout:
    stack = QVBoxLayout()
    stack.setSpacing(2)
    stack.addStretch(1)
    for widget in (upper, lower):
        if isinstance(widget, Label):
            widget.setAlignment(way)
        stack.addWidget(widget, 0, way if isinstance(widget, Figure) else Qt.AlignmentFlag(0))
    stack.addStretch(1)
    return stack


if __name__ == "__main__":
    alone(Header, lambda widget, frame: widget.show_frame(frame, 0))
