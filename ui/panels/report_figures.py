"""The five figures of a report beside each other."""

from __future__ import annotations

from itertools import chain

from PySide6.QtWidgets import QHBoxLayout

from monitors.day_figures import headline, together
from monitors.day_report import Report
from monitors.wall import Times
from ui import text, theme
from ui.alone import alone
from ui.panels.card import Card
from ui.panels.figures import HIGH, Figure
from ui.panels.report_tables import against

RESULT, BALANCE, LOWEST, DEEPEST, AGAINST = NAMES = (
    "Result", "Balance", "Lowest equity", "Deepest drawdown", "Against holding")  # fmt: skip


class ReportFigures(Card):
    """What the day came to, and what rules and stops saved or cost of it."""

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self.setFixedHeight(HIGH)
        line = QHBoxLayout()
        line.setSpacing(0)
        self.figures = {name: Figure(name) for name in NAMES}
        for figure in self.figures.values():
            line.addWidget(figure, 1)
        self.body.addLayout(line)

    def show_report(self, report: Report | None) -> None:
        found = headline(report) if report else None
        if report is None or found is None:
            for figure in self.figures.values():
                figure.say(text.DASH, "nothing recorded" if report else "", past=False)
            return
        digits = report.whose.digits
        share = "" if found.result_pct is None else f"{text.percent(found.result_pct, 2)} of the first equity"
        moved = f"{text.signed(report.flows, digits)} moved in or out" if report.flows else ""
        when = Times(report.whose.zone).wall(found.lowest_ms)
        self._say(RESULT, text.signed(found.result, digits), ", ".join(filter(None, (share, moved))), found.result)
        self._say(BALANCE, text.number(found.balance, digits), f"opened {text.number(found.opened, digits)}")
        self._say(LOWEST, text.number(found.lowest, digits), f"at {when:%H:%M}")
        self._say(DEEPEST, text.percent(-found.deepest_pct, 2),
                  f"{text.number(found.deepest, digits)} from the highest")  # fmt: skip
        closed = together(chain(*report.closes))
        booked = "nothing closed" if closed.booked is None else f"booked {text.signed(closed.booked, digits)}"
        untold = f", {closed.untold} not known" if closed.untold else ""
        self._say(AGAINST, against(closed.saved, digits), f"{booked}{untold}", closed.saved)

    def _say(self, name: str, number: str, under: str, gain: float | None = None) -> None:
        self.figures[name].say(number, under, past=False)
        if gain is not None:
            self.figures[name].number.say(number, theme.colours().gain(gain))


if __name__ == "__main__":
    alone(ReportFigures)
