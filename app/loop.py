"""The worker's loop: commands as they come, a beat at every poll, a frame after each; the same with and without Qt."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from app.mailbox import Mailbox
from monitors.ports import Clock, Command
from monitors.settings import Config

if TYPE_CHECKING:
    from app.engine import Engine

CLOSING_S = 0.02
"""Between two beats while a close is on its way: one follows the other as fast as the broker answers."""


class Loop:
    """Runs in one thread, in which the engine is born and dies; `post` and `stop` may be called from any."""

    def __init__(self, build: Callable[[], Engine], poll_ms: int, clock: Clock, mailbox: Mailbox,
                 changed: Callable[[], Config | None] = lambda: None) -> None:  # fmt: skip
        """`changed` is asked once a second for another config, None while there is none."""
        self._build = build
        self._poll_s = poll_ms / 1000
        self._clock = clock
        self._mailbox = mailbox
        self._changed = changed
        self._asked_s = clock.monotonic()
        self._commands: queue.SimpleQueue[tuple[Command, Future[bool]] | None] = queue.SimpleQueue()
        self._running = True
        self._over = False

    def post(self, command: Command) -> Future[bool]:
        """Have a command obeyed before the next beat, which comes at once; the future says whether it meant anything.

        It raises what obeying raised, and is cancelled where the loop ends first.
        """
        done: Future[bool] = Future()
        self._commands.put((command, done))
        if self._over:
            self._refuse_rest()
        return done

    def stop(self) -> None:
        """End after the beat under way."""
        self._running = False
        self._commands.put(None)

    def run(self) -> None:
        """Until `stop`. Raises what building the engine raises; a beat raises nothing."""
        try:
            engine = self._build()
            try:
                self._guard(engine)
            finally:
                engine.close()
        finally:
            self._over = True
            self._refuse_rest()

    def _guard(self, engine: Engine) -> None:
        engine.start()
        while self._running:
            began = self._clock.monotonic()
            self._reconfigure(engine, began)
            engine.beat()
            took = self._clock.monotonic() - began
            self._mailbox.put(engine.frame(1000 * took))
            self._wait(engine, max(0.0, (min(CLOSING_S, self._poll_s) if engine.closing else self._poll_s) - took))

    def _reconfigure(self, engine: Engine, now_s: float) -> None:
        if now_s - self._asked_s >= 1.0:
            self._asked_s = now_s
            config = self._changed()
            if config is not None:
                engine.configure(config)

    def _wait(self, engine: Engine, seconds: float) -> None:
        """Until the next beat is due; a command is obeyed at once and ends the wait."""
        with suppress(queue.Empty):
            self._take(engine, self._commands.get(timeout=seconds) if seconds else self._commands.get_nowait())
            while True:
                self._take(engine, self._commands.get_nowait())

    def _take(self, engine: Engine, posted: tuple[Command, Future[bool]] | None) -> None:
        if posted is not None:
            command, done = posted
            try:
                done.set_result(engine.obey(command))
            except Exception as error:  # noqa: BLE001 -- whoever asked is told; the guard goes on
                done.set_exception(error)

    def _refuse_rest(self) -> None:
        with suppress(queue.Empty):
            while True:
                posted = self._commands.get_nowait()
                if posted is not None:
                    posted[1].cancel()
