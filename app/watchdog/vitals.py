"""What a running guard is held alive and watched by: its heartbeat to the watchdog, and a machine kept awake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from app.main import Program
from app.spawn import start
from app.watchdog.awake import Awake
from app.watchdog.heart import Heart
from app.watchdog.pulse import Pulse


@contextmanager
def vitals(program: Program, say: Callable[[str], None], *, display: bool,
           window: Callable[[], tuple[int, bool]] | None = None) -> Iterator[None]:  # fmt: skip
    """`window` gives a counter that stands still where the window hangs, and whether its own alarm was answered."""

    def armed() -> bool:
        newest = program.mailbox.newest()
        if newest is None:
            return program.config.armed
        return any(view.mode == "armed" for view in newest.accounts)

    def pulse() -> Pulse:
        newest = program.mailbox.newest()
        turns, answered = window() if window else (None, False)
        names = tuple(terminal.name for terminal in program.config.terminals)
        return Pulse(window=turns, worker=newest.number if newest else 0, armed=armed(), answered=answered,
                     accounts=names)  # fmt: skip

    shown = ("--display",) if display else ()
    file = Path(program.config.source).absolute()
    config = ("--config", str(file)) if file.is_file() else ()  # without a file the source is a word
    watchdog = partial(start, "app.watchdog", str(program.folder), str(program.config.poll_ms), *shown, *config)
    with Heart(pulse, watchdog, say), Awake(armed, say):
        yield
