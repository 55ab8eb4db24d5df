"""A disk that is busy, full or broken: nothing is sent by a rule, nothing is lost, and a person's stop goes out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest

from app.store.spare import FIRST
from bridge.clock import SystemClock
from bridge.port import CloseOrder, Receipt
from monitors.ports import EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Make, Stand, rule
from tests.app.test_guard import booking
from tests.builders import request

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "close_all"}, rearm=1.0)


@contextmanager
def locked(stand: Stand) -> Iterator[None]:
    """Another process holds the journal."""
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def refusing(stand: Stand, table: str, when: str) -> Iterator[None]:
    """The journal takes the lock and most rows, and then fails at this one, as a full disk does."""
    other = sqlite3.connect(stand.folder / "journal.db")
    raise_ = f"BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(FAIL, 'disk full'); END"
    other.execute(f"CREATE TRIGGER full {raise_}")
    try:
        yield
    finally:
        other.execute("DROP TRIGGER full")
        other.close()


@contextmanager
def full(stand: Stand) -> Iterator[None]:
    """The disk takes every row, and fails when the commit is to be written."""
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("CREATE TABLE IF NOT EXISTS there (n PRIMARY KEY)")
    other.execute("CREATE TABLE IF NOT EXISTS full (n REFERENCES there DEFERRABLE INITIALLY DEFERRED)")
    other.execute("CREATE TRIGGER full_disk BEFORE INSERT ON state BEGIN INSERT INTO full VALUES (1); END")
    stand.engine.shared.journal._conn.execute("PRAGMA foreign_keys = ON")
    try:
        yield
    finally:
        other.execute("DROP TRIGGER full_disk")
        other.close()


@pytest.mark.parametrize("trouble", [full, locked])
def test_a_disk_that_takes_nothing_is_one_alarm_an_account_and_an_outage(
    make: Make, trouble: Callable[[Stand], AbstractContextManager[None]]
) -> None:
    stand = make(names=("a", "b"))
    for name, terminal in stand.terminals.items():
        terminal.server = f"Demo {name}"
    stand.beat(3)
    with trouble(stand):
        stand.beat(150)
        raised = stand.of("alert", rule="Journal", state="raised")
        assert sorted((e["account"], e["alert"]) for e in raised) == [("a", 1), ("b", 2)]
    stand.beat(20)
    assert not stand.of("alert", rule="Journal", state="cleared")
    with trouble(stand):
        stand.beat(20)
    stand.beat(70, seconds=1.0)
    assert len(stand.of("alert", rule="Journal", state="raised")) == 2, "the disk was not well again in between"
    assert len(stand.of("alert", rule="Journal", state="cleared")) == 2
    stand.restart()
    assert [(v.number, v.active) for v in stand.engine.shared.alerts.views()] == [(1, False), (2, False)]


def test_a_trip_that_the_disk_did_not_take_is_not_lost(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    stand.terminal.bid = 0.99
    stand.beat(5)
    other.rollback()
    other.close()
    assert not stand.terminal.sent
    stand.beat(5)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    assert len(stand.of("alert", rule="equity", state="raised")) == 1


def test_what_a_failed_commit_decided_is_decided_again(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.bid = 0.99
    with refusing(stand, "state", "NEW.key LIKE 'memory:%'"):
        stand.beat(5)
        assert not stand.terminal.sent
    stand.beat(5)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    assert len({e["episode"] for e in stand.of("alert", rule="equity")}) == 1


def test_an_intent_that_could_not_be_written_is_not_sent(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.bid = 0.99
    with refusing(stand, "request", "TRUE"):
        stand.beat(5)
        assert not stand.terminal.sent
        assert not stand.of("intent")
    stand.beat(5)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def test_a_journal_whose_file_is_gone_sends_nothing_by_itself_and_is_alarmed(make: Make) -> None:
    stand = make(MARGIN_RULE)
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 3_400.0
    stand.beat(2)
    (stand.folder / "journal.db").rename(stand.folder / "elsewhere.db")
    stand.terminal.bid = 0.995
    stand.beat(5)
    assert stand.terminal.sent == []
    assert not stand.guard.keeper.ok
    (stand.folder / "elsewhere.db").rename(stand.folder / "journal.db")
    stand.beat(5)
    assert len(stand.terminal.sent) == 1


def test_a_reset_that_the_disk_did_not_take_lifts_nothing(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.engine.obey(EmergencyStop())
    with locked(stand):
        assert not stand.engine.obey(Reset("main"))
    stand.beat(2)
    assert stand.guard.halting.halt is not None
    assert stand.engine.obey(Reset("main"))


def test_a_stop_closes_though_the_journal_cannot_even_be_read(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("DROP TABLE request")
    other.close()
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def test_a_stop_kept_in_the_spare_file_is_known_to_the_next_start(make: Make) -> None:
    def silent(_order: CloseOrder) -> Receipt:
        return Receipt(retcode=None)

    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(20)
    stand.terminal.answer = silent
    with locked(stand):
        stand.engine.obey(EmergencyStop())
        stand.beat(3)
        assert len(stand.terminal.sent) == 1
        stand.kill()
    stand.start()
    assert len(stand.of("recovered")[-1]["unresolved"]) == 1
    assert stand.guard.halting.halt is not None
    stand.beat(100)
    assert len(stand.terminal.sent) == 1, "its answer is still unknown"
    assert not (stand.folder / "emergency.jsonl").exists()
    stand.terminal.fill(stand.terminal.sent[0], 1.0)
    stand.beat(3)
    assert stand.of("outcome", state="done")


def test_an_alarm_raised_while_the_disk_is_busy_breaks_no_beat_and_is_kept(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    with locked(stand):
        stand.terminal.balance = 9_000.0
        stand.beat(130)
        stand.engine.obey(EmergencyStop())
        stand.beat(3)
        assert stand.terminal.sent, "an unexplained balance keeps no stop from closing"
    stand.beat(3)
    stand.restart()
    assert any(view.rule == "Balance" for view in stand.engine.shared.alerts.views())


def test_a_locked_journal_does_not_make_the_stop_crawl(make: Make) -> None:
    stand = make()
    stand.terminal.hold(*(plain(n, 0.1) for n in range(1, 13)))
    stand.beat(2)
    with locked(stand):
        stand.engine.obey(EmergencyStop())
        watch = SystemClock()
        began = watch.monotonic()
        stand.beat(1)
        assert len(stand.terminal.sent) == 12
        assert watch.monotonic() - began < 2.0, "only the first write waits for the lock"


def test_a_damaged_journal_is_one_alarm_and_not_one_a_beat(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("DROP TABLE state")
    other.close()
    stand.engine.obey(EmergencyStop())
    stand.beat(100)
    assert len(stand.of("alert", rule="Journal")) <= 1


def test_a_stop_kept_in_the_spare_file_and_lifted_since_is_not_back_after_a_restart(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    with locked(stand):
        stand.engine.obey(EmergencyStop())
        stand.beat(3)
    assert stand.engine.obey(Reset("main"))
    stand.terminal.hold(plain(2))
    stand.restart()
    stand.beat(5)
    assert stand.guard.halting.halt is None
    assert [o.lots for o in stand.terminal.sent] == [1.0], "the next position is nobody's to close"


@pytest.mark.parametrize("busy", [True, False], ids=["the disk is busy", "the account is not seen"])
def test_a_person_who_presses_over_a_rules_stop_is_remembered(make: Make, *, busy: bool) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "emergency_stop"}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid, stand.terminal.answer = 0.99, lambda _: Receipt(retcode=10018)
    stand.beat(3)
    stand.terminal.down = "" if busy else "No IPC connection (-10004)"
    stand.beat()
    with locked(stand) if busy else nullcontext():
        stand.engine.obey(EmergencyStop())
        stand.kill()
    stand.start()
    assert stand.guard.halting.halt is not None
    assert stand.guard.halting.halt.by_person


def test_a_stop_pressed_unseen_kept_in_the_spare_file_and_lifted_since_is_not_back_either(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.terminal.down = "No IPC connection (-10004)"
    stand.beat(2)
    with locked(stand):
        stand.engine.obey(EmergencyStop())
        stand.beat(2)
        stand.terminal.down = ""
        stand.beat(3)
        assert not stand.terminal.positions
    stand.beat(3)
    assert stand.engine.obey(Reset("main"))
    stand.terminal.hold(plain(2))
    stand.restart()
    stand.beat(5)
    assert set(stand.terminal.positions) == {2}


def test_a_stop_whose_spare_file_cannot_be_set_aside_is_not_lifted(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    with locked(stand):
        stand.engine.obey(EmergencyStop())
        stand.beat(3)
    (stand.folder / "emergency-taken-2.jsonl").mkdir()
    stand.beat(3)
    assert stand.guard.keeper.ok, "the journal has it"
    assert not stand.engine.obey(Reset("main"))
    assert stand.guard.halting.halt is not None


def test_the_spare_file_is_taken_into_the_journal_as_soon_as_that_works_again(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    with locked(stand):
        stand.engine.obey(EmergencyStop())
        stand.beat(3)
        assert (stand.folder / "emergency.jsonl").exists()
    stand.beat(1)
    assert not (stand.folder / "emergency.jsonl").exists()
    assert len(stand.engine.shared.journal.sent_between("Demo", 1001, 0, 2**60)) == 1


def test_while_the_disk_takes_no_alert_the_alarm_says_what_is_breached(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0}))
    stand.terminal.hold(plain(1))
    stand.beat(3)
    with full(stand):
        stand.beat(3)
        stand.terminal.bid = 0.99
        stand.beat(3)
        (alarm,) = [view for view in stand.engine.frame().alerts if view.rule == "Journal"]
        assert "Breached now, and nothing acts on it: equity, equity 9000 below 9500." in alarm.do
        stand.terminal.bid = 1.0
        stand.beat(3)
        (alarm,) = [view for view in stand.engine.frame().alerts if view.rule == "Journal"]
        assert "Breached" not in alarm.do


def test_a_loss_that_was_seen_while_the_disk_failed_is_not_money_moved_afterwards(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "close_all"}, confirm=1))
    stand.terminal.hold(plain(1))
    stand.beat(3)
    with locked(stand):
        stand.terminal.bid = 0.996
        stand.beat(3)
    stand.terminal.balance -= 200.0
    stand.terminal.deals.append(booking(stand, -200.0))
    stand.beat(3)
    (raised,) = stand.of("alert", rule="equity", state="raised")
    assert raised["value"] == 9_400.0
    assert raised["episode"] is None, "the money alone brought it there"
    assert not stand.terminal.sent


def test_a_journal_that_cannot_be_read_back_holds_no_intent(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    log = stand.guard.executor._log
    stand.engine._journal.close()
    assert not log.holds(request(number=1))
    assert log.holds(request(number=FIRST)), "that one lies in the spare file"
