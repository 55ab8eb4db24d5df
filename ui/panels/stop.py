"""The emergency stop's plate: acts on press, names what it covers, and resets only by a two-second hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from monitors.ports import AccountFrame, EmergencyStop, Frame, HaltView, Reset
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.banner import STOP
from ui.panels.card import Elided, Label, button
from ui.panels.stop_buttons import HoldButton, StopButton
from ui.shown import Last, set_look, set_sheet, set_tip
from ui.words import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """What the plate says for a scope: can it act, is it halted, its word and its lines."""

    live: bool
    """A press does something: it latches."""
    now: bool
    """And closes at once; else as soon as a terminal that is away is back."""
    halted: bool
    latched: bool
    word: str
    line: str
    covers: str


def plate(frame: Frame, name: str | None) -> Plate:
    """The plate for one account, or for all where `name` is None."""
    views = [view for view in frame.accounts if name in {None, view.name}]
    some = [view for view in views if view.can_stop]
    reach = [view for view in some if reaches(view)]
    halts = [view.halt for view in views if view.halt]
    everywhere = bool(views) and len(halts) == len(views)
    latched = everywhere and all(halt.kind == STOP for halt in halts)
    if not some:
        away = all(is_past(view) for view in views)
        reason = next((view.cannot_stop_reason for view in views if view.cannot_stop_reason), tr("no account is seen"))
        return Plate(
            live=False,
            now=False,
            halted=everywhere,
            latched=latched,
            word=tr("Not connected") if away else tr("Cannot act"),
            line=reason,
            covers=tr("Use MT5"),
        )
    covers = tr("Use MT5") if not reach else tr("Closes everything on")
    if 0 < len(reach) < len(views):
        covers = tr("Reaches {count} of {total}", count=len(reach), total=len(views))
    if everywhere:
        first = min(halts, key=lambda halt: halt.since_ms)
        since = text.clock(first.since_ms, views[0].broker_offset_s)
        return Plate(
            live=True,
            now=bool(reach),
            halted=True,
            latched=latched,
            word=tr("LATCHED") if latched else tr("HALTED"),
            line=f"{since}{text.DOT}{reached(halts)}" if latched else f"{since}{text.DOT}{first.reason}",
            covers=covers,
        )
    why = next((view.cannot_stop_reason for view in reach or some if view.cannot_stop_reason), "")
    word = tr("READY") if reach else tr("Not connected")
    return Plate(live=True, now=bool(reach), halted=False, latched=False, word=word, line=why or "Ctrl+Shift+X",
                 covers=covers)  # fmt: skip


def reaches(view: AccountFrame) -> bool:
    """Whether a stop closes there now. Where a terminal is away it latches, and closes when that is back."""
    return view.can_stop and not (view.cannot_stop_reason and is_past(view))


def reached(halts: Sequence[HaltView]) -> str:
    """How far a stop came, in two words: the banner has the sentence."""
    return tr("flat") if all(halt.flat for halt in halts) else tr("NOT flat")


class StopPlate(QFrame):
    """Yellow when it closes now, grey with the reason when it does not; latched it offers the hold that resets."""

    def __init__(self, send: Callable[[EmergencyStop | Reset], None]) -> None:
        super().__init__()
        self._send, self._name = send, ""
        self._frame: Frame | None = None
        self._scopes, self._shown = Last(), Last()
        self._plate = Plate(live=False, now=False, halted=False, latched=False, word="", line="", covers="")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = StopButton()
        self.button.struck.connect(self.strike)
        self.caption, self.word = Label(tr("EMERGENCY STOP"), 10, theme.BOLD), Label("", 18, theme.BOLD)
        self.line, self.covers = Elided("", 11, theme.STRONG), Label("", 11, theme.STRONG)
        self.hold = HoldButton(tr("Hold 2 s to reset"))
        self.hold.held.connect(self._reset)
        self.this, self.all = button("", "switch"), button("", "switch")
        self._group = QButtonGroup(self)
        self.switch = QFrame()
        self.switch.setObjectName("switch")
        self._lay_out()

    def _lay_out(self) -> None:
        row, words, pair = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout(self.switch)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(14)
        row.addWidget(self.button)
        row.addLayout(words, 1)
        words.setSpacing(1)
        words.addStretch(1)
        for widget in (self.caption, self.word, self.line, self.covers, self.switch, self.hold):
            words.addWidget(widget)
            if widget in {self.line, self.switch}:
                words.addSpacing(5)
        words.addStretch(1)
        pair.setContentsMargins(2, 2, 2, 2)
        pair.setSpacing(0)
        for one in (self.this, self.all):
            one.setCheckable(True)
            self._group.addButton(one)
            pair.addWidget(one, 1)
        self.this.setChecked(True)
        self._group.buttonClicked.connect(self._scope_changed)

    @property
    def scope(self) -> str | None:
        """The account that the plate covers; None for all."""
        return None if self.all.isChecked() and self.all.isVisibleTo(self) else self._name

    @property
    def state(self) -> Plate:
        """What the plate says now."""
        return self._plate

    @property
    def covered(self) -> str:
        """What a press reaches, for the short button: the account's name, `All 3`, or `reaches 2 of 3`."""
        if self.scope is not None or self._frame is None:
            return self._name
        total, reach = len(self._frame.accounts), sum(map(reaches, self._frame.accounts))
        some = tr("reaches {count} of {total}", count=reach, total=total)
        return tr("All {count}", count=total) if reach in {0, total} else some

    def show_account(self, frame: Frame, name: str) -> None:
        """Show the plate for the account of that name, or for all by the switch."""
        self._frame, self._name = frame, name
        count = len(frame.accounts)
        if self._scopes.differs(name, count):
            self.all.setVisible(count > 1)
            self.all.setText(tr("All {count}", count=count))
            self.this.setText(_fitted(self.this, name, 96 if count > 1 else 160))
        self._refresh()

    def strike(self) -> None:
        """Send the stop for the scope, if the plate can act."""
        if self._plate.live:
            self._send(EmergencyStop(account=self.scope))

    def offer_reset(self) -> None:
        """The keys go to the hold that resets, where there is something to reset."""
        if self._plate.halted:
            self.hold.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _scope_changed(self, _: QAbstractButton) -> None:
        self._refresh()

    def _refresh(self) -> None:
        if self._frame is None:
            return
        c, state = theme.colours(), plate(self._frame, self.scope)
        self._plate = state
        armed = any(view.mode == "armed" for view in self._frame.accounts if self.scope in {None, view.name})
        if not self._shown.differs(state, self.covered, armed):
            return
        ink, dim = (c.on_plate, c.on_plate) if state.now else (c.text, c.soft)
        self.button.show_state(live=state.live, latched=state.halted)
        self.caption.say(tr("EMERGENCY STOP"), dim)
        self.word.say(state.word, ink)
        self.line.say(state.line, dim)
        self.covers.say(state.covers, dim)
        said = tr("Emergency stop, {word}, {covers} {covered}, {line}", word=state.word, covers=state.covers,
                  covered=self.covered, line=state.line)  # fmt: skip
        spoken.name(self.button, said)
        self.hold.setVisible(state.halted)
        self.hold.say(tr("untripped levels act again") if armed else "")
        promise = tr(
            "Lifts the halt of {accounts}. It opens nothing again and arms no level that has tripped. "
            "Levels that have not tripped act again at once where rules are armed.",
            accounts=self.covered,
        )
        set_tip(self.hold, promise)
        spoken.name(self.hold, f"{self.hold.text()}. {promise}")
        for one in (self.this, self.all):
            set_look(one, "look", "switch" if state.now else "switch-off")
        edge = c.on_plate if state.now else c.edge
        sheet = f"#switch {{ border: 1px solid {edge}; border-radius: 4px; }}"
        set_sheet(self.switch, sheet)
        self.update()

    def _reset(self) -> None:
        self._send(Reset(account=self.scope))

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, box = theme.colours(), QPainter(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._plate.now:
            shade = QLinearGradient(box.topLeft(), box.bottomRight())
            shade.setColorAt(0, QColor(c.plate_light))
            shade.setColorAt(1, QColor(c.plate))
            painter.setBrush(shade)
            painter.setPen(QColor(c.plate))
        else:
            painter.setBrush(QColor(c.track))
            painter.setPen(QColor(c.edge))
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        painter.end()


def _fitted(widget: QPushButton, words: str, room: int) -> str:
    return widget.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room).replace("&", "&&")


if __name__ == "__main__":
    alone(StopPlate)
