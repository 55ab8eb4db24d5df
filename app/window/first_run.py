"""The first start: a page that says what was found, and what a person asks for in its place."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.checks.doctor import Finding as Checked
from app.checks.doctor import State
from app.commands import DONE, FAILED, demo, told
from app.commands.doctor import checked
from app.commands.show import signals
from app.config import load
from app.config.first_config import first_config
from app.config.sources import usual_file
from bridge.metatrader import require_package
from bridge.port import TerminalError
from bridge.processes import PROGRAM, terminals
from monitors.ports import Severity
from ui.application import prepare
from ui.aside import Aside
from ui.first_run import FirstRun, Found, terminal_name
from ui.panels.findings import Finding

SEVERITIES = {State.FAILED: Severity.HIGH, State.WARNING: Severity.MEDIUM}


def look(path: Path | None) -> Found:
    """Which terminals run, and what doctor says; takes as long as the slowest of them, for a thread of its own."""
    running = sorted({one.path for one in terminals((PROGRAM,)) if one.path})
    cannot = ""
    try:
        require_package()
    except TerminalError as error:
        cannot = f"{error.reason}; {error.remedy}"
    found = tuple(_finding(one) for one in checked(load(path, os.environ)))
    return Found(terminals=tuple(running), findings=found, cannot=cannot, saved=str(usual_file()))


def offer(path: Path | None, start: Callable[[str], int], seek: Callable[[Path | None], Found] = look) -> int:
    """Show the page; the exit code of what followed. `start` runs the window on a config, `seek` is what looks."""
    application = prepare(sys.argv[:1])
    chosen: list[Callable[[], int]] = []
    page = FirstRun(str(path) if path else "")
    aside = Aside(page)

    def leave(then: Callable[[], int]) -> None:
        chosen.append(then)
        application.exit()

    def ask() -> None:
        page.show_busy()
        aside.ask(partial(seek, path), page.show_found, page.show_trouble)

    page.again.connect(ask)
    page.demo.connect(lambda: leave(_demo))
    page.start.connect(lambda ticked: leave(partial(_begin, path, ticked, start)))
    page.show()
    ask()
    with signals(application.exit):  # which Python sees at the next turn of the collector's timer
        application.exec()
    aside.forget()
    page.close()
    page.deleteLater()
    return chosen[0]() if chosen else DONE


def _begin(path: Path | None, ticked: tuple[str, ...], start: Callable[[str], int]) -> int:
    """The window on the config that there is, or on a new one with those terminals."""
    if path is not None:
        return start(str(path))
    place = usual_file()
    try:
        first_config(place, [(terminal_name(one), one) for one in ticked])
    except OSError as error:
        return told(f"{place}: {error.strerror or error}; choose another place with --config", FAILED)
    return start(str(place))


def _demo() -> int:
    return demo.run(
        argparse.Namespace(
            ticks=[], speed=1.0, seed=1, seconds=None, screenshot=None, size=None, page="monitor", data=None
        )
    )


def _finding(one: Checked) -> Finding:
    title = one.check[:1].upper() + one.check[1:]
    return Finding(title=title, detail=one.found, of=one.terminal, remedy=one.remedy,
                   severity=SEVERITIES.get(one.state))  # fmt: skip
