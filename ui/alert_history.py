"""Every alert that was ever raised, to search and to filter; beside the window, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from monitors.ports import AlertView, Severity
from ui import motion, text, theme
from ui.alone import alone
from ui.aside import Aside
from ui.panels.card import Label, button
from ui.panels.cells import Cells, Column
from ui.panels.fields import HIGH, Choice
from ui.panels.table import Table
from ui.words import tr, trn

COLUMNS = (
    Column(head=tr("Raised"), left=True, least=112, tip=tr("Broker time")),
    Column(head=tr("Account"), left=True, share=1),
    Column(head=tr("Alert"), left=True, bold=True, share=2),
    Column(head=tr("Severity"), left=True, share=0),
    Column(head=tr("Value"), bold=True, tip=tr("When it was raised")),
    Column(head=tr("Seen after"), tip=tr("From raised to acknowledged")),
    Column(head=tr("Over after"), tip=tr("From raised to cleared")),
)
STATES: tuple[tuple[str, object], ...] = (
    (tr("All states"), ""),
    (tr("Not acknowledged"), "unseen"),
    (tr("Still active"), "active"),
    (tr("Over"), "over"),
)
SEVERITIES: tuple[tuple[str, object], ...] = (
    (tr("All severities"), 0),
    *((tr("{severity} and above", severity=text.severity_name(one).capitalize()), one.rank) for one in [*Severity][1:]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlert:
    """One occurrence, with what its account's figures and times are written in."""

    view: AlertView
    digits: int = 2
    offset_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is looked for; words of `text` may stand in any order."""

    text: str = ""
    severity: int = 0
    state: str = ""
    account: str = ""

    def takes(self, one: PastAlert) -> bool:
        """Whether all of it fits."""
        view = one.view
        states = {"unseen": view.acknowledged_ms is None, "active": view.active, "over": not view.active}
        return (
            view.severity.rank >= self.severity
            and states.get(self.state, True)
            and self.account in ("", view.account)
            and all(word in _words(one) for word in self.text.casefold().split())
        )


class AlertHistory(QDialog):
    """Read anew whenever it is opened, and by a click."""

    def __init__(self, read: Callable[[], Sequence[PastAlert]], parent: QWidget | None) -> None:
        """`read` gives them newest first; what it raises as an OSError or a ValueError is shown in its place."""
        super().__init__(parent)
        self.setWindowTitle(tr("Alert history"))
        self.setModal(False)
        self.resize(980, 560)
        c = theme.colours()
        self._read = read
        self._past: Sequence[PastAlert] = ()
        self.aside = Aside(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search rule, metric, symbol or position"))
        self.search.setAccessibleName(tr("Search"))
        self.search.setClearButtonEnabled(not motion.still())  # it fades in and out
        self.search.setFont(theme.font(12))
        self.search.setFixedHeight(HIGH)
        self.account, self.severity = Choice(tr("Account"), 130), Choice(tr("Severity"), 140)
        self.state = Choice(tr("State"), 140)
        self.severity.offer(SEVERITIES)
        self.state.offer(STATES)
        self.again = button(tr("Refresh"))
        self.count = Label("", 11, theme.MEDIUM, c.faint)
        self.table = Table(COLUMNS, row_px=26)
        self.search.textChanged.connect(self.filter)
        for choice in (self.account, self.severity, self.state):
            choice.currentIndexChanged.connect(self.filter)
        self.again.clicked.connect(self.read)
        fields, whole = QHBoxLayout(), QVBoxLayout(self)
        whole.setContentsMargins(14, 12, 14, 12)
        for field in (self.account, self.severity, self.state, self.again):
            fields.addWidget(field)
        fields.insertWidget(0, self.search, 1)
        whole.addLayout(fields)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.count, 0, Qt.AlignmentFlag.AlignRight)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus()
        self.read()

    def read(self) -> None:
        """Have what there is by now read, beside the window's thread."""
        self.aside.ask(self._read, self._take, self._failed)

    def _take(self, past: Sequence[PastAlert]) -> None:
        self._past = past
        names = sorted({one.view.account for one in past})
        self.account.offer([(tr("All accounts"), ""), *((name, name) for name in names)])
        self.filter()

    def relook(self) -> None:
        """The rows in another look."""
        self.filter()

    def _failed(self, why: str) -> None:
        self._take(())
        self.count.say(why, theme.colours().critical)

    def filter(self) -> None:
        """Show those that fit."""
        wanted = Filter(text=self.search.text(), severity=int(str(self.severity.value or 0)),
                        state=str(self.state.value or ""), account=str(self.account.value or ""))  # fmt: skip
        found = [one for one in self._past if wanted.takes(one)]
        self.table.show_facts(found, _row)
        every = len(self._past)
        words = trn("{shown} of {count} alert", "{shown} of {count} alerts", every, shown=len(found))
        self.count.say(words if every else tr("No alert was raised yet"), theme.colours().faint)


def _words(one: PastAlert) -> str:
    view = one.view
    which = "" if view.position is None else f"{view.position}"
    return " ".join(
        (view.account, view.rule, view.metric, text.alert_title(view, one.digits), view.symbol, which)
    ).casefold()


def _row(one: PastAlert) -> Cells:
    c, view = theme.colours(), one.view
    then = text.moment(view.raised_ms, one.offset_s)
    seen = text.DASH if view.acknowledged_ms is None else text.took((view.acknowledged_ms - view.raised_ms) / 1000)
    over = tr("active") if view.active else text.duration(((view.cleared_ms or view.raised_ms) - view.raised_ms) / 1000)
    title = text.alert_title(view, one.digits)
    value = text.DASH if view.value is None else text.measure(view.metric, view.value, one.digits)
    late = view.acknowledged_ms is None
    return Cells(
        texts=(f"{then:%a} {then.day} {then:%b %H:%M:%S}", view.account, title, text.severity_name(view.severity),
               value, seen, over),
        colours=(c.soft, c.soft, c.text, c.severity(view.severity), c.text, c.high if late else c.soft,
                 c.text if view.active else c.soft),
        tips=((0, text.times(view.raised_ms, one.offset_s)), (2, view.rule)),
    )  # fmt: skip


if __name__ == "__main__":
    alone(lambda frame, parent: AlertHistory(lambda: [PastAlert(view=one) for one in frame.alerts], parent))
