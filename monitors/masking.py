"""What nobody else may read, made unreadable: secrets, addresses that hold them, and the numbers of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "••••"
TAIL = 4
"""Of a long login so many digits stay; never more than half of it."""
LEAST = 4
"""A known secret shorter than this would blot out plain words."""

_ADDRESS = re.compile(r"""\b([A-Za-z][A-Za-z0-9+.-]*)://(?!…)([^\s"'<>]+)""")
_WEB = ("http", "https", "ws", "wss")
_HOST = re.compile(r"[^/?#@]+")
_KEYED = re.compile(
    r"""(?i)\b([\w-]*(?:token|secret|passwd|password|passphrase|api[_-]?key|authorization)["']?\s*[=:]\s*)"""
    r"""(?:(?:bearer|basic)\s+)?("[^"]*"|'[^']*'|[^\s,;]+)"""
)
_BEARER = re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]{8,}")
_LOGIN = re.compile(r"(?i)\b((?:account|login)\b[^\d\n•]{0,40}?)(\d{4,12})\b(?:((?: to |, expected ))(\d{4,12})\b)?")
_KEY = re.compile(r"\b((?:memory|terms|commitment):[^\s:]+:)(\d{4,12})\b")


def login(number: int | str) -> str:
    """An account's number as others may see it: ••••4321."""
    digits = str(number)
    shown = min(TAIL, len(digits) // 2)
    return HIDDEN + (digits[-shown:] if shown else "")


def masked(text: str, secrets: Iterable[str] = (), logins: Iterable[int] = ()) -> str:
    """`text` without these secrets and logins, and without whatever looks like one."""
    for secret in sorted((each for each in secrets if len(each) >= LEAST), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _ADDRESS.sub(_address, text)
    text = _KEYED.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1{HIDDEN}", text)
    known = "|".join(sorted({str(number) for number in logins if number}, key=len, reverse=True))
    if known:
        text = re.sub(rf"(?<![\d.])(?:{known})(?![\d.]?\d)", lambda found: login(found[0]), text)
    text = _LOGIN.sub(_logins, text)
    return _KEY.sub(lambda found: found[1] + login(found[2]), text)


def _address(found: re.Match[str]) -> str:
    """The scheme; of a web address without a user the host too, since what follows may be a token."""
    scheme, rest = found[1], found[2]
    host = _HOST.match(rest)
    if scheme.lower() not in _WEB or "@" in rest or host is None:
        return f"{scheme}://{HIDDEN}"
    return f"{scheme}://{host[0]}" + (f"/{HIDDEN}" if len(host[0]) < len(rest) else "")


def _logins(found: re.Match[str]) -> str:
    second = found[3] + login(found[4]) if found[3] else ""
    return found[1] + login(found[2]) + second
