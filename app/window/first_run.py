"""The first start: a page that says what was found, and the demo in its place when a person asks for it."""

from __future__ import annotations

import argparse
import sys

from app.commands import DONE, demo
from app.commands.show import signals
from bridge.port import TerminalError
from ui.application import prepare
from ui.first_run import Finding, FirstRun


def offer(config: str, error: TerminalError) -> int:
    """Show the page; the exit code of what followed."""
    application = prepare(sys.argv[:1])
    wanted = False

    def show_demo() -> None:
        nonlocal wanted
        wanted = True
        application.quit()

    findings = (
        Finding(title="Config", detail=config or "none; the commented default observes only", fine=bool(config)),
        Finding(title="MetaTrader 5", detail=error.reason, remedy=error.remedy),
    )
    page = FirstRun(findings, config)
    page.demo.connect(show_demo)
    page.again.connect(application.quit)
    page.show()
    with signals(application.exit):  # which Python sees at the next turn of the collector's timer
        application.exec()
    page.close()
    if not wanted:
        return DONE
    return demo.run(
        argparse.Namespace(
            ticks=[], speed=1.0, seed=1, seconds=None, screenshot=None, size=None, page="monitor", data=None
        )
    )
