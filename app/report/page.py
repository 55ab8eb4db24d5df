"""A report as one HTML page that stands alone: no script, nothing fetched, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from app.report.sheet import Cell, Column, Figure, Section, Sheet, Table
from app.report.style import COLOURS, CSS, LOGO, mark
from app.report.words import text

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(sheet: Sheet) -> str:
    """The whole file."""
    remark = f"<section><b>{text(sheet.remark)}</b></section>" if sheet.remark else ""
    alarm = f'<span class="alarm">{text(sheet.alarm)}</span> · ' if sheet.alarm else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width"><title>{text(sheet.title)}: {text(sheet.whose)}, {text(sheet.days)}\
</title><style>{CSS}</style></head><body>
<header>{LOGO}<div><h1>{text(sheet.title)}</h1><small>{text(sheet.whose)}</small></div>
<div><h1>{text(sheet.days)}</h1><small>{text(sheet.written)}</small></div></header>
{remark}
<section class="figures">{"".join(map(_figure, sheet.figures))}</section>
{"".join(map(_row, sheet.rows))}
<footer><span>{alarm}{text(sheet.foot)}</span><span>Plimsoll</span></footer></body></html>
"""


def _row(columns: Sequence[Sequence[Section]]) -> str:
    inside = ["".join(map(_section, column)) for column in columns]
    if len(inside) == 1:
        return inside[0]
    wide = ' class="wide"' if max(map(len, columns)) > 1 else ""
    first, *others = inside
    rest = "".join(f"<div>{other}</div>" for other in others)
    return f'<div class="columns"><div{wide}>{first}</div>{rest}</div>\n'


def _section(section: Section) -> str:
    sub = f'<span class="sub">{text(section.beside)}</span>' if section.beside else ""
    drawn = f"<figure>{section.picture}</figure>" if section.picture else ""
    notes = "".join(f'<p class="none">{text(note)}</p>' for note in section.notes)
    table = _table(section.table) if section.table else ""
    return f"<section><h2>{text(section.title)}</h2>{sub}{drawn}{table}{notes}</section>\n"


def _figure(figure: Figure) -> str:
    return (f'<div>{text(figure.name)}<b class="{figure.tone}">{text(figure.value)}</b>'
            f"<small>{text(figure.beside)}</small></div>")  # fmt: skip


def _table(table: Table) -> str:
    heads = ""
    if any(column.head for column in table.columns):
        cells = (f"<th{_class('n' if column.right else '')}>{text(column.head)}</th>" for column in table.columns)
        heads = f"<thead><tr>{''.join(cells)}</tr></thead>"
    last = len(table.rows) - 1 if table.sums else None
    rows = (f"<tr{_class('all' if n == last else '')}>{_cells(row, table.columns)}</tr>"
            for n, row in enumerate(table.rows))  # fmt: skip
    return f"<table>{heads}<tbody>{''.join(rows)}</tbody></table>"


def _cells(row: Sequence[Cell], columns: Sequence[Column]) -> str:
    made, place = [], 0
    for cell in row:
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        kinds = ("n" if columns[place].right and cell.span == 1 else "", "b" if cell.bold else "", cell.tone,
                 "pips" if cell.pips else "")  # fmt: skip
        made.append(f"<td{span}{_class(' '.join(filter(None, kinds)))}>{_inside(cell)}</td>")
        place += cell.span
    return "".join(made)


def _inside(cell: Cell) -> str:
    if cell.pips:
        return f'<i style="background:{COLOURS.get(cell.severity, COLOURS["low"])}"></i>' * cell.pips
    if cell.share is not None:
        return f'<span class="bar"><i style="width:{100 * cell.share:.0f}%"></i></span>'
    return " ".join(filter(None, (mark(cell.severity) if cell.severity else "", text(cell.words))))


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
