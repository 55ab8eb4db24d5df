"""How much of one position to close, and what margin, risk and result are then: asked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from monitors.by_hand import close_part
from monitors.margin_view import what_if
from monitors.model import Instrument, Position
from monitors.ports import AccountFrame, ClosePart, Command
from ui import text, theme
from ui.alone import alone
from ui.asking import ARROW, Asking
from ui.panels.card import Label, button
from ui.panels.fields import Number, named
from ui.panels.margin import ASKED, state_words
from ui.panels.panel import currency, money_digits
from ui.words import tr

SHARES = (25, 50, 75, 100)
STAYS, RESULT = NAMES = {
    "Stays open": tr("Stays open"),
    "Result of that part": tr("Result of that part"),
}


class ClosePartWindow(Asking):
    """The lots to close, by shares or typed; the result is that of present prices, without commission."""

    def __init__(self, parent: QWidget | None, send: Callable[[Command], None], position: int) -> None:
        super().__init__(parent, send, position, NAMES | ASKED)
        self.setWindowTitle(tr("Close a part"))
        self.lots = Number(tr("Lots to close"), 96)
        self.shares = {share: button(f"{share}{text.THIN}%", "range") for share in SHARES}
        line = QHBoxLayout()
        for share, one in self.shares.items():
            one.clicked.connect(partial(self._take, share))
            line.addWidget(one)
        line.addStretch(1)
        self.fields.addLayout(named(tr("Lots to close"), self.lots))
        self.fields.addLayout(line)
        words = tr("At market. What the broker refuses is tried again for a minute.")
        note = Label(words, 11, theme.MEDIUM, theme.colours().faint)
        note.setWordWrap(True)
        self.fields.addWidget(note)
        self.lots.valueChanged.connect(self.again)

    def begin(self, view: AccountFrame, held: Position) -> None:
        instrument = view.reading.snapshot.instruments[held.symbol] if view.reading else None
        if instrument:
            self.lots.setDecimals(instrument.volume_digits)
            self.lots.setSingleStep(instrument.volume_step)
        self.lots.setMaximum(held.lots)
        self._take(SHARES[1])

    def _take(self, share: int) -> None:
        """That share of what is held now, rounded down to the step; the least there is where that is nothing."""
        held, reading = self.held, self.view.reading if self.view else None
        if held is None or reading is None:
            return
        instrument = reading.snapshot.instruments[held.symbol]
        steps = held.steps * share // 100 if share < SHARES[-1] else held.steps
        self.lots.put(instrument.lots(min(held.steps, max(steps, instrument.min_steps))))
        self.again()

    def again(self) -> None:
        view, held = self.view, self.held
        if view is None or view.reading is None or held is None:
            return
        steps = close_part(view.reading, self.position, self._left(held))
        if isinstance(steps, str):
            self.refuse(steps)
            return
        instrument = view.reading.snapshot.instruments[held.symbol]
        closing = held.steps - steps
        then = state_words(what_if(view.reading, {self.position: steps}), view)
        now = {name: words for name, _, words in state_words(what_if(view.reading, {}), view)}
        rows = {name: f"{now[name]}{ARROW}{words}" for name, _, words in then}
        rows[STAYS] = tr("{lots} lots", lots=_lots(steps, instrument)) if steps else tr("nothing")
        result = (held.profit + held.swap) * closing / held.steps
        rows[RESULT] = f"{text.signed(result, money_digits(view))} {currency(view)}".strip()
        wanted = ClosePart(account=view.name, position=self.position, held=held.lots, left=instrument.lots(steps))
        self.offer(tr("Close {lots} {symbol}", lots=_lots(closing, instrument), symbol=held.symbol), rows, wanted)

    def _left(self, held: Position) -> float:
        return round(held.lots - self.lots.value(), 8)


def _lots(steps: int, instrument: Instrument) -> str:
    return text.lots(instrument.lots(steps), instrument.volume_digits)


if __name__ == "__main__":
    alone(ClosePartWindow)
