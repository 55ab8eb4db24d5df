"""All accounts together in the display currency; those that are in no sum are named."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from monitors.exposure_view import DeskExposure, ExposureView, desk_exposure
from monitors.model import Unknown, Value
from monitors.ports import AccountFrame, Frame
from monitors.results import Desk, Results, desk
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Card, Elided, Label
from ui.panels.figures import Figure
from ui.words import tr, trn

HIGH, DIGITS = 92, 2
NAMES = {
    "Equity": tr("Equity"),
    "Floating": tr("Floating"),
    "Today": tr("Today"),
    "This week": tr("This week"),
    "This month": tr("This month"),
    "Gross exposure": tr("Gross exposure"),
}
*SUMS, EXPOSURE = NAMES
BOOKED = tr("today, week and month are what was booked, without what floats")
"""The chips say the day with what floats."""


class DeskStrip(Card):
    """Six sums beside each other, and under them who is left out and why."""

    def __init__(self) -> None:
        super().__init__(margins=(0, 0, 0, 6))
        self.setFixedHeight(HIGH)
        c, line = theme.colours(), QHBoxLayout()
        line.setSpacing(0)
        self.figures = {name: Figure(words) for name, words in NAMES.items()}
        for figure in self.figures.values():
            line.addWidget(figure, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 0, 14, 0)
        foot.setSpacing(4)
        self.title = Label("", 11, theme.STRONG, c.soft)
        self.left_out = Elided("", 11, theme.MEDIUM, c.high)
        foot.addWidget(self.title)
        foot.addWidget(self.left_out, 1)
        self.body.setSpacing(0)
        self.body.addLayout(line)
        self.body.addLayout(foot)

    def show_frame(self, frame: Frame) -> None:
        """An account that is only remembered is in no sum: its figures are not those of now."""
        found = desk([_part(view) for view in frame.accounts])
        together = trn("{count} account together", "{count} accounts together", found.accounts)
        parts = together, tr("in {currency}", currency=found.currency or text.DASH), BOOKED
        self.title.say(text.DOT.join(parts))
        words = ", ".join(f"{name}: {why}" for name, why in found.left_out)
        self.left_out.say(text.DOT.lstrip() + tr("not counted: {accounts}", accounts=words) if words else "")
        for name, value in _values(found).items():
            self._say(name, value, found.currency)
        self._say_exposure(found, frame)

    def _say(self, name: str, value: Value, currency: str) -> None:
        known, c = text.known(value), theme.colours()
        write = text.number if name == "Equity" else text.signed
        figure = self.figures[name]
        why = text.reason(value)
        words = text.figure(value, lambda one: write(one, DIGITS))
        figure.say(words, tr("unknown") if why else currency, past=False, tip=why)
        if known is not None and name != "Equity":
            figure.number.say(figure.number.full, c.gain(known))

    def _say_exposure(self, found: Desk, frame: Frame) -> None:
        """What all the accounts in the sums hold together; symbol by symbol and currency by currency in the tip."""
        left_out = {name for name, _ in found.left_out}
        whole = desk_exposure([_held_by(view) for view in frame.accounts if view.name not in left_out])
        value = _gross(found, whole)
        words, why = text.figure(value, lambda one: text.number(one, 0)), text.reason(value)
        leg = max(whole.currencies, key=lambda line: abs(line.net), default=None)
        under = found.currency
        if leg:
            net = text.signed(leg.net, 0)
            under += text.DOT + tr("net {currency} {net}", currency=leg.currency, net=net)
        tip = why or "\n".join([
            *(tr("{currency}: net {net}", currency=line.currency, net=text.signed(line.net, 0))
              for line in whole.currencies),
            *(tr("{symbol}: {gross}, net {net}", symbol=line.symbol, gross=text.number(line.gross, 0),
                 net=text.signed(line.net, 0)) for line in whole.symbols),
        ])  # fmt: skip
        self.figures[EXPOSURE].say(words, tr("unknown") if why else under, past=False, tip=tip)


def _gross(found: Desk, whole: DeskExposure) -> Value:
    if not found.accounts:
        return Unknown(tr("no account is seen in the display currency"))
    if whole.unconverted:
        return Unknown(tr("no rate converts {currencies}", currencies=", ".join(whole.unconverted)))
    return sum((line.gross for line in whole.symbols), 0.0)


def _held_by(view: AccountFrame) -> tuple[str, ExposureView | None, Value]:
    found = view.analysis
    if found is None:
        return view.name, None, Unknown(tr("not seen"))
    return view.name, found.exposure, found.results.display_rate


def _part(view: AccountFrame) -> tuple[str, float | None, Results | None]:
    if is_past(view) or view.account is None or view.analysis is None:
        return view.name, None, None
    return view.name, view.account.equity, view.analysis.results


def _values(found: Desk) -> dict[str, Value]:
    return dict(zip(SUMS, (found.equity, found.floating, found.today, found.week, found.month), strict=True))


if __name__ == "__main__":
    alone(DeskStrip)
