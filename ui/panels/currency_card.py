"""A card of the overview: what the accounts of one currency hold together, and which of them has the least room."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from monitors.overview import CurrencySum, sums
from ui import text, theme
from ui.alone import alone
from ui.panels.card import Card, Elided, Label
from ui.panels.limits import CALM
from ui.panels.panel import rightward
from ui.shown import set_tip
from ui.words import tr, trn

NAMES = {
    "Equity": tr("Equity"),
    "Day P/L": tr("Day P/L"),
    "Least room": tr("Least room"),
}


class CurrencyCard(Card):
    """Never a sum across currencies; an account that is not seen is named and not counted."""

    def __init__(self) -> None:
        super().__init__(margins=(14, 10, 14, 9))
        c = theme.colours()
        self.title, self.counted = Label("", 13, theme.STRONG, c.text), Elided("", 11, theme.MEDIUM, c.faint)
        self.figures = {name: Label("", 15, theme.STRONG, c.text) for name in NAMES}
        self.under = rightward(Label("", 11, theme.MEDIUM, c.faint))
        head, three = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.counted, 1)
        for name, figure in self.figures.items():
            stack = QVBoxLayout()
            stack.setSpacing(0)
            caption = Label(NAMES[name], 11, theme.MEDIUM, c.soft)
            if name != "Equity":
                rightward(caption)
                rightward(figure)
            stack.addWidget(caption)
            stack.addWidget(figure)
            three.addLayout(stack, 1)
        self.body.addLayout(head)
        self.body.addLayout(three)
        self.body.addWidget(self.under)

    def show_sum(self, found: CurrencySum) -> None:
        c = theme.colours()
        self.title.say(found.currency)
        words = trn("{count} account", "{count} accounts", found.accounts)
        without = tr("{count} without data, not counted", count=len(found.without)) if found.without else ""
        self.counted.say(text.DOT.join(filter(None, (words, without))), c.high if without else c.faint)
        set_tip(self.counted, ", ".join(found.without))
        none = not found.accounts
        self.figures["Equity"].say(text.DASH if none else text.number(found.equity, found.digits))
        unknown = none or found.today is None
        self.figures["Day P/L"].say(text.DASH if unknown else text.signed(found.today or 0.0, found.digits),
                                    c.faint if unknown else c.gain(found.today))  # fmt: skip
        name, share = found.least or ("", 1.0)
        self.figures["Least room"].say(text.percent(100 * share, 0) if found.least else text.DASH,
                                       c.text if share > CALM else c.high)  # fmt: skip
        self.under.say(tr("tightest: {name}", name=name) if found.least else tr("no limit with a room"))


if __name__ == "__main__":
    alone(CurrencyCard, lambda widget, frame: widget.show_sum(sums(frame.accounts)[0]))
