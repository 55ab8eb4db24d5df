"""The line at the top: mark, accounts as chips, mode, the broker's clock and whether the terminal answers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from monitors.overview import calling
from monitors.ports import AccountFrame, AlertView, Frame, Severity
from ui import spoken, text, theme
from ui.alone import alone
from ui.icons import Mark
from ui.pages.menu import PAGES, PageMenu, key
from ui.panels.alerts import waiting_rows
from ui.panels.card import Figure, Label, button
from ui.panels.chip import HIGH as CHIP_HIGH
from ui.panels.chip import ONE_WIDTH, Chip
from ui.panels.link_words import link_words
from ui.panels.stop_short import StopShort
from ui.shown import Last, set_sheet, set_tip
from ui.words import tr, trn

HIGH = 64
MODES = {"observe": tr("OBSERVE: nothing is sent"), "read-only": tr("READ-ONLY: another acts here")}
BRIEF = {"observe": tr("OBSERVE"), "read-only": tr("READ-ONLY")}  # where there is little room
LONGEST_CALLS = text.DOT.join((tr("tick {age}", age="0.0 s"), tr("call {count}\u202fms", count=888)))
"""What the line under the connection has room for from the start, so that nothing moves when a call takes longer."""
WIDE, SHORT, NARROW = range(3)
"""How the header makes room for every chip: not at all; clock and mode shorter; chips without login and currency."""


def worst(alerts: tuple[AlertView, ...], account: str) -> Severity | None:
    """The worst unacknowledged, active severity of an account."""
    return max((alert.severity for alert in calling(alerts, account)), key=lambda severity: severity.rank, default=None)


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
