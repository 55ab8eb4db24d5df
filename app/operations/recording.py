"""While a program runs: its log, reports of what ends it, and what is said of the reports of the run before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.events import Event
from app.main import Program
from app.operations.logbook import LOG, kept
from app.words import words
from bridge.crashes import CRASHES, FOLDER, news
from bridge.versions import lines


@contextmanager
def recorded(program: Program, say: Callable[[str], None], told: tuple[type[BaseException], ...]) -> Iterator[str]:
    """Gives a sentence about reports that nobody was told of, or nothing. Errors of the kinds `told` are no crashes.

    A folder that takes neither is said and ends nothing.
    """
    crashes = program.folder / FOLDER
    with ExitStack() as stack:
        last: Callable[[], list[str]] = list
        try:
            written = stack.enter_context(kept(program.folder, program.hide))
            last = lambda: list(written)  # noqa: E731 -- what was written until then
            CRASHES.settle(crashes, "plimsoll", config=program.config.digest, hide=program.hide, lines=last)
            stack.callback(CRASHES.end)
            CRASHES.begin()
        except OSError as error:
            say(f"{program.folder}: neither log nor crash reports can be kept ({error.strerror or error})")
        LOG.info("begins: %s; config %s", ", ".join(lines()), program.config.digest)
        program.sinks = (*program.sinks, _line)
        try:
            yield _found(crashes)
        except told:
            raise
        except Exception as error:
            CRASHES.write(error)
            LOG.exception("ends by an error")
            raise
        LOG.info("ends")


def _found(crashes: Path) -> str:
    """One sentence at the first start after a crash."""
    found = news(crashes)
    if not found:
        return ""
    more = f" and {len(found) - 1} more beside it" if len(found) > 1 else ""
    return f"An error was reported since the last start: {found[-1]}{more}. It stays on this computer."


def _line(told: Event) -> None:
    LOG.info(words(told))
