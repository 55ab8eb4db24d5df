"""Profit and loss by parts: floating, today, this week and this month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from monitors.exposure_view import ExposureView
from monitors.ports import AccountFrame, Frame
from monitors.results import Results, Tally
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, currency, money_digits, why_nothing
from ui.panels.table import Table
from ui.words import tr, trn

ROW_PX = 25


EXPOSURE = Column(head=tr("Exposure"), yields=2, tip=tr("Gross notional of what is open"))


def columns(head: str) -> tuple[Column, ...]:
    """The heads of a table by `head`."""
    return (
        Column(head=head, left=True, bold=True, least=90, share=2),
        Column(head=tr("Floating"), bold=True, tip=tr("With swap, of what is open")),
        Column(head=tr("Today"), tip=tr("Realised since the day's reset")),
        Column(head=tr("Week"), tip=tr("Realised since the week's reset")),
        Column(head=tr("Month"), tip=tr("Realised this month")),
        Column(head=tr("Won"), yields=1, tip=tr("Positions closed with a gain, of those closed whole this month")),
    )


class TalliesCard(Panel):
    """One way of dividing the account's result; the whole stands in the last row."""

    def __init__(self, title: str, head: str, of: Callable[[Results], tuple[Tally, ...]],
                 gross: Callable[[ExposureView], Mapping[str, float]] | None = None) -> None:  # fmt: skip
        """`gross` gives the exposure of each part by its name, where it is divided that way too."""
        super().__init__(title)
        self._of = of
        self._gross = gross
        self.table = Table((*columns(head), EXPOSURE) if gross else columns(head), row_px=ROW_PX)
        self.body.addWidget(self.table, 1)
        self._drawn: tuple[object, bool] = (None, False)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        past, found = is_past(view), view.analysis.results if view.analysis else None
        self.show_remark(view, now_ms, currency(view))
        if (found, past) == self._drawn:
            return
        self._drawn = found, past
        self.sub.say(why_nothing(view))
        if found is None:
            self.table.show_rows([])
            return
        whole = replace(found.account, name=tr("Account"))
        self.table.show_facts((*self._of(found), whole), lambda one: self._row(one, view, whole, past=past))

    def _row(self, one: Tally, view: AccountFrame, whole: Tally, *, past: bool) -> Cells:
        row, c = tally_row(one, view, past=past), theme.colours()
        if self._gross is None or view.analysis is None:
            return row
        held = self._gross(view.analysis.exposure)
        nothing = None if one.open else 0.0
        known = view.analysis.exposure.total if one == whole else held.get(one.name, nothing)
        shown = text.number(known, 0) if isinstance(known, float) else text.DASH
        return Cells(texts=(*row.texts, shown), colours=(*row.colours, c.faint if past else c.soft), tips=row.tips)


def tally_row(one: Tally, view: AccountFrame, *, past: bool) -> Cells:
    """One part's row; what is not known is a dash with its reason."""
    c, digits = theme.colours(), money_digits(view)
    values = (one.floating, one.today, one.week, one.month)
    texts = [text.figure(value, lambda known: text.signed(known, digits)) for value in values]
    won = tr("{won} of {closed}", won=one.won, closed=one.closed) if one.closed else text.DASH
    tips = [(place, text.reason(value)) for place, value in enumerate(values, 1) if text.reason(value)]
    shades = (c.text, *(c.gain(text.known(value)) for value in values), c.soft)
    several = trn("{count} position open", "{count} positions open", one.open)
    held = 0, several if one.open else tr("nothing open")
    return Cells(
        texts=(one.name, *texts, won),
        colours=(c.faint,) * len(shades) if past else shades,
        tips=(held, *tips),
    )


class AccountsCard(Panel):
    """Every account in its own currency, which is why no row sums them: the strip above does."""

    def __init__(self) -> None:
        super().__init__(tr("By account"), tr("each in its own currency"))
        self.table = Table(columns(tr("Account")), row_px=ROW_PX)
        self.body.addWidget(self.table, 1)

    def show_frame(self, frame: Frame) -> None:
        self.table.show_rows([_account_row(view) for view in frame.accounts])


def _account_row(view: AccountFrame) -> Cells:
    name = f"{view.name} {currency(view)}".rstrip()
    if view.analysis is not None:
        return tally_row(replace(view.analysis.results.account, name=name), view, past=is_past(view))
    blank, c = (text.DASH,) * 5, theme.colours()
    return Cells(texts=(name, *blank), colours=(c.faint,) * 6, tips=tuple((n, why_nothing(view)) for n in range(6)))


if __name__ == "__main__":
    alone(AccountsCard)
