"""Sleep is prevented while any account is armed, by wakepy, in a thread of its own: a desktop's bus may be slow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self

LOOK_S = 1.0
LONGEST_S = 5.0
"""Letting go may wait for a desktop's bus; the end of the program does not wait longer."""


class Awake:
    """Looks once a second whether anything is armed; says once where sleep cannot be prevented."""

    def __init__(self, armed: Callable[[], bool], say: Callable[[str], None],
                 hold: Callable[[ExitStack], str] | None = None, *, every_s: float = LOOK_S) -> None:  # fmt: skip
        """`hold` prevents sleep for as long as the stack is open, and gives why it cannot, "" where it can."""
        self._armed = armed
        self._say = say
        self._hold = hold or prevent
        self._every_s = every_s
        self._said = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="awake", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self._over.set()
        self._thread.join(LONGEST_S)

    def _run(self) -> None:
        with ExitStack() as held:
            holding = False
            while not self._over.wait(self._every_s):
                armed = self._armed()
                if armed and not holding:
                    self._begin(held)
                elif holding and not armed:
                    held.close()
                holding = armed

    def _begin(self, held: ExitStack) -> None:
        why = self._hold(held)
        if why and not self._said:
            self._said = True
            self._say(f"sleep cannot be prevented here: {why}; set this machine never to sleep while Plimsoll guards")


def prevent(held: ExitStack) -> str:
    """Prevent sleep until the stack closes, in this thread; why it cannot be, "" where it can."""
    try:
        from wakepy import keep  # noqa: PLC0415 -- only who is armed pays for it

        mode = held.enter_context(keep.running(on_fail="pass"))
    except Exception as error:  # noqa: BLE001 -- whatever a desktop's bus answers, the guard goes on
        return f"{type(error).__name__}: {error}"
    if mode.active:
        return ""
    tried = mode.result.list_methods(ignore_unused=True)
    return f"no answer from {', '.join(one.method_name for one in tried)}" if tried else "this system offers no way"


def possible() -> tuple[bool, str]:
    """Whether sleep can be prevented here, tried for a moment; with the reason where not."""
    with ExitStack() as held:
        why = prevent(held)
    return not why, why
