"""Size by the trader's own rule: lots that lose a chosen percent of equity at the stop."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from monitors.kinds import Side
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import AccountFrame
from monitors.sizing import position_size
from ui import text, theme
from ui.alone import alone
from ui.panels.card import Elided, Label
from ui.panels.fields import Choice, Number, named
from ui.panels.panel import Panel, rightward
from ui.words import tr


class SizingCard(Panel):
    """Risk and factor, an instrument that is held, entry and stop; the side follows from where the stop is."""

    def __init__(self) -> None:
        super().__init__(tr("Size by your rule"), tr("a calculation"))
        c = theme.colours()
        self.risk, self.factor = (
            Number(tr("Risk percent"), 64, most=100.0, step=0.1),
            Number(tr("Factor"), 64, most=1.0, step=0.05),
        )
        self.symbol = Choice(tr("Symbol"), 110)
        self.entry, self.stop = Number(tr("Entry price"), 96), Number(tr("Stop price"), 96)
        self.body.addLayout(named(tr("Symbol"), self.symbol))
        self.body.addLayout(named(tr("Risk %, factor"), self.risk, self.factor))
        self.body.addLayout(named(tr("Entry, stop"), self.entry, self.stop))
        answer = QHBoxLayout()
        answer.addWidget(Label(tr("Lots"), 12, theme.MEDIUM, c.soft))
        self.lots = rightward(Label(text.DASH, 16, theme.STRONG, c.text))
        answer.addWidget(self.lots, 1)
        self.why = Elided("", 11, theme.MEDIUM, c.soft)
        self.body.addLayout(answer)
        self.body.addWidget(self.why)
        self.body.addStretch(1)
        self._view: AccountFrame | None = None
        self._shown: object = None
        self._own: set[Number] = set()
        self.symbol.currentIndexChanged.connect(self._another)
        for field in (self.risk, self.factor):
            field.valueChanged.connect(partial(self._typed, field))
        for field in (self.risk, self.factor, self.entry, self.stop):
            field.valueChanged.connect(self._again)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        """Risk follows the config and the factor the drawdown, until a person types another."""
        if self._view is not None and self._view.name != view.name:
            self._own.clear()
        self._view = view
        self.show_remark(view, now_ms)
        factor = text.known(view.analysis.drawdowns.size_factor) if view.analysis else None
        for field, value in ((self.risk, view.analysis.risk_pct if view.analysis else None), (self.factor, factor)):
            if value is not None and field not in self._own and not field.hasFocus():
                field.put(value)
        names = view.reading.book.symbols if view.reading else ()
        self.symbol.offer([(name, name) for name in names])
        if (view.name, self.symbol.value) != self._shown:
            self._another()
        else:
            self._again()

    def _typed(self, field: Number, _value: float) -> None:
        """`put` tells nobody, so a person did."""
        self._own.add(field)

    def _another(self) -> None:
        """Begin at the symbol's present price."""
        view, chosen = self._view, self.symbol.value
        self._shown = view.name if view else "", chosen
        if view is not None and view.reading is not None and isinstance(chosen, str):
            snapshot = view.reading.snapshot
            instrument, quote = snapshot.instruments[chosen], snapshot.quotes[chosen]
            for field in (self.entry, self.stop):
                field.setDecimals(instrument.digits)
                field.setSingleStep(10 * instrument.point)
            self.entry.put(quote.ask)
            self.stop.put(0.0)
        else:
            self.entry.put(0.0)
            self.stop.put(0.0)
        self._again()

    def _again(self) -> None:
        c, value = theme.colours(), self.answer()
        chosen, places = self.symbol.value, 2
        if self._view is not None and isinstance(chosen, str):
            places = self._view.volume_digits.get(chosen, places)
        self.lots.say(text.figure(value, lambda lots: text.number(lots, places)), c.text)
        self.why.say(text.reason(value) or tr("rounded down to the step"), c.soft)

    def answer(self) -> Value:
        """The lots, or why there are none."""
        view, chosen = self._view, self.symbol.value
        if view is None or view.reading is None or view.account is None or not isinstance(chosen, str):
            return NotApplicable(tr("no symbol is held"))
        snapshot = view.reading.snapshot
        rates = snapshot.rates.get(chosen)
        if rates is None:
            return Unknown(tr("a conversion rate is missing"))
        entry, stop = self.entry.value(), self.stop.value()
        return position_size(
            snapshot.instruments[chosen],
            rates,
            currency=snapshot.account.currency,
            equity=view.account.equity,
            risk_pct=self.risk.value(),
            factor=self.factor.value(),
            opened=entry,
            stop=stop,
            side=Side.BUY if stop < entry else Side.SELL,
        )


if __name__ == "__main__":
    alone(SizingCard)
