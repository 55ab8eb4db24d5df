"""What if one position held another volume: margin and open risk after it, on the gate's own projection."""

from __future__ import annotations

from monitors.margin_view import what_if
from monitors.ports import AccountFrame
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Row
from ui.panels.fields import Choice, Number, named
from ui.panels.margin import ASKED, state_words
from ui.panels.panel import Panel, why_nothing
from ui.shown import set_tip
from ui.words import tr


class WhatIfCard(Panel):
    """Choose a position and type a volume; nothing here sends anything."""

    def __init__(self) -> None:
        super().__init__(tr("What if"), tr("a calculation"))
        self.position, self.lots = Choice(tr("Position"), 150), Number(tr("Lots"), 84)
        self.body.addLayout(named(tr("Position"), self.position))
        self.body.addLayout(named(tr("Lots then"), self.lots))
        self.rows = {name: Row(words) for name, words in ASKED.items()}
        for row in self.rows.values():
            self.body.addWidget(row)
        self.body.addStretch(1)
        self._view: AccountFrame | None = None
        self._shown: object = None
        self._held = 0.0
        """The lots from which the question began."""
        self.position.currentIndexChanged.connect(self._another)
        self.lots.valueChanged.connect(self._again)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        self._view = view
        self.show_remark(view, now_ms)
        held = view.reading.snapshot.positions if view.reading else ()
        places = view.volume_digits
        self.position.offer(
            [(f"{p.symbol} {text.side(p.side)} {text.lots(p.lots, places.get(p.symbol))}", p.identifier) for p in held]
        )
        now = next((p.lots for p in held if p.identifier == self.position.value), self._held)
        untouched = self.lots.value() == self._held != now and not self.lots.hasFocus()
        if (view.name, self.position.value) != self._shown or untouched:
            self._another()
        else:
            self._again()

    def _another(self) -> None:
        """Begin from what the chosen position holds."""
        view, chosen = self._view, self.position.value
        self._shown = view.name if view else "", chosen
        reading = view.reading if view else None
        position = next((p for p in reading.snapshot.positions if p.identifier == chosen), None) if reading else None
        self.lots.setEnabled(position is not None)
        if reading is not None and position is not None:
            instrument = reading.snapshot.instruments[position.symbol]
            self.lots.setDecimals(instrument.volume_digits)
            self.lots.setSingleStep(instrument.volume_step)
            self.lots.setMaximum(instrument.volume_max)
            self.lots.put(position.lots)
            self._held = position.lots
        else:
            self.lots.put(0.0)
        self._again()

    def _again(self) -> None:
        view, c = self._view, theme.colours()
        reading = view.reading if view else None
        chosen = self.position.value
        if view is None or reading is None or not isinstance(chosen, int):
            words = "" if view is None else why_nothing(view) or tr("no position is held")
            for row in self.rows.values():
                row.say(text.DASH, c.faint)
                set_tip(row, words)
            return
        held = next(p for p in reading.snapshot.positions if p.identifier == chosen)
        steps = round(self.lots.value() / reading.snapshot.instruments[held.symbol].volume_step)
        for name, value, words in state_words(what_if(reading, {chosen: steps}), view):
            if name in self.rows:
                known = text.known(value) is not None and not is_past(view)
                self.rows[name].say(words, c.text if known else c.faint)
                set_tip(self.rows[name], text.reason(value))


if __name__ == "__main__":
    alone(WhatIfCard)
