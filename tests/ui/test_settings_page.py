"""The page of settings: typing judges at once, Save is off while anything is wrong, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.config import load
from app.config.draft import FileDraft
from app.config.helps import DEFAULT
from monitors.responses.emergency_stop import EmergencyStopResponse
from tests import frames
from tests.ui.conftest import Opener
from tests.ui.test_room import clipped
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage
from ui.panels.fault_row import FaultRow
from ui.panels.fields import Choice
from ui.panels.key_row import KeyRow
from ui.panels.typed import Entry


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
    """By a click in its list."""
    shown = page(window)
    for which in (shown.rules, shown.others):
        for place in range(which.count()):
            if which.item(place).text() == title:
                which.scrollToItem(which.item(place))
                middle = which.visualItemRect(which.item(place)).center()
                QTest.mouseClick(which.viewport(), Qt.MouseButton.LeftButton, pos=middle)
                return
    raise AssertionError(title)


def shown(window: MainWindow, kind: type[QWidget], path: str) -> QWidget:
    return next(one for one in page(window).findChildren(kind)
                if getattr(one, "path", "") == path and one.isVisible())  # fmt: skip


def entry(window: MainWindow, path: str) -> Entry:
    found = shown(window, Entry, path)
    assert isinstance(found, Entry)
    return found


def row(window: MainWindow, path: str) -> KeyRow:
    found = shown(window, KeyRow, path)
    assert isinstance(found, KeyRow)
    return found


def keys(field: QWidget, words: str) -> None:
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    if words:
        QTest.keyClicks(field, words)
    else:
        QTest.keyClick(field, Qt.Key.Key_Delete)


def typed(window: MainWindow, path: str, words: str) -> None:
    """Into the field of a rule, as a person types it, or of another table, as TOML."""
    rule = path.startswith("rule[")
    keys(entry(window, path).input if rule else row(window, path).value, words)


def pick(window: MainWindow, path: str, value: str) -> None:
    """By the keys in a choice."""
    field = entry(window, path).input
    assert isinstance(field, Choice)
    field.setFocus()
    wanted = next(n for n, (_, one) in enumerate(field._items) if one == value)
    while field.currentIndex() != wanted:
        QTest.keyClick(field, Qt.Key.Key_Down if field.currentIndex() < wanted else Qt.Key.Key_Up)


def faults(window: MainWindow) -> list[FaultRow]:
    return [one for one in page(window).findChildren(FaultRow) if one.isVisible()]


def click(which: QWidget) -> None:
    QTest.mouseClick(which, Qt.MouseButton.LeftButton)


def test_the_keys_open_it_on_the_first_rule_of_the_file_as_it_is(window: MainWindow) -> None:
    assert page(window).rules.item(0).text() == "Margin level"
    assert entry(window, "rule[0].name").input.property("text") == "Margin level"
    assert not page(window).foot.save.isEnabled()
    assert page(window).foot.state.text() == "As in the file"
    choose(window, "Program")
    assert row(window, "app.poll_ms").value.text() == "100"


def test_a_rule_says_what_it_would_do_as_it_is_typed(window: MainWindow) -> None:
    typed(window, "rule[0].levels[0].at", "175.0")
    assert page(window).editor.words.said[0] == "When the margin level falls to 175\u202f%, raise an alert."
    assert page(window).foot.save.isEnabled()
    assert page(window).foot.state.text() == "Changed, not saved"


def test_a_fault_stands_under_its_level_and_nothing_can_be_saved(window: MainWindow, file: Path) -> None:
    before = file.read_bytes()
    typed(window, "rule[0].levels[1].at", "900.0")
    places = [one.place.text() for one in faults(window)]
    assert places[0] == "rule[0].levels[1].at \u00b7 found 900.0"
    assert "below the 150.0" in faults(window)[0].sentence.text()
    assert not page(window).foot.save.isEnabled()
    assert "the rules in force stay" in page(window).foot.state.text()
    said = page(window).editor.words.said
    assert said[0].startswith("When the margin level")
    assert said[1] == "Level 2 has no sentence until its threshold is valid."
    assert page(window).editor.line.ladder.rungs[1].faulty
    typed(window, "rule[0].levels[1].at", "110.0")
    assert page(window).foot.state.text() == "Changed, not saved"
    assert faults(window) == []
    assert file.read_bytes() == before


def test_one_click_mends_it(window: MainWindow) -> None:
    typed(window, "rule[0].levels[1].at", "140.0")
    pick(window, "rule[0].levels[1].severity", "low")
    assert [one.mend.text() for one in faults(window)] == ["Use high"]
    click(faults(window)[0].mend)
    assert faults(window) == []
    assert entry(window, "rule[0].levels[1].severity").input.property("currentText") == "High"
    assert page(window).foot.save.isEnabled()


def test_what_is_no_value_at_all_is_a_fault_too_until_it_is_one(window: MainWindow) -> None:
    choose(window, "Program")
    typed(window, "app.mode", "armed")
    faulty = row(window, "app.mode")
    assert "a word stands in quotes" in faulty.fault.text()
    assert not page(window).foot.save.isEnabled()
    typed(window, "app.mode", '"observe"')
    assert not faulty.fault.isVisible()


def test_a_fault_elsewhere_is_named_by_its_path(window: MainWindow) -> None:
    choose(window, "Program")
    typed(window, "app.mode", '"armed"')
    assert "terminal[0].login" in page(window).foot.state.text()


def test_saving_writes_the_file_and_says_what_comes_of_it(window: MainWindow, file: Path) -> None:
    choose(window, "Program")
    typed(window, "app.poll_ms", "250")
    click(page(window).foot.save)
    assert load(file, {}).poll_ms == 250
    assert page(window).foot.state.text().startswith("Saved.")
    assert not page(window).foot.save.isEnabled()


def test_what_cannot_be_written_is_said_and_stays_typed(window: MainWindow, file: Path) -> None:
    (file.parent / "config.toml.new").mkdir()
    choose(window, "Program")
    typed(window, "app.poll_ms", "250")
    click(page(window).foot.save)
    assert page(window).foot.state.text().startswith("Not saved:")
    assert row(window, "app.poll_ms").value.text() == "250"
    assert load(file, {}).poll_ms == 100


def test_discarding_takes_every_change_back(window: MainWindow) -> None:
    choose(window, "Program")
    typed(window, "app.poll_ms", "250")
    page(window).rules.setFocus()
    click(page(window).foot.discard)
    assert row(window, "app.poll_ms").value.text() == "100"
    assert not page(window).foot.discard.isEnabled()


def test_a_rule_can_be_added_copied_and_removed(window: MainWindow) -> None:
    count = page(window).rules.count()
    for which, title in ((page(window).copy, "Margin level 2"), (page(window).add, "New rule")):
        click(which)
        section = page(window).section
        assert section is not None
        assert section.title == title
    click(page(window).remove)
    click(page(window).remove)
    assert page(window).rules.count() == count
    assert page(window).foot.state.text() == "As in the file"


def test_a_table_that_is_no_rule_can_be_neither_copied_nor_removed(window: MainWindow) -> None:
    choose(window, "Program")
    assert not page(window).copy.isEnabled()
    assert not page(window).remove.isEnabled()


def test_a_level_is_added_gets_another_action_and_goes_again(window: MainWindow, file: Path) -> None:
    click(page(window).editor.add)
    pick(window, "rule[0].levels[2].action", "emergency_stop")
    assert page(window).editor.words.said[2].startswith("When the margin level falls to 90\u202f%")
    assert "emergency stop" in page(window).editor.words.said[2]
    click(page(window).foot.save)
    assert load(file, {}).rules[0].levels[2].response == EmergencyStopResponse()
    click(page(window).editor.levels[0].take_away)
    assert page(window).editor.line.ladder.rungs[0].at == 120.0
    click(page(window).foot.save)
    assert [level.at for level in load(file, {}).rules[0].levels] == [120.0, 90.0]


def test_the_last_level_cannot_be_taken_away(window: MainWindow) -> None:
    choose(window, "Concentration")
    assert not page(window).editor.levels[0].take_away.isEnabled()


def test_names_and_accounts_are_typed_without_quotes(window: MainWindow, file: Path) -> None:
    typed(window, "rule[0].accounts", "Funded*, Swing")
    typed(window, "rule[0].name", "Margin, mine")
    click(page(window).foot.save)
    rule = load(file, {}).rules[0]
    assert (rule.name, rule.accounts) == ("Margin, mine", ("Funded*", "Swing"))
    assert page(window).rules.item(0).text() == "Margin, mine"


def test_the_ladder_shows_where_the_metric_is_now_and_where_it_re_arms(window: MainWindow) -> None:
    ladder = page(window).editor.line.ladder
    view = frames.warning().accounts[0]
    assert ladder.now == view.metrics["margin.level_pct"]
    assert ladder.rearm_at == 160.0
    typed(window, "rule[0].rearm", "20")
    assert page(window).editor.line.ladder.rearm_at == 170.0


def test_keys_that_the_metric_does_not_know_are_not_asked_for(window: MainWindow) -> None:
    def more() -> set[str]:
        return {one.path.rpartition(".")[2] for one in page(window).editor.more if one.isVisible()}

    assert more() == {"confirm_s", "hard", "magics"}
    choose(window, "Daily drawdown")
    assert more() == {"base", "confirm_s", "hard", "magics", "of"}


def test_what_is_the_demos_own_is_never_saved_and_can_be_kept_as_another_file(
    opened: Opener, file: Path, tmp_path: Path
) -> None:
    window = opened(frames.warning())
    window.drafts = lambda: FileDraft(file, {}, "These are the demo's own rules")
    window.show_page("Settings")
    before, foot = file.read_bytes(), page(window).foot
    assert "demo's own" in foot.state.text()
    assert not foot.save.isVisible()
    typed(window, "rule[0].levels[0].at", "160")
    foot.ask_place = lambda _usual: str(tmp_path / "mine.toml")
    click(foot.save_as)
    assert foot.state.text().startswith("Saved as")
    assert load(tmp_path / "mine.toml", {}).rules[0].levels[0].at == 160.0
    foot.ask_place = lambda _usual: str(DEFAULT)
    click(foot.save_as)
    assert "comes with the program" in foot.state.text()
    foot.ask_place = lambda _usual: ""
    click(foot.save_as)
    assert file.read_bytes() == before


def test_without_a_config_it_says_so(opened: Opener) -> None:
    window = opened(frames.warning())
    window.show_page("Settings")
    assert page(window).foot.state.text() == "There is no config to edit here."


@pytest.mark.parametrize("width", [1_180, 1_280, 1_920])
def test_nothing_on_it_is_cut(opened: Opener, file: Path, width: int) -> None:
    window = opened(frames.warning(), width)
    window.drafts = lambda: FileDraft(file, {})
    window.show_page("Settings")
    for title in ("Program", "Terminal: main", "Size", "Daily drawdown", "Margin level"):
        choose(window, title)
        for _ in range(2):
            QApplication.processEvents()
        assert clipped(page(window)) == []
    click(page(window).editor.add)
    typed(window, "rule[0].levels[2].at", "130.0")
    for _ in range(2):
        QApplication.processEvents()
    assert clipped(page(window)) == []


def test_a_key_that_goes_or_comes_moves_no_row_under_the_fingers(window: MainWindow) -> None:
    choose(window, "Alerts")
    after = row(window, "alerts.escalate_s")
    keys(after.value, "")
    assert after.path == "alerts.escalate_s"
    QTest.keyClicks(after.value, "60.0")
    assert (after.path, after.value.text()) == ("alerts.escalate_s", "60.0")
    assert row(window, "alerts.escalate_times").value.text() == "3"
    assert page(window).judged.faults == {}


def test_a_threshold_that_is_emptied_and_typed_anew_stays_where_it_is(window: MainWindow) -> None:
    at = entry(window, "rule[0].levels[0].at")
    keys(at.input, "")
    assert at.path == "rule[0].levels[0].at"
    QTest.keyClicks(at.input, "155.0")
    assert page(window).editor.line.ladder.rungs[0].at == 155.0
    assert page(window).judged.faults == {}


def test_what_is_no_value_stays_typed_while_another_row_is_edited(window: MainWindow) -> None:
    choose(window, "Program")
    typed(window, "app.mode", "armed")
    typed(window, "app.poll_ms", "250")
    assert row(window, "app.mode").value.text() == "armed"
    assert row(window, "app.mode").fault.text()


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(window: MainWindow, file: Path) -> None:
    choose(window, "Program")
    typed(window, "app.poll_ms", "250")
    other = file.read_text("utf-8").replace("poll_ms = 100 ", "poll_ms = 500 ")
    file.write_text(other, "utf-8")
    click(page(window).foot.save)
    assert "changed meanwhile" in page(window).foot.state.text()
    assert file.read_text("utf-8") == other


def test_a_file_that_is_no_toml_any_more_is_said_and_read_again_once_it_is(window: MainWindow, file: Path) -> None:
    good = file.read_text("utf-8")
    choose(window, "Program")
    typed(window, "app.poll_ms", "250")
    file.write_text("[[", "utf-8")
    click(page(window).foot.discard)
    assert page(window).foot.state.text().startswith("Not read:")
    assert not page(window).foot.save.isEnabled()
    file.write_text(good, "utf-8")
    click(page(window).foot.discard)
    assert page(window).foot.state.text() == "As in the file"
