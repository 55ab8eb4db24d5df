"""The audit log as a chain: whatever is done to a row of it afterwards is found, and placed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.aside import set_aside
from app.store.audit import START_ROWS, Damage, Verdict, verified
from app.store.chain import HEAD_FILE, Head, head_file, link, note, noted
from app.store.journal import Journal, JournalError
from tests.app.logs import column, hand, logged, tell, version_1

ROWS = 9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a journal with nine rows, its head noted beside it."""
    place = tmp_path / "journal.db"
    logged(place, ROWS)
    return place


def damage(path: Path) -> Damage:
    found = verified(path).damage
    assert found is not None
    return found


def test_a_log_that_nobody_touched_is_whole_and_says_what_it_spans(path: Path) -> None:
    found = verified(path)
    assert found == Verdict(rows=ROWS, first="2026-03-02T08:00:01.000Z", last="2026-03-02T08:00:09.000Z",
                            head=found.head, damage=None)  # fmt: skip
    (last,) = column(path, "hash", "number = 9")
    assert found.head == Head(ROWS, bytes(last).hex())  # type: ignore[call-overload]


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    logged(tmp_path / "journal.db", 0)
    assert verified(tmp_path / "journal.db") == Verdict(rows=0, first="", last="", head=Head(), damage=None)


def test_no_two_rows_read_alike_however_their_text_is_cut() -> None:
    assert link(bytes(32), 1, b"ab", b"c") != link(bytes(32), 1, b"a", b"bc")
    assert link(bytes(32), 1, b"ab") != link(bytes(32), 2, b"ab") != link(bytes([1] * 32), 2, b"ab")


@pytest.mark.parametrize("change", [
    "at = '2026-03-02T08:00:05.001Z'", "event = 'flov'", "account = 'maim'", "body = replace(body, '5', '4')",
    "hash = zeroblob(32)", "hash = x''",
])  # fmt: skip
@pytest.mark.parametrize("number", [1, 5, ROWS])
def test_a_changed_column_is_found_at_its_row(path: Path, change: str, number: int) -> None:
    with hand(path) as conn:
        conn.execute(f"UPDATE event SET {change.replace('5', str(number))} WHERE number = {number}")  # noqa: S608
    assert damage(path).row == number


def test_text_that_became_bytes_is_found_though_every_byte_is_the_same(path: Path) -> None:
    with hand(path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'event'")
    with hand(path) as conn:
        conn.execute("UPDATE event SET body = CAST(body AS BLOB) WHERE number = 4")
    assert (damage(path).row, damage(path).what) == (4, "it is no row of the log any more")


@pytest.mark.parametrize("number", [1, 5])
def test_a_removed_row_is_found_by_its_number(path: Path, number: int) -> None:
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number = ?", (number,))
    assert (damage(path).row, damage(path).what) == (number, f"it is missing: row {number + 1} follows")


def test_a_removed_row_is_found_though_the_rest_were_numbered_anew(path: Path) -> None:
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number = 5")
        for number in range(6, ROWS + 1):
            conn.execute("UPDATE event SET number = ? WHERE number = ?", (number - 1, number))
    assert damage(path).row == 5


def test_an_inserted_row_is_found_where_it_was_put(path: Path) -> None:
    with hand(path) as conn:
        for number in range(ROWS, 4, -1):
            conn.execute("UPDATE event SET number = ? WHERE number = ?", (number + 1, number))
        conn.execute("INSERT INTO event SELECT 5, at, event, account, body, hash FROM event WHERE number = 4")
    assert damage(path).row == 5
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number = 5")
        conn.execute("INSERT INTO event SELECT 0, at, event, account, body, hash FROM event WHERE number = 4")
    assert (damage(path).row, damage(path).what) == (0, "it stands where no row can be")


def test_rows_in_another_order_are_found_at_the_first_of_them(path: Path) -> None:
    with hand(path) as conn:
        for number, other in ((4, 99), (7, 4), (99, 7)):
            conn.execute("UPDATE event SET number = ? WHERE number = ?", (other, number))
    assert damage(path).row == 4


def test_rows_cut_off_at_the_end_are_found_by_the_head_in_the_journal(path: Path) -> None:
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number > 7")
    found = damage(path)
    assert (found.row, found.at) == (8, "2026-03-02T08:00:07.000Z")
    assert found.what == "it is missing, and all up to row 9, noted in the journal"


def test_rows_put_on_at_the_end_are_found_by_the_head_in_the_journal(path: Path) -> None:
    with hand(path) as conn:
        (before,) = conn.execute("SELECT hash FROM event WHERE number = 9").fetchone()
        made = link(before, 10, b"now", b"flow", b"main", b"{}")
        conn.execute("INSERT INTO event VALUES (10, 'now', 'flow', 'main', '{}', ?)", (made,))
    assert damage(path).row == 10


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM state WHERE key = 'audit:head'",
        "UPDATE state SET value = '{' WHERE key = 'audit:head'",
        "UPDATE state SET value = replace(value, ':\"', ':\"0') WHERE key = 'audit:head'",
    ],
)
def test_a_head_that_is_gone_or_is_none_any_more_is_told(path: Path, change: str) -> None:
    with hand(path) as conn:
        conn.execute(change)
    assert (damage(path).row, damage(path).what) == (ROWS, "that it is the last one is noted no more")


def forged(path: Path, until: int) -> None:
    """The log as it would be if it had always ended at that row: no chain can tell by itself."""
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number > ?", (until,))
        (last,) = conn.execute("SELECT hash FROM event WHERE number = ?", (until,)).fetchone()
        conn.execute("""UPDATE state SET value = json_object('number', ?, 'hash', ?) WHERE key = 'audit:head'""",
                     (until, last.hex()))  # fmt: skip


def test_a_cut_with_its_head_forged_too_is_found_by_the_head_beside_the_journal(path: Path) -> None:
    note(verified(path).head, path.with_name(HEAD_FILE))
    assert verified(path).damage is None
    forged(path, 7)
    assert (damage(path).row, damage(path).what) == (
        8, "it is missing, and all up to row 9, noted beside the journal (audit.head)"
    )  # fmt: skip
    path.with_name(HEAD_FILE).unlink()
    assert verified(path).damage is None, "with both heads forged nothing here can tell: note the head elsewhere"


def test_a_log_written_anew_is_found_by_the_head_beside_the_journal(path: Path) -> None:
    head = verified(path).head
    path.unlink()
    path.with_name(HEAD_FILE).unlink(missing_ok=True)
    journal = Journal(path)
    tell(journal, *map(float, range(11, 31)))
    journal.close()
    note(head, path.with_name(HEAD_FILE))
    assert (damage(path).row, "audit.head" in damage(path).what) == (ROWS, True)


def test_what_a_power_cut_left_of_the_head_beside_the_journal_is_no_damage(path: Path) -> None:
    path.with_name(HEAD_FILE).write_bytes(b"\0\0\0")
    assert noted(path.with_name(HEAD_FILE)) is None
    assert verified(path).damage is None


def test_a_copy_under_another_name_has_no_head_beside_it(tmp_path: Path) -> None:
    assert head_file(tmp_path / "evidence.db") is None
    assert head_file(tmp_path / "journal.db.damaged-1") == tmp_path / f"{HEAD_FILE}.damaged-1"


def test_setting_a_journal_aside_takes_its_head_along(path: Path) -> None:
    note(verified(path).head, path.with_name(HEAD_FILE))
    kept = set_aside(path, "damaged-1")
    assert noted(head_file(kept)) == verified(kept).head
    assert not path.with_name(HEAD_FILE).exists()


def test_a_start_looks_at_the_newest_rows_only(path: Path) -> None:
    with hand(path) as conn:
        conn.execute("UPDATE event SET body = '{}' WHERE number = 4")
    assert verified(path, last=5).damage is None
    assert verified(path, last=5).rows == 5
    found = verified(path, last=6).damage
    assert found
    assert found.row == 4
    assert verified(path, last=START_ROWS).damage == found


def test_a_cut_stays_in_sight_once_the_program_writes_on(path: Path) -> None:
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number > 7")
    journal = Journal(path)
    tell(journal, 20.0, 21.0)
    journal.close()
    assert (damage(path).row, damage(path).what) == (8, "it is missing: row 10 follows")


@pytest.mark.parametrize("count", [0, 30])
def test_a_journal_of_the_release_before_is_chained_and_says_so(tmp_path: Path, count: int) -> None:
    path = tmp_path / "journal.db"
    version_1(path, count)
    before = [column(path, name) for name in ("at", "event", "account", "body")]
    journal = Journal(path)
    assert (journal.found, journal.load("key", int)) == (True, 7)
    tell(journal, 40.0)
    journal.close()
    assert [column(path, name)[:count] for name in ("at", "event", "account", "body")] == before
    extra = [("chained", f'{{"rows":{count},"first":1,"last":{count}}}')] if count else []
    assert list(zip(column(path, "event")[count:-1], column(path, "body")[count:-1], strict=True)) == extra
    assert (verified(path).rows, verified(path).damage) == (count + len(extra) + 1, None)
    with hand(path) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (2,)
    Journal(path).close()
    assert verified(path).rows == count + len(extra) + 1, "a second start changes nothing"


def test_a_gap_in_a_log_of_the_release_before_is_closed_and_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    version_1(path, 5)
    with hand(path) as conn:
        conn.execute("DELETE FROM event WHERE number = 2")
        conn.execute("UPDATE event SET body = CAST(x'ff7b' AS TEXT) WHERE number = 3")
    Journal(path).close()
    assert column(path, "body", "event = 'chained'") == ['{"rows":4,"first":1,"last":5}']
    assert column(path, "CAST(body AS BLOB)", "number = 2") == [b"\xff\x7b"], "nothing is lost, what is no text neither"
    assert (verified(path).rows, verified(path).damage) == (5, None)


def test_a_migration_that_the_disk_does_not_take_leaves_the_journal_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    version_1(path, 5)
    with hand(path) as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON state BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    with pytest.raises(JournalError, match="disk full"):
        Journal(path)
    with hand(path) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (1,)
        conn.execute("DROP TRIGGER full")
    Journal(path).close()
    assert (verified(path).rows, verified(path).damage) == (6, None)


def flipped(stored: object, bit: int) -> object:
    """The value with one bit of its bytes changed."""
    if isinstance(stored, int):
        changed = stored ^ (1 << bit % 64)
        return changed - (1 << 64) if changed >= 1 << 63 else changed
    data = bytearray(stored if isinstance(stored, bytes) else str(stored).encode())
    bit %= 8 * len(data)
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
logs = st.lists(st.tuples(texts, texts, texts, texts), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None)
@given(logs=logs, row=st.integers(0, 5), name=st.sampled_from(("number", "at", "event", "account", "body", "hash")),
       bit=st.integers(0, 2_000))  # fmt: skip
def test_one_bit_of_any_stored_value_names_exactly_its_row(
    logs: list[tuple[str, str, str, str]], row: int, name: str, bit: int
) -> None:
    number = row % len(logs) + 1
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        journal = Journal(path)
        for at, event, account, text in logs:
            journal.write_event({"at": at, "event": event, "account": account, "text": text})
        journal.close()
        assert verified(path).damage is None
        with hand(path) as conn:
            conn.text_factory = bytes
            (stored,) = conn.execute(f"SELECT {name} FROM event WHERE number = ?", (number,)).fetchone()  # noqa: S608
            if stored == b"" and name != "number":
                return
            changed = flipped(stored, bit)
            as_text = f"CAST(? AS {'BLOB' if name == 'hash' else 'INTEGER' if name == 'number' else 'TEXT'})"
            try:
                conn.execute(f"UPDATE event SET {name} = {as_text} WHERE number = ?", (changed, number))  # noqa: S608
            except sqlite3.IntegrityError:  # another row has that number
                return
        found = verified(path).damage
        assert found is not None
        below = isinstance(changed, int) and changed < 1
        assert found.row == (changed if below else number)
