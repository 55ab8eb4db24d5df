"""The journal as a store: durable, strict, numbered once, and read back as it was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.store.chain import HEAD_KEY
from app.store.journal import Journal, JournalError
from app.store.schema import APPLICATION_ID
from app.store.spare import FIRST, SpareJournal
from bridge.port import CloseOrder, Receipt
from monitors.gate import Sent
from monitors.kinds import Side
from monitors.outcomes import Request, State
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Stand

REQUEST = Request(number=1, episode=None, position=5, symbol="A", side=Side.BUY, steps=10, held=20, sent_ms=1_000,
                  deal_floor=0, tag="plimsoll 000000 1")  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    made = Journal(path)
    yield made
    made.close()


def write(journal: Journal, request: Request, server: str = "S", login: int = 7, *, filled: float = 0.0) -> None:
    journal.write_request(server, login, "main", request, lots=0.1, filled=filled)


def elsewhere(path: Path, question: str) -> list[tuple[object, ...]]:
    """What a second connection finds in the file."""
    other = sqlite3.connect(path)
    try:
        return other.execute(question).fetchall()
    finally:
        other.close()


def test_every_commit_is_synced_and_logged_ahead(journal: Journal) -> None:
    assert journal._conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert journal._conn.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert journal._conn.execute("PRAGMA busy_timeout").fetchone()[0] == 250


def test_the_file_says_whose_it_is(journal: Journal, path: Path) -> None:
    assert elsewhere(path, "PRAGMA application_id") == [(APPLICATION_ID,)]


def test_a_new_file_is_not_found_and_a_kept_one_is(path: Path) -> None:
    first = Journal(path)
    first.close()
    second = Journal(path)
    second.close()
    assert (first.found, second.found) == (False, True)


def test_what_is_written_is_on_disk_for_everyone_at_once(journal: Journal, path: Path) -> None:
    write(journal, REQUEST)
    assert elsewhere(path, "SELECT number, state FROM request") == [(1, "sent")]


def test_everything_inside_atomic_is_one_commit(journal: Journal, path: Path) -> None:
    with journal.atomic():
        write(journal, REQUEST)
        journal.save("key", 1)
        assert elsewhere(path, "SELECT count(*) FROM request") == [(0,)]
    assert elsewhere(path, "SELECT count(*) FROM request") == [(1,)]
    assert elsewhere(path, "SELECT value FROM state WHERE key = 'key'") == [("1",)]


def test_nothing_of_an_atomic_write_remains_after_an_error(journal: Journal) -> None:
    def interrupted() -> None:
        with journal.atomic():
            write(journal, REQUEST)
            journal.save("key", 1 // 0)

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert journal.open_requests("S", 7) == []
    assert journal.load("key", int) is None


@pytest.mark.parametrize(("lots", "filled"), [(float("nan"), 0.0), (0.1, float("nan")), (0.0, 0.0), (0.1, -0.1)],
                         ids=["volume NaN", "filled NaN", "no volume", "filled below zero"])  # fmt: skip
def test_a_volume_that_is_no_volume_is_refused(journal: Journal, lots: float, filled: float) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        journal.write_request("S", 7, "main", REQUEST, lots=lots, filled=filled)
    assert journal.open_requests("S", 7) == []


def test_a_number_is_never_given_twice_even_to_another_start(path: Path) -> None:
    given = []
    for _ in range(3):
        journal = Journal(path)
        given += [journal.number("request"), journal.number("request"), journal.number("alert")]
        journal.close()
    assert given == [1, 2, 1, 3, 4, 2, 5, 6, 3]


def test_open_requests_come_back_whole_and_oldest_first_and_settled_ones_do_not(journal: Journal) -> None:
    second = replace(REQUEST, number=2, state=State.UNKNOWN, retcode=10012)
    for request in (second, REQUEST, replace(REQUEST, number=3, state=State.DONE)):
        write(journal, request)
    write(journal, replace(REQUEST, number=4), login=8)
    assert journal.open_requests("S", 7) == [REQUEST, second]
    assert [r.number for r in journal.open_requests("S", 8)] == [4]
    assert journal.open_requests("T", 7) == [], "the same login on another server is another account"


def test_an_outcome_replaces_the_state_of_its_intent_and_leaves_one_row(journal: Journal, path: Path) -> None:
    write(journal, REQUEST)
    write(journal, replace(REQUEST, state=State.DONE, filled=10), filled=0.1)
    assert elsewhere(path, "SELECT number, state, lots, filled FROM request") == [(1, "done", 0.1, 0.1)]


def test_sends_are_those_of_one_account_since_an_instant_with_what_they_may_have_closed(journal: Journal) -> None:
    write(journal, replace(REQUEST, number=1, sent_ms=999))
    write(journal, replace(REQUEST, number=2, sent_ms=2_000, state=State.PARTIAL, by=9), filled=0.04)
    write(journal, replace(REQUEST, number=3, sent_ms=1_000))
    write(journal, replace(REQUEST, number=4, sent_ms=3_000, state=State.REFUSED))
    write(journal, replace(REQUEST, number=5), login=8)
    write(journal, replace(REQUEST, number=6), server="T")
    assert journal.sent_between("S", 7, 1_000, 9_000) == (
        Sent(1_000, 5, 0.1, number=3),
        Sent(2_000, 5, 0.04, by=9, number=2),
        Sent(3_000, 5, 0.0, number=4),
    )


def test_an_event_keeps_its_order_and_its_own_keys(journal: Journal, path: Path) -> None:
    journal.write_event({"at": "now", "event": "flow", "account": "main", "amount": 5.0, "kind": "deposit"})
    assert elsewhere(path, "SELECT at, event, account, body FROM event") == [
        ("now", "flow", "main", '{"amount":5.0,"kind":"deposit"}')
    ]


def test_the_intent_is_on_disk_before_the_order_leaves_and_its_outcome_after(tmp_path: Path) -> None:
    stand = Stand(tmp_path, MARGIN_RULE)
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 3_400.0
    stand.beat()
    stand.terminal.bid = 0.995
    seen: list[tuple[object, ...]] = []

    def look_inside(_: CloseOrder) -> Receipt | None:
        seen.extend(elsewhere(tmp_path / "journal.db", "SELECT number, state, lots FROM request"))
        return None  # carried out

    stand.terminal.answer = look_inside
    stand.beat(3)
    stand.engine.close()
    assert seen == [(1, "sent", 0.4)]
    assert elsewhere(tmp_path / "journal.db", "SELECT state, filled FROM request") == [("done", 0.4)]


def test_spare_numbers_never_meet_the_journals_nor_those_of_an_earlier_start(tmp_path: Path) -> None:
    path = tmp_path / "emergency.jsonl"
    given = []
    for _ in range(2):
        spare = SpareJournal(path)
        for _ in range(2):
            given.append(spare.number())
            spare.write(REQUEST)
            spare.write(REQUEST)
    assert min(given) > FIRST
    assert len(set(given)) == len(given)
    assert path.read_bytes().count(b"\n") == 8


def test_a_spare_file_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    SpareJournal(tmp_path).write(REQUEST)
    SpareJournal(None).write(REQUEST)


def change(path: Path, statement: str, *values: object) -> None:
    """Another program writes in the file."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(statement, values)
    other.close()


def test_a_request_counts_as_held_only_once_its_commit_is_over(journal: Journal) -> None:
    with journal.atomic():
        write(journal, replace(REQUEST, number=1))
        assert not journal.holds(1)
    assert journal.holds(1)
    assert not journal.holds(2)


def test_an_open_request_that_cannot_be_read_is_named(journal: Journal, path: Path) -> None:
    write(journal, replace(REQUEST, number=1))
    change(path, "UPDATE request SET body = '{'")
    with pytest.raises(JournalError, match="request cannot be read"):
        journal.open_requests("S", 7)


def test_the_newest_rows_are_told_as_they_were_and_none_where_one_cannot_be_read(journal: Journal, path: Path) -> None:
    told = [{"at": f"2026-03-02T08:00:0{n}.000Z", "event": "reset", "account": "main", "n": n} for n in range(3)]
    for one in told:
        journal.write_event(one)
    assert journal.last_events(2) == told[1:]
    change(path, "UPDATE event SET body = '{' WHERE number = 3")
    assert journal.last_events(2) == []


def test_a_disk_that_ends_the_whole_commit_at_a_row_of_the_log_leaves_a_whole_chain(
    journal: Journal, path: Path
) -> None:
    told = {"at": "2026-03-02T08:00:00.000Z", "event": "reset", "account": "main"}
    change(path, "CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END")
    with pytest.raises(sqlite3.Error):
        _both(journal, told)
    change(path, "DROP TRIGGER full")
    assert journal.load("a", int) is None
    journal.write_event(told)
    assert journal.damage() is None
    assert [row["event"] for row in journal.last_events(9)] == ["gap", "reset"]


def _both(journal: Journal, told: dict[str, str]) -> None:
    with journal.atomic():
        journal.save("a", 1)
        journal.write_event(told)


def test_a_log_whose_head_is_gone_goes_on_from_its_last_row(journal: Journal, path: Path) -> None:
    told = {"at": "2026-03-02T08:00:00.000Z", "event": "reset", "account": "main"}
    for _ in range(3):
        journal.write_event(told)
    head = journal.head
    change(path, "DELETE FROM state WHERE key = ?", HEAD_KEY)
    assert journal.head == head
