"""The other tables: strict, dated by version, each thing once, and nothing that is no number."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.archive import records
from app.archive.facts import RISK_FIGURES, Dealt, Excursed, Risk, Told
from app.archive.opening import ArchiveDamaged, ArchiveError, read_from, written_to
from app.archive.reader import Reader
from app.archive.schema import APPLICATION_ID, MIGRATIONS, VERSION
from app.archive.store import Store, opened
from app.events import Event, event
from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.zones import DAY_MS, HOUR_MS
from tests.app.archive.parts import DAY, WHOSE, beat, written
from tests.builders import deal

FIGURES = tuple(float(n) for n, _ in enumerate(RISK_FIGURES, 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def alert(at_ms: int, state: str, number: int = 1, **changes: object) -> Told:
    body = {"alert": number, "episode": 4, "rule": "Margin", "metric": "margin.level_pct", "value": 119.0,
            "threshold": 120.0, "severity": "high", "state": state, **changes}  # fmt: skip
    return Told(WHOSE, event(at_ms, "alert", "main", **body))


def told(at_ms: int, name: str, **body: object) -> Told:
    made: Event = event(at_ms, name, "main", **body)
    return Told(WHOSE, made)


def test_every_table_is_strict_and_the_file_says_whose_it_is(path: Path) -> None:
    conn = written(path).db.conn
    strict = conn.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0").fetchall()
    assert [name for (name,) in strict if not name.startswith("sqlite_")] == []
    assert conn.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert conn.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_the_writer_uses_wal_without_a_sync_a_commit(path: Path) -> None:
    db = written_to(path)
    assert db.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.conn.execute("PRAGMA synchronous").fetchone() == (1,)
    db.close()


def test_an_archive_of_an_older_version_keeps_its_rows_and_gets_what_is_new(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.executescript(MIGRATIONS[0])
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.execute("PRAGMA user_version = 1")
    conn.execute("INSERT INTO account VALUES (5, 'Demo', 1001, 'main', 'USD', 2, 'UTC')")
    conn.commit()
    conn.close()
    with pytest.raises(ArchiveError, match="of an older Plimsoll"):
        read_from(path)
    reader = written(path, [beat(DAY), told(DAY, "halt", scope="account", reason="a stop")])
    assert list(reader.accounts()) == [5]
    assert [mark.text for mark in records.marks(reader, 5, DAY, DAY + 1)] == ["a stop"]


def test_a_newer_and_a_foreign_file_are_refused_in_one_line_and_left_alone(path: Path) -> None:
    written(path).close()
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA user_version = {VERSION + 1}")
    conn.close()
    before = path.read_bytes()
    for use in (Store, read_from):
        with pytest.raises(ArchiveError, match=r"history\.db: written by a newer Plimsoll .*; update this one$"):
            use(path)
    assert path.read_bytes() == before
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE shopping (what TEXT)")
    other.close()
    for use in (Store, read_from):
        with pytest.raises(ArchiveError, match="a database of something else"):
            use(path)
    path.write_bytes(b"a shopping list, do not lose\n" * 300)
    with pytest.raises(ArchiveError, match="not an archive"):
        Store(path)


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(path: Path) -> None:
    written(path, [beat(DAY + n * 60_000) for n in range(200)]).close()
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * 8192 + data[12288:])
    with pytest.raises(ArchiveDamaged):
        Store(path)
    store, said = opened(path, "damaged-1")
    store.write([beat(DAY)])
    store.close()
    assert "kept as history.db.damaged-1" in said
    assert (path.parent / "history.db.damaged-1").stat().st_size == len(data)
    assert len(Reader(path).equity(1, DAY, DAY + 1)) == 1


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("which", range(5))
def test_a_figure_that_is_no_number_is_refused_and_the_rest_of_the_batch_is_kept(
    path: Path, bad: float, which: int
) -> None:
    figures = [*FIGURES]
    figures[which] = bad
    store = Store(path)
    store.write([Risk(WHOSE, DAY, False, 0, tuple(figures)), Risk(WHOSE, DAY + 1, False, 0, FIGURES), beat(DAY, bad)])
    assert store.refused == 2
    store.close()
    conn = Reader(path).db.conn
    assert conn.execute("SELECT at_ms FROM risk").fetchall() == [(DAY + 1,)]
    assert conn.execute("SELECT count(*) FROM equity").fetchone() == (0,)


def test_what_is_unknown_is_null_and_never_nought(path: Path) -> None:
    reader = written(path, [Risk(WHOSE, DAY, False, 3, (*FIGURES[:5], *(None for _ in FIGURES[5:])))])
    (row,) = reader.db.query("SELECT * FROM risk")
    assert [row[name] for name in RISK_FIGURES] == [1, 2, 3, 4, 5, *(None for _ in FIGURES[5:])]


def test_older_rows_of_risk_are_thinned_and_those_of_alerts_kept(path: Path) -> None:
    store = Store(path)
    for hour in range(72):
        at = DAY + hour * HOUR_MS
        rows = [Risk(WHOSE, at + n * 10_000, n == 1, 0, FIGURES) for n in range(360)]
        store.write([*rows, beat(at + HOUR_MS - 1)])
    store.close()
    conn = Reader(path).db.conn
    count = "SELECT count(*) FROM risk WHERE at_ms >= ? AND at_ms < ? AND kept = ?"
    assert conn.execute(count, (DAY, DAY + DAY_MS, 0)).fetchone() == (24 * 60,)
    assert conn.execute(count, (DAY, DAY + DAY_MS, 1)).fetchone() == (24,)
    assert conn.execute(count, (DAY + 2 * DAY_MS, DAY + 3 * DAY_MS, 0)).fetchone()[0] > 23 * 359


def test_an_alerts_life_is_one_row_and_the_first_acknowledgement_counts(path: Path) -> None:
    life = [alert(DAY, "raised"), alert(DAY + 5_000, "acknowledged"), alert(DAY + 6_000, "escalated"),
            alert(DAY + 7_000, "acknowledged"), alert(DAY + 9_000, "cleared", value=None)]  # fmt: skip
    (found,) = records.alerts(written(path, [beat(DAY), *life]), 1, DAY, DAY + 1)
    assert (found.raised_ms, found.acknowledged_ms, found.escalated_ms, found.cleared_ms) == (
        DAY, DAY + 5_000, DAY + 6_000, DAY + 9_000,
    )  # fmt: skip
    assert (found.value, found.threshold, found.severity) == (119.0, 120.0, "high")


def test_numbers_that_began_anew_name_other_alerts(path: Path) -> None:
    reader = written(path, [alert(DAY, "raised"), alert(DAY + 60_000, "raised"), alert(DAY + 61_000, "acknowledged")])
    assert [a.acknowledged_ms for a in records.alerts(reader, 1, DAY, DAY + DAY_MS)] == [None, DAY + 61_000]


def test_a_response_has_its_alert_its_closes_and_what_came_of_each_request(path: Path) -> None:
    closes = [{"position": 7, "symbol": "EURUSD", "volume": 0.5}]
    intent = {"request": 9, "episode": 4, "position": 7, "symbol": "EURUSD", "side": "sell", "volume": 0.5}
    click = intent | {"request": 10, "episode": None}
    reader = written(path, [
        alert(DAY, "raised"),
        told(DAY + 1, "plan", episode=4, rule="Margin", closes=closes, expects={"margin.level_pct": 151.0}),
        told(DAY + 2, "intent", **intent),
        told(DAY + 900, "outcome", request=9, state="partial", retcode=10010, filled=0.2),
        told(DAY + 1_000, "intent", **click),
    ])  # fmt: skip
    plan, by_hand = records.responses(reader, 1, DAY, DAY + DAY_MS)
    assert (plan.rule, plan.alert, plan.closes) == ("Margin", 1, tuple(closes))
    assert [(r.number, r.state, r.filled, r.settled_ms) for r in plan.requests] == [(9, "partial", 0.2, DAY + 900)]
    assert (by_hand.rule, [r.number for r in by_hand.requests]) == ("", [10])


def test_a_deal_is_kept_once_and_brings_the_earlier_ones_of_its_position(path: Path) -> None:
    opening, closing = deal(1, position=7, time_ms=DAY - DAY_MS), deal(2, position=7, time_ms=DAY, profit=-3.5)
    other = deal(3, position=8, time_ms=DAY - DAY_MS)
    rows = [Dealt(WHOSE, d) for d in (opening, closing, other, closing)]
    reader = written(path, rows, rows)
    assert records.deals(reader, 1, DAY, DAY + 1) == (opening, closing)


def test_an_excursion_moves_on_and_keeps_the_lots_it_began_with(path: Path) -> None:
    seen = Excursed(whose=WHOSE, position=7, symbol="EURUSD", side=Side.BUY, magic=3, lots=1.0, open=1.1, opened_ms=DAY,
                    target=1.2, excursion=Excursion(best=5.0, stop=1.05), seen_ms=DAY)  # fmt: skip
    last = replace(seen, lots=0.5, excursion=Excursion(best=9.0, worst=-4.0, stop=1.05), closed=True, seen_ms=DAY + 1)
    found = records.excursions(written(path, [seen, last]), 1)[7]
    assert (found.lots, found.closed, found.excursion) == (1.0, True, last.excursion)


def test_a_reader_changes_nothing(path: Path) -> None:
    reader = written(path, [beat(DAY)])
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.db.conn.execute("DELETE FROM equity")


def test_a_reader_sees_what_a_running_writer_has_committed(path: Path) -> None:
    store = Store(path)
    store.write([beat(DAY)])
    reader = Reader(path)
    store.write([beat(DAY + 1_000)])
    assert len(reader.equity(1, DAY, DAY + 2_000)) == 2
    store.close()
