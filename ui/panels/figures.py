"""The strip of six figures over the exposure page: each with its name, its number and its limit."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.analysis import Analysis
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import AccountFrame, LevelView, Severity
from ui import text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.account import is_past
from ui.panels.card import Card, Elided, Label, rule
from ui.panels.limits import by_rule, next_level
from ui.panels.panel import currency, in_money, money_digits, why_nothing
from ui.shown import set_tip
from ui.words import tr, trn

HIGH = 72
NAMES = {
    "Gross exposure": tr("Gross exposure"),
    "Leverage": tr("Leverage"),
    "Largest share": tr("Largest share"),
    "Largest currency leg": tr("Largest currency leg"),
    "Open risk to stops": tr("Open risk to stops"),
    "If every stop is hit": tr("If every stop is hit"),
}


class Figure(QWidget):
    """A name over a number over what it is measured against."""

    def __init__(self, name: str) -> None:
        super().__init__()
        c = theme.colours()
        stack, line = QVBoxLayout(self), QHBoxLayout()
        stack.setContentsMargins(14, 7, 6, 7)
        stack.setSpacing(1)
        line.setSpacing(6)
        self.icon = SeverityIcon()
        self.icon.hide()
        self.name, self.number = Label(name, 11, theme.MEDIUM, c.soft), Elided("", 16, theme.STRONG, c.text)
        self.under = Elided("", 11, theme.MEDIUM, c.soft)
        line.addWidget(self.icon)
        line.addWidget(self.number, 1)
        stack.addWidget(self.name)
        stack.addLayout(line)
        stack.addWidget(self.under)

    def say(self, number: str, under: str, *, past: bool, severity: Severity | None = None, tip: str = "") -> None:
        """Show them; `severity` where the number is past its limit."""
        c = theme.colours()
        shade = c.faint if past else c.severity(severity) if severity else c.text
        self.number.say(number, c.faint if number == text.DASH else shade)
        self.under.say(under, c.faint if past else c.severity(severity) if severity else c.soft)
        self.icon.setVisible(severity is not None and not past)
        if severity:
            self.icon.show_severity(severity, filled=True)
        set_tip(self, tip)


class FigureStrip(Card):
    """Six figures beside each other."""

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self.setFixedHeight(HIGH)
        line = QHBoxLayout()
        line.setSpacing(0)
        self.figures = {name: Figure(words) for name, words in NAMES.items()}
        for place, figure in enumerate(self.figures.values()):
            if place:
                between = rule(upright=True)
                between.setStyleSheet("margin: 10px 0")
                line.addWidget(between)
            line.addWidget(figure, 1)
        self.body.addLayout(line)

    def show_account(self, view: AccountFrame) -> None:
        analysis, past = view.analysis, is_past(view)
        if analysis is None:
            for figure in self.figures.values():
                figure.say(text.DASH, why_nothing(view), past=True)
            return
        self._show_sizes(view, analysis, past=past)
        self._show_shares(view, analysis, past=past)
        self._show_stops(view, analysis, past=past)

    def _show_sizes(self, view: AccountFrame, analysis: Analysis, *, past: bool) -> None:
        shown = analysis.exposure
        held = ", ".join((
            trn("{count} position", "{count} positions", len(analysis.positions)),
            trn("{count} symbol", "{count} symbols", len(shown.symbols)),
        ))  # fmt: skip
        self._say("Gross exposure", shown.total, f"{_whole(shown.total)} {currency(view)}", held, past=past)
        ratio = text.figure(shown.leverage, lambda value: f"{text.number(value, 1)}{text.THIN}:{text.THIN}1")
        level = limit(view, "exposure.leverage")
        under = tr("gross of equity, no limit")
        if level:
            under = tr("limit {limit}", limit=f"{text.short(level.at, 1)}{text.THIN}:{text.THIN}1")
        self._say("Leverage", shown.leverage, ratio, under, past=past, level=level)

    def _show_shares(self, view: AccountFrame, analysis: Analysis, *, past: bool) -> None:
        shown = analysis.exposure
        level = limit(view, "exposure.symbol_pct")
        largest = max(shown.symbols, key=lambda line: line.share, default=None)
        share: Value = 100 * largest.share if largest else NotApplicable(tr("nothing is held"))
        under = f"{largest.symbol}, {_limit_words(level)}" if largest else ""
        self._say("Largest share", share, text.figure(share, text.percent), under, past=past, level=level)
        leg = max(shown.currencies, key=lambda line: abs(line.net), default=None)
        level = limit(view, "exposure.currency_pct")
        equity = view.account.equity if view.account else 0.0
        part: Value = NotApplicable(tr("nothing is held")) if leg is None else Unknown(tr("there is no equity"))
        if leg is not None and equity > 0:
            part = 100 * abs(leg.net) / equity
        under = f"{leg.currency}, {_limit_words(level, tr('of equity'))}" if leg else ""
        self._say(
            "Largest currency leg",
            part,
            text.figure(part, lambda value: text.percent(value, 0)),
            under,
            past=past,
            level=level,
        )

    def _show_stops(self, view: AccountFrame, analysis: Analysis, *, past: bool) -> None:
        shown = analysis.exposure
        equity, risk = view.account.equity if view.account else 0.0, text.known(shown.open_risk)
        pct: Value = 100 * risk / equity if risk is not None and equity > 0 else shown.open_risk
        level = limit(view, "risk.open_pct")
        words = text.figure(pct, lambda value: text.percent(value, 2)) if equity > 0 else text.DASH
        under = tr("of equity, {limit}", limit=_limit_words(level))
        self._say("Open risk to stops", pct, words, under, past=past, level=level)
        crossed = _crossed(analysis)
        number = text.figure(shown.if_stopped, lambda value: in_money(value, view))
        under, severity = tr("no limit is met"), None
        if crossed is not None:
            short, rule, severity = crossed
            under = tr("{amount} under {rule}", amount=text.number(short, money_digits(view)), rule=rule)
        self._say("If every stop is hit", shown.if_stopped, number, under, past=past, severity=severity)

    def _say(
        self,
        name: str,
        value: Value,
        number: str,
        under: str,
        *,
        past: bool,
        level: LevelView | None = None,
        severity: Severity | None = None,
    ) -> None:
        why = text.reason(value)
        worse = severity or (level.severity if level and level.tripped else None)
        shown = number if not why else text.DASH
        # The dash says that it is unknown, and the reason needs the room.
        said = value.reason if isinstance(value, Unknown) else why
        self.figures[name].say(shown, said or under, past=past, severity=None if why else worse, tip=why)


def limit(view: AccountFrame, metric: str) -> LevelView | None:
    """The next level of the rule on a metric; None where no rule watches it."""
    ladders = by_rule(tuple(level for level in view.levels if level.metric == metric))
    return next_level(next(iter(ladders.values()))) if ladders else None


def _limit_words(level: LevelView | None, otherwise: str = "") -> str:
    if level is None:
        return otherwise or tr("no limit")
    return tr("limit {limit}", limit=text.measure(level.metric, level.at, 2, brief=True))


def _crossed(analysis: Analysis) -> tuple[float, str, Severity] | None:
    """By how much equity would be under which rule's level if every stop is hit: the severest that it would pass."""
    left = text.known(analysis.exposure.if_stopped)
    if left is None:
        return None
    passed = [
        (at - left, one.rule, one.severity)
        for one in analysis.distances
        if (at := text.known(one.equity_at)) is not None and left < at
    ]
    return max(passed, key=lambda one: (one[2].rank, one[0]), default=None)


def _whole(value: Value) -> str:
    return text.figure(value, lambda known: text.number(known, 0))


if __name__ == "__main__":
    alone(FigureStrip)
