"""`python -m app.flatten`: the emergency stop of one terminal as a process that needs nothing else to be alive.

It latches before it imports anything that takes time, and ends when the account is flat: exit 0, 1 where it is not.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.store.latch import STALLED_S, Elsewhere, Held, hold, latch
from bridge.clock import SystemClock

FLAT, NOT_FLAT, BAD_INPUT = 0, 1, 2
PAUSE_S = 0.02
PATIENCE_S = 0.5
"""How long a lock may be held by someone who only looks whether it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be closed: the parts of an `Attachment`, the data folder, which terminal of the config, how long."""

    attachment: dict[str, Any]
    data: Path
    index: int = 0
    seconds: float | None = None

    @property
    def name(self) -> str:
        """The terminal's."""
        return str(self.attachment["name"])


def main(given: list[str]) -> int:
    """One JSON object, as the only argument or on stdin."""
    _never_wait(sys.stdout)
    try:
        order = _order(json.loads(given[0] if given else sys.stdin.readline()))
    except (ValueError, TypeError, KeyError) as error:
        say("", f'not understood: {error}; expected {{"attachment": {{"name": …, "backend": …}}, "data": …}}')
        return BAD_INPUT
    try:
        return _stop(order)
    except KeyboardInterrupt:
        say(order.name, "NOT flat: interrupted; the latch holds, start it again: plimsoll stop")
        return NOT_FLAT


def say(name: str, text: str) -> None:
    """A line for whoever listens; that nobody does, or takes it slowly, must not keep a stop from closing."""
    at = SystemClock().utc_ms() // 1000 % 86_400
    line = f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}Z  {name}  {text}\n"
    with contextlib.suppress(OSError, ValueError, AttributeError):  # unbuffered: what is kept fails at the end
        os.write(sys.stdout.fileno(), line.encode("utf-8", "replace"))


def _stop(order: Order) -> int:
    clock = SystemClock()
    end_s = None if order.seconds is None else clock.monotonic() + order.seconds
    attachment = order.attachment
    held = hold(order.data, order.name)
    trouble = latch(order.data, name=order.name, login=attachment.get("login", 0),
                    server=attachment.get("server", ""), now_ms=clock.utc_ms())  # fmt: skip
    say(order.name, f"the latch cannot be written ({trouble}); closing all the same" if trouble else "latched")
    if held is None:
        held = _succeed(order, clock, end_s)
    if held is None:
        say(order.name, "NOT flat as far as is known: another stop process is at it")
        return NOT_FLAT
    try:
        from app.stopping.closing import close  # noqa: PLC0415 -- the latch comes before all that this imports

        return close(order, held, end_s, lambda text: say(order.name, text))
    finally:
        held.close()


def _succeed(order: Order, clock: SystemClock, end_s: float | None) -> Held | None:
    """Wait for the lock; from one that gives no sign of life it is taken. None where the time is over first."""
    elsewhere, pause, began = Elsewhere(order.data, order.name), threading.Event(), clock.monotonic()
    told = False
    while end_s is None or clock.monotonic() < end_s:
        pause.wait(PAUSE_S)
        now_s = clock.monotonic()
        if not elsewhere.moves(now_s) and now_s - began >= STALLED_S:
            say(order.name, f"the stop process before this one gave no sign of life for {STALLED_S:.0f} s: taking over")
            elsewhere.supersede()
            return hold(order.data, order.name) or Held.of_nobody(order.data, order.name)
        held = hold(order.data, order.name)
        if held is not None:
            return held
        if not told and now_s - began >= PATIENCE_S:
            told = True
            say(order.name, "another stop process is closing already; this one waits and looks after it")
    return None


def _order(given: dict[str, Any]) -> Order:
    attachment = given["attachment"]
    if not isinstance(attachment, dict) or not isinstance(attachment.get("name"), str):
        raise TypeError("no attachment with a name")
    return Order(attachment=attachment, data=Path(given["data"]), index=int(given.get("index", 0)),
                 seconds=given.get("for"))  # fmt: skip


def _never_wait(out: Any) -> None:
    """Whoever started this may be frozen with the pipe full: a line that does not fit is left out."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if stat.S_ISFIFO(os.fstat(out.fileno()).st_mode):
            os.set_blocking(out.fileno(), False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
