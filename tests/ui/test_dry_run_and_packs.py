"""Beside the editor: what the draft would have done on the last day, and a firm's plan put into the draft."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.config import load
from app.config.draft import FileDraft
from app.window.dry_runs import dry_run
from monitors.dry_run import DryRun, Runs
from monitors.settings import Rule
from tests import dry_run_day, frames
from tests.ui.conftest import Opener
from tests.ui.test_room import clipped
from tests.ui.test_settings_page import choose, click, file, keys, page, typed
from ui.main_window import MainWindow
from ui.panels.card import Label

__all__ = ["file"]
Opened = Callable[[Runs], MainWindow]
LONG_MS = 60_000


@pytest.fixture
def settings(opened: Opener, file: Path) -> Opened:
    def opener(runs: Runs) -> MainWindow:
        made = opened(frames.warning())
        made.drafts = lambda: FileDraft(file, {})
        made.runs = runs
        made.show_page("Settings")
        return made

    return opener


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """The recorded day, written once."""
    folder = tmp_path_factory.mktemp("day")
    dry_run_day.write(folder)
    return partial(dry_run, folder)


def said(window: MainWindow) -> list[str]:
    return [label.text() for label in page(window).dry_run.findChildren(Label) if label.isVisible() and label.text()]


def test_the_last_day_says_when_each_level_would_have_tripped_and_what_is_unknown(
    settings: Opened, day: Runs, qtbot: QtBot
) -> None:
    threads = []

    def runs(server: str, login: int, rules: Sequence[Rule]) -> DryRun:
        threads.append(threading.current_thread())
        return day(server, login, rules)

    window = settings(runs)
    card = page(window).dry_run
    click(card.run)
    assert (card.run.text(), card.run.isEnabled()) == ("Running \u2026", False)
    qtbot.waitUntil(lambda: card.run.text() == "Run again", timeout=LONG_MS)
    assert threads != [threading.main_thread()]
    words = said(window)
    acting = next(line for line in words if line.startswith("120\u202f%"))
    assert "would have tripped 1\u00d7: Sun 1, 22:3" in acting
    assert any(line.startswith("then: close as little as brings it back to 150") for line in words)
    assert words.count("Not in the history: unknown") == 2
    assert "Nothing was recorded of it: unknown" in words
    assert any("did not trip in the 23\u202fh" in line and "10\u202fs" in line for line in words)
    assert not any("0\u00d7" in line for line in words)
    assert any("between two samples is not seen" in line for line in words)
    assert card.chart.isVisible()
    choose(window, "Terminal silence")
    assert not card.chart.isVisible()
    assert said(window).index("Terminal silence") < said(window).index("Margin level")
    QApplication.processEvents()
    assert clipped(card) == []


def test_a_run_of_an_earlier_draft_says_so(settings: Opened, day: Runs, qtbot: QtBot) -> None:
    window = settings(day)
    card = page(window).dry_run
    click(card.run)
    qtbot.waitUntil(lambda: card.run.text() == "Run again", timeout=LONG_MS)
    typed(window, "rule[0].levels[0].at", "145")
    assert card.note.text().endswith("Of the draft before the last change: run again.")
    click(card.run)
    qtbot.waitUntil(lambda: card.run.text() == "Run again", timeout=LONG_MS)
    assert card.note.text() == "Sun 1, 14:31 to Mon 2, 14:31, broker time."
    assert any(line.startswith("145\u202f%") for line in said(window))


def test_it_cannot_run_while_something_is_wrong(settings: Opened, day: Runs) -> None:
    window = settings(day)
    typed(window, "rule[0].levels[0].at", "1")
    card = page(window).dry_run
    assert not card.run.isEnabled()
    assert "once nothing is wrong" in card.note.text()


@pytest.mark.parametrize("how", ["told", "raised"])
def test_what_keeps_it_from_running_is_said(settings: Opened, qtbot: QtBot, how: str) -> None:
    def runs(_server: str, _login: int, _rules: Sequence[Rule]) -> DryRun:
        if how == "raised":
            raise OSError("the disk is gone")
        return DryRun(trouble="the disk is gone")

    card = page(settings(runs)).dry_run
    click(card.run)
    qtbot.waitUntil(lambda: card.run.text() == "Run again", timeout=LONG_MS)
    assert card.note.text() == "the disk is gone"
    assert card.run.isEnabled()


def test_a_run_of_another_account_is_let_go(settings: Opened, day: Runs) -> None:
    begun, go = threading.Event(), threading.Event()

    def runs(server: str, login: int, rules: Sequence[Rule]) -> DryRun:
        begun.set()
        go.wait(60)
        return day(server, login, rules)

    window = settings(runs)
    card = page(window).dry_run
    click(card.run)
    assert begun.wait(60)
    page(window).show_frame(frames.three_accounts(), frames.three_accounts().accounts[1])
    assert card.run.text() == "Run"
    go.set()
    while any(thread.name == "aside" for thread in threading.enumerate()):
        QThread.yieldCurrentThread()
    QApplication.processEvents()
    assert card.found is None


def test_a_plan_is_shown_and_put_into_the_draft_and_not_into_the_file(settings: Opened, day: Runs, file: Path) -> None:
    window = settings(day)
    packs, before = page(window).packs, file.read_bytes()
    packs.plan.setFocus()
    packs.plan.setCurrentIndex(packs.plan.findText("FTMO 2-step"))
    packs.plan.activated.emit(packs.plan.currentIndex())
    assert "ftmo.com/en/trading-objectives, 22 Nov 2026" in packs.source.text()
    assert "type the initial balance" in packs.state.text()
    assert packs.high_row.isHidden()
    assert not packs.add.isEnabled()
    keys(packs.initial, "200000")
    assert "180\u202f000, the initial 200\u202f000 less 10\u202f% of it" in packs.asks.text()
    assert "FTMO 2-step: maximum loss" in packs.rules.text()
    click(packs.add)
    assert file.read_bytes() == before
    section = page(window).section
    assert section is not None
    assert section.path == "terminal[0]"
    assert "main is under FTMO 2-step" in packs.state.text()
    click(page(window).foot.save)
    found = load(file, {}).terminals[0]
    assert (found.pack, found.initial_balance) == ("ftmo-2-step", 200_000.0)


def test_a_plan_that_trails_asks_for_the_high(settings: Opened, day: Runs, file: Path) -> None:
    window = settings(day)
    packs = page(window).packs
    packs.plan.setCurrentIndex(packs.plan.findText("FTMO 1-step"))
    packs.plan.activated.emit(packs.plan.currentIndex())
    assert packs.high_row.isVisible()
    keys(packs.initial, "much")
    assert "expected an amount" in packs.state.text()
    assert not packs.add.isEnabled()
    keys(packs.initial, "100000")
    keys(packs.high, "103000")
    click(packs.add)
    click(page(window).foot.save)
    assert load(file, {}).terminals[0].high_water == 103_000.0
