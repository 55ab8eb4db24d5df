"""A report as a PDF: the page's cards and tables painted on A4, in the light theme's colours on white."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF
from PySide6.QtGui import QGuiApplication, QPageSize, QPainter, QPdfWriter

from app.report.cards import GAP, Card, figures_strip, line
from app.report.grid import LIGHT
from app.report.ink import drawing
from app.report.sheet import Section, Sheet
from app.report.style import LOGO
from ui import application, theme

WIDE, HIGH, MARGIN, FOOT = 1_000.0, 1_414.0, 28.0, 20.0
INNER = WIDE - 2 * MARGIN
BOTTOM = HIGH - MARGIN - FOOT
DOTS_PER_INCH = 600
LEAST_ROWS = 4
"""Fewer rows of a table are not worth beginning it at a page's end."""
Paint = Callable[[QPainter], None]


def paint(sheet: Sheet, out: Path) -> None:
    """Write the file; needs no display. OSError where it cannot be written."""
    if QGuiApplication.instance() is None:
        _kept.append(application.prepare(["plimsoll"], offscreen=True))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(f"{sheet.title}: {sheet.whose}, {sheet.days}")
    writer.setCreator("Plimsoll")
    painter = QPainter(writer)
    pages = Pages(sheet).pages
    for number, page in enumerate(pages, 1):
        if number > 1:
            writer.newPage()
        painter.resetTransform()
        painter.scale(writer.width() / WIDE, writer.width() / WIDE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for part in page:
            part(painter)
        place = QRectF(MARGIN, HIGH - MARGIN - 16, INNER, 16)
        line(painter, place, f"{sheet.whose} · {sheet.days}", LIGHT.soft, 11)
        line(painter, place, f"Plimsoll · page {number} of {len(pages)}", LIGHT.soft, 11, right=True)
    painter.end()
    out.write_bytes(bytes(buffer.data().data()))


_kept: list[QGuiApplication] = []
"""The application where this made it: fonts end with it."""


class Pages:
    """What is painted on each page; cards under each other, a table that is too long goes on overleaf."""

    def __init__(self, sheet: Sheet) -> None:
        self.pages: list[list[Paint]] = [[]]
        self._top = MARGIN
        self._put(46, lambda painter, top: _head(painter, sheet, top))
        if sheet.remark:
            self._card(Section(title=sheet.remark))
        self._put(66, lambda painter, top: figures_strip(painter, sheet.figures, QRectF(MARGIN, top, INNER, 66)))
        for row in sheet.rows:
            if len(row) == 1:
                for section in row[0]:
                    self._card(section)
            else:
                self._beside(row)
        for words, colour in ((sheet.alarm, LIGHT.critical), (sheet.foot, LIGHT.soft)):
            if words:
                self._words(words, colour)

    @property
    def room(self) -> float:
        """What is left of this page."""
        return BOTTOM - self._top

    def _put(self, high: float, part: Callable[[QPainter, float], None]) -> None:
        """On this page where it has room, else on the next."""
        if high > self.room and self._top > MARGIN:
            self._turn()
        top = self._top
        self.pages[-1].append(lambda painter: part(painter, top))
        self._top += high + GAP

    def _turn(self) -> None:
        self.pages.append([])
        self._top = MARGIN

    def _card(self, section: Section, title: str = "") -> None:
        """Over the whole width, on as many pages as its table needs."""
        card = Card(section, INNER)
        if card.high <= self.room or section.table is None:
            self._put(card.high, lambda painter, top: card.paint(painter, MARGIN, top, card.high))
            return
        first = card.fitting(self.room)
        if first < LEAST_ROWS:
            self._turn()
            first = max(1, card.fitting(self.room))
        rows = section.table.rows
        if first >= len(rows):
            self._put(card.high, lambda painter, top: card.paint(painter, MARGIN, top, card.high))
            return
        name = title or section.title
        begun = Card(_rows(section, 0, first), INNER)
        self._put(begun.high, lambda painter, top: begun.paint(painter, MARGIN, top, begun.high))
        self._card(replace(_rows(section, first, len(rows)), title=f"{name}, continued"), name)

    def _beside(self, row: Sequence[Sequence[Section]]) -> None:
        """Columns of one height; a first one that is longer than a page goes on by itself."""
        wide = 1.9 if max(map(len, row)) > 1 else 1.0
        unit = (INNER - GAP * (len(row) - 1)) / (wide + len(row) - 1)
        (main, *under), *others = row
        columns = [[Card(section, unit) for section in column] for column in others]
        least = max(_stacked(column) for column in columns)
        first = Card(main, unit * wide)
        if first.high > max(self.room, least) and main.table is not None and not under:
            taken = first.fitting(max(self.room if self.room > least else BOTTOM - MARGIN, least))
            rest = _rows(main, taken, len(main.table.rows))
            first = Card(_rows(main, 0, taken), unit * wide)
        else:
            rest = None
        columns.insert(0, [first, *(Card(section, unit * wide) for section in under)])
        high = max(_stacked(column) for column in columns)
        self._put(high, lambda painter, top: _paint_columns(painter, columns, top, high))
        if rest is not None and rest.table is not None and rest.table.rows:
            self._card(replace(rest, title=f"{main.title}, continued"), main.title)

    def _words(self, words: str, colour: str) -> None:
        self._put(16, lambda painter, top: line(painter, QRectF(MARGIN, top, INNER, 16), words, colour, 11))


def _rows(section: Section, first: int, until: int) -> Section:
    """The same card with some of its rows; its remarks stand after the last."""
    table = section.table
    if table is None:
        return section
    whole = until >= len(table.rows)
    return replace(section, notes=section.notes if whole else (), picture=section.picture if first == 0 else "",
                   table=replace(table, rows=table.rows[first:until], sums=table.sums and whole))  # fmt: skip


def _stacked(cards: Sequence[Card]) -> float:
    return sum(card.high for card in cards) + GAP * (len(cards) - 1)


def _paint_columns(painter: QPainter, columns: Sequence[Sequence[Card]], top: float, high: float) -> None:
    left = MARGIN
    for column in columns:
        at = top
        for place, card in enumerate(column):
            last = place == len(column) - 1
            own = top + high - at if last else card.high
            card.paint(painter, left, at, own)
            at += own + GAP
        left += column[0].width + GAP


def _head(painter: QPainter, sheet: Sheet, top: float) -> None:
    drawing(LOGO).render(painter, QRectF(MARGIN, top + 6, 38, 28))
    for right, (title, under) in enumerate(((sheet.title, sheet.whose), (sheet.days, sheet.written))):
        left = MARGIN if right else MARGIN + 52
        line(painter, QRectF(left, top, MARGIN + INNER - left, 24), title, LIGHT.text, 16, right=bool(right),
             weight=theme.STRONG)  # fmt: skip
        line(painter, QRectF(left, top + 24, MARGIN + INNER - left, 16), under, LIGHT.soft, 11, right=bool(right))
