"""The secret: made once, kept where nobody else reads, renewed by a command."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from app.stream.token import FILE, Token, TokenError
from bridge.clock import SystemClock


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # theirs
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password


def test_it_is_256_bits_and_the_same_for_every_process(tmp_path: Path) -> None:
    first = Token(tmp_path / "new", None, SystemClock()).current()
    assert len(bytes.fromhex(first)) == 32
    assert Token(tmp_path / "new", None, SystemClock()).current() == first
    assert Token(tmp_path / "other", None, SystemClock()).current() != first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_its_file_is_for_nobody_else(tmp_path: Path) -> None:
    Token(tmp_path, None, SystemClock()).renew()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_renewed_one_replaces_it(tmp_path: Path) -> None:
    token = Token(tmp_path, None, SystemClock())
    before = token.current()
    after = Token(tmp_path, None, SystemClock()).renew()
    assert (token.fits(after), token.fits(before)) == (True, False)


def test_a_keyring_keeps_it_and_no_file_does(tmp_path: Path) -> None:
    ring = Ring()
    made = Token(tmp_path, ring, SystemClock()).current()
    assert list(ring.kept.values()) == [made]
    assert list(tmp_path.iterdir()) == []
    assert Token(tmp_path, ring, SystemClock()).renew() != made
    assert len(ring.kept) == 1


def test_a_file_that_is_there_goes_before_the_keyring(tmp_path: Path) -> None:
    made = Token(tmp_path, None, SystemClock()).current()
    ring = Ring()
    assert Token(tmp_path, ring, SystemClock()).current() == made
    again = Token(tmp_path, ring, SystemClock()).renew()
    assert (Token(tmp_path, None, SystemClock()).current(), ring.kept) == (again, {})


def test_a_locked_keyring_is_said_and_a_client_that_is_in_stays(tmp_path: Path) -> None:
    ring = Ring()
    token = Token(tmp_path, ring, SystemClock())
    made = token.current()
    ring.locked = True
    with pytest.raises(TokenError, match="keyring: the token cannot be read"):
        token.current()
    with pytest.raises(TokenError, match="keyring: the token cannot be kept"):
        token.renew()
    assert token.still_fits(made)


@pytest.mark.parametrize("held", [b"", b"abc\n", b"\xff\xfe", 63 * b"0"])
def test_a_file_that_holds_none_opens_nothing(tmp_path: Path, held: bytes) -> None:
    (tmp_path / FILE).write_bytes(held)
    with pytest.raises(TokenError, match="renew"):
        Token(tmp_path, None, SystemClock()).current()
