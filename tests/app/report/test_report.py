"""The report as its reader has it: figures that agree with the archive, nothing that runs, nothing made up."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from app.archive.facts import Dealt, Told
from app.archive.opening import FILE
from app.archive.store import Store
from app.cli import main
from app.events import event
from app.report.drawing import ticks
from app.report.falls import fallen
from app.report.words import MINUS, THIN, lasted, measured, money
from app.report.worth import worth
from monitors.kinds import Entry, Side
from monitors.model import Deal
from monitors.record import EquityRange, Mark, RequestRecord, Whose
from monitors.wall import Times
from tests.app.archive.parts import DAY, WHOSE, beat
from tests.builders import deal

HOSTILE = "<script>alert(1)</script>\"'&\u202e\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def plimsoll(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Exit code, stdout and stderr of a command; no config lies anywhere."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))

    def run(*given: str) -> tuple[int, str, str]:
        code = main(given)
        told = capfd.readouterr()
        return code, told.out, told.err

    return run


class Page(HTMLParser):
    """The page's tags, its words, and whether every tag that opens is closed in turn."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words += f"{data} "


def told(at_ms: int, name: str, **body: object) -> Told:
    return Told(WHOSE, event(DAY + at_ms, name, "main", **body))


def alert(at_ms: int, number: int, state: str, rule: str = "Margin") -> Told:
    return told(at_ms, "alert", alert=number, episode=number, rule=rule, metric="margin.level_pct", value=119.0,
                threshold=120.0, severity="critical", state=state)  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A day: 10,000 up to 10,500, down to a tick at 9,450, two alerts, one close that saved 30."""
    folder = tmp_path / "data"
    folder.mkdir()
    store = Store(folder / FILE)
    equity = [10_000.0, 10_500.0, 9_500.0, 9_800.0]
    store.write([beat(DAY + n * 60_000, e, low=e - 50 if n == 2 else None) for n, e in enumerate(equity)])
    closes = [{"position": 7, "symbol": "EURUSD", "volume": 0.5}]
    store.write([
        told(0, "started", config="abcdef"),
        alert(120_000, 1, "raised"), alert(190_000, 1, "acknowledged"), alert(121_000, 2, "raised", HOSTILE),
        told(122_000, "plan", episode=1, rule=HOSTILE, closes=closes, expects={}),
        told(123_000, "intent", request=5, episode=1, position=7, symbol="EURUSD", side="sell", volume=0.5),
        told(124_500, "outcome", request=5, state="done", retcode=10009, filled=0.5),
        *(Dealt(WHOSE, d) for d in position_seven()),
    ])  # fmt: skip
    store.close()
    return folder


def position_seven() -> list[Deal]:
    return [
        deal(1, position=7, entry=Entry.IN, side=Side.BUY, lots=1.0, time_ms=DAY, magic=3, symbol=f"EUR{HOSTILE}"),
        deal(2, position=7, lots=0.5, profit=-100.0, time_ms=DAY + 124_000, comment="plimsoll 0a1b2c 5"),
        deal(3, position=7, lots=0.5, profit=-130.0, time_ms=DAY + 180_000),
    ]


def test_the_figures_are_those_of_the_archive(plimsoll: Run, data: Path, tmp_path: Path) -> None:
    code, out, err = plimsoll("report", "--data", str(data), "--out", "r.html")
    assert (code, err) == (0, "")
    assert out == "r.html: main, 2026-03-02\n"
    words = Page((tmp_path / "r.html").read_text(encoding="utf-8")).words
    for shown in (f"{MINUS}200.00", f"9{THIN}450.00", f"{MINUS}10.00{THIN}%", f"1{THIN}050.00 from the highest",
                  "2 raised, 1 acknowledged", "1:10", "not yet", "▲ saved 30.00", f"{MINUS}230.00", "0 of 1",
                  "started in this range with abcdef", "Magic 3"):  # fmt: skip
        assert shown in words, shown


@pytest.mark.parametrize("name", ["r.xls", "r", "r.html.bak"])
def test_another_ending_is_refused_before_anything_is_written(
    plimsoll: Run, data: Path, tmp_path: Path, name: str
) -> None:
    code, _, err = plimsoll("report", "--data", str(data), "--out", name)
    assert (code, (tmp_path / name).exists()) == (2, False)
    assert "expected .html or .htm or .pdf" in err


def test_nothing_in_it_runs_and_nothing_is_fetched(plimsoll: Run, data: Path, tmp_path: Path) -> None:
    plimsoll("report", "--data", str(data), "--out", "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "use", "image", "a"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href", "xlink:href") or name.startswith("on")]
    assert "url(" not in text.replace("url(#", "")
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in page.words


def test_the_report_is_made_while_the_archive_is_written(plimsoll: Run, data: Path) -> None:
    store = Store(data / FILE)
    store.write([beat(DAY + 300_000)])
    assert plimsoll("report", "--data", str(data), "--out", "r.html")[0] == 0
    store.write([beat(DAY + 301_000)])
    store.close()


def test_a_day_without_a_record_says_so_and_so_does_an_archive_without_an_account(
    plimsoll: Run, data: Path, tmp_path: Path
) -> None:
    day = ("--from", "2026-01-01", "--out", "r.html")
    code, out, _ = plimsoll("report", "--data", str(data), *day)
    assert (code, out) == (0, "r.html: main, 2026-01-01; nothing was recorded then\n")
    words = Page((tmp_path / "r.html").read_text(encoding="utf-8")).words
    assert "Nothing was recorded in this range." in words
    (tmp_path / "bare").mkdir()
    Store(tmp_path / "bare" / FILE).close()
    code, _, err = plimsoll("report", "--data", str(tmp_path / "bare"), *day)
    assert (code, err.count("\n")) == (2, 1)
    assert "no account was recorded yet" in err


def test_of_several_accounts_one_must_be_named(plimsoll: Run, data: Path) -> None:
    store = Store(data / FILE)
    other = Whose(server="Demo", login=2, name="second", currency="EUR", digits=2, zone="UTC")
    store.write([Dealt(other, deal(9))])
    store.close()
    code, _, err = plimsoll("report", "--data", str(data), "--out", "r.html")
    assert (code, err.split(": ", 1)[1]) == (
        2,
        "several accounts were recorded; name one with --account: main, second\n",
    )
    assert (
        "expected one of main, second"
        in plimsoll("report", "--data", str(data), "--out", "r.html", "--account", "x")[2]
    )
    assert plimsoll("report", "--data", str(data), "--out", "r.html", "--account", "second")[0] == 0


def test_a_range_that_ends_before_it_begins_is_refused(plimsoll: Run, data: Path, tmp_path: Path) -> None:
    code, _, err = plimsoll(
        "report", "--data", str(data), "--out", "r.html", "--from", "2026-03-03", "--to", "2026-03-02"
    )
    assert (code, err.count("\n")) == (2, 1)
    assert not (tmp_path / "r.html").exists()


def request(**changes: object) -> RequestRecord:
    made = {"number": 5, "position": 7, "symbol": "EURUSD", "side": Side.SELL, "lots": 0.5, "filled": 0.5,
            "state": "done", "retcode": 10009, "sent_ms": DAY, "settled_ms": DAY, **changes}  # fmt: skip
    return RequestRecord(**made)  # type: ignore[arg-type] # the fields above


@pytest.mark.parametrize(
    ("later", "saved"),
    [
        ([deal(3, position=7, lots=0.25, profit=-65.0, time_ms=DAY + 9)], 30.0),
        ([deal(3, position=7, lots=0.5, profit=-20.0, time_ms=DAY + 9)], -80.0),
        ([], None),
        ([deal(3, position=7, lots=0.5, profit=-65.0, time_ms=DAY + 9, comment="plimsoll 0a1b2c 6")], None),
        ([deal(3, position=8, lots=0.5, profit=-65.0, time_ms=DAY + 9)], None),
        ([deal(3, position=7, lots=0.5, profit=-65.0, time_ms=DAY - 9)], None),
    ],
    ids=[
        "half as much later",
        "it cost",
        "closed whole",
        "the rest was closed by us",
        "another position",
        "an earlier exit",
    ],
)
def test_what_holding_would_have_brought_is_told_only_where_it_is_known(later: list[Deal], saved: float | None) -> None:
    own = deal(2, position=7, lots=0.5, profit=-100.0, time_ms=DAY, comment="plimsoll 0a1b2c 5")
    assert worth(request(), [own, *later]).saved == saved
    assert worth(request(), [own, *later]).booked == -100.0


def test_a_close_whose_deal_is_not_known_has_no_figure() -> None:
    close = worth(request(), [deal(2, position=7, comment="plimsoll 0a1b2c 55")])
    assert (close.booked, close.saved) == (None, None)


def range_of(*equity: float) -> EquityRange:
    money_ = np.array(equity)
    return EquityRange(
        time_ms=DAY + 1_000 * np.arange(len(equity)), low=money_, high=money_, last=money_, balance=money_
    )


def test_money_moved_is_no_drawdown() -> None:
    flow = Mark(at_ms=DAY + 1_500, kind="flow", amount=-5_000.0, text="withdrawal")
    found = fallen(range_of(10_000.0, 10_000.0, 5_000.0, 4_500.0), [flow])
    assert found.pct.tolist() == pytest.approx([0, 0, 0, 10])
    assert found.deepest == 500.0
    assert [round(fall.pct, 6) for fall in found.listed] == [10.0]
    found = fallen(range_of(10_000.0, float("nan"), 9_000.0), [])
    assert (np.isnan(found.pct).tolist(), found.pct[2], found.deepest) == (
        [False, True, False],
        pytest.approx(10),
        1_000.0,
    )


def test_each_fall_is_told_with_when_it_began_and_was_regained() -> None:
    found = fallen(range_of(100.0, 90.0, 101.0, 95.0), []).listed
    assert [(f.start_ms - DAY, f.trough_ms - DAY, f.end_ms and f.end_ms - DAY) for f in found] == [
        (0, 1_000, 2_000),
        (2_000, 3_000, None),
    ]
    assert fallen(range_of(), []).listed == ()


def test_figures_are_written_as_the_house_writes_them() -> None:
    assert money(-1234567.891, 2) == f"{MINUS}1{THIN}234{THIN}567.89"
    assert [money(x, 2, signed=True) for x in (5.0, -5.0, 0.0, -0.001)] == ["+5.00", f"{MINUS}5.00", "0.00", "0.00"]
    assert [lasted(ms) for ms in (29_999, 65_000, 3_661_000)] == ["0:29", "1:05", "1:01:01"]
    assert ticks(94_000, 102_000) == [94_000, 96_000, 98_000, 100_000, 102_000]


def test_days_begin_by_the_brokers_clock() -> None:
    times = Times("new-york-close")
    assert times.midnight_ms("2026-03-02") == DAY - 2 * 3_600_000
    assert times.offset(DAY) == "UTC+2"
    assert Times("Nowhere/Land").name == "UTC"


@pytest.mark.parametrize(
    ("metric", "value", "words"),
    [
        ("margin.level_pct", 150.993513, f"150.99{THIN}%"),
        ("firm.reset_room", -23.8, f"{MINUS}23.80"),
        ("exposure.hhi", 0.337_621_9, "0.3376"),
        ("position.unprotected_s", 300.0, f"300{THIN}s"),
        ("no.longer", -12_345.6, f"{MINUS}12{THIN}346"),
    ],
)
def test_a_reading_stands_in_its_unit(metric: str, value: float, words: str) -> None:
    assert measured(metric, value, 2) == words
