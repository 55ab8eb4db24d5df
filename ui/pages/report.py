"""The page of the day's report: one account's day from the history store, and the same as a file."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from monitors.day_report import NO_AUDIT, Report, Reports
from monitors.ports import AccountFrame, Frame
from ui import text, theme
from ui.aside import Aside
from ui.charts.day import DayCurve
from ui.pages.page import Given, Page, column
from ui.panels.card import Card, Elided, button
from ui.panels.fields import Choice
from ui.panels.report_alerts import AlertsOfDay
from ui.panels.report_figures import ReportFigures
from ui.panels.report_tables import PositionsOfDay, ResponsesOfDay, StrategiesOfDay
from ui.words import tr

BAR_PX = 44
NOTHING = tr("Nothing of this account was recorded yet")
KINDS = {".html": "HTML (*.html)", ".pdf": "PDF (*.pdf)"}


class ReportPage(Page):
    """Read beside the window's thread when it is shown, when another day or account is chosen, and on a click."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self._reports: Reports | None = None
        self._account: tuple[str, int] | None = None
        self._name, self._today = "", ""
        self.report: Report | None = None
        self.days, self.reading, self.saving = Aside(self), Aside(self), Aside(self)
        self.day = Choice(tr("Day"), 190)
        self.earlier, self.later, self.again = button("◀"), button("▶"), button(tr("Refresh"))
        self.earlier.setAccessibleName(tr("Earlier day"))
        self.later.setAccessibleName(tr("Later day"))
        self.state = Elided("", 12, theme.MEDIUM, c.soft)
        self.html, self.pdf = button(tr("Save as HTML…")), button(tr("Save as PDF…"))
        self.figures, self.curve, self.alerts = ReportFigures(), DayCurve(), AlertsOfDay()
        self.responses, self.strategies, self.positions = ResponsesOfDay(), StrategiesOfDay(), PositionsOfDay()
        self.audit = Elided("", 11, theme.MEDIUM, c.faint)
        self.dialog: QFileDialog | None = None
        self.day.currentIndexChanged.connect(self._ask)
        self.earlier.clicked.connect(partial(self._step, 1))
        self.later.clicked.connect(partial(self._step, -1))
        self.again.clicked.connect(self.read)
        self.html.clicked.connect(partial(self._choose, ".html"))
        self.pdf.clicked.connect(partial(self._choose, ".pdf"))
        self._lay_out()
        self._show(None)

    def _lay_out(self) -> None:
        bar, line = Card(margins=(14, 0, 10, 0)), QHBoxLayout()
        bar.setFixedHeight(BAR_PX)
        line.setSpacing(8)
        for widget in (self.earlier, self.day, self.later, self.again):
            line.addWidget(widget)
        line.addWidget(self.state, 1)
        line.addWidget(self.html)
        line.addWidget(self.pdf)
        bar.body.addLayout(line)
        left = column((self.curve, 5), (self.responses, 4), gap=theme.GAP)
        right = column((self.alerts, 5), (self.strategies, 4), (self.positions, 0), gap=theme.GAP)
        both, whole = QHBoxLayout(), QVBoxLayout(self)
        both.setSpacing(theme.GAP)
        both.addWidget(left, 4)
        both.addWidget(right, 3)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, 4)
        whole.setSpacing(theme.GAP)
        whole.addWidget(bar)
        whole.addWidget(self.figures)
        whole.addLayout(both, 1)
        whole.addWidget(self.audit)

    def begin(self, given: Given) -> None:
        self._reports = given.reports

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        self._today = f"{text.moment(frame.at_ms, view.broker_offset_s):%Y-%m-%d}"
        self._name = view.name
        if (view.server, view.login) != self._account:
            self._account = view.server, view.login
            self.day.offer([])
            self._show(None)
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Which days there are, then the chosen one."""
        if self._reports is None or self._account is None:
            self._say(tr("No history is kept here"))
            return
        self._say(tr("Reading…"))
        self.days.ask(partial(self._reports.days, *self._account), self._take_days, self._failed)

    def _take_days(self, days: tuple[str, ...]) -> None:
        self.day.offer([(self._worded(day), day) for day in days])
        if days:
            self._ask()
        else:
            self._show(None)
            self._say(NOTHING)

    def _ask(self) -> None:
        day = self.day.value
        self.earlier.setEnabled(self.day.currentIndex() < self.day.count() - 1)
        self.later.setEnabled(self.day.currentIndex() > 0)
        if self._reports is not None and self._account is not None and isinstance(day, str):
            self._say(tr("Reading…"))
            self.reading.ask(partial(self._reports.report, *self._account, day), self._take, self._failed)

    def _take(self, report: Report) -> None:
        if (report.whose.server, report.whose.login) == self._account:
            self._show(report)
            self._say("")

    def _failed(self, why: str) -> None:
        self._show(None)
        self._say(tr("Not read: {why}", why=why), theme.colours().critical)

    def _show(self, report: Report | None) -> None:
        c, self.report = theme.colours(), report
        self.curve.show_report(report, " " if report is None else "")
        for part in (self.figures, self.alerts, self.responses, self.strategies, self.positions):
            part.show_report(report)
        audit = report.audit if report else None
        damage = f": {audit.damage}" if audit and audit.damage else ""
        self.audit.say(f"{audit or NO_AUDIT}{damage}" if report else "", c.critical if damage else c.faint)
        self.html.setEnabled(report is not None)
        self.pdf.setEnabled(report is not None)

    def _step(self, places: int) -> None:
        self.day.setCurrentIndex(min(max(self.day.currentIndex() + places, 0), self.day.count() - 1))

    def _worded(self, day: str) -> str:
        found = date.fromisoformat(day)
        words = f"{found:%a} {found.day} {found:%b %Y}"
        return tr("Today, {day}", day=words) if day == self._today else words

    def _choose(self, ending: str) -> None:
        """Where to: Qt's own dialog, since one of the system's would keep the stop's keys to itself."""
        self.dialog = QFileDialog(self, tr("Save the report"), "", KINDS[ending])
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # and with it its thread, which lists folders
        self.dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setDefaultSuffix(ending[1:])
        self.dialog.selectFile(f"{re.sub(r'[^A-Za-z0-9]+', '-', self._name).strip('-')}-{self.day.value}{ending}")
        self.dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        self.dialog.open()

    def save(self, out: Path) -> None:
        """The shown day as that file; what it is follows from the file's name."""
        day = self.day.value
        if self._reports is None or self._account is None or not isinstance(day, str):
            return
        self._say(tr("Saving {file}…", file=out.name))
        self.saving.ask(partial(self._reports.save, *self._account, day, out),
                        lambda _: self._say(tr("Saved {file}", file=out), theme.colours().profit),
                        lambda why: self._say(tr("Not saved: {why}", why=why), theme.colours().critical))  # fmt: skip

    def _say(self, words: str, colour: str = "") -> None:
        self.state.say(words, colour or theme.colours().soft)


PAGE = ReportPage
