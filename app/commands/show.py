"""Running a program: in a window where there is a display, else line by line on stdout."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.answers import answerer
from app.commands import DONE, FAILED, told, unread, written
from app.control import Listener
from app.events import Event, line
from app.main import Program
from app.store.folder import held
from app.words import words
from monitors.ports import Command

if TYPE_CHECKING:
    from ui.main_window import MainWindow

ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that leave in order, as far as the system has them."""

PAINT_MS = 40


def display_there() -> bool:
    """Whether a window can be shown; on Linux that takes a display, or a Qt platform named by the user."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How long a window is shown, how large, and where its picture goes."""

    seconds: float | None = None
    picture: Path | None = None
    size: tuple[int, int] | None = None


def show(program: Program, how: Showing) -> int:
    """The window, or headless where there is no display; a picture is then drawn off the screen."""
    if display_there():
        return windowed(program, how, offscreen=False)
    if how.picture is not None:
        told("no display: drawing off the screen", DONE)
        return windowed(program, how, offscreen=True)
    told("no display: running headless; a line per event, Ctrl-C ends", DONE)
    return headless(program, seconds=how.seconds, as_json=False)


def headless(program: Program, *, seconds: float | None, as_json: bool) -> int:
    """The loop in this thread, a line per event; Ctrl-C and SIGTERM end it cleanly.

    Where nobody reads the lines any more the guard goes on without them: a log that ends must not end it.
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

    program.sinks = (sink,)
    with _only_instance(program), _signals(program.loop.stop), _ending(program, seconds):
        program.loop.run()
    return DONE


def windowed(program: Program, how: Showing, *, offscreen: bool) -> int:
    """The window on the newest frames, the loop in the worker; raises what ended the worker before its time."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 -- the headless guard needs no Qt

    from app.worker import Worker  # noqa: PLC0415
    from ui.application import prepare  # noqa: PLC0415
    from ui.main_window import MainWindow  # noqa: PLC0415

    application = prepare(sys.argv[:1], offscreen=offscreen)
    failures: list[Exception] = []

    def leave() -> None:
        application.exit()  # quit() would first ask the window, which asks the person while armed

    def failed(error: Exception) -> None:
        failures.append(error)
        leave()

    def send(command: Command) -> None:
        program.loop.post(command)

    with _only_instance(program), _signals(leave):
        window, worker = MainWindow(program.mailbox, send), Worker(program.loop)
        worker.failed.connect(failed)
        window.closed.connect(leave)
        awake = QTimer(window)  # Python sees a signal only between two of its own instructions
        awake.timeout.connect(lambda: None)
        awake.start(200)
        if how.seconds is not None:
            QTimer.singleShot(round(how.seconds * 1000), window, leave)
        if how.size is not None:
            window.resize(*how.size)
        window.show()
        QTimer.singleShot(PAINT_MS, worker, worker.start)  # the window is painted before the worker takes its share
        application.exec()
        try:
            code = DONE if how.picture is None or failures else _save(window, how.picture)
        finally:
            worker.finish()
            window.deleteLater()
    if failures:
        raise failures[0]
    return code


def _save(window: MainWindow, picture: Path) -> int:
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 -- as above

    window.poll()
    QCoreApplication.processEvents()  # what the newest frame made wider or narrower finds its place
    try:
        window.save_png(picture)
    except OSError:
        return told(f"{picture}: the picture could not be written; choose a place that can be written", FAILED)
    return told(f"picture written to {picture}", DONE)


@contextmanager
def _only_instance(program: Program) -> Iterator[None]:
    """Hold the data folder and listen for the commands of other processes while this one runs."""
    with held(program.folder):
        listener = Listener(program.folder, answerer(program.mailbox.newest, program.loop.post))
        try:
            yield
        finally:
            listener.close()


@contextmanager
def _signals(leave: Callable[[], None]) -> Iterator[None]:
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
