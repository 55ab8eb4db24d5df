"""A test message to every target at once, each told on as soon as its service has answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from app.push.courier import Courier
from app.push.message import trial
from app.push.sender import Answered, Asked
from app.push.targets import MISSING, installed
from bridge.clock import SystemClock

Heard = Callable[[int, bool, str], None]
"""The target's place, whether it took the message, and what it said."""


def tried(targets: Sequence[str], heard: Heard, *, looking: bool = False,
          there: Callable[[], bool] = installed) -> list[threading.Thread]:  # fmt: skip
    """Waits for nothing: `heard` is called from the threads that are given. `looking` sends nothing."""
    title, body = trial(SystemClock().utc_ms())

    def ask(place: int, target: str) -> None:
        courier = Courier(target)
        if not there():
            answered = Answered(ok=False, said=MISSING, lasting=True)
        else:
            answered = courier.attach() if looking else courier.send(Asked(title=title, body=body))
        heard(place, answered.ok, answered.said)
        courier.rest()

    threads = [threading.Thread(target=ask, args=given, name=f"push test {given[0]}", daemon=True)
               for given in enumerate(targets)]  # fmt: skip
    for thread in threads:
        thread.start()
    return threads
