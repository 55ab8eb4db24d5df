"""What a report gathers: equity without what was closed, the audit log, the days there are, and for the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.archive.facts import RISK_FIGURES, Risk
from app.archive.opening import FILE
from app.archive.records import days
from app.report.facts import audited
from app.report.worth import without
from app.store.folder import JOURNAL
from app.window.reports import StoredReports
from bridge.clock import SystemClock
from monitors.day_figures import best, busiest, held, pace, waited_share
from monitors.day_report import Audit, Close
from monitors.settings import Config
from tests import report_day
from tests.app.archive.parts import DAY, WHOSE, written
from tests.app.logs import hand, logged
from tests.app.report.test_report import range_of, request
from tests.report_day import BEGAN


def close(at_s: int, saved: float | None, known_s: int | None) -> Close:
    known = None if known_s is None else DAY + 1_000 * known_s
    return Close(request=request(sent_ms=DAY + 1_000 * at_s), booked=-1.0, saved=saved, known_ms=known)


def test_equity_without_a_close_is_not_known_until_its_exit_and_differs_by_what_it_saved_after() -> None:
    equity = range_of(100.0, 90.0, 80.0, 85.0, 85.0)
    found = without(equity, [close(1, 30.0, 3)])
    assert found.tolist() == pytest.approx([100, 90, np.nan, 55, 55], nan_ok=True)
    assert without(equity, []).tolist() == equity.last.tolist()


def test_a_close_of_which_nothing_is_known_leaves_nothing_known_after_it() -> None:
    found = without(range_of(100.0, 90.0, 80.0, 85.0), [close(1, None, None), close(0, 5.0, 1)])
    assert found.tolist() == pytest.approx([100, 85, np.nan, np.nan], nan_ok=True)


def test_a_close_that_filled_nothing_changes_nothing() -> None:
    refused = replace(close(1, None, None), request=request(filled=0.0, state="refused"))
    assert without(range_of(1.0, 2.0), [refused]).tolist() == [1.0, 2.0]


def test_only_what_differs_is_drawn_and_bridged_where_nobody_can_tell() -> None:
    report = report_day.whole()
    found = held(report)
    first, after = found.bridges[0]
    assert len(found.bridges) == 1
    assert np.isnan(found.known[:after]).all()
    assert found.known[-1] == pytest.approx(report.equity.last[-1] - 676.28, abs=0.01)
    assert first < after


def test_a_person_is_timed_only_where_one_acknowledged() -> None:
    found = pace(report_day.whole().alerts)
    assert found is not None
    assert (found.median_ms, found.slowest_ms, found.grave, found.met) == (71_000, 1_855_000, 3, 2)
    assert pace(()) is None
    assert (waited_share(0), waited_share(3_600_000), waited_share(10**9)) == (0.0, 1.0, 1.0)


def test_the_busiest_ten_minutes_are_counted() -> None:
    one = report_day.whole().alerts[0]
    minutes = (0, 1, 9, 10, 11, 30)
    assert busiest([replace(one, raised_ms=DAY + 60_000 * n) for n in minutes]) == 3
    assert busiest(()) == 0


def test_the_worst_come_worst_first() -> None:
    assert [trade.symbol for trade in best(report_day.whole().trades, worst=True)] == ["XAUUSD", "EURUSD", "EURGBP"]


def test_the_audit_log_is_verified_whole_or_its_newest_rows(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL
    assert audited(path) is None
    logged(path, 12)
    whole, newest = audited(path), audited(path, 5)
    assert whole is not None
    assert newest is not None
    assert (whole.rows, whole.checked, newest.rows, newest.checked) == (12, 12, 12, 5)
    assert str(newest).startswith("Audit log: 12 rows, the newest 5 verified, head ")
    with hand(path) as conn:
        conn.execute("UPDATE event SET account = 'x' WHERE number = 4")
    assert str(audited(path)) == "Audit log not verified"
    assert "damaged at row 4" in (audited(path) or whole).damage
    path.write_bytes(b"a shopping list" * 100)
    assert "not a journal" in (audited(path) or whole).damage
    assert str(Audit(rows=0, checked=0, head="", damage="")) == "Audit log: no rows yet"


def test_the_days_are_those_with_a_record_by_the_brokers_clock(tmp_path: Path) -> None:
    whose = replace(WHOSE, zone="new-york-close")
    hours = (0, 21.9, 22, 23, 24 * 9)  # in winter that clock is two hours ahead of UTC
    rows = [Risk(whose, DAY + round(3_600_000 * hour), False, 0, (1.0,) * len(RISK_FIGURES)) for hour in hours]
    reader = written(tmp_path / FILE, rows)
    assert days(reader, 1) == ("2026-03-11", "2026-03-03", "2026-03-02")
    reader.close()


def test_the_windows_reports_come_from_the_folders_history(tmp_path: Path) -> None:
    folder = report_day.write(tmp_path)
    logged(folder / JOURNAL, 3)
    reports = StoredReports(folder, Config(terminals=(), strategies=report_day.STRATEGIES), SystemClock())
    who = report_day.WHOSE.server, report_day.WHOSE.login
    assert reports.days(*who) == (report_day.DAY,)
    found = reports.report(*who, report_day.DAY)
    assert (found.since_ms, len(found.alerts), found.audit and found.audit.rows) == (BEGAN, 9, 3)
    reports.save(*who, report_day.DAY, tmp_path / "r.html")
    assert "London breakout M15" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert reports.days("Elsewhere", 1) == ()
    with pytest.raises(OSError, match="nothing of this account"):
        reports.report("Elsewhere", 1, report_day.DAY)
    with pytest.raises(OSError, match="found the name of a file that Plimsoll keeps itself"):
        reports.save(*who, report_day.DAY, folder / JOURNAL)


def test_a_history_that_cannot_be_read_is_an_oserror_that_says_so(tmp_path: Path) -> None:
    reports = StoredReports(tmp_path, Config(terminals=()), SystemClock())
    with pytest.raises(OSError, match="there is no archive"):
        reports.days("Demo", 1)
    (tmp_path / FILE).write_bytes(b"a shopping list" * 100)
    with pytest.raises(OSError, match="not an archive"):
        reports.report("Demo", 1, report_day.DAY)
