"""The results of a report's day in the window: responses, strategies, the best and the worst positions."""

from __future__ import annotations

from itertools import chain

from monitors.day_figures import best, together
from monitors.day_report import Close, Report
from monitors.kinds import Side
from monitors.statistics import by_strategy, realized
from monitors.strategies import named
from monitors.trades import Trade
from ui import text, theme
from ui.alone import alone
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel
from ui.panels.report_alerts import ROW_PX, clock
from ui.panels.summed import SummedTable
from ui.panels.table import Table
from ui.words import tr

LOW_PX, POSITIONS_PX = 22, 208
"""Six rows under their heads: the worst may not hide behind the best."""
RESPONSES = (
    Column(head="#", left=True, bold=True, share=0),
    Column(head=tr("Planned"), left=True, yields=1, tip=tr("Broker time")),
    Column(head=tr("Rule"), left=True, bold=True, share=2),
    Column(head=tr("Closed"), left=True, share=2),
    Column(head=tr("Delay"), yields=2, tip=tr("From sent to answered")),
    Column(head=tr("Booked"), bold=True),
    Column(
        head=tr("Against holding"),
        bold=True,
        tip=tr(
            "What was booked less the same lots at that position's own later exit; a dash where nothing of it was left "
            "to be closed later by others"
        ),
    ),
)
STATES = {"sent": tr("sent"), "partial": tr("partial"), "refused": tr("refused"), "unknown": tr("unknown")}
"""What came of a close, where it is not done."""
STRATEGIES = (
    Column(head=tr("Strategy"), left=True, bold=True, share=3),
    Column(head=tr("Won"), tip=tr("Of the positions that were closed whole")),
    Column(head=tr("P/L"), bold=True, tip=tr("With swap, commission and fee")),
)
POSITIONS = (
    Column(head=tr("Position"), left=True, bold=True),
    Column(head=tr("Lots")),
    Column(head=tr("Strategy"), left=True, share=2),
    Column(head="R", yields=1, tip=tr("Multiple of the initial risk at the close, by price")),
    Column(head=tr("P/L"), bold=True, tip=tr("With swap, commission and fee")),
)


class ResponsesOfDay(Panel):
    """What was closed, what it booked, and what that saved or cost against holding on."""

    def __init__(self) -> None:
        super().__init__(tr("Responses"))
        self._list = SummedTable(RESPONSES, row_px=ROW_PX)
        self.table = self._list.table
        self.body.addWidget(self._list, 1)

    def show_report(self, report: Report | None) -> None:
        self.sub.say(tr("saved or cost: against the same lots at their own later exit"))
        if report is None or not report.responses:
            self._list.show_rows([], summed=False)
            self.sub.say(tr("nothing was planned or closed"))
            return
        rows = [row for number in range(len(report.responses)) for row in _response(report, number)]
        self._list.show_rows([*rows, _whole(report)], summed=True)


class StrategiesOfDay(Panel):
    """Worst first; the whole stands under them."""

    def __init__(self) -> None:
        super().__init__(tr("Per strategy"), tr("positions closed whole"))
        self._list = SummedTable(STRATEGIES, row_px=LOW_PX)
        self.table = self._list.table
        self.body.addWidget(self._list, 1)

    def show_report(self, report: Report | None) -> None:
        if report is None or not report.trades:
            self._list.show_rows([], summed=False)
            return
        c, digits = theme.colours(), report.whose.digits
        whole, *parts = by_strategy(report.trades, report.strategies)
        self._list.show_rows([
            Cells(texts=(name, tr("{won} of {closed}", won=one.won, closed=one.closed), text.signed(one.net, digits)),
                  colours=(c.text, c.soft, c.gain(one.net)))
            for name, one in (*sorted(parts, key=lambda part: part[1].net), (tr("All"), whole[1]))
        ], summed=True)  # fmt: skip


class PositionsOfDay(Panel):
    """The three that gained most, then the three that lost most."""

    def __init__(self) -> None:
        super().__init__(tr("Best and worst positions"))
        self.setFixedHeight(POSITIONS_PX)
        self.table = Table(POSITIONS, row_px=LOW_PX)
        self.body.addWidget(self.table, 1)

    def show_report(self, report: Report | None) -> None:
        trades = report.trades if report else ()
        found = [*best(trades), *reversed(best(trades, worst=True))]
        self.sub.say("" if found else tr("none was closed whole"))
        self.table.show_rows([_trade(trade, report) for trade in found] if report else [])


def _response(report: Report, place: int) -> list[Cells]:
    c, response, closes = theme.colours(), report.responses[place], report.closes[place]
    first = (str(place + 1), clock(response.planned_ms, report), response.rule or tr("Closed by hand or halt"))
    shades = (c.text, c.soft, c.text)
    if not closes:
        none = (tr("nothing was sent"), text.DASH, text.DASH, text.DASH)
        tips = ((3, tr("Observing, or denied")),)
        return [Cells(texts=(*first, *none), colours=(*shades, *(c.soft,) * 4), tips=tips)]
    rows = []
    for close in closes:
        texts, colours = _closed(close, report.whose.digits)
        rows.append(Cells(texts=(*first, *texts), colours=(*shades, *colours)))
        first = "", "", ""
    return rows


def _closed(close: Close, digits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    c, sent = theme.colours(), close.request
    state = "" if sent.state == "done" else f" ({STATES.get(sent.state, sent.state)})"
    delay = text.DASH if sent.settled_ms is None else text.duration((sent.settled_ms - sent.sent_ms) / 1_000)
    filled = tr("{symbol} {filled} of {lots}",
                symbol=sent.symbol, filled=text.lots(sent.filled), lots=text.lots(sent.lots))  # fmt: skip
    texts = f"{filled}{state}", delay, *_worth(close.booked, close.saved, digits)
    return texts, (c.soft, c.soft, c.gain(close.booked), c.gain(close.saved))


def _worth(booked: float | None, saved: float | None, digits: int) -> tuple[str, str]:
    return text.DASH if booked is None else text.signed(booked, digits), against(saved, digits)


def against(saved: float | None, digits: int) -> str:
    """`▲ saved 394.26` or `▼ cost 105.68`: shape and word say it too; a dash where it is not known."""
    if saved is None:
        return text.DASH
    amount = text.number(abs(saved), digits)
    return tr("▲ saved {amount}", amount=amount) if saved >= 0 else tr("▼ cost {amount}", amount=amount)


def _whole(report: Report) -> Cells:
    c, found = theme.colours(), together(chain(*report.closes))
    parts = [tr("{count} filled", count=found.filled)]
    parts += [tr("{count} refused", count=found.refused)] if found.refused else []
    parts += [tr("{count} unknown", count=found.unknown)] if found.unknown else []
    return Cells(
        texts=("", "", tr("All responses"), ", ".join(parts), "",
               *_worth(found.booked, found.saved, report.whose.digits)),
        colours=(c.text, c.text, c.text, c.text, c.text, c.gain(found.booked), c.gain(found.saved)),
    )  # fmt: skip


def _trade(trade: Trade, report: Report) -> Cells:
    c, multiple = theme.colours(), realized(trade)
    way = c.curve if trade.side is Side.BUY else c.loss
    return Cells(
        texts=(f"{trade.symbol} {text.side(trade.side)}", text.lots(trade.lots), named(trade.magic, report.strategies),
               text.DASH if multiple is None else text.multiple(multiple),
               text.signed(trade.net, report.whose.digits)),
        colours=(way, c.soft, c.soft, c.gain(multiple), c.gain(trade.net)),
    )  # fmt: skip


if __name__ == "__main__":
    alone(ResponsesOfDay)
