"""Running a program: in a window where there is a display, else line by line on stdout."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import DONE, FAILED, TOLD, say, told, unread, written
from app.events import Event, line
from app.instance.answers import answerer
from app.instance.control import Listener
from app.instance.single import holder, shown
from app.main import Program
from app.operations.recording import recorded
from app.stopping.apart import stopper
from app.store.folder import FolderTaken, held
from app.watchdog.alarm import Bell, on_escalation
from app.watchdog.vitals import vitals
from app.words import words

if TYPE_CHECKING:
    from app.engine import Sink
    from ui.kept import Kept
    from ui.main_window import MainWindow

ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that leave in order, as far as the system has them."""
UNSEEN = ("offscreen", "minimal")
LEFT_BEHIND = "the worker is stuck in a call and was left behind; look at your positions in MT5"


def display_there() -> bool:
    """Whether a window can be shown; on Linux that takes a display, or a Qt platform named by the user."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def screen_there() -> bool:
    """Whether somebody can see a window: Qt also draws where nobody does."""
    return display_there() and os.environ.get("QT_QPA_PLATFORM", "") not in UNSEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How long a window is shown, how large, with which page first, and where its picture goes."""

    seconds: float | None = None
    picture: Path | None = None
    size: tuple[int, int] | None = None
    page: str = "monitor"
    look: tuple[str | None, str | None] = None, None
    """Theme and colours; None: as the window looked last."""
    still: bool = False
    """Nothing moves by itself; else where it was so last, or the system asks for it."""


def look(args: argparse.Namespace) -> tuple[str | None, str | None]:
    """Theme and colours where they were asked for."""
    return getattr(args, "theme", None), getattr(args, "colours", None)


def still(args: argparse.Namespace) -> bool:
    """Whether it was asked that nothing moves."""
    return bool(getattr(args, "still", False))


def show(program: Program, how: Showing) -> int:
    """The window, or headless where there is no display; a picture is then drawn off the screen."""
    if display_there():
        return windowed(program, how, offscreen=False)
    if how.picture is not None:
        told("no display: drawing off the screen", DONE)
        return windowed(program, how, offscreen=True)
    told("no display: running headless; a line per event, Ctrl-C ends", DONE)
    return headless(program, seconds=how.seconds, as_json=False)


def headless(program: Program, *, seconds: float | None, as_json: bool, guarding: bool = False) -> int:
    """The loop in this thread, a line per event; Ctrl-C and SIGTERM end it cleanly.

    Where nobody reads the lines any more the guard goes on without them: a log that ends must not end it.
    `guarding`: accounts that are real to their owner, so that a watchdog watches and the machine is kept awake.
    """
    gone = False

    def sink(event: Event) -> None:
        nonlocal gone
        if gone:
            return
        try:
            written(line(event).decode().rstrip() if as_json else words(event))
        except OSError as error:
            gone = True
            unread()
            told(f"events can no longer be written ({error.strerror}); the guard goes on without them", DONE)

    program.sinks = (sink, *_loud(guarding=guarding))
    with _only_instance(program), signals(program.loop.stop), _ending(program, seconds), ExitStack() as stack:
        if found := stack.enter_context(recorded(program, say, TOLD)):
            say(found)
        stack.enter_context(_streaming(program))
        stack.enter_context(_telling(program))
        if guarding:
            stack.enter_context(vitals(program, say, display=screen_there()))
        program.loop.run()
    return DONE


def windowed(program: Program, how: Showing, *, offscreen: bool, guarding: bool = False) -> int:
    """The window on the newest frames, the loop in the worker; raises what ended the worker before its time.

    A guard that had begun keeps its window, which says so. `guarding` as for `headless`.
    """
    from PySide6.QtCore import QTimer  # noqa: PLC0415 -- the headless guard needs no Qt

    from app.window.face import Face, leave  # noqa: PLC0415 -- the same
    from ui import motion  # noqa: PLC0415 -- the same
    from ui.application import prepare  # noqa: PLC0415 -- the same
    from ui.kept import Kept  # noqa: PLC0415 -- the same

    attended = how.seconds is None and how.picture is None
    kept = Kept()
    chosen = looked(kept, how, attended=attended)
    application = prepare(sys.argv[:1], offscreen=offscreen)
    if how.still or (attended and kept.still) or motion.system_is_still():
        motion.be_still()
    stop = stopper(program.config.terminals, program.folder) if guarding else None
    with _only_instance(program), signals(leave), ExitStack() as stack:
        found = stack.enter_context(recorded(program, say, TOLD))
        stack.enter_context(_streaming(program))
        stack.enter_context(_telling(program))
        face = Face(program, stop, kept=kept if attended else None)
        face.window.header.pages.look.show_look(*chosen)
        if how.seconds is not None:
            QTimer.singleShot(round(how.seconds * 1000), face, leave)
        if how.size is not None:
            face.window.resize(*how.size)
        face.window.show_page(how.page.capitalize())
        face.show()
        if found:
            face.window.notice.say("CRASH REPORT", found)
        if guarding:
            stack.enter_context(vitals(program, say, display=screen_there(), window=face.turn))
        application.exec()
        try:
            code = DONE if how.picture is None or face.failures else _save(face.window, how.picture)
        finally:
            ended = face.close()
        if face.failures:
            raise face.failures[0]
    return code if ended else told(LEFT_BEHIND, FAILED)


def looked(kept: Kept, how: Showing, *, attended: bool) -> tuple[str, str]:
    """Choose the look before anything is built: as asked for, else as it was last where a person looks."""
    from ui import theme  # noqa: PLC0415 -- as above

    before = kept.look if attended else (theme.DEFAULT_THEME, theme.DEFAULT_PRESET)
    chosen = how.look[0] or before[0], how.look[1] or before[1]
    theme.choose(theme.tokens(*chosen))
    if attended and chosen != before:
        kept.keep_look(*chosen)
    return chosen


def _loud(*, guarding: bool) -> tuple[Sink, ...]:
    """What rings while real accounts are guarded and an alert is told again."""
    return (on_escalation(Bell().ring),) if guarding else ()


def _save(window: MainWindow, picture: Path) -> int:
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 -- as above

    from ui.picture import save_png  # noqa: PLC0415 -- as above

    window.poll()
    QCoreApplication.processEvents()  # what the newest frame made wider or narrower finds its place
    try:
        save_png(window, picture)
    except OSError:
        return told(f"{picture}: the picture could not be written; choose a place that can be written", FAILED)
    return told(f"picture written to {picture}", DONE)


@contextmanager
def _only_instance(program: Program) -> Iterator[None]:
    """Hold the data folder and listen for the commands of other processes while this one runs.

    Where another instance holds it, or an account that the config names, that one is shown instead.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(held(program.folder))
        except FolderTaken as taken:
            raise FolderTaken(f"{taken}; {shown(program.folder)}") from taken
        if other := holder(program.place, program.folder, program.config.terminals):
            whose = f"a Plimsoll is already running on account {other.login} ({other.server})"
            came = shown(Path(other.folder), elsewhere=True)
            raise FolderTaken(f"{whose}, its data in {other.folder}; {came}")
        answer = answerer(program.mailbox.newest, program.loop.post, program.come_forward)
        stack.callback(Listener(program.folder, answer).close)
        yield


def _streaming(program: Program) -> AbstractContextManager[None]:
    """The stream, where the config asks for one."""
    if not program.config.stream.enabled:
        return nullcontext()
    from app.stream.server import streaming  # noqa: PLC0415 -- few starts have one

    return streaming(program, say)


def _telling(program: Program) -> AbstractContextManager[None]:
    """What a desk of many machines hears, where the config names its brokers."""
    if not program.config.desk.brokers:
        return nullcontext()
    from app.desk.publisher import telling  # noqa: PLC0415 -- few guards belong to a desk

    return telling(program, say)


@contextmanager
def signals(leave: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, SIGTERM and a terminal that is closed leave in order."""
    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: leave()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _ending(program: Program, seconds: float | None) -> Iterator[None]:
    timer = threading.Timer(seconds, program.loop.stop) if seconds is not None else None
    if timer:
        timer.start()
    try:
        yield
    finally:
        if timer:
            timer.cancel()
            timer.join()
