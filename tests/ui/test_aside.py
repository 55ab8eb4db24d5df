"""Work beside the window's thread: it is answered in that thread, an older one is dropped, what failed is said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event, get_ident

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.aside import Aside

LONG_MS = 30_000


def test_the_answer_comes_in_the_asking_thread(qtbot: QtBot) -> None:
    parent = QObject()
    aside, found = Aside(parent), list[tuple[int, int]]()
    aside.ask(get_ident, lambda where: found.append((where, get_ident())), lambda _: found.clear())
    qtbot.waitUntil(lambda: not aside.waiting, timeout=LONG_MS)
    ((worked, told),) = found
    assert (told, worked != told) == (get_ident(), True)


def test_only_the_newest_question_is_answered(qtbot: QtBot) -> None:
    parent, let = QObject(), {"old": Event(), "new": Event()}
    aside, found = Aside(parent), list[str]()

    def slow(which: str) -> str:
        let[which].wait(30)
        return which

    for which in let:
        aside.ask(partial(slow, which), found.append, found.append)
    with qtbot.waitSignal(aside._answered, timeout=LONG_MS):
        let["old"].set()
    assert (found, aside.waiting) == ([], True)
    let["new"].set()
    qtbot.waitUntil(lambda: not aside.waiting, timeout=LONG_MS)
    assert found == ["new"]


def test_what_went_wrong_is_said_in_its_own_words(qtbot: QtBot) -> None:
    parent = QObject()
    aside, said, found = Aside(parent), list[str](), list[object]()

    def fail() -> None:
        raise OSError("history.db: damaged")

    failed: Callable[[str], None] = said.append
    aside.ask(fail, found.append, failed)
    qtbot.waitUntil(lambda: not aside.waiting, timeout=LONG_MS)
    assert (said, found) == (["history.db: damaged"], [])
