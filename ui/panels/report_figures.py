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
from ui.words import tr

RESULT, BALANCE, LOWEST, DEEPEST, AGAINST = NAMES = {
    "Result": tr("Result"),
    "Balance": tr("Balance"),
    "Lowest equity": tr("Lowest equity"),
    "Deepest drawdown": tr("Deepest drawdown"),
    "Against holding": tr("Against holding"),
}


class ReportFigures(Card):
    """What the day came to, and what rules and stops saved or cost of it."""

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self.setFixedHeight(HIGH)
        line = QHBoxLayout()
        line.setSpacing(0)
        self.figures = {name: Figure(words) for name, words in NAMES.items()}
        for figure in self.figures.values():
            line.addWidget(figure, 1)
        self.body.addLayout(line)

    def show_report(self, report: Report | None) -> None:
        found = headline(report) if report else None
        if report is None or found is None:
            for figure in self.figures.values():
                figure.say(text.DASH, tr("nothing recorded") if report else "", past=False)
            return
        digits = report.whose.digits
        share = "" if found.result_pct is None else _share(found.result_pct)
        moved = tr("{amount} moved in or out", amount=text.signed(report.flows, digits)) if report.flows else ""
        when = Times(report.whose.zone).wall(found.lowest_ms)
        self._say(RESULT, text.signed(found.result, digits), ", ".join(filter(None, (share, moved))), found.result)
        opened = tr("opened {balance}", balance=text.number(found.opened, digits))
        self._say(BALANCE, text.number(found.balance, digits), opened)
        self._say(LOWEST, text.number(found.lowest, digits), tr("at {time:%H:%M}", time=when))
        self._say(DEEPEST, text.percent(-found.deepest_pct, 2),
                  tr("{amount} from the highest", amount=text.number(found.deepest, digits)))  # fmt: skip
        closed = together(chain(*report.closes))
        booked = tr("nothing closed")
        if closed.booked is not None:
            booked = tr("booked {amount}", amount=text.signed(closed.booked, digits))
        untold = tr("{count} not known", count=closed.untold) if closed.untold else ""
        self._say(AGAINST, against(closed.saved, digits), ", ".join(filter(None, (booked, untold))), closed.saved)

    def _say(self, name: str, number: str, under: str, gain: float | None = None) -> None:
        self.figures[name].say(number, under, past=False)
        if gain is not None:
            self.figures[name].number.say(number, theme.colours().gain(gain))


def _share(result_pct: float) -> str:
    return tr("{percent} of the first equity", percent=text.percent(result_pct, 2))


if __name__ == "__main__":
    alone(ReportFigures)
