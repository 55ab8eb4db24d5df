"""The page of settings: typing judges at once, Save is off while anything is wrong, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.config import load
from app.config.draft import FileDraft
from app.config.helps import DEFAULT
from tests import frames
from tests.ui.conftest import Opener
from tests.ui.test_room import clipped
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage
from ui.panels.key_row import KeyRow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    made.write_text(DEFAULT.read_text("utf-8"), "utf-8")
    return made


@pytest.fixture
def window(opened: Opener, file: Path) -> MainWindow:
    made = opened(frames.warning())
    made.drafts = lambda: FileDraft(file, {})
    QTest.keyClick(made, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    return made


def page(window: MainWindow) -> SettingsPage:
    found = window.page
    assert isinstance(found, SettingsPage)
    return found


def choose(window: MainWindow, title: str) -> None:
    sections = page(window)._sections
    page(window).list.setCurrentRow(next(n for n, one in enumerate(sections) if one.title == title))


def row(window: MainWindow, path: str) -> KeyRow:
    return next(one for one in page(window).rows if one.path == path and not one.isHidden())


def typed(window: MainWindow, path: str, words: str) -> KeyRow:
    found = row(window, path)
    found.value.setFocus()
    found.value.selectAll()
    QTest.keyClicks(found.value, words)
    return found


def test_the_keys_open_it_on_the_file_as_it_is(window: MainWindow) -> None:
    shown = page(window)
    assert shown.list.item(0).text() == "Program"
    assert row(window, "app.poll_ms").value.text() == "100"
    assert not shown.save.isEnabled()
    assert shown.state.text() == "As in the file"


def test_a_rule_says_what_it_would_do_as_it_is_typed(window: MainWindow) -> None:
    choose(window, "Margin level")
    typed(window, "rule[0].levels[0].at", "175.0")
    assert "falls to 175.00 %" in page(window).says.text()
    assert page(window).save.isEnabled()
    assert page(window).state.text() == "Changed, not saved"


def test_a_fault_stands_under_its_field_and_nothing_can_be_saved(window: MainWindow, file: Path) -> None:
    before = file.read_bytes()
    choose(window, "Margin level")
    faulty = typed(window, "rule[0].levels[1].at", "900.0")
    assert "below the 150.0" in faulty.fault.text()
    assert faulty.fault.isVisible()
    assert not page(window).save.isEnabled()
    assert "the rules in force stay" in page(window).state.text()
    typed(window, "rule[0].levels[1].at", "110.0")
    assert page(window).state.text() == "Changed, not saved"
    assert not faulty.fault.isVisible()
    assert page(window).save.isEnabled()
    assert file.read_bytes() == before


def test_what_is_no_value_at_all_is_a_fault_too_until_it_is_one(window: MainWindow) -> None:
    faulty = typed(window, "app.mode", "armed")
    assert "a word stands in quotes" in faulty.fault.text()
    assert not page(window).save.isEnabled()
    typed(window, "app.mode", '"observe"')
    assert not faulty.fault.isVisible()


def test_a_fault_elsewhere_is_named_by_its_path(window: MainWindow) -> None:
    typed(window, "app.mode", '"armed"')
    assert "terminal[0].login" in page(window).state.text()


def test_saving_writes_the_file_and_says_what_comes_of_it(window: MainWindow, file: Path) -> None:
    typed(window, "app.poll_ms", "250")
    QTest.mouseClick(page(window).save, Qt.MouseButton.LeftButton)
    assert load(file, {}).poll_ms == 250
    assert page(window).state.text().startswith("Saved.")
    assert not page(window).save.isEnabled()


def test_what_cannot_be_written_is_said_and_stays_typed(window: MainWindow, file: Path) -> None:
    (file.parent / "config.toml.new").mkdir()
    typed(window, "app.poll_ms", "250")
    QTest.mouseClick(page(window).save, Qt.MouseButton.LeftButton)
    assert page(window).state.text().startswith("Not saved:")
    assert row(window, "app.poll_ms").value.text() == "250"
    assert load(file, {}).poll_ms == 100


def test_discarding_takes_every_change_back(window: MainWindow) -> None:
    typed(window, "app.poll_ms", "250")
    page(window).list.setFocus()
    QTest.mouseClick(page(window).discard, Qt.MouseButton.LeftButton)
    assert row(window, "app.poll_ms").value.text() == "100"
    assert not page(window).discard.isEnabled()


def test_a_rule_can_be_copied_and_removed(window: MainWindow) -> None:
    choose(window, "Margin level")
    count = page(window).list.count()
    QTest.mouseClick(page(window).copy, Qt.MouseButton.LeftButton)
    section = page(window).section
    assert section is not None
    assert section.title == "Margin level 2"
    QTest.mouseClick(page(window).remove, Qt.MouseButton.LeftButton)
    assert page(window).list.count() == count


def test_a_table_that_is_no_rule_can_be_neither_copied_nor_removed(window: MainWindow) -> None:
    choose(window, "Program")
    assert not page(window).copy.isEnabled()
    assert not page(window).remove.isEnabled()


def test_what_is_the_demos_own_can_be_read_and_never_saved(opened: Opener, file: Path) -> None:
    window = opened(frames.warning())
    window.drafts = lambda: FileDraft(file, {}, "These are the demo's own rules: nothing is saved.")
    window.show_page("Settings")
    assert "demo's own" in page(window).state.text()
    typed(window, "app.poll_ms", "250")
    assert not page(window).save.isEnabled()


def test_without_a_config_it_says_so(opened: Opener) -> None:
    window = opened(frames.warning())
    window.show_page("Settings")
    assert page(window).state.text() == "There is no config to edit here."


@pytest.mark.parametrize("width", [1_180, 1_280, 1_920])
def test_nothing_on_it_is_cut(opened: Opener, file: Path, width: int) -> None:
    window = opened(frames.warning(), width)
    window.drafts = lambda: FileDraft(file, {})
    window.show_page("Settings")
    for title in ("Program", "Terminal: main", "Margin level", "Size"):
        choose(window, title)
        for _ in range(2):
            QApplication.processEvents()
        assert clipped(page(window)) == []


def test_a_key_that_goes_or_comes_moves_no_row_under_the_fingers(window: MainWindow) -> None:
    choose(window, "Margin level")
    at = row(window, "rule[0].levels[0].at")
    at.value.setFocus()
    at.value.selectAll()
    QTest.keyClick(at.value, Qt.Key.Key_Delete)
    assert at.path == "rule[0].levels[0].at"
    QTest.keyClicks(at.value, "155.0")
    assert (at.path, at.value.text()) == ("rule[0].levels[0].at", "155.0")
    assert row(window, "rule[0].levels[0].severity").value.text() == '"medium"'
    base = typed(window, "rule[0].confirm", "3")
    assert (base.path, base.value.text()) == ("rule[0].confirm", "3")
    assert page(window).judged.faults == {}


def test_what_is_no_value_stays_typed_while_another_row_is_edited(window: MainWindow) -> None:
    wrong = typed(window, "app.mode", "armed")
    typed(window, "app.poll_ms", "250")
    assert wrong.value.text() == "armed"
    assert wrong.fault.text()


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(window: MainWindow, file: Path) -> None:
    typed(window, "app.poll_ms", "250")
    other = file.read_text("utf-8").replace("poll_ms = 100 ", "poll_ms = 500 ")
    file.write_text(other, "utf-8")
    QTest.mouseClick(page(window).save, Qt.MouseButton.LeftButton)
    assert "changed meanwhile" in page(window).state.text()
    assert file.read_text("utf-8") == other


def test_a_file_that_is_no_toml_any_more_is_said_and_read_again_once_it_is(window: MainWindow, file: Path) -> None:
    good = file.read_text("utf-8")
    typed(window, "app.poll_ms", "250")
    file.write_text("[[", "utf-8")
    QTest.mouseClick(page(window).discard, Qt.MouseButton.LeftButton)
    assert page(window).state.text().startswith("Not read:")
    assert not page(window).save.isEnabled()
    file.write_text(good, "utf-8")
    QTest.mouseClick(page(window).discard, Qt.MouseButton.LeftButton)
    assert page(window).state.text() == "As in the file"
