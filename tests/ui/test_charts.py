"""The charts: live until a person pans, ranges, thresholds, the values under the pointer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests import frame_parts, frames
from tests.ui.conftest import Mailbox, Opener
from tests.ui.settling import settle
from ui import theme
from ui.charts import axes
from ui.charts.overlay import Overlay
from ui.charts.sheet import Sheet, metrics
from ui.main_window import MainWindow


def span(window: MainWindow) -> float:
    left, right = window.monitor.charts.charts[2].box.viewRange()[0]
    return float(right - left)


def shown(overlay: Overlay) -> int:
    """How many values the crosshair reads."""
    return len(overlay.crosshair[2]) if overlay.crosshair else 0


def test_a_range_button_shows_that_long(opened: Opener) -> None:
    window = opened(frames.warning())
    QTest.mouseClick(window.monitor.charts.buttons["1H"], Qt.MouseButton.LeftButton)
    assert span(window) == pytest.approx(3_600, rel=0.03)
    QTest.keyClick(window, Qt.Key.Key_1)
    assert span(window) == pytest.approx(900, rel=0.03)
    assert window.monitor.charts.buttons["15m"].isChecked()


def test_a_range_longer_than_the_data_shows_all_there_is(opened: Opener) -> None:
    window = opened(frames.warning())
    for place, name in enumerate(("1W", "1M", "1Y"), 5):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + place))
        assert window.monitor.charts.buttons[name].isChecked()
        assert span(window) == pytest.approx(86_000, rel=0.03)


def test_panning_pauses_and_live_follows_again(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    box = window.monitor.charts.charts[0].box
    box.translateBy(x=-3_600)
    box.sigRangeChangedManually.emit(box.state["mouseEnabled"])
    assert window.monitor.charts.follow.text() == "○ Paused"
    before = box.viewRange()[0]
    mailbox.frame = replace(frames.warning(), number=2, at_ms=frame_parts.NOW_MS + 60_000)
    window.poll()
    assert box.viewRange()[0] == before
    QTest.keyClick(window, Qt.Key.Key_L)
    assert window.monitor.charts.follow.text() == "● Live"
    assert box.viewRange()[0][1] > frame_parts.NOW_MS / 1_000


def test_the_three_charts_share_one_time_axis(opened: Opener) -> None:
    charts = opened(frames.warning()).monitor.charts.charts
    assert charts[0].box.viewRange()[0] == charts[1].box.viewRange()[0] == charts[2].box.viewRange()[0]


def test_thresholds_are_named_where_they_stand(opened: Opener) -> None:
    equity, drawdown, margin = opened(frames.warning()).monitor.charts.charts
    assert [line.caption for line in equity.lines] == [
        "Daily loss: reduce at 96\u202f000",
        "Daily loss: close all at 95\u202f000",
    ]
    assert [line.at for line in drawdown.lines] == [-4.0, -10.0]
    assert [line.caption for line in margin.lines] == ["Alert at 150\u202f%", "Reduce at 120\u202f%"]


def test_the_last_value_is_tagged_and_no_axis_value_lies_under_it(opened: Opener) -> None:
    charts = opened(frames.warning()).monitor.charts
    assert [notes.tag for notes in charts.overlay.notes] == ["97\u202f447", "\u22124.1\u202f%", "143\u202f%"]
    equity = charts.charts[0]
    scale = equity.scale()
    ticks = axes.values(scale.low, scale.high, scale.place.height(), equity.words, 97_446.55)
    assert len(ticks) >= 3
    assert all(abs(scale.pixel(tick.at) - scale.pixel(97_446.55)) >= 16 for tick in ticks)


def test_the_pointer_reads_all_three_charts_and_leaving_reads_the_newest(opened: Opener) -> None:
    window = opened(frames.warning())
    charts, place = window.monitor.charts, window.monitor.charts.charts[0].box.sceneBoundingRect()
    charts._pointer_moved(QPointF(place.center().x() - 120, place.center().y()))
    assert shown(charts.overlay) == 3
    pointed = charts.overlay.notes[0].heads[1][0]
    assert pointed != "97\u202f446.55"
    charts.canvas.left.emit()
    assert shown(charts.overlay) == 0
    assert charts.overlay.notes[0].heads[1][0] == "97\u202f446.55"


def test_a_gap_in_the_data_is_hatched(opened: Opener) -> None:
    assert len(opened(frames.warning()).monitor.charts.overlay.gaps) == 1
    assert opened(frames.calm()).monitor.charts.overlay.gaps == []


def test_another_account_of_the_same_age_draws_its_own_curve(opened: Opener) -> None:
    own = frame_parts.series(rows=100_000, end=101_182.6, gap=None)
    fallen, other = (
        replace(frames.funded(), series=frame_parts.series(rows=100_000, gap=None)),
        replace(frames.calm_account(), name="Other"),
    )
    window = opened(frames.frame(fallen, replace(other, series=own)))
    window.select_account("Other")
    settle()
    drawn = window.monitor.charts.charts[0].drawn["equity"].values
    assert drawn.min() == own.column("equity").min()


def test_the_overlay_lets_the_mouse_through(opened: Opener) -> None:
    window = opened(frames.warning())
    middle = window.monitor.charts.overlay.rect().center()
    assert window.monitor.charts.canvas.childAt(QPoint(middle)) is not window.monitor.charts.overlay


def test_no_other_threshold_goes_through_a_name(opened: Opener) -> None:
    charts = opened(frames.warning()).monitor.charts
    overlay, margin = charts.overlay, charts.charts[2]
    step = 2 / abs(margin.scale().pixel(1.0) - margin.scale().pixel(0.0))
    first = margin.lines[0]
    margin.lines = tuple(
        replace(first, caption=f"name {n}", at=first.at + n * step, colour="#00ff00") for n in range(6)
    )
    image = overlay.grab().toImage()
    for words, box in overlay.captions:
        if words.startswith("name"):
            edge = [image.pixelColor(int(box.left()) - 1, y).green() for y in range(int(box.top()), int(box.bottom()))]
            assert max(edge) < 128, f"a line goes through {words}"


def test_a_narrow_plot_names_only_what_leaves_the_curve_in_sight(opened: Opener) -> None:
    window = opened(frames.frame(frames.full(), alerts=frame_parts.ALERTS))
    window.monitor.open_detail(frame_parts.ALERTS[0].number)
    window.grab()
    overlay, equity = window.monitor.charts.overlay, window.monitor.charts.charts[0]
    first, second = equity.lines[:2]
    equity.lines = (replace(first, caption="Daily loss: stop at 94 840.91, whole"), replace(second, caption="short"))
    overlay.grab()
    named = [words for words, _ in overlay.captions]
    assert "short" in named
    assert equity.lines[0].caption not in named


class Paints(QObject):
    """How often a widget was painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's own
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_a_time_at_the_edge_of_the_charts_is_whole(opened: Opener) -> None:
    charts = opened(frames.warning()).monitor.charts
    scales, image = [chart.scale() for chart in charts.charts], QImage(charts.canvas.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    sheet = Sheet(painter, scales, image.width())
    assert [sheet.left(x, 40.0) for x in (3.0, 100.0, image.width())] == [0.0, 80.0, image.width() - 40.0]
    painter.end()


def test_a_frame_paints_the_charts_once(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    paints = Paints(window.monitor.charts.canvas.viewport())
    counts = []
    for number in range(2, 6):
        mailbox.frame = replace(frames.warning(), number=number, at_ms=frame_parts.NOW_MS + 60_000 * number)
        window.poll()
        settle()
        counts.append(paints.count)
    assert np.diff(counts).tolist() == [1, 1, 1]


def test_at_the_windows_own_look_the_charts_wait_for_a_turn_and_else_they_do_not(
    opened: Opener, mailbox: Mailbox
) -> None:
    frame = frames.three_accounts()
    window = opened(frame)
    window._timer.stop()
    settle()

    def last() -> float:
        return float(window.monitor.charts.charts[0].drawn["equity"].values[-1])

    def look(number: int, end: float) -> None:
        moved = [replace(one, series=frame_parts.series(end=end)) for one in frame.accounts]
        mailbox.frame = replace(frame, number=number, at_ms=frame.at_ms + 1_000 * number, accounts=tuple(moved))
        window._timer.timeout.emit()
        assert last() != end

    look(2, 96_000.0)
    settle()
    assert last() == 96_000.0
    look(3, 95_000.0)
    window.poll()
    assert last() == 95_000.0, "though the frame was drawn before"
    look(4, 94_000.0)
    window.select_account("Swing")
    assert window.monitor.charts.title.text() != "Swing"
    settle()
    assert (window.monitor.charts.title.text(), last()) == ("Swing", 94_000.0)


def test_no_wheel_leads_farther_out_than_a_year_and_a_half_of_which_is_beside_it(opened: Opener) -> None:
    window = opened(frames.warning())
    charts = window.monitor.charts
    box = charts.charts[0].box
    for _ in range(80):
        box.scaleBy(x=1.5)
        box.sigRangeChangedManually.emit(box.state["mouseEnabled"])
    assert span(window) == pytest.approx(366 * 86_400, rel=0.03)
    charts._pan(0.0, 3_600.0)
    assert box.viewRange()[0][0] > frame_parts.NOW_MS / 1_000 - 2 * 366 * 86_400
    charts._pan(9e12, 9e12 + 3_600.0)
    assert box.viewRange()[0][0] < frame_parts.NOW_MS / 1_000
    charts.overlay.grab()


@pytest.mark.parametrize("days", [0.01, 1, 30, 366, 366 * 9, 366 * 30])
def test_times_have_room_beside_each_other_however_long_the_stretch(days: float) -> None:
    right, pixels = frame_parts.NOW_MS / 1_000, 600.0
    left = right - days * 86_400
    ticks = axes.times(left, right, pixels, 7_200)
    places = [(tick.at - left) / (right - left) * pixels for tick in ticks]
    widths = [metrics(10, theme.MEDIUM).horizontalAdvance(tick.words) for tick in ticks]
    assert len(ticks) >= 2
    assert all(b - a > wide for a, b, wide in zip(places, places[1:], widths, strict=False))


def test_a_year_of_times_names_the_year() -> None:
    right = frame_parts.NOW_MS / 1_000
    words = [tick.words for tick in axes.times(right - 366 * 86_400, right, 600.0, 0)]
    assert words[-1].endswith(" 2026")
    assert words[0].endswith(" 2025")


def test_charts_without_a_series_say_so_to_a_screen_reader_too(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    mailbox.frame = frames.frame(replace(frames.funded(), series=None), number=2)
    window.poll()
    assert window.monitor.charts.overlay.accessibleName() == "No readings yet"
