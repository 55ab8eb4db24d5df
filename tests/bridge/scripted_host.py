"""`python -m tests.bridge.scripted_host LOG STEP...`: a child that speaks the protocol by script, or does not.

Every start and every line it reads is added to LOG. The steps are done in turn, then its input is read to the end.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

VERSION = 4
"""As in bridge/wire.py, whose import would take longer than a test."""
FLOOD = 65 * 1024 * 1024
SETTLED_S = 0.05


def main(log: Path, steps: list[str]) -> int:
    """Do one step after the other; the exit code."""
    _note(log, "start")
    for step in steps:
        if step == "exit":
            return 3
        if step == "deaf":
            threading.Event().wait()
        _STEPS[step](log)
    while _line(log):
        pass
    return 0


def _line(log: Path) -> dict[str, Any]:
    """The next line from the lane, empty at the end; noted together with whether another one came with it."""
    text = b""
    while not text.endswith(b"\n"):
        got = os.read(0, 1)  # no more than the line: what lies behind it is to be seen
        if not got:
            return {}
        text += got
    found: dict[str, Any] = json.loads(text)
    more = select.select([0], [], [], SETTLED_S)[0] if os.name == "posix" and found["type"] != "attach" else []
    _note(log, " ".join((found["type"], str(found.get("symbol", "")), "and more" if more else "")).strip())
    return found


def _say(**message: Any) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


def _note(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as out:
        out.write(f"{text}\n")


def _hello(log: Path) -> None:
    if _line(log):
        _say(type="hello", version=VERSION)


def _shut(log: Path) -> None:
    """Greets, and listens no more."""
    _line(log)
    os.close(0)
    _say(type="hello", version=VERSION)
    threading.Event().wait()


def _answer(log: Path) -> None:
    if found := _line(log):
        _say(type="done", number=found["number"])


def _answers(log: Path) -> None:
    while found := _line(log):
        _say(type="done", number=found["number"])


def _wrong(log: Path) -> None:
    if found := _line(log):
        _say(type="done", number=found["number"] + 1)


def _no_number(log: Path) -> None:
    """A figure that is none."""
    if found := _line(log):
        _say(type="records", number=found["number"], login=1, server="", records={"positions": [{"open": None}]})


def _unasked(log: Path) -> None:
    _say(type="done", number=1)


def _garbage(log: Path) -> None:
    if _line(log):
        os.write(1, b"\x00\xff no answer to anything\n")


def _flood(log: Path) -> None:
    if _line(log):
        left = FLOOD
        while left:
            left -= os.write(1, b"x" * min(left, 1 << 20))


def _refuse(log: Path) -> None:
    if found := _line(log):
        _say(type="failed", number=found.get("number", 0), reason="refused", remedy="do it")


def _read(log: Path) -> None:
    _line(log)


_STEPS: dict[str, Callable[[Path], None]] = {
    "hello": _hello, "shut": _shut, "answer": _answer, "answers": _answers, "wrong": _wrong, "no number": _no_number,
    "unasked": _unasked, "garbage": _garbage, "flood": _flood, "refuse": _refuse, "read": _read,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
