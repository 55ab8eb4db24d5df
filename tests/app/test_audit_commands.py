"""`plimsoll audit verify` and `export`: one clear line whatever the file is, and exports that hurt no spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from app.checks.doctor import Finding, State
from app.checks.machine import machine_findings
from app.cli import main
from app.events import event
from app.store.backup import back_up, restore
from app.store.chain import HEAD_FILE, note
from app.store.folder import JOURNAL
from app.store.journal import Journal
from bridge.clock import SystemClock
from monitors.settings import Config
from tests.app.logs import START_MS, hand, logged, tell, version_1

Captured = pytest.CaptureFixture[str]
ROWS = 9


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / JOURNAL
    logged(place, ROWS)
    return place


def ran(capsys: Captured, *given: str) -> tuple[int, str, str]:
    code = main(["audit", *given])
    out, err = capsys.readouterr()
    return code, out, err


def change(path: Path, statement: str) -> None:
    with hand(path) as conn:
        conn.execute(statement)


def test_a_whole_log_is_one_line_with_rows_times_and_head(path: Path, capsys: Captured) -> None:
    code, out, err = ran(capsys, "verify", "--db", str(path))
    with hand(path) as conn:
        (last,) = conn.execute("SELECT lower(hex(hash)) FROM event WHERE number = 9").fetchone()
    span = "2026-03-02T08:00:01.000Z to 2026-03-02T08:00:09.000Z"
    assert (code, out, err) == (0, f"{path}: 9 rows, {span}, whole; head 9 {last}\n", "")


def test_a_damaged_log_is_one_line_that_names_the_first_damaged_row(path: Path, capsys: Captured) -> None:
    change(path, "UPDATE event SET account = 'x' WHERE number IN (4, 6)")
    why = "it is not what was written, or does not follow the row before it"
    line = f"{path}: the audit log is damaged at row 4 (2026-03-02T08:00:04.000Z): {why}\n"
    assert ran(capsys, "verify", "--db", str(path)) == (1, "", line)


def test_a_program_reads_the_same(path: Path, capsys: Captured) -> None:
    code, out, _ = ran(capsys, "verify", "--json", "--db", str(path))
    found = json.loads(out)
    assert (code, found["ok"], found["rows"], found["head"]["number"], found["damage"]) == (0, True, 9, 9, None)
    change(path, "DELETE FROM event WHERE number = 4")
    code, out, _ = ran(capsys, "verify", "--json", "--db", str(path))
    found = json.loads(out)
    assert (code, found["ok"], found["damage"]["row"]) == (1, False, 4)
    assert found["damage"]["what"] == "it is missing: row 5 follows"


def test_damage_elsewhere_in_the_file_is_told_apart_from_damage_of_the_log(path: Path, capsys: Captured) -> None:
    change(path, "CREATE TABLE other (n INTEGER)")
    with hand(path) as conn:
        conn.execute("CREATE INDEX o ON other (n)")
        conn.execute("INSERT INTO other VALUES (1)")
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_schema WHERE name = 'other'")
    code, _, err = ran(capsys, "verify", "--db", str(path))
    assert (code, len(err.splitlines())) == (1, 1)
    assert "damaged" in err


@pytest.mark.parametrize("what", ["verify", "export"])
def test_what_is_no_log_is_bad_input_with_the_remedy(tmp_path: Path, capsys: Captured, what: str) -> None:
    foreign, text, old, newer = (tmp_path / name for name in ("foreign.db", "text.db", "old.db", "newer.db"))
    change(foreign, "CREATE TABLE mine (x)")
    text.write_text("a shopping list, do not lose\n" * 200)
    version_1(old, 3)
    logged(newer, 1)
    change(newer, "PRAGMA user_version = 9")
    for file, why in (
        (tmp_path / "none.db", "there is no journal"), (tmp_path, "there is no journal"),
        (foreign, "a database of something else"), (text, "not a journal"),
        (old, "of an older Plimsoll (version 1)"), (newer, "a newer Plimsoll (version 9)"),
    ):  # fmt: skip
        code, out, err = ran(capsys, what, "--db", str(file))
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert err.startswith(f"{file}: ")
        assert why in err
    assert text.read_text().startswith("a shopping list")


@pytest.mark.parametrize("what", ["verify", "export"])
def test_a_file_that_sqlite_cannot_read_is_told_in_one_line(path: Path, capsys: Captured, what: str) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * (len(data) - 100))
    code, _, err = ran(capsys, what, "--db", str(path))
    assert (code, len(err.splitlines())) == (1, 1)
    assert err.startswith(f"{path}: ")
    assert "damaged" in err


def test_a_page_of_the_log_that_sqlite_cannot_read_is_placed_by_its_row(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / JOURNAL
    logged(path, 300)
    with hand(path) as conn:
        (page,) = conn.execute("SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf' "
                               "ORDER BY path DESC LIMIT 1").fetchone()  # fmt: skip
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4_096 : page * 4_096] = b"\xff" * 4_096
    path.write_bytes(data)
    code, _, err = ran(capsys, "verify", "--db", str(path))
    assert (code, len(err.splitlines())) == (1, 1)
    assert "SQLite cannot read it" in err
    assert 200 < int(err.split("row ")[1].split()[0]) <= 300


def test_without_a_file_named_the_journal_of_the_configs_data_folder_is_meant(
    path: Path, tmp_path: Path, capsys: Captured
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[app]\ndata_dir = '{path.parent}'\n")
    assert ran(capsys, "verify", "--config", str(config))[1].startswith(f"{path}: 9 rows")
    assert ran(capsys, "verify", "--data", str(path.parent))[1].startswith(f"{path}: 9 rows")


def test_reading_disturbs_no_program_that_is_writing(path: Path, capsys: Captured) -> None:
    journal = Journal(path)
    with journal.atomic():
        tell(journal, 20.0)
        assert ran(capsys, "verify", "--db", str(path))[1].startswith(f"{path}: 9 rows")
        tell(journal, 21.0)
    note(journal.head, path.with_name(HEAD_FILE))
    assert ran(capsys, "verify", "--db", str(path))[1].startswith(f"{path}: 11 rows")
    assert ran(capsys, "export", "--format", "jsonl", "--db", str(path))[1].count("\n") == 11
    tell(journal, 22.0)
    journal.close()


def told(path: Path, *events: dict[str, Any]) -> None:
    journal = Journal(path)
    for facts in events:
        journal.write_event(event(START_MS, str(facts.pop("event")), str(facts.pop("account", "main")), **facts))
    journal.close()


def test_the_form_follows_the_files_ending_unless_it_is_named(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / JOURNAL
    told(path, {"event": "bare"})
    begins = {}
    for name, given in (("a.jsonl", ()), ("a.csv", ()), ("a.txt", ()), ("b.jsonl", ("--format", "csv"))):
        ran(capsys, "export", "--db", str(path), "--out", str(tmp_path / name), *given)
        begins[name] = (tmp_path / name).read_text("utf-8-sig")[:1]
    assert begins == {"a.jsonl": "{", "a.csv": "n", "a.txt": "n", "b.jsonl": "n"}


def test_json_lines_keep_the_events_keys_in_their_order_then_number_and_hash(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / JOURNAL
    told(path, {"event": "outcome", "request": 1, "state": "done", "retcode": None, "filled": 0.1},
         {"event": "plan", "account": "é", "closes": [{"position": 1, "volume": 0.4}], "expects": {}},
         {"event": "bare"})  # fmt: skip
    _, out, _ = ran(capsys, "export", "--format", "jsonl", "--db", str(path))
    lines = out.splitlines()
    assert lines[0].startswith('{"at":"2026-03-02T08:00:00.000Z","event":"outcome","account":"main","request":1,'
                               '"state":"done","retcode":null,"filled":0.1,"number":1,"hash":"')  # fmt: skip
    assert lines[1].startswith('{"at":"2026-03-02T08:00:00.000Z","event":"plan","account":"é",'
                               '"closes":[{"position":1,"volume":0.4}],"expects":{},"number":2,"hash":"')  # fmt: skip
    assert list(json.loads(lines[2])) == ["at", "event", "account", "number", "hash"]


def test_csv_leads_text_that_is_a_formula_with_an_apostrophe_and_leaves_numbers(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / JOURNAL
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "plain", "a=b"]
    told(path, *({"event": "halt", "account": text, "reason": text} for text in texts),
         {"event": "flow", "amount": -500.0, "kind": "withdrawal"}, {"event": "plan", "closes": [1], "rule": "=x"},
         {"event": "clicked", "taken": True, "alert": -1})  # fmt: skip
    _, out, _ = ran(capsys, "export", "--db", str(path))
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    safe = ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "plain", "a=b"]
    assert [(row["account"], row["reason"]) for row in rows[:8]] == [(text, text) for text in safe]
    assert (rows[8]["amount"], rows[8]["kind"]) == ("-500.0", "withdrawal")
    assert (rows[9]["rule"], rows[9]["more"]) == ("'=x", '{"closes":[1]}')
    assert (rows[10]["taken"], rows[10]["alert"], rows[10]["number"]) == ("true", "-1", "11")


def test_an_export_of_some_days_holds_those_alone_and_is_there_once_it_is_whole(
    path: Path, tmp_path: Path, capsys: Captured
) -> None:
    journal = Journal(path)
    tell(journal, 86_400.0, 2 * 86_400.0)
    journal.close()
    out = tmp_path / "log.csv"
    days = ("--from", "2026-03-03", "--to", "2026-03-03")
    assert ran(capsys, "export", "--db", str(path), "--out", str(out), *days) == (0, f"{out}: 1 rows\n", "")
    assert [row["number"] for row in csv.DictReader(io.StringIO(out.read_text()))] == ["10"]
    assert not list(tmp_path.glob("*.new"))
    _, text, _ = ran(capsys, "export", "--format", "jsonl", "--db", str(path), "--to", "2026-03-02")
    assert text.count("\n") == 9
    code, _, err = ran(capsys, "export", "--db", str(path), "--from", "2026-03-04", "--to", "2026-03-03")
    assert (code, err.count("\n")) == (2, 1)
    code, _, err = ran(capsys, "export", "--db", str(path), "--out", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)


def test_an_export_of_a_damaged_log_shows_what_is_there(path: Path, capsys: Captured) -> None:
    change(path, "UPDATE event SET body = CAST(x'7bff' AS TEXT) WHERE number = 4")
    code, out, _ = ran(capsys, "export", "--format", "jsonl", "--db", str(path))
    assert (code, json.loads(out.splitlines()[3])["damaged"]) == (0, "{\ufffd")


def test_the_doctor_verifies_all_of_the_log(path: Path) -> None:
    def finding() -> Finding:
        found = machine_findings(Config(terminals=()), path.parent, SystemClock())
        return next(each for each in found if each.check == "audit log")

    assert (finding().state, "9 rows, whole; head 9 " in finding().found) == (State.OK, True)
    change(path, "UPDATE event SET account = 'x' WHERE number = 4")
    assert (finding().state, "damaged at row 4" in finding().found) == (State.WARNING, True)
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4_000)
    assert finding().state is State.FAILED
    path.unlink()
    assert finding().state is State.OK
    version_1(path, 3)
    assert (finding().state, "older Plimsoll" in finding().found) == (State.WARNING, True)


def test_a_restored_journal_is_whole_though_the_one_it_replaces_was_longer(
    path: Path, tmp_path: Path, capsys: Captured
) -> None:
    back_up(path.parent, tmp_path / "b.zip")
    journal = Journal(path)
    tell(journal, 20.0, 21.0)
    note(journal.head, path.with_name(HEAD_FILE))
    journal.close()
    _, aside = restore(tmp_path / "b.zip", path.parent, "before")
    assert f"{HEAD_FILE}.before" in aside
    assert ran(capsys, "verify", "--db", str(path))[1].startswith(f"{path}: 9 rows")
    kept = path.with_name(f"{JOURNAL}.before")
    assert ran(capsys, "verify", "--db", str(kept))[1].startswith(f"{kept}: 11 rows")


def test_a_backup_of_a_journal_of_the_release_before_is_restored_as_a_chain(tmp_path: Path, capsys: Captured) -> None:
    version_1(tmp_path / JOURNAL, 3)
    back_up(tmp_path, tmp_path / "b.zip")
    (tmp_path / "other").mkdir()
    restore(tmp_path / "b.zip", tmp_path / "other", "before")
    assert ran(capsys, "verify", "--db", str(tmp_path / "other" / JOURNAL))[1].startswith(
        f"{tmp_path / 'other' / JOURNAL}: 4 rows"
    )
