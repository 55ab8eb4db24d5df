"""One instance an account on this machine: a lock for each server and login, and who holds it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import platformdirs

from app.attachments import attachment
from app.instance.control import NotRunning, Silent, ask
from app.store.folder import lock, locked
from bridge import private
from monitors.settings import TerminalSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Who this one is: its id in the comments of its requests, its data folder, and where accounts are locked.

    Without `place` it locks none: its accounts are in nobody else's reach.
    """

    id: str = "000000"
    data: Path = Path()
    place: Path | None = None


ALONE = Instance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What stands beside a lock: which account of which world, and by which process on which data folder."""

    server: str
    login: int
    world: str
    pid: int
    folder: str


def usual_place() -> Path:
    """Where the accounts of this user are locked."""
    return Path(platformdirs.user_state_dir("plimsoll", appauthor=False)) / "accounts"


class Claim:
    """One guard's lock; it ends with `close` or with the process, however that ends."""

    def __init__(self, instance: Instance, settings: TerminalSettings) -> None:
        self._instance = instance
        self._world = _world(settings, instance.data)
        self._file: BinaryIO | None = None

    def take(self, server: str, login: int) -> bool:
        """Whether the account is this guard's alone now; the one held before is let go. OSError: it cannot be told."""
        self.close()
        place = self._instance.place
        if place is None:
            return True
        private.folder(place)
        name = hashlib.sha256(f"{server}\n{login}\n{self._world}".encode()).hexdigest()[:24]
        self._file = lock(place / f"{name}.lock")
        if self._file is None:
            return False
        holding = Holding(server=server, login=login, world=self._world, pid=os.getpid(),
                          folder=str(self._instance.data.absolute()))  # fmt: skip
        private.put(place / f"{name}.json", msgspec.json.encode(holding))
        return True

    def close(self) -> None:
        """Let the account go."""
        if self._file is not None:
            self._file.close()
            self._file = None


def holder(place: Path | None, data: Path, terminals: Iterable[TerminalSettings]) -> Holding | None:
    """The living instance that holds an account which these terminals name by login; None where there is none."""
    for file in sorted(place.glob("*.json")) if place else ():
        with contextlib.suppress(OSError, msgspec.DecodeError):
            holding = msgspec.json.decode(file.read_bytes(), type=Holding)
            if any(_means(t, holding, data) for t in terminals) and locked(file.with_suffix(".lock")):
                return holding
    return None


def shown(folder: Path, *, elsewhere: bool = False) -> str:
    """Ask the instance on that data folder to come to the front; in words what came of it.

    `elsewhere`: the folder is not that of this config, so that commands to it have to name it.
    """
    try:
        answer = ask(folder, verb="raise")
    except Silent as silent:
        return f"it does not answer: end it first (process {silent.pid})"
    except NotRunning:
        return "it does not answer: end it first"
    if answer.get("ok"):
        return "its window was raised"
    to = f' --data "{folder}"' if elsewhere else ""
    return f"it runs without a window: plimsoll status{to} tells how it is, plimsoll stop{to} stops it"


def _means(terminal: TerminalSettings, holding: Holding, data: Path) -> bool:
    """By login, and by server where that is given."""
    named = terminal.login == holding.login != 0 and terminal.server in ("", holding.server)
    return named and _world(terminal, data) == holding.world


def _world(settings: TerminalSettings, data: Path) -> str:
    """Empty for the one that brokers live in; a simulated one is named by where it is reached."""
    if settings.backend != "simulator":
        return ""
    return str(Path(attachment(settings, data).path).expanduser().absolute())
