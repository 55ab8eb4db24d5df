"""The red banner across the window: the truth about a latched stop, or a critical alert nobody has answered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from monitors.ports import AccountFrame, AlertView, Frame, Severity
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.card import Elided, Label
from ui.shown import set_tip
from ui.words import tr, trn

UNANSWERED_MS = 120_000
STOP, FAULT = "stop", "fault"
RESET_THERE = tr("A click leads to the stop's plate, which has the hold that resets")
ALERT_THERE = tr("A click opens this alert: why it is on, and what to do")


class Strip(QWidget):
    """A headline and a sentence on red; `clicked`, or Enter pressed, by whoever has read them."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setFixedHeight(34)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 0, 16, 0)
        line.setSpacing(16)
        self.headline = Label("", 12, theme.STRONG, c.on_stop)
        self.sentence = Elided("", 12, theme.STRONG, c.on_stop)
        line.addWidget(self.headline)
        line.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def say(self, headline: str, sentence: str) -> None:
        """Show these words."""
        self.headline.say(headline)
        self.sentence.say(sentence)
        spoken.name(self, f"{headline}: {sentence}")
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().stop))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(theme.colours().stop_dark))
        painter.end()


class Banner(Strip):
    """Hidden unless there is something that must be read now; a click, or Enter, leads to what it speaks of."""

    led = Signal(str, int)
    """The account, and the alert that waits there; 0 where a halt does."""

    def __init__(self) -> None:
        super().__init__()
        self._about = "", 0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.led.emit(*self._about))

    def show_frame(self, frame: Frame) -> None:
        halted = [view for view in frame.accounts if view.halt]
        unanswered = [alert for alert in frame.alerts if is_unanswered(alert, frame.at_ms)]
        if halted:
            worst = min(halted, key=_rank)
            self._about = worst.name, 0
            set_tip(self, RESET_THERE)
            self.say(*latch_words(worst, halted, len(frame.accounts), frame.at_ms))
        elif unanswered:
            alert = max(unanswered, key=lambda one: (one.severity.rank, -one.raised_ms))
            digits = account_digits(frame, alert.account)
            waited = text.duration((frame.at_ms - alert.raised_ms) / 1_000)
            rest = tr("and {count} more", count=len(unanswered) - 1) if len(unanswered) > 1 else ""
            words = _unanswered(alert, text.alert_title(alert, digits), waited)
            self._about = alert.account, alert.number
            set_tip(self, ALERT_THERE)
            self.say(tr("NOT ACKNOWLEDGED"), text.DOT.join(filter(None, (words, rest))))
        else:
            self.hide()


def _unanswered(alert: AlertView, title: str, waited: str) -> str:
    """Whose alert, which, for how long, and how often it was told again."""
    if not alert.stage:
        return tr("{account}: {title}, for {time}", account=alert.account, title=title, time=waited)
    return trn(
        "{account}: {title}, for {time}, told again once",
        "{account}: {title}, for {time}, told again {count} times",
        alert.stage, account=alert.account, title=title, time=waited,
    )  # fmt: skip


def _rank(view: AccountFrame) -> tuple[int, bool, str]:
    """What the banner speaks of first: a fault, then a stop that is not flat, then one that is, then a rule's halt."""
    kind = view.halt.kind if view.halt else ""
    return {FAULT: 0, STOP: 1}.get(kind, 2), bool(view.halt and view.halt.flat), view.name


def latch_words(view: AccountFrame, halted: list[AccountFrame], total: int, now_ms: int) -> tuple[str, str]:
    """What is halted, how far it came, and who or what lifts it."""
    halt = view.halt
    if halt is None:
        return "", ""
    if len(halted) == 1:
        where = view.name if total > 1 else tr("this account")
    else:
        some = tr("{count} of {total} accounts", count=len(halted), total=total)
        where = some if len(halted) < total else tr("all {total} accounts", total=total)
    headline = {STOP: tr("EMERGENCY STOP LATCHED"), FAULT: tr("FAULT HALT")}.get(halt.kind, tr("HALTED BY RULE"))
    alone = halt.progress or halt.reason
    sentence = f"{alone[:1].upper()}{alone[1:]}"
    reached = f"{view.name}: {halt.progress}" if len(halted) > 1 and halt.progress else sentence
    ending = "" if not reached or reached.endswith(".") else "."
    lasts = _lasting(halted, now_ms)
    return headline, " ".join((tr("Automation is halted on {where}.", where=where), f"{reached}{ending}", lasts))


def _lasting(halted: list[AccountFrame], now_ms: int) -> str:
    """Until when: a halt with a time ends by itself, any other only by a person."""
    held = [view for view in halted if view.halt and view.halt.until_ms is None]
    passing = [view for view in halted if view not in held]
    if not passing:
        return tr("Nothing restarts until you reset it; a click leads there.")
    last = max(passing, key=lambda view: halted_until(view) or 0)
    time = text.when(halted_until(last) or 0, now_ms, last.broker_offset_s, brief=True)
    if not held:
        return (tr("It ends by itself at {time}.", time=time) if len(passing) == 1
                else tr("They end by themselves, the last at {time}.", time=time))  # fmt: skip
    return tr("Nothing restarts on {held} until you reset it; on {passing} it ends by itself at {time}.",
              held=_these(held), passing=_these(passing), time=time)  # fmt: skip


def halted_until(view: AccountFrame) -> int | None:
    """When its halt ends by itself (UTC epoch ms); None where it does not, or where there is none."""
    return view.halt.until_ms if view.halt else None


def _these(views: list[AccountFrame]) -> str:
    return views[0].name if len(views) == 1 else tr("{count} accounts", count=len(views))


def is_unanswered(alert: AlertView, now_ms: int) -> bool:
    """Critical, active, and not acknowledged for two minutes, told again, or its plans are spent."""
    waiting = alert.active and alert.acknowledged_ms is None and alert.severity.rank >= Severity.CRITICAL.rank
    return waiting and (alert.escalated or alert.stage > 0 or now_ms - alert.raised_ms >= UNANSWERED_MS)


def account_digits(frame: Frame, name: str) -> int:
    """The currency digits of an account by name; 2 where it has not been read."""
    return next((view.account.digits for view in frame.accounts if view.name == name and view.account), 2)


if __name__ == "__main__":
    alone(Banner)
