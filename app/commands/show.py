"""Running a program: in a window where there is a display, else line by line on stdout."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.answers import answerer
from app.commands import DONE, FAILED, told
from app.control import Listener, NotRunning, ask
from app.events import Event
from app.main import Program
from app.words import words


def display_there() -> bool:
    """Whether a window can be shown; on Linux that takes a display, or a Qt platform named by the user."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def running(folder: Path) -> bool:
    """True where an instance already answers for this data folder."""
    try:
        ask(folder, verb="status")
    except NotRunning:
        return False
    return True


def show(program: Program, *, seconds: float | None, picture: Path | None) -> int:
    """The window, or headless where there is no display; a picture is then drawn off the screen."""
    if display_there():
        return windowed(program, seconds=seconds, picture=picture, offscreen=False)
    if picture is not None:
        told("no display: drawing off the screen", DONE)
        return windowed(program, seconds=seconds, picture=picture, offscreen=True)
    told("no display: running headless; a line per event, Ctrl-C ends", DONE)
    return headless(program, seconds=seconds, as_json=False)


def headless(program: Program, *, seconds: float | None, as_json: bool) -> int:
    """The loop in this thread, a line per event; Ctrl-C and SIGTERM end it cleanly."""

    def sink(event: Event) -> None:
        print(json.dumps(event, ensure_ascii=False) if as_json else words(event), flush=True)

    program.sinks = (sink,)
    with _only_instance(program), _signals(program.loop.stop), _ending(program, seconds):
        program.loop.run()
    return DONE


def windowed(program: Program, *, seconds: float | None, picture: Path | None, offscreen: bool) -> int:
    """The window on the newest frames, the loop in the worker."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 -- the headless guard needs no Qt

    from app.worker import Worker  # noqa: PLC0415
    from ui.application import prepare  # noqa: PLC0415
    from ui.main_window import MainWindow  # noqa: PLC0415

    application = prepare(sys.argv[:1], offscreen=offscreen)

    def leave() -> None:
        application.exit()  # quit() would first ask the window, which asks the person while armed

    window = MainWindow(program.mailbox, lambda command: None if program.loop.post(command) else None)
    worker, failures = Worker(program.loop), list[str]()
    worker.failed.connect(lambda text: (failures.append(text), leave()))
    awake = QTimer()
    awake.timeout.connect(lambda: None)
    awake.start(200)
    if seconds is not None:
        QTimer.singleShot(round(seconds * 1000), leave)
    with _only_instance(program), _signals(leave):
        window.closed.connect(leave)
        window.show()
        worker.start()
        application.exec()
        try:
            if picture is not None and not failures:
                window.poll()
                window.save_png(picture)
                told(f"picture written to {picture}", DONE)
        except OSError as error:
            failures.append(f"{picture}: {error.strerror or error}; choose a place that can be written")
        finally:
            worker.finish()
            window.deleteLater()
    return told(failures[0], FAILED) if failures else DONE


@contextmanager
def _only_instance(program: Program) -> Iterator[None]:
    """Listen for the commands of other processes while this one runs."""
    program.folder.mkdir(parents=True, exist_ok=True)
    listener = Listener(program.folder, answerer(program.mailbox.newest, program.loop.post))
    try:
        yield
    finally:
        listener.close()


@contextmanager
def _signals(leave: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C and SIGTERM leave in order."""
    before = {s: signal.signal(s, lambda *_: leave()) for s in (signal.SIGINT, signal.SIGTERM)}
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
