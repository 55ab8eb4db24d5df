"""Where a simulated terminal answers: the file that says so, and which account there is meant."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import psutil

from bridge.port import TerminalError
from bridge.private import put

HOST = "127.0.0.1"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds; `world` is another at every start, `zone` is the broker's."""

    port: int
    secret: str
    pid: int
    world: str
    zone: str
    accounts: tuple[tuple[str, int], ...]
    """Name and login of each account at the start, the first one leads."""


def write(file: Path, address: Address) -> None:
    """Put the file in its place at once, for this user's eyes only."""
    put(file, msgspec.json.encode(address))


def remove(file: Path, address: Address) -> None:
    """Take the file away where it is still this one's."""
    if read(file) == address:
        with contextlib.suppress(OSError):
            file.unlink()


def read(file: Path) -> Address | None:
    """What the file says; None where there is none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Address)
    except (OSError, msgspec.MsgspecError):
        return None


def running(file: Path) -> Address | None:
    """The address of a simulated terminal that lives; None where none does."""
    address = read(file)
    return address if address and _lives(address.pid) else None


def _lives(pid: int) -> bool:
    """Whether that process runs; one that was killed and not yet waited for does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def chosen(accounts: Sequence[tuple[str, int]], name: str, login: int) -> str:
    """The account that a terminal of the config means: by login, or the one of its name, or the first.

    TerminalError where the login is none of them.
    """
    by_login = {number: known for known, number in accounts}
    if login in by_login:
        return by_login[login]
    if login == 0:
        return name if name in by_login.values() else accounts[0][0]
    logins = ", ".join(f"{number} ({known})" for known, number in accounts)
    raise TerminalError(f"terminal {name}: the simulator has no login {login}", f"it has {logins}")
