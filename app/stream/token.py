"""The secret that a client of the stream must know: 256 bits, made at first use, in the keyring or a private file."""

from __future__ import annotations

import hmac
import re
import secrets
from pathlib import Path
from threading import Lock
from typing import Protocol

from bridge import private
from monitors.ports import Clock

FILE, SERVICE = "stream.token", "plimsoll stream"
RECENT_S = 5.0
"""So long a client that is connected may go on after its token was renewed."""
_TOKEN = re.compile(r"[0-9a-f]{64}")
REMEDY = "make another: plimsoll stream token --renew"


class TokenError(Exception):
    """The token cannot be read or kept: the text says where and what to do."""


class Vault(Protocol):
    """The system's keyring, or what stands in for one."""

    def get_password(self, service: str, username: str) -> str | None:
        """None where there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it in the place of the one before."""


class PrivateFile:
    """A file of the data folder that only this user can read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 -- it holds one
        """See Vault."""
        return self._path.read_text("ascii").strip() if self._path.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002 -- the same
        """See Vault."""
        private.folder(self._path.parent)
        private.put(self._path, f"{password}\n".encode())


def system_vault() -> Vault | None:
    """The keyring, where the system has one and its package is installed."""
    try:
        import keyring  # noqa: PLC0415 -- an extra, and slow to import
    except ImportError:
        return None
    backend = keyring.get_keyring()
    return backend if backend.priority >= 1 else None


class Token:
    """One for each data folder, read anew whenever it is asked for, since another process may renew it.

    A file that is there goes before the keyring, so that a guard that no keyring was open to and a command that has
    one mean the same token.
    """

    def __init__(self, folder: Path, vault: Vault | None, clock: Clock) -> None:
        self._file = folder / FILE
        self._vault = vault
        self._clock = clock
        self._recent = float("-inf"), ""
        self._making = Lock()

    def current(self) -> str:
        """Made where there is none yet; TokenError where it cannot be read or kept."""
        with self._making:
            return self._kept() or self.renew()

    def renew(self) -> str:
        """Another one, where the one before is; that opens nothing any more."""
        made = secrets.token_hex(32)
        try:
            self._place.set_password(SERVICE, self._user, made)
        except Exception as error:
            raise TokenError(f"{self._where}: the token cannot be kept ({error}); make room or unlock it") from error
        return made

    def fits(self, given: str) -> bool:
        """Whether it is the token, in constant time."""
        return _same(given, self.current())

    def still_fits(self, given: str) -> bool:
        """The same of one that fitted, looked up every five seconds; where it cannot be read it still does."""
        now_s = self._clock.monotonic()
        if now_s - self._recent[0] >= RECENT_S:
            try:
                self._recent = now_s, self.current()
            except TokenError:
                self._recent = now_s, given
        return _same(given, self._recent[1])

    def _kept(self) -> str | None:
        try:
            found = self._place.get_password(SERVICE, self._user)
        except Exception as error:
            raise TokenError(f"{self._where}: the token cannot be read ({error}); {REMEDY}") from error
        if found is not None and not _TOKEN.fullmatch(found):
            raise TokenError(f"{self._where}: holds no token; {REMEDY}")
        return found

    @property
    def _place(self) -> Vault:
        return PrivateFile(self._file) if self._vault is None or self._file.exists() else self._vault

    @property
    def _where(self) -> str:
        return str(self._file) if isinstance(self._place, PrivateFile) else "keyring"

    @property
    def _user(self) -> str:
        return str(self._file.parent.absolute())


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())
