"""Where the stop of a position is to go, only nearer to the price, and what is lost there: asked before it is sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from monitors.backstop import Stop, losses
from monitors.by_hand import nearest_stop, tighten
from monitors.kinds import Side
from monitors.model import Position
from monitors.ports import AccountFrame, Command, TightenStop
from monitors.reading import Reading
from ui import text, theme
from ui.alone import alone
from ui.asking import ARROW, Asking
from ui.panels.card import Label, button
from ui.panels.fields import Number, named
from ui.panels.panel import in_money
from ui.words import tr

STOP, AWAY, LOSS, WORST = NAMES = {
    "Stop": tr("Stop"),
    "From the price": tr("From the price"),
    "Loss if it is hit": tr("Loss if it is hit"),
    "Loss if every stop is hit": tr("Loss if every stop is hit"),
}
HALF, NO_STOP = 0.5, 0.0


class TightenWindow(Asking):
    """A price to type, or the open price, or half the way from the stop to the price."""

    def __init__(self, parent: QWidget | None, send: Callable[[Command], None], position: int) -> None:
        super().__init__(parent, send, position, NAMES)
        self.setWindowTitle(tr("Bring a stop nearer"))
        self.stop = Number(tr("Stop"), 120)
        self.even, self.half = button(tr("To the open price"), "range"), button(tr("Half way to the price"), "range")
        self.even.clicked.connect(lambda: self._put(self.held.open if self.held else 0.0))
        self.half.clicked.connect(self._halve)
        line = QHBoxLayout()
        line.addWidget(self.even)
        line.addWidget(self.half)
        line.addStretch(1)
        self.fields.addLayout(named(tr("Stop"), self.stop))
        self.fields.addLayout(line)
        words = tr("A stop is a market order once it is hit: in a gap it is filled beyond its price. The target stays.")
        note = Label(words, 11, theme.MEDIUM, theme.colours().faint)
        note.setWordWrap(True)
        self.fields.addWidget(note)
        self.stop.valueChanged.connect(self.again)

    def begin(self, view: AccountFrame, held: Position) -> None:
        spec = view.reading.snapshot.instruments[held.symbol] if view.reading else None
        if spec:
            self.stop.setDecimals(spec.digits)
            self.stop.setSingleStep(spec.tick_size or spec.point)
        self.half.setEnabled(held.stop > 0)
        self.stop.setSpecialValueText(text.DASH)
        even = view.reading is not None and not isinstance(tighten(view.reading, held.identifier, held.open), str)
        self._put(held.stop or (held.open if even else NO_STOP))

    def _halve(self) -> None:
        held = self.held
        if held:
            self._put(held.stop + HALF * (held.price - held.stop))

    def _put(self, price: float) -> None:
        """That price, on the grid of the symbol's ticks."""
        held, reading = self.held, self.view.reading if self.view else None
        if held and reading:
            spec = reading.snapshot.instruments[held.symbol]
            grid = spec.tick_size or spec.point
            self.stop.put(round(round(price / grid) * grid, spec.digits))
            self.again()

    def again(self) -> None:
        view, held = self.view, self.held
        if view is None or view.reading is None or held is None:
            return
        if not self.stop.value():
            self.refuse(self._allowed(view.reading, held))
            return
        found = tighten(view.reading, self.position, self.stop.value())
        if isinstance(found, str):
            self.refuse(found)
            return
        wanted = TightenStop(account=view.name, position=self.position, stop=found.planned)
        words = tr("Set the stop at {price}", price=self._price(found.planned))
        self.offer(words, self._rows(view, view.reading, found), wanted)

    def _rows(self, view: AccountFrame, reading: Reading, found: Stop) -> dict[str, str]:
        held = found.position
        spec = reading.snapshot.instruments[held.symbol]
        lost = losses(reading.book, reading.book.stop)
        place = reading.snapshot.positions.index(held)
        before, rest = float(lost[place]), float(sum(one for n, one in enumerate(lost) if n != place))
        points = abs(held.price - found.planned) / spec.point
        return {
            STOP: f"{text.price(held.stop, spec.digits)}{ARROW}{self._price(found.planned)}",
            AWAY: tr("{points} points", points=text.number(points, 0)),
            LOSS: f"{_loss(before, view)}{ARROW}{_loss(found.loss, view)}",
            WORST: f"{_loss(before + rest, view)}{ARROW}{_loss(found.loss + rest, view)}",
        }

    def _allowed(self, reading: Reading, held: Position) -> str:
        """Where a stop may lie now."""
        price = self._price(nearest_stop(reading, held))
        if held.side is Side.BUY:
            return tr("Type a price: {price} or lower is allowed now", price=price)
        return tr("Type a price: {price} or higher is allowed now", price=price)

    def _price(self, price: float) -> str:
        return text.price(price, self.stop.decimals())


def _loss(amount: float, view: AccountFrame) -> str:
    return tr("not bounded") if amount == float("inf") else in_money(amount, view)


if __name__ == "__main__":
    alone(TightenWindow)
