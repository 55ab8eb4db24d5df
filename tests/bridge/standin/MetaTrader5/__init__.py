"""In the place of the genuine package: the face that answers as the recordings do, attached by a program's path.

A program is "installed" where a served terminal's address lies beside it. What the genuine `initialize` would start
is not started: a file says that it would have been.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bridge.simulator.backend import Refusal, Row
from bridge.simulator.face.module import as_module
from bridge.simulator.remote import RemoteBackend

ADDRESS, STARTED = "simulator.json", "started"
NOT_THERE = -10003


class _ByPath(RemoteBackend):
    """The served terminal whose program is asked for."""

    def __init__(self) -> None:
        super().__init__(Path(), "", 0)

    def start(
        self,
        path: str | None,
        login: int | None,
        password: str | None,
        server: str | None,
        timeout_ms: int,
        portable: bool,
    ) -> None:
        if path is None:
            raise Refusal(NOT_THERE, "IPC initialize failed, MetaTrader 5 x64 not found")
        if not Path(path).is_file():
            raise Refusal(NOT_THERE, f"IPC initialize failed, Process create failed '{path}'")
        self._file = Path(path).with_name(ADDRESS)
        if not self._file.exists():
            self._file.with_name(STARTED).touch()
        super().start(path, login, password, server, timeout_ms, portable)

    def terminal(self) -> Row:
        folder = str(self._file.parent)
        return {**super().terminal(), "path": folder, "data_path": folder}


sys.modules[__name__] = as_module(_ByPath(), __name__)
