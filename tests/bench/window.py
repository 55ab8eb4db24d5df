"""The real window: on three terminals, each a process of its own, to which something is done; or on the demo."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from PySide6.QtCore import QTimer

from app.config import from_table
from app.main import Program, demo, guard
from app.window.face import Face, leave
from bridge.simulator.launch import launched
from tests.bench.quiet import scenario
from tests.bridge.served.rehearse import Rehearse
from ui.application import prepare

NAMES = ("left", "middle", "right")
Work = Callable[[], None]


class Rehearsed:
    """The three terminals, each a process of its own, and what is done to the middle one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {name: folder / f"{name}.json" for name in NAMES}
        self._ends: dict[str, AbstractContextManager[int]] = {}
        self.pids: dict[str, int] = {}
        for number, name in enumerate(NAMES):
            (folder / f"{name}.toml").write_text(scenario(("buy", 0.3), login=1001 + number))
            self.start(name)

    def start(self, name: str) -> None:
        manager = launched(self.files[name], scenario=self.folder / f"{name}.toml", rehearse=True)
        self.pids[name] = manager.__enter__()
        self._ends[name] = manager

    def kill(self, name: str) -> None:
        os.kill(self.pids[name], signal.SIGKILL)
        self._ends.pop(name).__exit__(None, None, None)

    def order(self) -> Rehearse:
        return Rehearse(self.files["middle"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._ends.values():
            end.__exit__(None, None, None)


def shown(begin: Callable[[Program, Rehearsed, Face], Work], rules: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Show it for as long as the work takes, in a thread of its own; `begin` makes that before anything runs.

    `rules` take the place of those that a config without any has.
    """
    application = prepare(sys.argv[:1], offscreen="DISPLAY" not in os.environ)
    with TemporaryDirectory(prefix="plimsoll-bench-") as made, Rehearsed(Path(made)) as terminals:
        table = _configured(terminals) | ({} if rules is None else {"rule": list(rules)})
        program = guard(from_table(table, source="bench"), print)
        face = Face(program, None, kept=None)
        work = begin(program, terminals, face)

        def run() -> None:
            try:
                work()
            finally:
                leave()

        face.show()
        thread = threading.Thread(target=run)
        thread.start()
        application.exec()
        thread.join()
        face.close()


def played(begin: Callable[[Program], Callable[[Face], None]], speed: float, seconds: float) -> None:
    """The demo at that speed for so long; `begin` may change what the window is given, and then watches it."""
    application = prepare(sys.argv[:1], offscreen="DISPLAY" not in os.environ)
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        program = demo({}, speed, 1, Path(folder), lambda said: print(said, file=sys.stderr))
        watch = begin(program)
        face = Face(program, None, kept=None)
        watch(face)
        QTimer.singleShot(round(1_000 * seconds), face, leave)
        face.show()
        application.exec()
        face.close()


def _configured(terminals: Rehearsed) -> dict[str, Any]:
    """A config for them, its data and locks beside theirs."""
    os.environ["XDG_STATE_HOME"] = str(terminals.folder)
    table = [{"name": name, "backend": "simulator", "path": str(file), "login": 1001 + number}
             for number, (name, file) in enumerate(terminals.files.items())]  # fmt: skip
    return {"app": {"data_dir": str(terminals.folder / "data")}, "terminal": table}
