"""Who closes when there is a stop process: it, the guard in its place, or one that the guard calls."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.engine import Engine
from app.stopping.flattening import NOWHERE_S, Following, Launched, NoStop
from app.stopping.summons import AGAIN_S, SILENT_S, Summons
from app.store.journal import Journal
from app.store.latch import STALLED_S
from app.store.spare import SpareJournal
from monitors.ports import EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import Make, Stand
from tests.app.test_flattening import held_by_another, press


class Calls:
    """Stop processes that are called and do nothing."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def count(self) -> int:
        return len(self.processes)

    def launch(self) -> Launched:
        self.processes.append(subprocess.Popen([sys.executable, "-c", ""]))
        return Launched(self.processes[-1], "", None)


@pytest.fixture
def calls() -> Iterator[Calls]:
    made = Calls()
    yield made
    for process in made.processes:
        process.wait()


@pytest.fixture
def stand(make: Make, calls: Calls) -> Stand:
    """One position, seen; the instance has an eye on stop processes and can call one."""
    made = make()
    made.terminal.hold(plain(1))
    made.kill()

    def stops(name: str) -> NoStop:
        return Following(made.folder, name, made.clock, Summons(calls.launch, made.clock, print))

    made.engine = Engine(made.config, made.clock, Journal(made.folder / "journal.db"), SpareJournal(None),
                         lambda t: made.terminals[t.name], (made.events.append,), stops=stops)  # fmt: skip
    made.engine.start()
    made.beat(2)
    return made


def test_a_guard_that_sees_the_account_succeeds_a_stop_process_that_gets_nowhere(stand: Stand) -> None:
    held = held_by_another(stand)
    press(stand)
    for _ in range(round(NOWHERE_S)):
        held.live()
        stand.beat(1, seconds=1.0)
    sent_before, succeeded_before = list(stand.terminal.sent), held.superseded
    for _ in range(5):
        held.live()
        stand.beat(1, seconds=1.0)
    assert (sent_before, succeeded_before, held.superseded) == ([], False, True)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    held.close()


def test_one_that_hangs_learns_that_it_was_succeeded(stand: Stand) -> None:
    held = held_by_another(stand)
    press(stand)
    stand.terminal.down = "no answer"
    stand.beat(20, seconds=STALLED_S / 10)
    assert held.superseded
    held.close()


def test_a_stop_that_a_silent_terminal_keeps_from_being_flat_calls_one_and_a_flat_one_does_not(
    stand: Stand, calls: Calls
) -> None:
    stand.engine.obey(EmergencyStop())
    stand.terminal.down = "no answer"
    stand.beat(1, seconds=SILENT_S + 0.1)
    assert calls.count == 0
    stand.beat(2)
    assert calls.count == 1
    stand.terminal.down = ""
    stand.beat(5)
    assert stand.guard.halting.flat
    stand.terminal.down = "no answer"
    stand.beat(3, seconds=AGAIN_S)
    assert calls.count == 1


def test_a_reset_calls_none_however_long_nothing_was_seen(stand: Stand, calls: Calls) -> None:
    stand.engine.obey(EmergencyStop())
    stand.terminal.down = "no answer"
    stand.beat(2, seconds=SILENT_S + 0.1)
    assert calls.count == 1
    stand.clock.advance_to(stand.clock.utc_ms() + round(2000 * AGAIN_S))
    assert stand.engine.obey(Reset())
    stand.beat(3)
    assert calls.count == 1
    assert stand.guard.halting.halt is None
