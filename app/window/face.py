"""The window and its worker, and what runs between them: frames, commands, and the watch over both."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.main import Program
from app.push.targets import label
from app.push.trying import tried
from app.watchdog.alarm import Bell
from app.window.controller import Controller, Stop
from app.window.drafted import drafted
from app.window.dry_runs import dry_run
from app.window.past_alerts import past_alerts
from app.window.recall import StoreRecall
from app.window.reports import StoredReports
from app.worker import Worker
from bridge.clock import SystemClock
from bridge.crashes import CRASHES
from monitors.ports import EmergencyStop
from ui.alert_history import AlertHistory
from ui.announcing import Announcer, aloud
from ui.kept import Kept
from ui.main_window import MainWindow
from ui.push import PushDialog
from ui.sound import Sounder
from ui.tray import Tray
from ui.vigil import Vigil

PAINT_MS = 40
TURN_MS = 200


class Face(QObject):
    """Built, used and closed in the window's thread."""

    def __init__(self, program: Program, stop: Stop | None, *, kept: Kept | None) -> None:
        """`kept` remembers how the window was left; it is given where a person is there.

        A person hears alerts, and reads why the worker ended, for which the window then stays.
        """
        super().__init__()
        self._program = program
        self._kept = kept
        attended = kept is not None
        self._bell = Bell(QApplication.beep)
        self._vigil = Vigil(SystemClock(), program.config.poll_ms, self._bell.ring, stops_apart=stop is not None)
        self._sounder = Sounder(SystemClock(), self._bell.ring if attended else lambda: None)
        self._controller = Controller(program.loop.post, stop)
        self._worker = Worker(program.loop)
        self.failures: list[Exception] = []
        self._turns = 0
        self.window = MainWindow(program.mailbox, self._controller.send, vigil=self._vigil)
        self._announcer = Announcer(partial(aloud, self.window))
        self.window.drafts = partial(drafted, program)
        self.window.runs = partial(dry_run, program.folder)
        self._recall = StoreRecall(program.folder)
        self.window.monitor.charts.recalling.recall = self._recall
        self.window.reports = StoredReports(program.folder, program.config, SystemClock())
        self._controller.said.connect(self.window.notice.say)
        self._worker.failed.connect(self._failed)
        self.window.monitor.alerts.silenced.connect(self._sounder.silence)
        self._history = AlertHistory(partial(past_alerts, program.folder), self.window)
        self.window.monitor.alerts.history_wanted.connect(self._history.show)
        self._push = PushDialog(
            lambda: [*map(label, self._urls())], lambda heard: tried(self._urls(), heard), self.window
        )
        self.window.header.pages.push_wanted.connect(self._push.show)
        self.window.closed.connect(leave)
        if kept is not None:
            kept.place(self.window)
            look = self.window.header.pages.look
            look.chosen.connect(kept.keep_look)
            look.still.setChecked(kept.still)
            look.stilled.connect(self._keep_still)
        self._tray = Tray(self)
        self.window.header.pages.look.chosen.connect(self._tray.relook)
        if attended and self._tray.show():
            self._behind_tray()
        program.window = self.window.wanted.emit
        self._timer = QTimer(self)  # Python sees a signal only between two of its own instructions
        self._timer.timeout.connect(self._turn)
        self._timer.start(TURN_MS)

    def _urls(self) -> tuple[str, ...]:
        """Of the config in force."""
        return self._program.push.settings.urls

    def _keep_still(self, still: bool) -> None:  # noqa: FBT001 -- a slot
        if self._kept is not None:
            self._kept.keep_still(still)
            words = "Nothing moves by itself then" if still else "Menus, the caret and the reset's button move then"
            self.window.notice.say("FROM THE NEXT START ON", f"{words}; a click takes this away.")

    def _behind_tray(self) -> None:
        """Closing hides the window; the icon brings it back, and alone ends the program."""
        self.window.leaving.behind_tray = True
        self.window.hidden.connect(partial(self._tray.say, "Plimsoll goes on watching", "Quit it from this icon."))
        self._tray.wanted.connect(self.window.come_forward)
        self._tray.silenced.connect(self._sounder.silence)
        self._tray.stop_wanted.connect(partial(self._controller.send, EmergencyStop(by="tray")))
        self._tray.leaving.connect(self.window.leaving.quit)

    def show(self) -> None:
        """The window first, then the worker, which takes its share of the machine."""
        self.window.show()
        QTimer.singleShot(PAINT_MS, self._worker, self._worker.start)

    def turn(self) -> tuple[int, bool]:
        """A number that grows while the window's thread is not stuck; whether a person has seen its own alarm."""
        return self._turns, self.window.stalled.answered

    def close(self) -> bool:
        """End the worker, let the window go; False where the worker is stuck in a call and was left behind.

        Nothing ends a thread in a call, and Qt aborts over one that is left: the process then leaves without farewells.
        """
        ended = self._worker.finish()
        if not ended:
            atexit.register(_leave_at_once, self._worker)  # which also keeps it from being taken away
        self._timer.stop()
        self._recall.close()
        self._bell.quiet()
        self._tray.hide()
        if self._kept is not None:
            self._kept.keep_place(self.window)
        self._program.window = None
        self.window.deleteLater()
        return ended

    def _failed(self, error: Exception) -> None:
        self.failures.append(error)
        if self._kept is not None and self._program.mailbox.newest() is not None:
            CRASHES.write(error)  # now: the window may stay for hours, and be killed
            self._vigil.ended(f"{type(error).__name__}: {error}")
        else:
            leave()

    def _turn(self) -> None:
        self._turns += 1
        self.window.watch()
        frame = self._program.mailbox.newest()
        if frame is not None:
            self.window.monitor.alerts.show_sound(self._sounder.hear(frame))
            self._announcer.hear(frame)
            aged = self.window.stalled.aged(frame)
            self._tray.show_frame(aged, watched=self.window.isActiveWindow())


def leave() -> None:
    """End the event loop; `quit` would first ask the window, which asks the person while armed."""
    QCoreApplication.exit()


def _leave_at_once(_: Worker) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(1)
