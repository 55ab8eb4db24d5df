"""Where messages go: an Apprise URL, or the name of one in the keyring; shown without what is secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

from monitors.masking import HIDDEN

KEYRING, SERVICE = "keyring:", "plimsoll"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
MISSING = 'push messages need an extra that is not installed: pip install "plimsoll[push]"'
_PART = 6


class Unresolved(Exception):
    """There is no address to send to, which trying again does not mend."""


def label(target: str) -> str:
    """What a person may read of it."""
    return target if target.startswith(KEYRING) else f"{target.partition('://')[0]}://{HIDDEN}"


def installed() -> bool:
    """Whether the extra is there; nothing of it is loaded for that."""
    return find_spec("apprise") is not None and find_spec("keyring") is not None


def address(target: str) -> str:
    """The URL itself; Unresolved where the keyring holds none. A locked keyring may keep one waiting."""
    if not target.startswith(KEYRING):
        return target
    name = target.removeprefix(KEYRING)
    found = asked_of_keyring(lambda ring: ring.get_password(SERVICE, name))
    if not found:
        raise Unresolved(f"the keyring holds no {name}: plimsoll push set {name}")
    return str(found)


def store(name: str, url: str) -> None:
    """Into the keyring; Unresolved where there is none."""
    asked_of_keyring(lambda ring: ring.set_password(SERVICE, name, url))


def asked_of_keyring(ask: Callable[..., object]) -> object:
    """What the keyring answers; Unresolved says what is wrong with it."""
    import keyring  # noqa: PLC0415 -- an extra, and slow to import
    from keyring.errors import KeyringError  # noqa: PLC0415 -- the same

    try:
        return ask(keyring)
    except KeyringError as error:
        raise Unresolved(f"the keyring of this computer cannot be used ({type(error).__name__})") from error


def secrets(url: str) -> set[str]:
    """Every part of an address that may be secret, as it stands and decoded."""
    parts = {part for part in re.split(r"[/:@?&=,#]+", url.partition("://")[2]) if len(part) >= _PART}
    try:
        split = urlsplit(url)
        parts |= {part for part in (split.username, split.password) if part}
    except ValueError:
        pass
    return {url, *parts, *map(unquote, parts)}
