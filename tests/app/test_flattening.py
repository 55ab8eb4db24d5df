"""The running instance beside a stop process: it latches too, stands back while that one closes, and then goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.engine import Engine
from app.stopping.flattening import Following, NoStop
from app.stopping.summons import Summons
from app.store.absorb import Record
from app.store.flatlog import FlatJournal
from app.store.journal import Journal
from app.store.latch import REASON, STALLED_S, Elsewhere, Held, append, file_of, hold, latch
from app.store.spare import SpareJournal
from bridge.simulator.clock import VirtualClock
from monitors.kinds import Side
from monitors.outcomes import Request, State
from monitors.ports import EmergencyStop, Reset
from tests.app.scripted import PLAIN, START, plain
from tests.app.stand import Make, Stand
from tests.builders import order

NUMBER = 179_534_497_781_400


def follow(stand: Stand) -> None:
    """The instance starts anew, now with an eye on stop processes."""
    stand.kill()

    def stops(name: str) -> NoStop:
        return Following(stand.folder, name, stand.clock, Summons(None, stand.clock, print))

    journal = Journal(stand.folder / "journal.db")
    stand.engine = Engine(stand.config, stand.clock, journal, SpareJournal(None), lambda t: stand.terminals[t.name],
                          (stand.events.append,), stops=stops)  # fmt: skip
    stand.engine.start()


def press(stand: Stand) -> None:
    """What a stop process does first."""
    assert not latch(stand.folder, name="main", login=0, server="", now_ms=stand.clock.utc_ms())


def request(stand: Stand, state: State = State.SENT, number: int = NUMBER) -> Request:
    """A close of position 1."""
    return Request(number=number, episode=None, position=1, symbol="PLAIN", side=Side.BUY, steps=100, held=100,
                   sent_ms=stand.clock.utc_ms(), deal_floor=0, tag="plimsoll 000000 x", state=state,
                   capped=False)  # fmt: skip


def left(stand: Stand, *requests: Request) -> None:
    """What a stop process had on disk when it was killed."""
    file = file_of(stand.folder, "main")
    append(file, msgspec.json.encode(_record(key="instrument:PLAIN", server="", login=0, instrument=PLAIN)))
    for one in requests:
        append(file, msgspec.json.encode(_record(request=one, lots=1.0)))


def _record(*, key: str = "memory:Demo:1001", server: str = "Demo", login: int = 1001, **what: object) -> Record:
    return Record(key=key, name="main", server=server, login=login, **what)  # type: ignore[arg-type]


@pytest.fixture
def stand(make: Make) -> Stand:
    """One position held, and nothing wrong."""
    made = make()
    made.terminal.hold(plain(1))
    follow(made)
    made.beat(2)
    return made


def held_by_another(stand: Stand) -> Held:
    held = hold(stand.folder, "main")
    assert held
    return held


def test_a_latch_in_the_file_is_the_instances_too_and_is_told_once(stand: Stand) -> None:
    held = held_by_another(stand)
    press(stand)
    stand.beat(3)
    held.close()
    stand.beat(3)
    assert [e["reason"] for e in stand.of("halt")] == [REASON]
    stand.restart()
    assert stand.guard.halting.halt


def test_nothing_is_sent_while_a_stop_process_closes_and_what_is_left_afterwards(stand: Stand) -> None:
    stand.terminal.orders = (order(77, "PLAIN"),)
    held = held_by_another(stand)
    press(stand)
    stand.beat(20)
    assert not stand.terminal.sent
    assert not stand.terminal.cancelled
    assert stand.guard.executor.last_said == "the stop process is closing"
    held.close()
    stand.beat(5)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    assert stand.terminal.cancelled == [77]
    assert stand.guard.halting.flat
    assert not file_of(stand.folder, "main").exists()
    assert [p.name for p in stand.folder.glob("flatten-*taken*")] == ["flatten-main-taken-1.jsonl"]


def test_no_send_of_a_beat_under_way_follows_the_latch(stand: Stand) -> None:
    stand.terminal.hold(plain(2, 0.5))
    helds: list[Held] = []

    def meanwhile(_order: object) -> None:
        helds.append(held_by_another(stand))
        press(stand)

    stand.terminal.answer = meanwhile
    stand.beat(1)
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert len(stand.terminal.sent) == 1
    helds[0].close()
    stand.terminal.answer = lambda _: None
    stand.beat(5)
    assert len(stand.terminal.sent) == 2


def test_a_stop_process_that_gives_no_sign_of_life_is_waited_for_no_longer(stand: Stand) -> None:
    held = held_by_another(stand)
    press(stand)
    stand.beat(10)
    for _ in range(30):
        held.live()
        stand.beat(1, seconds=STALLED_S / 10)
    assert not stand.terminal.sent, "it lives"
    stand.beat(15, seconds=STALLED_S / 10)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    held.close()


def test_a_request_that_a_killed_stop_process_left_open_is_settled_and_not_sent_again(stand: Stand) -> None:
    press(stand)
    left(stand, request(stand))
    stand.beat(100)
    assert not stand.terminal.sent, "its answer is unknown"
    assert stand.guard.executor.states() == {1: "closing"}
    stand.restart()
    stand.beat(100)
    assert not stand.terminal.sent
    stand.beat(500)
    assert len(stand.terminal.sent) == 1, "after a minute without a deal it counts as refused"


def test_the_same_where_the_instance_starts_only_afterwards(stand: Stand) -> None:
    press(stand)
    left(stand, request(stand))
    follow(stand)
    assert stand.of("recovered")[-1]["unresolved"] == [NUMBER]
    assert stand.guard.halting.halt
    assert not file_of(stand.folder, "main").exists()
    stand.beat(100)
    assert not stand.terminal.sent


def test_a_latch_of_before_any_account_was_seen_is_that_of_the_account_known_by_the_name(stand: Stand) -> None:
    stand.terminal.down = "No IPC connection (-10004)"
    press(stand)
    follow(stand)
    assert stand.guard.halting.halt
    stand.terminal.down = ""
    stand.beat(5)
    assert not stand.terminal.positions


def test_a_locked_journal_keeps_nobody_from_closing_and_learns_it_later(stand: Stand) -> None:
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    press(stand)
    left(stand, request(stand, State.DONE))
    stand.beat(5)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    assert file_of(stand.folder, "main").exists()
    other.rollback()
    other.close()
    stand.beat(5)
    assert not file_of(stand.folder, "main").exists()
    sent = stand.engine.shared.journal.sent_between("Demo", 1001, 0, 2**62)
    assert [s.capped for s in sent][:1] == [False]


def test_what_is_open_in_the_file_blocks_its_position_though_the_journal_is_locked(stand: Stand) -> None:
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    press(stand)
    left(stand, request(stand))
    stand.beat(50)
    assert not stand.terminal.sent
    other.rollback()
    other.close()


def test_what_waits_for_the_journal_is_left_alone_once_a_stop_process_is_at_it_again(stand: Stand) -> None:
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    press(stand)
    left(stand, request(stand))
    stand.beat(2)
    held = held_by_another(stand)
    other.rollback()
    other.close()
    stand.beat(2)
    assert file_of(stand.folder, "main").exists()
    held.close()
    stand.beat(1)
    assert not file_of(stand.folder, "main").exists()


def test_a_request_for_another_account_is_kept_for_it_and_blocks_nothing_here(stand: Stand) -> None:
    press(stand)
    append(file_of(stand.folder, "main"), msgspec.json.encode(
        _record(key="memory:Demo:2002", login=2002, request=request(stand), lots=1.0)))  # fmt: skip
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    assert [r.number for r in stand.engine.shared.journal.open_requests("Demo", 2002)] == [NUMBER]


def test_a_reset_waits_for_the_stop_process_and_holds_after_it(stand: Stand) -> None:
    held = held_by_another(stand)
    press(stand)
    stand.beat(3)
    assert not stand.engine.obey(Reset("main"))
    held.close()
    stand.beat(5)
    assert stand.engine.obey(Reset("main"))
    stand.beat(5)
    assert stand.guard.halting.halt is None
    follow(stand)
    assert stand.guard.halting.halt is None


def test_what_is_settled_is_never_open_again(stand: Stand) -> None:
    journal = stand.engine.shared.journal
    for state in (State.SENT, State.DONE, State.UNKNOWN):
        journal.write_request("Demo", 1001, "main", request(stand, state), lots=1.0, filled=0.0)
    assert not journal.open_requests("Demo", 1001)


def test_numbers_of_stop_processes_never_meet(tmp_path: Path) -> None:
    clock, given = VirtualClock(START), set()
    for index, name in enumerate(("main", "other")):
        journal = FlatJournal(tmp_path, name, index, clock)
        numbers = [journal.number("request") for _ in range(50)]
        assert numbers == sorted(set(numbers))
        given |= set(numbers)
        journal.close()
    assert len(given) == 100


def test_one_that_starts_again_with_the_clock_set_back_goes_on_counting(tmp_path: Path, stand: Stand) -> None:
    future = replace(request(stand), number=(stand.clock.utc_ms() + 3_600_000) * 100)
    left(stand, future)
    journal = FlatJournal(stand.folder, "main", 0, stand.clock)
    assert journal.number("request") > future.number
    journal.close()


def test_only_one_holds_the_lock_and_one_that_was_superseded_knows_it(tmp_path: Path) -> None:
    first = hold(tmp_path, "main")
    assert first
    assert hold(tmp_path, "main") is None
    before = first.superseded
    Elsewhere(tmp_path, "main").supersede()
    second = hold(tmp_path, "main")
    assert second
    assert (before, first.superseded, second.superseded) == (False, True, False)
    first.close()
    second.close()


def test_a_look_at_a_folder_without_a_stop_costs_next_to_nothing_and_says_no(tmp_path: Path) -> None:
    clock, journal = VirtualClock(START), Journal(None)
    following = Following(tmp_path, "main", clock, Summons(None, clock, print))
    answers: list[Callable[[], object]] = [following.pressed, lambda: following.closing,
                                           following.left, lambda: following.hand_over(journal)]  # fmt: skip
    assert not any(ask() for ask in answers)
    journal.close()
