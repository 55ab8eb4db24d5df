"""Push messages tried from the window: a row a target, what each answered, and no address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests import frames
from tests.ui.conftest import Opener
from tests.ui.test_room import clipped
from ui.push import NONE, Heard, PushDialog


class Asked:
    """What was asked for, and a way to answer it."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    def __call__(self, heard: Heard) -> None:
        self.heard.append(heard)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def names() -> list[str]:
    return ["tgram://••••", "keyring:phone"]


@pytest.fixture
def dialog(opened: Opener, asked: Asked, names: list[str]) -> Iterator[PushDialog]:
    made = PushDialog(lambda: names, asked, opened(frames.warning()))
    made.show()
    yield made
    made.close()


def click(dialog: PushDialog) -> None:
    QTest.mouseClick(dialog.test, Qt.MouseButton.LeftButton)


def test_a_test_shows_what_each_service_answered(dialog: PushDialog, asked: Asked) -> None:
    click(dialog)
    assert [row.text() for row in dialog.results] == ["sending…", "sending…"]
    assert not dialog.test.isEnabled()
    asked.heard[0](1, False, "error=503")
    assert not dialog.test.isEnabled()
    asked.heard[0](0, True, "taken")
    assert [row.text() for row in dialog.results] == ["✓ Taken", "✗ Error=503"]
    assert dialog.test.isEnabled()
    assert dialog.note.text() == "2 targets tried"
    assert clipped(dialog) == []


def test_an_answer_of_an_earlier_test_changes_nothing(dialog: PushDialog, asked: Asked) -> None:
    click(dialog)
    for place in range(2):
        asked.heard[0](place, True, "taken")
    click(dialog)
    asked.heard[0](0, False, "late")
    assert dialog.results[0].text() == "sending…"


def test_targets_are_looked_up_when_it_is_opened(dialog: PushDialog, names: list[str]) -> None:
    dialog.hide()
    names.clear()
    dialog.show()
    assert dialog.results == []
    assert not dialog.test.isEnabled()
    assert NONE in [child.text() for child in dialog.findChildren(type(dialog.note))]


def test_the_menu_asks_for_it(opened: Opener) -> None:
    pages = opened(frames.warning()).header.pages
    wanted: list[bool] = []
    pages.push_wanted.connect(lambda: wanted.append(True))
    next(action for action in pages.list.actions() if action.text().startswith("Push")).trigger()
    assert wanted == [True]
