"""The engine tells its history every beat and event, and goes on whatever the history does."""

from __future__ import annotations

from pathlib import Path

from app.archive.archivist import Archivist
from app.archive.facts import Beat, Item, Risk, Told
from app.engine import Engine
from app.events import Event
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.ports import Frame
from tests.app.stand import MARGIN_RULE, Make


class Broken(Archivist):
    """A history that takes nothing."""

    def beat(self, frame: Frame) -> None:
        raise MemoryError(f"no room for frame {frame.number}")

    def event(self, told: Event) -> None:
        raise MemoryError(f"no room for {told['event']}")


def test_what_the_engine_shows_and_tells_is_recorded(make: Make) -> None:
    stand, items = make(MARGIN_RULE), list[Item]()
    closed: list[bool] = []
    stand.engine._history = Archivist(items.append, lambda: closed.append(True))
    for _ in range(3):
        stand.beat()
        stand.engine.frame()
    assert len([i for i in items if isinstance(i, Beat)]) == 3
    assert [i for i in items if isinstance(i, Risk)]
    assert [i.event for i in items if isinstance(i, Told)] == stand.of("alert") + stand.of("plan") + [
        e for e in stand.events if e["event"] in ("intent", "outcome")
    ]  # fmt: skip


def test_a_history_that_breaks_stops_neither_a_beat_nor_an_event(make: Make, tmp_path: Path) -> None:
    stand = make(MARGIN_RULE)
    stand.kill()
    said: list[str] = []
    engine = Engine(stand.config, stand.clock, Journal(tmp_path / "journal.db"), SpareJournal(tmp_path / "spare.jsonl"),
                    lambda t: stand.terminals[t.name], (stand.events.append,), say=said.append,
                    history=Broken())  # fmt: skip
    stand.engine = engine
    engine.start()
    stand.beat(2)
    assert engine.frame().accounts
    assert stand.of("started")
    assert said[0] == "not recorded: MemoryError: no room for started"
    assert said[-1] == "not recorded: MemoryError: no room for frame 1"
