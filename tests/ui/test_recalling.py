"""What lies before this run comes from the history store, when it comes, and as fine as the view is."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from monitors.acts import Act, ActKind, Acts
from monitors.model import Floats
from monitors.ports import Frame
from monitors.series import SeriesView
from monitors.stretch import Recorded, Stretch
from tests import frame_parts, frames
from tests.ui.conftest import Opener
from tests.ui.settling import settle
from ui.charts.card import ChartsCard

NOW_S = frame_parts.NOW_MS / 1_000
HOUR, DAY = 3_600.0, 86_400.0


@dataclass(slots=True)
class Store:
    """Answers when it is told to, with an hour's steps, and one spike, of a year; no data for three days."""

    asked: list[tuple[Stretch, Future[Recorded]]] = field(default_factory=list)
    acts: tuple[Act, ...] = ()
    oldest_s: float = NOW_S - 366 * DAY

    def __call__(self, wanted: Stretch) -> Future[Recorded]:
        future: Future[Recorded] = Future()
        self.asked.append((wanted, future))
        return future

    def answer(self) -> None:
        """The newest question."""
        wanted, future = self.asked[-1]
        time_s = np.arange(max(self.oldest_s, wanted.since_ms / 1_000), wanted.until_ms / 1_000, HOUR)
        columns = np.tile(time_s, (5, 1))
        columns[1:] = 100_000.0
        columns[1, (time_s > NOW_S - 40 * DAY) & (time_s < NOW_S - 40 * DAY + 1.5 * HOUR)] = 90_000.0
        quiet = (time_s > NOW_S - 20 * DAY) & (time_s < NOW_S - 17 * DAY)
        columns[1:, quiet] = np.nan
        rows = SeriesView(columns)
        future.set_result(Recorded(rows=rows, acts=self.acts, oldest_ms=round(1_000 * self.oldest_s)))


def lately() -> Frame:
    """A run of ten minutes."""
    columns: Floats = frame_parts.series(gap=None).columns
    ours = columns[:, columns[0] > NOW_S - 600]
    return frames.frame(replace(frames.funded(), series=SeriesView(ours)))


def drawn(charts: ChartsCard) -> tuple[Floats, Floats]:
    curve = charts.charts[0].drawn["equity"]
    return curve.time_s, curve.values


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def charts(opened: Opener, store: Store) -> ChartsCard:
    card = opened(lately()).monitor.charts
    card.recalling.recall = store
    return card


def test_a_year_comes_with_its_spike_and_its_gap(charts: ChartsCard, store: Store) -> None:
    charts.choose("1Y")
    assert drawn(charts)[0][0] > NOW_S - 700, "nothing is waited for"
    store.answer()
    time_s, equity = drawn(charts)
    assert time_s[0] == pytest.approx(NOW_S - 366 * DAY, abs=2 * HOUR)
    assert np.nanmin(equity) == 90_000.0
    assert len(time_s) <= 4 * (charts.charts[0].box.width() + 2) + 800
    ((since, until),) = charts.overlay.gaps
    assert (until - since) / DAY == pytest.approx(3, abs=1.4), "to a pixel at each side"
    assert equity[-1] == frame_parts.series().column("equity")[-1], "this run's own rows follow"


def test_it_is_asked_once_for_what_it_has_answered(charts: ChartsCard, store: Store) -> None:
    charts.choose("1Y")
    store.answer()
    for _ in range(5):
        charts.redraw()
    assert len(store.asked) == 1
    charts.choose("1W")
    assert len(store.asked) == 2, "a week is seen finer than a year"
    wanted = store.asked[-1][0]
    assert wanted.column_ms <= 1_000 * 7 * DAY / charts.charts[0].box.width() + 1


def test_a_question_under_way_is_followed_by_the_newest_one_alone(charts: ChartsCard, store: Store) -> None:
    for name in ("1D", "1W", "1M", "1Y"):
        charts.choose(name)
    assert len(store.asked) == 1
    store.answer()
    assert len(store.asked) == 2
    assert (store.asked[1][0].until_ms - store.asked[1][0].since_ms) > 1_000 * 365 * DAY


def test_a_record_that_is_younger_than_the_range_is_shown_whole_and_as_fine_as_it_can(
    charts: ChartsCard, store: Store
) -> None:
    store.oldest_s = NOW_S - 2 * DAY
    charts.choose("1Y")
    store.answer()
    left, right = charts.charts[2].box.viewRange()[0]
    assert right - left == pytest.approx(2 * DAY, rel=0.05)
    assert len(store.asked) == 2
    store.answer()
    assert len(store.asked) == 2


def test_panning_into_the_past_asks_for_it_and_reads_its_values(charts: ChartsCard, store: Store) -> None:
    charts.choose("1D")
    store.answer()
    charts._pan(NOW_S - 41 * DAY, NOW_S - 39 * DAY)
    store.answer()
    assert np.nanmin(drawn(charts)[1]) == 90_000.0
    assert charts._track is not None
    row = charts._track.row(NOW_S - 40.5 * DAY)
    assert row is not None
    assert row[1] == 100_000.0


def test_an_account_without_a_record_is_asked_for_again_but_not_at_once(charts: ChartsCard, store: Store) -> None:
    charts.choose("1Y")
    store.asked[-1][1].set_result(Recorded())
    charts.redraw()
    assert len(store.asked) == 1
    view = lately().accounts[0]
    charts.show_account(view, frame_parts.NOW_MS + 6_000)
    settle()
    assert len(store.asked) == 2


def test_a_store_that_fails_hides_nothing(charts: ChartsCard, store: Store) -> None:
    charts.choose("1Y")
    store.asked[-1][1].set_exception(OSError("no disk"))
    assert len(drawn(charts)[0]) > 100


def test_what_was_done_before_this_run_is_marked_once(charts: ChartsCard, store: Store) -> None:
    begun_ms = frame_parts.NOW_MS - 600_000
    old, both, new = (
        Act(at_ms=begun_ms + step, kind=ActKind.RESET, reason="r") for step in (-9_000_000, 1_000, 300_000)
    )
    store.acts = (old, both)
    charts.choose("1D")
    store.answer()
    view = replace(lately().accounts[0], acts=Acts(begun_ms, (both, new)))
    charts.show_account(view, frame_parts.NOW_MS)
    settle()
    assert [one for mark in charts.overlay.marks for one in mark.acts] == [old, both, new]


def test_a_frames_own_rows_are_not_asked_for(charts: ChartsCard, store: Store) -> None:
    charts._pan(NOW_S - 300, NOW_S)
    assert store.asked == []
