"""What is only shown may fail: it hides a part of the screen and touches nothing that is judged or sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.archive.archivist import Archivist
from app.archive.records import Seen
from app.dealings import Dealings
from app.engine import Engine
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.model import Deal
from monitors.ports import EmergencyStop, Link
from tests.app.scripted import plain
from tests.app.stand import Make, Stand


def _broken(_server: str, _login: int) -> tuple[Iterable[Deal], Mapping[int, Seen]]:
    raise LookupError("a page of the past is torn")


def start(stand: Stand, history: Archivist) -> Engine:
    """The stand's program anew with that history."""
    stand.kill()
    stand.engine = Engine(stand.config, stand.clock, Journal(stand.folder / "journal.db"),
                          SpareJournal(stand.folder / "emergency.jsonl"), lambda t: stand.terminals[t.name],
                          (stand.events.append,), history=history)  # fmt: skip
    stand.engine.start()
    return stand.engine


def test_an_analysis_that_fails_leaves_the_account_seen_and_drawn(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain())
    engine = start(stand, Archivist(dealings=Dealings(_broken)))
    stand.beat()
    (account,) = engine.frame().accounts
    assert engine.faults[0] == "main: LookupError: a page of the past is torn"
    assert (account.analysis, account.link, account.reason) == (None, Link.LIVE, "")
    assert account.account is not None
    assert account.account.equity == 10_000.0
    assert stand.guard.now.reading is not None


def test_a_stop_is_seen_flat_while_every_analysis_fails(make: Make) -> None:
    """Flat needs two readings that follow on each other; a frame between them takes none away."""
    stand = make()
    stand.terminal.hold(plain())
    engine = start(stand, Archivist(dealings=Dealings(_broken)))
    engine.beat()
    engine.obey(EmergencyStop(account="main"))
    for _ in range(6):
        stand.beat()
        engine.frame()
    assert not stand.terminal.positions
    assert stand.guard.halting.flat
