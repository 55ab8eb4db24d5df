"""The line at the bottom: figures with units and meanings, and a dash for what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.latency import Took
from monitors.ports import Frame, Link
from tests import frames
from tests.ui.conftest import Opener
from ui.main_window import MainWindow
from ui.status_line import NAMES, UNKNOWN, millis

BEATS = Took(last_ms=1.4, p50_ms=1.1, p99_ms=3.26, count=1_000)
ORDERS = Took(last_ms=84.2, p50_ms=79.6, p99_ms=412.0, count=14)


def timed(link: Link = Link.LIVE) -> Frame:
    view = replace(frames.funded(), order_took=ORDERS, link=link)
    return replace(frames.frame(view), beat_took=BEATS)


def shown(window: MainWindow) -> list[str]:
    return [label.text() for label in window.status.figures.values()]


def test_each_figure_has_its_unit_and_a_tooltip_that_says_what_it_is(opened: Opener) -> None:
    window = opened(timed())
    assert shown(window) == ["3.3\u202fms", "0.3\u202fs", "84\u202fms (80\u202fms)"]
    tips = [label.toolTip() for label in window.status.figures.values()]
    assert "1000 beats" in tips[0]
    assert "1.4\u202fms" in tips[0]
    assert "quote" in tips[1]
    assert "412\u202fms" in tips[2]


def test_what_is_not_known_is_a_dash_that_says_why(opened: Opener) -> None:
    window = opened(frames.frame(replace(frames.funded(), tick_age_s=None)))
    assert shown(window) == ["—", "—", "—"]
    for name, label in window.status.figures.items():
        assert UNKNOWN[name][:20] in label.toolTip()


@pytest.mark.parametrize("link", [Link.BLIND, Link.STALLED])
def test_an_account_that_is_not_seen_has_no_age_of_quotes(opened: Opener, link: Link) -> None:
    assert shown(opened(timed(link)))[1] == "—"


def test_a_worker_that_does_not_answer_has_no_beat(opened: Opener) -> None:
    assert shown(opened(timed(Link.STALLED)))[0] == "—"


@pytest.mark.parametrize(("value", "words"), [(0.04, "0.0 ms"), (9.94, "9.9 ms"), (84.2, "84 ms"), (1_234, "1.2 s")])
def test_small_times_have_a_tenth_and_long_ones_are_seconds(value: float, words: str) -> None:
    assert millis(value) == words.replace(" ", "\u202f")


def test_every_figure_has_both_tooltips() -> None:
    assert NAMES.keys() == UNKNOWN.keys()
