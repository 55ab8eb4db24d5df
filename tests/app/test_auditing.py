"""What the engine writes into the audit log; no trouble with the disk forks its chain or leaves a silent gap."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.config import from_table
from app.main import Program, World
from app.store.audit import verified
from app.store.chain import HEAD_FILE, noted
from app.store.journal import Journal
from app.watch import Watch
from bridge.simulator.clock import VirtualClock
from monitors.ports import Acknowledge, EmergencyStop, Opening, Reset
from monitors.settings import Config
from tests.app.logs import column, hand, tell
from tests.app.scripted import START, plain
from tests.app.stand import MARGIN_RULE, Make, Stand

TRIPS = 0.995
"""The bid at which the margin rule trips."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    made = Journal(path)
    yield made
    made.close()


def rows(stand: Stand, *names: str) -> list[dict[str, Any]]:
    """What the log says of these, oldest first: account and body."""
    path = stand.folder / "journal.db"
    told = zip(*(column(path, name) for name in ("event", "account", "body")), strict=True)
    return [{"event": name, "of": account, **json.loads(str(body))} for name, account, body in told if name in names]


def tripping(make: Make, **more: Any) -> Stand:
    """About to trip its margin rule."""
    stand = make(MARGIN_RULE, **more)
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 3_400.0
    stand.beat(2)
    return stand


def roll_back(journal: Journal, *amounts: float) -> None:
    """Told in a commit that then fails."""

    def interrupted() -> None:
        with journal.atomic():
            tell(journal, *amounts)
            1 // 0  # noqa: B018

    with pytest.raises(ZeroDivisionError):
        interrupted()


def test_a_commit_that_is_rolled_back_leaves_the_chain_where_it_was(journal: Journal, path: Path) -> None:
    tell(journal, 1.0)
    before = journal.head
    roll_back(journal, 2.0, 3.0)
    assert journal.head == before
    tell(journal, 4.0)
    assert verified(path).damage is None


def test_a_part_of_a_commit_that_is_rolled_back_leaves_the_rest_a_chain(journal: Journal, path: Path) -> None:
    with journal.atomic():
        tell(journal, 1.0)
        roll_back(journal, 2.0)
        tell(journal, 3.0)
    assert verified(path).damage is None
    assert column(path, "event") == ["flow", "gap", "flow"]
    assert column(path, "body", "event = 'gap'") == [
        '{"rows":1,"since":"2026-03-02T08:00:02.000Z","until":"2026-03-02T08:00:02.000Z"}'
    ]


def test_a_commit_that_the_disk_ends_as_a_whole_forks_nothing_and_is_told(journal: Journal, path: Path) -> None:
    with hand(path) as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON state WHEN NEW.key = 'key' "
                     "BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END")  # fmt: skip

    def torn_apart() -> None:
        with journal.atomic():
            tell(journal, 2.0)
            with contextlib.suppress(sqlite3.Error):  # as the keeper does
                journal.save("key", 1)
            tell(journal, 3.0)

    tell(journal, 1.0)
    with pytest.raises(sqlite3.Error):
        torn_apart()
    with hand(path) as conn:
        conn.execute("DROP TRIGGER full")
    tell(journal, 4.0)
    assert verified(path).damage is None
    assert [json.loads(str(body))["rows"] for body in column(path, "body", "event = 'gap'")] == [1]


def test_a_gap_that_is_rolled_back_is_told_by_the_next_row(journal: Journal, path: Path) -> None:
    for amount in (1.0, 2.0):
        roll_back(journal, amount)
    tell(journal, 3.0)
    tell(journal, 4.0)
    assert column(path, "event") == ["gap", "flow", "flow"]
    assert column(path, "body", "event = 'gap'") == [
        '{"rows":2,"since":"2026-03-02T08:00:01.000Z","until":"2026-03-02T08:00:02.000Z"}'
    ]


def test_what_was_told_while_the_disk_took_nothing_is_counted_in_the_log(make: Make) -> None:
    stand = make()
    stand.beat(2)
    with hand(stand.folder / "journal.db") as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(FAIL, 'disk full'); END")
    stand.engine.obey(EmergencyStop())
    stand.engine.obey(Acknowledge(99))
    told = len(stand.of("halt")) + 3  # what was seen, and two clicks
    with hand(stand.folder / "journal.db") as conn:
        conn.execute("DROP TRIGGER full")
    stand.engine.obey(Acknowledge(98))
    assert [gap["rows"] for gap in rows(stand, "gap")] == [told]
    assert verified(stand.folder / "journal.db").damage is None


def test_a_plan_that_a_failed_commit_took_back_is_counted_and_decided_again(make: Make) -> None:
    stand = tripping(make)
    stand.terminal.bid = TRIPS
    with hand(stand.folder / "journal.db") as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON state WHEN NEW.key LIKE 'memory:%' "
                     "BEGIN SELECT RAISE(FAIL, 'disk full'); END")  # fmt: skip
    stand.beat(3)
    with hand(stand.folder / "journal.db") as conn:
        conn.execute("DROP TRIGGER full")
    stand.beat(5)
    assert stand.terminal.sent
    assert sum(gap["rows"] for gap in rows(stand, "gap")) >= 2
    assert verified(stand.folder / "journal.db").damage is None


def test_what_a_decision_was_made_on_stands_before_it_and_once_a_reading(make: Make) -> None:
    stand = tripping(make)
    assert not rows(stand, "seen"), "nothing was decided yet"
    stand.terminal.bid = TRIPS
    stand.beat(30)
    found = rows(stand, "seen", "alert", "plan")
    assert [row["event"] for row in found[:3]] == ["seen", "alert", "plan"]
    seen = found[0]
    assert (seen["of"], seen["figures"]["login"], seen["figures"]["margin"] > 0) == ("main", 1001, True)
    assert [(p["identifier"], p["lots"]) for p in seen["positions"]] == [(1, 2.0)]
    assert seen["quotes"][seen["positions"][0]["symbol"]]["bid"] == TRIPS
    assert seen["low"] == seen["figures"]["equity"]
    assert len({row["taken"] for row in rows(stand, "seen")}) == len(rows(stand, "seen"))
    assert not [e for e in stand.events if e["event"] == "seen"], "the sinks hear of none of it"


def test_every_command_of_a_person_is_in_the_log_whether_it_was_taken_or_not(make: Make) -> None:
    stand = make()
    stand.beat(2)
    stand.engine.obey(EmergencyStop("main", by="command"))
    stand.engine.obey(Reset(by="command"))
    stand.engine.obey(Reset("main"))
    stand.engine.obey(Acknowledge(7))
    stand.engine.obey(Opening(account="main", equity=10_000.0))
    assert rows(stand, "clicked") == [
        {"event": "clicked", "of": "main", "what": "emergency_stop", "by": "command", "taken": True},
        {"event": "clicked", "of": "*", "what": "reset", "by": "command", "taken": True},
        {"event": "clicked", "of": "main", "what": "reset", "by": "click", "taken": False},
        {"event": "clicked", "of": "*", "what": "acknowledge", "alert": 7, "by": "click", "taken": False},
        {"event": "clicked", "of": "main", "what": "opening", "equity": 10_000.0, "by": "click", "taken": True},
    ]
    assert not [e for e in stand.events if e["event"] == "clicked"]


def test_a_config_that_is_taken_is_in_the_log_by_its_digest(make: Make) -> None:
    stand = make()
    config = from_table({**stand.table, "rule": [MARGIN_RULE]}, source="other")
    stand.engine.configure(config)
    assert rows(stand, "config") == [
        {"event": "config", "of": "*", "taken": True, "digest": config.digest, "source": "other", "armed": True}
    ]


def test_a_config_that_is_refused_is_in_the_log_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[app]\npoll_ms = 100\n")
    said: list[str] = []
    watch = Watch(file, Config(terminals=()), said.append)

    def connect(_: object) -> Any:
        raise AssertionError("there is no terminal")

    program = Program(Config(terminals=()), lambda: World(VirtualClock(START), connect), tmp_path, said.append, watch)
    engine = program._engine()
    file.write_text("[app]\npoll_ms = 'soon'\n")
    assert watch.changed() is None
    engine.close()
    (body,) = column(tmp_path / "journal.db", "body", "event = 'config'")
    found = json.loads(str(body))
    assert found["taken"] is False
    assert "poll_ms" in found["why"]


def test_what_a_stop_process_sent_is_in_the_log_once_the_journal_has_it(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(20)
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    stand.kill()
    other.rollback()
    other.close()
    stand.start()
    found = rows(stand, "absorbed")
    assert {(row["request"], row["position"], row["volume"]) for row in found} == {(found[0]["request"], 1, 1.0)}
    assert found[-1]["state"] == "done"
    assert verified(stand.folder / "journal.db").damage is None


def test_the_head_is_noted_beside_the_journal_once_a_minute_and_at_a_clean_end(make: Make) -> None:
    stand = make()
    file = stand.folder / HEAD_FILE
    stand.beat(59, seconds=1.0)
    assert noted(file) is None
    stand.beat(3, seconds=1.0)
    head = noted(file)
    assert head == stand.engine.shared.journal.head
    stand.engine.obey(Acknowledge(9))
    assert noted(file) == head
    stand.engine.close()
    assert noted(file) == verified(stand.folder / "journal.db").head != head


def spoil(stand: Stand, number: int) -> None:
    with hand(stand.folder / "journal.db") as conn:
        conn.execute('UPDATE event SET body = \'{"config":"0"}\' WHERE number = ?', (number,))


def test_a_start_on_a_damaged_log_is_alarmed_once_and_the_guard_goes_on(make: Make) -> None:
    stand = tripping(make)
    stand.kill()
    spoil(stand, 1)
    stand.start()
    (view,) = [view for view in stand.engine.shared.alerts.views() if view.rule == "Audit log"]
    assert "the audit log is damaged at row 1 (2026-03-02T08:00:00.000Z)" in view.why
    assert "plimsoll audit verify" in view.do
    assert stand.engine.faults == [view.why]
    assert [(row["event"], row["when"]) for row in rows(stand, "damaged")] == [("damaged", "2026-03-02T08:00:00.000Z")]
    stand.terminal.bid = TRIPS
    stand.beat(3)
    assert stand.terminal.sent, "no order depends on what the log says"
    stand.restart()
    assert len([v for v in stand.engine.shared.alerts.views() if v.rule == "Audit log" and v.active]) == 1


def test_the_alarm_about_the_log_ends_once_all_of_it_is_whole_again(make: Make) -> None:
    stand = make()
    stand.beat(2)
    (body,) = column(stand.folder / "journal.db", "body", "number = 1")
    stand.kill()
    spoil(stand, 1)
    stand.start()
    stand.kill()
    with hand(stand.folder / "journal.db") as conn:
        conn.execute("UPDATE event SET body = ? WHERE number = 1", (body,))
    stand.start()
    assert [v.active for v in stand.engine.shared.alerts.views() if v.rule == "Audit log"] == [False]


def test_damage_older_than_a_start_looks_does_not_end_its_alarm(make: Make) -> None:
    stand = make()
    stand.beat(2)
    stand.kill()
    spoil(stand, 1)
    stand.start()
    tell(stand.engine.shared.journal, *map(float, range(1_100)))
    stand.restart()
    assert [v.active for v in stand.engine.shared.alerts.views() if v.rule == "Audit log"] == [True]
    assert replace(verified(stand.folder / "journal.db", last=1_000)).damage is None
