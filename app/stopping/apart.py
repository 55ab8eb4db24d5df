"""The stop processes that a running program starts, one for each terminal, each followed in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from app.attachments import attachment
from app.stopping.flattening import launch, out_of_reach
from bridge.attach import Attachment
from monitors.settings import TerminalSettings

Heard = Callable[[str], None]


def stopper(terminals: tuple[TerminalSettings, ...], folder: Path) -> Callable[[str | None, Heard], None]:
    """What closes one account by name, or all; it waits for nothing, and `heard` is called from other threads."""

    def stop(account: str | None, heard: Heard) -> None:
        for index, settings in enumerate(terminals):
            if account in {None, settings.name}:
                given = (attachment(settings, folder), folder, index, heard)
                threading.Thread(target=_follow, args=given, name=f"stop {settings.name}", daemon=True).start()

    return stop


def _follow(terminal: Attachment, folder: Path, index: int, heard: Heard) -> None:
    if why := out_of_reach(terminal):
        heard(f"{terminal.name}: {why}")
        return
    try:
        launched = launch(terminal, folder, index, heard=heard)
    except OSError as error:
        heard(f"{terminal.name}: the stop process cannot be started ({error.strerror or error}): act in MT5")
        return
    if launched.trouble:
        heard(f"{terminal.name}: closing, though the latch cannot be written ({launched.trouble})")
    else:
        heard(f"{terminal.name}: latched by the stop process")
    launched.wait()
