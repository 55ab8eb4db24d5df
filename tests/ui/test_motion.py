"""Where nothing may move: no effect, no blinking caret, and the hold that resets is counted in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractAnimation, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import cli
from app.commands import show
from tests import frames
from tests.ui.conftest import Opener
from ui import motion
from ui.kept import Kept
from ui.panels.stop_buttons import HOLD_MS, STEP_MS, HoldButton


@pytest.fixture
def still(qapp: QApplication) -> Iterator[None]:
    flash, effects = qapp.cursorFlashTime(), [qapp.isEffectEnabled(one) for one in motion.EFFECTS]
    motion.be_still()
    yield
    motion._still[0] = False
    qapp.setCursorFlashTime(flash)
    for one, before in zip(motion.EFFECTS, effects, strict=True):
        qapp.setEffectEnabled(one, before)


def pictures(qtbot: QtBot, hold: HoldButton) -> list[QImage]:
    """As it looks while it is held, a picture for each step that differs from the one before."""
    found = list[QImage]()

    def look() -> None:
        shot = hold.grab().toImage()
        if not found or shot != found[-1]:
            found.append(shot)

    hold._timer.timeout.connect(look)
    with qtbot.waitSignal(hold.held, timeout=3 * HOLD_MS):
        QTest.mousePress(hold, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(hold, Qt.MouseButton.LeftButton)
    return found


@pytest.mark.usefixtures("still")
def test_nothing_blinks_and_nothing_slides(qapp: QApplication) -> None:
    assert qapp.cursorFlashTime() == 0
    assert not any(qapp.isEffectEnabled(one) for one in motion.EFFECTS)


@pytest.mark.usefixtures("still")
def test_the_hold_counts_seconds_instead_of_filling(qtbot: QtBot, opened: Opener) -> None:
    shown = pictures(qtbot, opened(frames.latched()).stop.hold)
    assert 1 <= len(shown) <= 3, "2 s, 1 s, and done"


def test_where_things_may_move_the_hold_fills(qtbot: QtBot, opened: Opener) -> None:
    assert len(pictures(qtbot, opened(frames.latched()).stop.hold)) > HOLD_MS // STEP_MS // 8


def test_no_part_of_the_window_is_animated(opened: Opener) -> None:
    window = opened(frames.latched())
    assert window.findChildren(QAbstractAnimation) == []


def test_it_is_asked_for_on_the_command_line_or_remembered(tmp_path: Path) -> None:
    assert show.still(cli._parser().parse_args(["--reduced-motion"]))
    assert show.still(cli._parser().parse_args(["demo", "--reduced-motion"]))
    assert not show.still(cli._parser().parse_args(["demo"]))
    kept = Kept(tmp_path / "window.ini")
    assert not kept.still
    kept.keep_still(True)
    assert Kept(tmp_path / "window.ini").still
    kept.keep_still(False)
    assert not Kept(tmp_path / "window.ini").still


def test_the_menu_of_looks_asks_for_it(qtbot: QtBot, opened: Opener) -> None:
    look = opened(frames.warning()).header.pages.look
    with qtbot.waitSignal(look.stilled, check_params_cb=lambda still: still is True):
        look.still.trigger()
