"""`plimsoll desk`: the overview of every account on every machine, read from Kafka."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.commands import BAD_INPUT, DONE, FAILED, misplaced, told, written
from app.commands.show import Showing, display_there, look, looked, signals
from app.commands.where import config_path
from app.config import kinds, load
from app.config.faults import UnfitError, shown
from app.desk.kafka import DeskError
from app.desk.lines import Lines
from app.desk.listener import Listener
from bridge.clock import SystemClock
from monitors.settings import DeskSettings


def run(args: argparse.Namespace) -> int:
    """Until it is ended; exit 2 where no brokers are known, 1 where there is no way to them."""
    settings = load(config_path(args.config), os.environ).desk
    for key, kind in (("brokers", kinds.brokers), ("topic", kinds.topic)):
        if (given := getattr(args, key)) is not None:
            try:
                settings = replace(settings, **{key: kind(given)})
            except UnfitError as error:
                return told(f"--{key}: found {shown(given)}, {error.remedy}", BAD_INPUT)
    if not settings.brokers:
        return told("--brokers: found nothing, expected HOST:PORT of a Kafka broker, here or as desk.brokers in the "
                    "config", BAD_INPUT)  # fmt: skip
    picture = Path(args.screenshot) if args.screenshot else None
    if picture and (why := misplaced(picture)):
        return told(f"--screenshot {picture}: {why}", BAD_INPUT)
    try:
        if args.headless or args.json:
            return _headless(settings, args.seconds, as_json=args.json)
        if not display_there() and picture is None:
            told("no display: running headless; a line per event, Ctrl-C ends", DONE)
            return _headless(settings, args.seconds, as_json=False)
        return _windowed(settings, Showing(seconds=args.seconds, picture=picture, look=look(args)))
    except DeskError as error:
        return told(str(error), FAILED)


def _headless(settings: DeskSettings, seconds: float | None, *, as_json: bool) -> int:
    lines = Lines(written, as_json=as_json)
    listener = Listener(settings, SystemClock(), told=lines.told, viewed=lines.viewed)
    with signals(listener.stop):
        _ended(listener.run, listener.stop, seconds)
    return DONE


def _ended(work: Callable[[], None], stop: Callable[[], None], seconds: float | None) -> None:
    """The work, ended after so many seconds where that was asked for."""
    timer = threading.Timer(seconds, stop) if seconds is not None else None
    if timer:
        timer.start()
    try:
        work()
    finally:
        if timer:
            timer.cancel()
            timer.join()


def _windowed(settings: DeskSettings, how: Showing) -> int:
    from PySide6.QtCore import QCoreApplication, QTimer  # noqa: PLC0415 -- the headless desk needs no Qt

    from ui.application import prepare  # noqa: PLC0415 -- the same
    from ui.desk_window import DeskWindow  # noqa: PLC0415 -- the same
    from ui.kept import Kept  # noqa: PLC0415 -- the same
    from ui.picture import save_png  # noqa: PLC0415 -- the same

    listener = Listener(settings, SystemClock())
    looked(Kept(), how, attended=how.seconds is None and how.picture is None)
    application = prepare(sys.argv[:1], offscreen=not display_there())
    thread = threading.Thread(target=listener.run, name="desk", daemon=True)
    with signals(QCoreApplication.exit):
        window = DeskWindow(listener, settings.brokers)
        ticking = QTimer(window)  # Python sees a signal only between two of its own instructions
        ticking.start(200)
        ticking.timeout.connect(lambda: None)
        window.closed.connect(QCoreApplication.exit)
        if how.seconds is not None:
            QTimer.singleShot(round(how.seconds * 1000), window, QCoreApplication.exit)
        thread.start()
        try:
            window.show()
            application.exec()
            if how.picture is not None:
                window.poll()
                save_png(window, how.picture)
                told(f"picture written to {how.picture}", DONE)
        finally:
            listener.stop()
            thread.join()
            window.deleteLater()
    return DONE
