"""The window as a process under a window manager: real keys, and what the journal says of them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.xvfb import desk as desks
from tests.xvfb.desk import SIZE, Demo, Desk, demo, desktop, until

pytestmark = [pytest.mark.skipif(bool(desks.missing()), reason=desks.missing()), pytest.mark.timeout(900)]
STOP, STRIP = "ctrl+shift+x", "ctrl+shift+c"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desktop(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def running(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo(desk, tmp_path_factory.mktemp("data")) as made:
        yield made


def stopped(running: Demo, *, flat: bool = False) -> bool:
    """Whether a person's stop stands, and has closed all that it covers: the demo's rules halt too."""
    halts = [account["halt"] for account in running.status()["accounts"] if account["halt"]]
    return any(halt["kind"] == "stop" and (halt["flat"] or not flat) for halt in halts)


def brought(desk: Desk, window: str, key: str, title: str) -> str:
    """The window that a key brings from another; pressed again where a focus that was on its way missed it."""
    for _ in range(3):
        desk.activate(window)
        desk.press(key)
        with suppress(AssertionError):
            until(lambda: desk.shown(title))
            break
    return desk.window(title)


def test_windows_come_and_go_by_keys(running: Demo) -> None:
    desk = running.desk
    whole = desk.window("^Plimsoll: ")
    desk.press("F11")
    until(lambda: desk.size(whole) == SIZE)
    assert "FULLSCREEN" in desk.states(whole)
    desk.press("F11")
    until(lambda: "FULLSCREEN" not in desk.states(whole))
    assert all(side <= room for side, room in zip(desk.size(whole), SIZE, strict=True)), "it fits a small screen"
    desk.press("question")
    desk.activate(desk.window("^Keys$"))
    desk.press("Escape")
    until(lambda: not desk.shown("^Keys$"))
    strip = brought(desk, whole, STRIP, "^Plimsoll, compact$")
    assert "ABOVE" in desk.states(strip)
    until(lambda: not desk.shown("^Plimsoll: "))
    desk.activate(strip)
    desk.press(STRIP)
    desk.window("^Plimsoll: ")
    assert not stopped(running)


@pytest.mark.parametrize("where", ["window", "menu", "question", "strip"])
def test_the_stop_key_acts_wherever_the_focus_is_and_is_latched_before_the_first_order(
    running: Demo, where: str
) -> None:
    desk = running.desk
    if where == "menu":
        desk.press("Tab", "space")  # the menu of pages, which holds the keyboard
    elif where == "question":
        desk.press("alt+F4")
        desk.activate(desk.window("^Quit while armed"))
    elif where == "strip":
        desk.press(STRIP)
        desk.activate(desk.window("^Plimsoll, compact$"))
    assert not stopped(running)
    desk.press(STOP)
    until(lambda: stopped(running, flat=True))
    told = list(enumerate(running.events()))
    latched = [n for n, (name, body) in told if name == "halt" and body["reason"].startswith("emergency stop by ")]
    orders = [n for n, (name, body) in told if name == "intent" and body["episode"] is None]  # those of no rule
    assert orders
    assert latched[0] < orders[0]
    assert running.process.poll() is None
