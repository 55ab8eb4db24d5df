"""How far every rule is from its next level: in its own unit, money, percent, points of a symbol and minutes."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from monitors.distance import Distance
from monitors.ports import AccountFrame, Severity
from ui import text, theme
from ui.alone import alone
from ui.icons import paint_severity
from ui.panels.account import is_past
from ui.panels.card import Elided
from ui.panels.cells import Cells, Column
from ui.panels.fields import Choice
from ui.panels.limits import room_shade, used
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.panels.rule_list import away, distance_title, level_of
from ui.panels.table import Table
from ui.shown import set_tip
from ui.words import tr

ROW_PX, NEAREST = 25, ""


def paint_sign(painter: QPainter, box: QRectF, fact: object) -> None:
    """A severity's shape in the middle of its cell."""
    if isinstance(fact, Severity):
        centre = box.center()
        paint_severity(painter, fact, QRectF(centre.x() - 7, centre.y() - 7.5, 14, 14), filled=False)


COLUMNS = (
    Column(head="", draws=paint_sign, least=40, share=0),
    Column(head=tr("Rule and next level"), left=True, bold=True, share=3),
    Column(head=tr("Now")),
    Column(head=tr("Away"), bold=True, tip=tr("In money, of equity")),
    Column(head=tr("Of equity")),
    Column(head=tr("Points"), tip=tr("How far the symbol would have to move, on what is held of it net")),
    Column(head=tr("At this volatility"), tip=tr("The median time to get there at the present volatility")),
    Column(head=tr("Between"), yields=1, tip=tr("From an early to a late time to get there")),
)


class DistancesCard(Panel):
    """Nearest first; the binding rule is named in the head."""

    def __init__(self) -> None:
        super().__init__(tr("Distance to each rule"))
        c = theme.colours()
        self.binding = Elided("", 12, theme.STRONG, c.text)
        self.symbol = Choice(tr("Symbol of the points"), 120)
        set_tip(self.symbol, tr("The symbol whose move is asked about"))
        self.head.replaceWidget(self.sub, self.binding)
        self.sub.deleteLater()
        self.head.insertWidget(2, self.symbol)
        self.table = Table(COLUMNS, row_px=ROW_PX)
        self.body.addWidget(self.table, 1)
        self.symbol.currentIndexChanged.connect(self._again)
        self._view: AccountFrame | None = None

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        self._view = view
        self.show_remark(view, now_ms)
        found = view.analysis.distances if view.analysis else ()
        names = list(dict.fromkeys(symbol for one in found for symbol in one.points))
        self.symbol.offer([(tr("least move"), NEAREST), *((name, name) for name in names)])
        self._again()

    def _again(self) -> None:
        view, c = self._view, theme.colours()
        if view is None:
            return
        found, past = view.analysis.distances if view.analysis else (), is_past(view)
        binding = next((one for one in found if one.binding), None)
        words = why_nothing(view) or (tr("No rules watch this account") if not found else tr("No rule binds"))
        if binding is not None:
            words = text.DOT.join((tr("Binding: {rule}", rule=distance_title(binding, view)), away(binding, view)))
        shade = c.faint if past or binding is None else near_shade(binding, view)
        self.binding.say(words, shade)
        chosen = self.symbol.value
        symbol = chosen if isinstance(chosen, str) else NEAREST
        self.table.show_rows([distance_row(one, view, symbol, past=past) for one in found])


def near_shade(one: Distance, view: AccountFrame) -> str:
    """No colour while there is room, then that of the limit's own bar."""
    c, level = theme.colours(), level_of(view, one)
    value = text.known(one.value)
    if level is None or value is None:
        return c.text
    shade = room_shade(one.metric, 1 - used(value, one.at, level.when))
    return c.text if shade == c.faint else shade


def points_of(one: Distance, symbol: str) -> tuple[str, float] | None:
    """The points on that symbol, or on the one that has to move least; None where no move leads there."""
    known = {name: move for name, move in one.points.items() if move is not None and symbol in {NEAREST, name}}
    return min(known.items(), key=lambda pair: abs(pair[1]), default=None)


def distance_row(one: Distance, view: AccountFrame, symbol: str, *, past: bool) -> Cells:
    """One rule's row; what does not apply is a dash with its reason."""
    c, digits = theme.colours(), money_digits(view)
    move = points_of(one, symbol)
    points = text.DASH if move is None else text.signed(move[1], 0) + ("" if symbol else f" {move[0]}")
    band = text.DASH
    if (early := text.known(one.early)) is not None and (late := text.known(one.late)) is not None:
        band = tr("{early} to {late}", early=_span(early), late=_span(late))
    money = text.figure(one.money, lambda value: text.number(value, digits))
    if text.known(one.money) is None and text.known(one.room) is not None:
        money = text.measure(one.metric, one.room, digits)
    texts = (
        "",
        distance_title(one, view),
        text.measure(one.metric, one.value, digits),
        money,
        text.figure(one.pct, lambda value: text.percent(value, 2)),
        points,
        text.figure(one.minutes, _span),
        band,
    )
    named = {2: one.value, 3: one.money, 4: one.pct, 6: one.minutes, 7: one.early}
    tips = [(place, text.reason(value)) for place, value in named.items() if text.reason(value)]
    every = "\n".join(
        f"{name} {text.figure(at, lambda value: text.signed(value, 0))}" for name, at in one.points.items()
    )
    tips += [(5, every or tr("no move of one symbol alone leads there")), (1, tr("trips first") if one.binding else "")]
    near = near_shade(one, view) if one.binding else c.text
    shades = (c.text, near, c.soft, near, c.soft, c.soft, c.soft, c.soft)
    return Cells(
        texts=texts,
        colours=(c.faint,) * len(COLUMNS) if past else shades,
        tips=tuple(tips),
        values=((0, one.severity),),
    )


def _span(minutes: float) -> str:
    return text.duration(60 * minutes)


if __name__ == "__main__":
    alone(DistancesCard)
