"""What is written over the curves at this moment: values now or under the pointer, and since when nothing came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF

from monitors.model import Floats
from monitors.ports import AccountFrame
from monitors.series import COLUMNS
from ui import text, theme
from ui.charts.axes import stamp
from ui.charts.notes import Notes
from ui.charts.overlay import Overlay
from ui.charts.plot import Chart
from ui.charts.track import Track
from ui.panels.account import is_past
from ui.words import tr


def annotate(
    overlay: Overlay,
    charts: Sequence[Chart],
    track: Track,
    view: AccountFrame,
    now_ms: int,
    pointer: QPointF | None,
    *,
    brief: bool,
) -> None:
    """Have the overlay say it; `brief`: money without decimals, where there is little room."""
    c, row = theme.colours(), track.newest()
    pointed = _pointed(charts[-1], track, pointer)
    overlay.crosshair = None
    if pointed is not None:
        values = [_value(chart, pointed) for chart in charts]
        moment = stamp(round(pointed[0] * 1_000), now_ms, view.broker_offset_s)
        overlay.crosshair = (float(pointed[0]), moment, values)
    shown = pointed if pointed is not None else row
    digits = 0 if brief else view.account.digits if view.account else 2
    balance = math.nan if shown is None else float(shown[COLUMNS.index("balance")])
    words = tr("Balance {balance}", balance=text.number(balance, digits))
    extra = ((words, c.balance),) if math.isfinite(balance) else ()
    money = [digits, 2, 1]
    notes = [
        _notes(chart, _value(chart, row), _value(chart, shown), places)
        for chart, places in zip(charts, money, strict=True)
    ]
    overlay.notes = [replace(notes[0], heads=(*notes[0].heads, *extra)), *notes[1:]]
    overlay.lost = None
    if is_past(view) and row is not None:
        since = view.as_of_ms if view.as_of_ms is not None else round(float(row[0]) * 1_000)
        words = tr("no data since {since}", since=text.when(since, now_ms, view.broker_offset_s))
        overlay.lost = (float(row[0]), now_ms / 1_000, words)
    overlay.update()


def _pointed(chart: Chart, track: Track, pointer: QPointF | None) -> Floats | None:
    """The row under the pointer; None where it is beside the charts."""
    if pointer is None:
        return None
    place = chart.box.sceneBoundingRect()
    if not place.left() <= pointer.x() <= place.right():
        return None
    return track.row(float(chart.box.mapSceneToView(pointer).x()))


def _notes(chart: Chart, now: float | None, there: float | None, places: int) -> Notes:
    """Texts of a chart whose newest value is `now` and whose value under the pointer is `there`."""
    c = theme.colours()
    value = (chart.words(there, places), chart.colour) if there is not None else (text.DASH, c.faint)
    tag = "" if now is None else chart.words(now, 1 if chart.negate else 0)
    return Notes(heads=((chart.title, c.text), value), last=now, tag=tag)


def _value(chart: Chart, row: Floats | None) -> float | None:
    """The chart's figure in a row; None where there is none."""
    value = math.nan if row is None else float(row[COLUMNS.index(chart.figure)])
    return chart.shown(value) if math.isfinite(value) else None
