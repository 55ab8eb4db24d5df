"""The marks on the time axis: where they stand, what they say, and that they are few and hide no curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from monitors.acts import Act, ActKind, Acts
from monitors.ports import Frame
from tests import frame_parts, frames
from tests.ui.conftest import Opener
from ui import theme
from ui.charts import marks
from ui.main_window import MainWindow

LEVEL = {"rule": "Margin", "metric": "margin.level_pct", "threshold": 120.0, "value": 118.4}


def act(ago_s: float, kind: ActKind = ActKind.CLOSE, **more: object) -> Act:
    facts = {"closes": (("EURUSD", 0.5),), **LEVEL} if kind in (ActKind.CLOSE, ActKind.PLAN) else {}
    return Act(at_ms=frame_parts.NOW_MS - round(1_000 * ago_s), kind=kind, **{**facts, **more})  # type: ignore[arg-type]


def acted(*acts: Act) -> Frame:
    return frames.frame(replace(frames.funded(), acts=Acts(None, acts)))


def point(window: MainWindow, chart: int, place: int = 0) -> None:
    """Hold the pointer over a mark at the foot of one of the charts."""
    charts = window.monitor.charts
    box = charts.charts[chart].box.sceneBoundingRect()
    charts._pointer_moved(
        QPointF(charts.charts[0].scale().column(charts.overlay.marks[place].time_s), box.bottom() - 5)
    )


@pytest.mark.parametrize("chart", [0, 1, 2])
def test_a_mark_says_when_why_and_what_from_each_of_the_charts(opened: Opener, chart: int) -> None:
    window = opened(acted(act(7_200)))
    point(window, chart)
    assert window.monitor.charts.overlay.pointed is not None
    assert window.monitor.charts.overlay.pointed[1] == ["12:32:07 Margin level ≤ 120\u202f%: closed 0.50 EURUSD"]
    window.monitor.charts.canvas.left.emit()
    assert window.monitor.charts.overlay.pointed is None


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (act(9, ActKind.PLAN), "Margin level ≤ 120\u202f%: plans to close 0.50 EURUSD"),
        (act(9, metric="", threshold=None), "Margin: closed 0.50 EURUSD"),
        (act(9, rule="", metric="", threshold=None), "By a person: closed 0.50 EURUSD"),
        (act(9, ActKind.HALT, reason="Daily loss above 4"), "Halted: Daily loss above 4"),
        (act(9, ActKind.STOP, reason="emergency stop by click"), "Emergency stop by click"),
        (act(9, ActKind.STOP, reason="Margin below 80"), "Emergency stop: Margin below 80"),
        (act(9, ActKind.RESET, reason="reset by a person"), "Reset by a person"),
        (act(9, closes=tuple((name, 1.0) for name in "ABCDE")),
         "Margin level ≤ 120\u202f%: closed 1.00 A, 1.00 B, 1.00 C and 2 more"),
    ],
)  # fmt: skip
def test_each_kind_has_its_own_words(one: Act, words: str) -> None:
    assert marks.words(one, 2, {}) == words


def test_acts_that_stand_together_share_the_mark_of_the_gravest(opened: Opener) -> None:
    several = [act(7_200 - n, ActKind.PLAN if n else ActKind.STOP, reason="emergency stop by click") for n in range(6)]
    window = opened(acted(*several))
    (mark,) = window.monitor.charts.overlay.marks
    assert mark.kind is ActKind.STOP
    point(window, 0)
    assert window.monitor.charts.overlay.pointed is not None
    told = window.monitor.charts.overlay.pointed[1]
    assert (told[0], len(told)) == ("2 earlier", 5)


def test_a_few_hundred_are_painted_however_many_there_are(opened: Opener) -> None:
    window = opened(acted(*(act(86_000 - n, ActKind.PLAN) for n in range(0, 86_000, 10))))
    charts = window.monitor.charts
    assert 0 < len(charts.overlay.marks) <= charts.charts[0].box.width() / marks.APART_PX + 2
    assert sum(len(mark.acts) for mark in charts.overlay.marks) == 8_600


def test_what_lies_beside_the_view_is_not_painted(opened: Opener) -> None:
    window = opened(acted(act(7_200), act(60)))
    window.monitor.charts.choose("15m")
    assert [mark.acts[0] for mark in window.monitor.charts.overlay.marks] == [act(60)]


def test_no_mark_jumps_as_time_goes_on() -> None:
    acts, held = tuple(act(n) for n in range(3_000, 0, -7)), marks.Marks()
    now_s = frame_parts.NOW_MS / 1_000
    first, later = (held.seen(acts, now_s - 3_600 + step, now_s + step, 600) for step in (0.0, 3.7))
    assert first == later


def test_no_mark_lies_over_a_curve(opened: Opener) -> None:
    charts = opened(acted(*(act(86_000 - n) for n in range(0, 86_000, 500))), 1_180, 720).monitor.charts
    for chart in charts.charts:
        foot = chart.box.sceneBoundingRect().bottom() - 2 * marks.HALF_PX - 1
        drawn = chart.drawn[chart.figure].values
        assert chart.scale().pixel(float(np.nanmin(drawn))) <= foot


def test_a_mark_is_seen_at_the_foot_of_each_chart(opened: Opener) -> None:
    window = opened(acted(act(20_000)))
    charts = window.monitor.charts
    picture = charts.canvas.grab().toImage()
    for chart in charts.charts:
        x = chart.scale().column(charts.overlay.marks[0].time_s)
        y = chart.box.sceneBoundingRect().bottom() - marks.HALF_PX - 2
        assert picture.pixelColor(round(x), round(y)) == QColor(theme.DARK.high)
