"""`python -m tests.screenshots OUT`: the window in every state it can be in, a PNG each, to be looked at.

Drawn off the screen from the frames of the tests; `--scale` draws them as on a screen of that scale.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QThread
from PySide6.QtWidgets import QApplication, QWidget

from app.config.draft import FileDraft
from monitors.alert_load import AlertLoad
from monitors.ports import Command, Frame
from tests import frames, report_day
from tests.first_run import FOUND
from ui import application, theme
from ui.alert_history import AlertHistory
from ui.first_run import FirstRun
from ui.main_window import MainWindow
from ui.pages.report import ReportPage
from ui.pages.settings import SettingsPage

SIZE = 1_280, 800
NAMES = ("FTMO 200k", "Stellar 50k", "Prop EU", "London EA", "News EA", "Swing", "Gold EA", "Carry", "Index EA",
         "Long term", "Demo")  # fmt: skip


@dataclass(slots=True)
class Still:
    """One frame, again and again."""

    frame: Frame
    sent: list[Command] = field(default_factory=list)

    def newest(self) -> Frame:
        return self.frame


Look = Callable[[MainWindow], QWidget]


def _whole(window: MainWindow) -> QWidget:
    return window


def _page(name: str) -> Look:
    def look(window: MainWindow) -> QWidget:
        window.show_page(name)
        return window

    return look


def _detail(window: MainWindow) -> QWidget:
    window.monitor.open_detail(2)
    return window


def _compact(window: MainWindow) -> QWidget:
    window.compact.begin()
    window.watch()
    assert window.compact.strip is not None
    return window.compact.strip


def _history(window: MainWindow) -> QWidget:
    from tests.ui.test_alert_history import PAST  # noqa: PLC0415 -- it brings pytest along

    shown = AlertHistory(lambda: PAST, window)
    shown.show()
    while shown.aside.waiting:
        QApplication.processEvents()
    return shown


def flood() -> Frame:
    """Twelve alerts that one row stands for, and two that stand by themselves."""
    from tests.ui.test_flood import flooded  # noqa: PLC0415 -- likewise

    peaks = (0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 13)
    return replace(flooded(), load=AlertLoad(peaks=peaks, last_hour=17, last_ten=13, median_ack_s=41.0))


def twelve() -> Frame:
    """A desk of twelve accounts."""
    kinds = [frames.calm_account(), frames.observe().accounts[0], frames.blind().accounts[0], frames.funded()]
    others = [replace(kinds[n % len(kinds)], name=name, login=53_110_784 + n) for n, name in enumerate(NAMES)]
    return frames.frame(frames.funded(), *others, alerts=frames.warning().alerts)


def _settings(window: MainWindow) -> QWidget:
    window.drafts = lambda: FileDraft(None, {})
    window.show_page("Settings")
    page = window.page
    assert isinstance(page, SettingsPage)
    page.editor.level_added.emit()
    page.editor.typed.emit("rule[0].levels[2].at", "130.0")
    page.editor.acts.emit("rule[0].levels[2]", "emergency_stop")
    return window


def _dry_run(window: MainWindow) -> QWidget:
    from tests.dry_run_day import recorded  # noqa: PLC0415 -- written to a folder only where it is asked for

    window.drafts = lambda: FileDraft(None, {})
    window.runs = recorded
    window.show_page("Settings")
    page = window.page
    assert isinstance(page, SettingsPage)
    page.dry_run.run.click()
    return _waited(window, lambda: page.dry_run.found is not None)


def _packs(window: MainWindow) -> QWidget:
    window.drafts = lambda: FileDraft(None, {})
    window.show_page("Settings")
    page = window.page
    assert isinstance(page, SettingsPage)
    page.packs.plan.setCurrentIndex(1)
    page.packs.plan.activated.emit(1)
    page.packs.initial.setText("100000")
    page.packs.initial.textEdited.emit("100000")
    return window


def _first_run(window: MainWindow) -> QWidget:
    page = FirstRun("")
    page.setParent(window, Qt.WindowType.Window)
    page.resize(*SIZE)
    page.show()
    page.show_found(FOUND)
    return page


def _waited(shown: QWidget, done: Callable[[], bool]) -> QWidget:
    """What a thread beside the window finds comes with its events."""
    for _ in range(1_000):
        if done():
            break
        QApplication.processEvents()
        QThread.msleep(5)
    return shown


def _report(window: MainWindow) -> QWidget:
    window.reports = report_day.Kept()
    window.show_page("Report")
    page = window.page
    assert isinstance(page, ReportPage)
    while page.days.waiting or page.reading.waiting:
        QApplication.processEvents()
    return window


SHOTS: dict[str, tuple[Callable[[], Frame], Look]] = {
    "armed": (frames.calm, _whole),
    "warning": (frames.warning, _whole),
    "latched": (frames.latched, _whole),
    "disconnected": (frames.blind, _whole),
    "observe": (frames.observe, _whole),
    "flood": (flood, _whole),
    "alert-detail": (frames.warning, _detail),
    "alert-history": (frames.warning, _history),
    "exposure": (frames.analysed_frame, _page("Exposure")),
    "risk": (frames.analysed_frame, _page("Risk")),
    "results": (frames.desk_frame, _page("Results")),
    "accounts": (twelve, _page("Accounts")),
    "report": (frames.warning, _report),
    "settings": (frames.warning, _settings),
    "settings-dry-run": (frames.warning, _dry_run),
    "packs": (frames.warning, _packs),
    "first-run": (frames.empty, _first_run),
    "compact": (frames.warning, _compact),
}
LOOKS = {"": (theme.DEFAULT_THEME, theme.DEFAULT_PRESET), "light-": ("light", theme.DEFAULT_PRESET),
         "colour-blind-": (theme.DEFAULT_THEME, "blue-red")}  # fmt: skip


def take(out: Path, name: str, look: tuple[str, str], file: str) -> None:
    """One picture; OSError where it cannot be written."""
    theme.choose(theme.tokens(*look))
    application.prepare(["screenshots"], offscreen=True)
    made, show = SHOTS[name]
    still = Still(made())
    window = MainWindow(still, still.sent.append)
    window.resize(*SIZE)
    window.show()
    shown = show(window)
    for _ in range(3):
        QApplication.processEvents()
    if not shown.grab().save(str(out / file), "PNG"):
        raise OSError(f"{out / file}: the picture could not be written")
    window.leave()
    window.deleteLater()
    # No event loop runs here that would let it go: it would be dressed again for every picture after it.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder they go to")
    parser.add_argument("--only", nargs="*", choices=SHOTS, help="these states only")
    parser.add_argument("--scale", type=float, default=1.0, help="of the screen, such as 1.5 (default 1)")
    args = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(args.scale)
    args.out.mkdir(parents=True, exist_ok=True)
    ending = "" if args.scale == 1 else f"-{round(100 * args.scale)}"
    for prefix, look in LOOKS.items():
        for name in args.only or SHOTS:
            file = f"{prefix}{name}{ending}.png"
            take(args.out, name, look, file)
            sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
