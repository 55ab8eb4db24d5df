"""`plimsoll export history`: the archive as CSV that hurts no spreadsheet and as Parquet, a row for a row."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from app.archive.facts import RISK_FIGURES, Beat, Dealt, Risk, Told
from app.archive.opening import FILE
from app.archive.store import Store
from app.cli import TABLES as NAMES
from app.cli import main
from app.events import event
from app.exports.tables import TABLES
from monitors.kinds import Entry, Side
from monitors.record import Whose
from tests.app.archive.parts import DAY, WHOSE, beat
from tests.builders import deal

OTHER = Whose(server="Demo", login=2, name="second", currency="EUR", digits=2, zone="UTC")
NEXT = DAY + 86_400_000
Run = Callable[..., tuple[int, str, str]]


def risk(whose: Whose, at_ms: int, equity: float) -> Risk:
    figures = (equity, 10_000.0, equity - 10_000, 2_000.0, equity - 2_000, None, *([1.5] * (len(RISK_FIGURES) - 6)))
    return Risk(whose, at_ms, kept=False, alerts=0, figures=figures)


def alert(at_ms: int, number: int, rule: str) -> Told:
    return Told(WHOSE, event(at_ms, "alert", "main", alert=number, episode=None, rule=rule, metric="equity",
                             value=-5.5, threshold=9_000.0, severity="high", state="raised"))  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on an archive of two accounts; exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / FILE)
    store.write([
        risk(WHOSE, DAY, 10_000.0), risk(WHOSE, NEXT, 9_000.25), risk(OTHER, DAY + 5, 500.0),
        beat(DAY, 10_000.0), beat(DAY + 1_000, 9_990.0, low=9_980.0), Beat(OTHER, DAY, 500.0, 500.0, 500.0),
        alert(DAY, 1, "=HYPERLINK(1)"), alert(NEXT, 2, "plain"),
        Told(WHOSE, event(DAY + 1, "plan", "main", episode=1, rule="@rule", closes=[], expects={})),
        Told(WHOSE, event(DAY + 2, "intent", "main", request=5, episode=1, position=7, symbol="EURUSD", side="sell",
                          volume=0.5)),
        Told(WHOSE, event(DAY + 3, "outcome", "main", request=5, state="done", retcode=10_009, filled=0.5)),
        Dealt(WHOSE, deal(1, position=7, entry=Entry.IN, side=Side.BUY, time_ms=DAY, price=1.1, comment="+evil")),
        Dealt(WHOSE, deal(2, position=7, lots=0.5, profit=-100.0, time_ms=DAY + 3, comment="plimsoll 0a1b2c 5")),
        Dealt(WHOSE, deal(3, position=7, lots=0.5, profit=-130.0, time_ms=NEXT)),
    ])  # fmt: skip
    store.close()

    def run(*given: str) -> tuple[int, str, str]:
        code = main(["export", "history", "--db", str(tmp_path / FILE), *given])
        told = capfd.readouterr()
        return code, told.out, told.err

    return run


def read(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_samples_are_equity_balance_margin_and_drawdown_of_every_account(run: Run) -> None:
    assert run("--out", "h.csv") == (0, "h.csv: 3 rows\n", "")
    rows = read("h.csv")
    assert [(row["account"], row["at"], row["equity"]) for row in rows] == [
        ("main", "2026-03-02T00:00:00.000Z", "10000.0"),
        ("main", "2026-03-03T00:00:00.000Z", "9000.25"),
        ("second", "2026-03-02T00:00:00.005Z", "500.0"),
    ]
    assert (rows[0]["margin"], rows[0]["margin_level_pct"], rows[0]["daily_drawdown"]) == ("2000.0", "", "1.5")


def test_days_and_an_account_narrow_it(run: Run) -> None:
    run("--out", "h.csv", "--from", "2026-03-03")
    assert [row["equity"] for row in read("h.csv")] == ["9000.25"]
    run("--out", "h.csv", "--to", "2026-03-02", "--account", "main")
    assert [row["equity"] for row in read("h.csv")] == ["10000.0"]


def test_text_that_is_a_formula_is_led_by_an_apostrophe_and_numbers_stay_numbers(run: Run) -> None:
    run("--out", "h.csv", "--table", "alerts")
    assert [(row["rule"], row["value"]) for row in read("h.csv")] == [("'=HYPERLINK(1)", "-5.5"), ("plain", "-5.5")]
    run("--out", "h.csv", "--table", "deals")
    assert [(row["comment"], row["profit"]) for row in read("h.csv")][:2] == [("'+evil", "0.0"),
                                                                           ("plimsoll 0a1b2c 5", "-100.0")]  # fmt: skip


def test_responses_say_what_each_close_booked_and_saved(run: Run) -> None:
    run("--out", "h.csv", "--table", "responses")
    (row,) = read("h.csv")
    assert (row["rule"], row["request"], row["filled"], row["booked"], row["saved"]) == ("'@rule", "5", "0.5",
                                                                                       "-100.0", "30.0")  # fmt: skip


def test_a_trade_is_of_the_day_that_it_was_closed_on(run: Run) -> None:
    run("--out", "h.csv", "--table", "trades", "--to", "2026-03-02")
    assert read("h.csv") == []
    run("--out", "h.csv", "--table", "trades", "--from", "2026-03-03")
    (row,) = read("h.csv")
    assert (row["position"], row["net"], row["opened"], row["stop"]) == ("7", "-230.0", "2026-03-02T00:00:00.000Z", "")


def test_equity_is_every_point_that_is_kept(run: Run) -> None:
    run("--out", "h.csv", "--table", "equity", "--account", "main")
    assert [(row["equity"], row["low"], row["high"]) for row in read("h.csv")] == [
        ("10000.0", "10000.0", "10000.0"), ("9990.0", "9980.0", "9990.0")]  # fmt: skip


@pytest.mark.parametrize("table", NAMES)
def test_parquet_holds_the_same_rows_with_their_types(run: Run, table: str) -> None:
    run("--out", "h.csv", "--table", table)
    assert run("--out", "h.parquet", "--table", table)[0] == 0
    found = pq.read_table("h.parquet")
    assert found.column_names == ["account", *TABLES[table].columns] == list(read("h.csv")[0])
    assert found.num_rows == len(read("h.csv"))
    moment = next(
        name for name in TABLES[table].columns if str(found.schema.field(name).type) == "timestamp[ms, tz=UTC]"
    )
    assert min(found[moment].to_pylist()) >= datetime(2026, 3, 2, tzinfo=UTC)


def test_parquet_leaves_text_as_it_is(run: Run) -> None:
    run("--out", "h.parquet", "--table", "alerts")
    assert pq.read_table("h.parquet")["rule"].to_pylist() == ["=HYPERLINK(1)", "plain"]


def test_every_table_of_the_command_is_one_that_there_is() -> None:
    assert set(NAMES) == set(TABLES)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("--out", "h.xlsx"), "--out h.xlsx: found the ending '.xlsx', expected .csv or .parquet"),
        (("--out", "nowhere/h.csv"), "--out nowhere/h.csv: expected a file"),
        (("--out", "h.csv", "--account", "x"), "--account x: was not recorded; expected one of main, second"),
        (("--out", "h.csv", "--from", "2026-03-03", "--to", "2026-03-02"), "found a day before --from 2026-03-03"),
        (("--out", "h.csv", "--db", "none.db"), "none.db: there is no archive"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(run: Run, given: tuple[str, ...], why: str) -> None:
    code, out, err = run(*given)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert why in err
    assert [path.name for path in Path().glob("h.*")] == []


def test_without_the_extra_parquet_is_refused_in_one_line_that_names_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, _, err = run("--out", "h.parquet")
    assert (code, err) == (2, "--out h.parquet: Parquet needs the extra: plimsoll[parquet]\n")
    assert list(Path().glob("h.parquet*")) == []


def test_it_is_written_while_the_archive_is_and_an_older_file_stays_where_it_fails(run: Run, tmp_path: Path) -> None:
    store = Store(tmp_path / FILE)
    store.write([risk(replace(WHOSE, name="main"), NEXT + 1, 1.0)])
    assert run("--out", "h.csv")[1] == "h.csv: 4 rows\n"
    store.close()
    before = Path("h.csv").read_text(encoding="utf-8")
    (tmp_path / FILE).write_bytes(b"a shopping list" * 100)
    assert run("--out", "h.csv")[0] == 2
    assert Path("h.csv").read_text(encoding="utf-8") == before
