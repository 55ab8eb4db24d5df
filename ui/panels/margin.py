"""Margin with its cushion, the broker's own lines, and what it would be if the pending orders fill."""

from __future__ import annotations

from monitors.margin_view import Line, MarginState, MarginView
from monitors.model import Value
from monitors.ports import AccountFrame
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Row
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.shown import set_tip
from ui.words import tr

ASKED = {
    "Margin level": tr("Margin level"),
    "Used margin": tr("Used margin"),
    "Free margin": tr("Free margin"),
    "Open risk": tr("Open risk"),
}
"""What a question about positions is answered with."""
NAMES = {
    "Margin level": ASKED["Margin level"],
    "Used margin": ASKED["Used margin"],
    "Free margin": ASKED["Free margin"],
    "Cushion": tr("Cushion"),
    "Margin call": tr("Margin call"),
    "Stop-out": tr("Stop-out"),
    "If pendings fill": tr("If pendings fill"),
}


class MarginCard(Panel):
    """A row a figure; a line of the broker's names the equity at which it is met."""

    def __init__(self) -> None:
        super().__init__(tr("Margin"))
        self.rows = {name: Row(words) for name, words in NAMES.items()}
        for row in self.rows.values():
            self.body.addWidget(row)
        self.body.addStretch(1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c, past = theme.colours(), is_past(view)
        self.show_remark(view, now_ms)
        if view.analysis is None:
            for row in self.rows.values():
                row.say(text.DASH, c.faint)
                set_tip(row, why_nothing(view))
            return
        margin, shade = view.analysis.margin, c.faint if past else c.text
        for name, value, words in state_words(margin.now, view):
            if name in self.rows:
                self.rows[name].say(words, shade if text.known(value) is not None else c.faint)
                set_tip(self.rows[name], text.reason(value))
        self._show_lines(margin, view, shade)

    def _show_lines(self, margin: MarginView, view: AccountFrame, shade: str) -> None:
        lines = {line.name.lower(): line for line in margin.lines}
        for name in ("Margin call", "Stop-out"):
            line = next(
                (found for key, found in lines.items() if name.lower().replace("-", " ") in key.replace("-", " ")), None
            )
            self.rows[name].say(line_words(line, view) if line else tr("none"), shade)
            set_tip(self.rows[name], _line_tip(line, view) if line else tr("The broker states no such line"))
        filled = margin.if_filled
        if filled is None:
            self.rows["If pendings fill"].say(tr("no pending orders"), theme.colours().faint)
            return
        level = text.figure(filled.level_pct, text.percent)
        used = text.figure(filled.used, lambda value: text.number(value, money_digits(view)))
        self.rows["If pendings fill"].say(text.DOT.join((level, tr("{margin} used", margin=used))), shade)
        words_of = NAMES | ASKED
        tip = [f"{words_of[name]} {words}" for name, _, words in state_words(filled, view)]
        why = text.reason(filled.level_pct)
        set_tip(self.rows["If pendings fill"], "\n".join([*([why] if why else []), *tip]))


def state_words(state: MarginState, view: AccountFrame) -> list[tuple[str, Value, str]]:
    """Name, value and words of each figure of a margin state; the name as in `NAMES` or `ASKED`."""
    digits = money_digits(view)

    def money(value: float) -> str:
        return text.number(value, digits)

    return [
        ("Margin level", state.level_pct, text.figure(state.level_pct, text.percent)),
        ("Used margin", state.used, text.figure(state.used, money)),
        ("Free margin", state.free, text.figure(state.free, money)),
        ("Cushion", state.cushion, text.figure(state.cushion, lambda value: text.percent(100 * value))),
        ("Open risk", state.open_risk, text.figure(state.open_risk, money)),
    ]


def line_words(line: Line, view: AccountFrame) -> str:
    """`50 %, 63 446.55 away`; without what is away where no margin is used."""
    digits = money_digits(view)
    at = text.number(line.at, digits) if line.in_money else f"{text.short(line.at, 1)}{text.THIN}%"
    if text.known(line.room) is None:
        return at
    room = text.figure(line.room, lambda value: text.number(value, digits))
    return text.DOT.join((at, tr("{room} away", room=room)))


def _line_tip(line: Line, view: AccountFrame) -> str:
    why = text.reason(line.equity)
    equity = text.figure(line.equity, lambda value: text.number(value, money_digits(view)))
    return why or tr("At equity {equity}", equity=equity)


if __name__ == "__main__":
    alone(MarginCard)
