"""Tick files and generated ticks: what is read, what is refused, what they look like."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bridge.simulator.clock import epoch_ms
from bridge.simulator.generator import Character, Generated, Script, past_minutes
from bridge.simulator.playback import Playback, Recorded
from bridge.simulator.ticks import TickFileError, Ticks, read_ticks
from monitors.zones import zone
from tests.bridge.simulator.exchange_world import SHARED, START

HEADER = "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n"
REAL = SHARED / "data" / "ticks"
START_MS = epoch_ms(START)
LIVELY = Character(price=1.1, spread=0.0001, minute_bp=0.9, per_second=0.55)


def _parquet(path: Path, **columns: list[object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_is_read_in_utc(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "t.parquet", time_msc=[1_000, 2_500], bid=[1.1, 1.2], ask=[1.3, 1.4], other=[0, 0])
    ticks = read_ticks(path)
    assert (ticks.utc_ms.tolist(), ticks.bids.tolist(), ticks.asks.tolist()) == ([1000, 2500], [1.1, 1.2], [1.3, 1.4])


def test_an_export_is_read_in_broker_time_and_a_missing_price_is_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = ["2026.03.02\t10:00:00.017\t1.1\t1.2\t\t\t6", "2026.03.02\t10:00:01.5\t\t1.3\t\t\t4"]
    path.write_text(HEADER + "\r\n".join([*rows, "2026.03.02\t10:00:02.000\t1.15\t\t\t\t2", ""]), encoding="utf-8")
    ticks = read_ticks(path)
    assert (ticks.utc_ms - START_MS).tolist() == [17, 1500, 2000]
    assert (ticks.bids.tolist(), ticks.asks.tolist()) == ([1.1, 1.1, 1.15], [1.2, 1.3, 1.3])
    assert read_ticks(path, zone("UTC")).utc_ms[0] == START_MS + 7_200_017


def test_an_export_begins_once_both_prices_are_known(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(HEADER + "2026.03.02\t10:00:00\t1.1\t\n2026.03.02\t10:00:01\t\t1.2\n", encoding="utf-8")
    assert len(read_ticks(path)) == 1


def test_ticks_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "t.parquet", time_msc=[2, 1, 2], bid=[2.0, 1.0, 3.0], ask=[2.0, 1.0, 3.0])
    assert read_ticks(path).bids.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (HEADER.encode(), "holds no ticks"),
        (b"time,bid,ask\n1,2,3\n", "line 1: found 'time,bid,ask', should be Parquet or the header"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is neither Parquet nor text"),
        (b"PAR1 and then nothing", "is not Parquet with time_msc, bid, ask, or is cut off"),
        ((HEADER + "2026.03.02\t10:00:00\t1.1\t1.2\n2026.03.02\t10:0").encode(), "line 3: found"),
        ((HEADER + "2026.03.02\t10:00:00\tabc\t1.2\n").encode(), "line 2: found"),
        ((HEADER + "02/03/2026\t10:00:00\t1.1\t1.2\n").encode(), "line 2: found"),
        ((HEADER + "2026.03.02\t10:00:00\t1.1\t\t\n").encode(), "never gives a bid, or never an ask"),
    ],
    ids=[
        "missing",
        "empty",
        "only a header",
        "foreign text",
        "foreign bytes",
        "cut Parquet",
        "cut line",
        "no number",
        "foreign date",
        "no ask",
    ],
)
def test_a_file_that_cannot_be_played_is_one_clear_error(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "ticks.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TickFileError) as error:
        read_ticks(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_parquet_that_is_cut_off_or_lacks_a_column_is_refused(tmp_path: Path) -> None:
    whole = _parquet(tmp_path / "t.parquet", time_msc=[1, 2], bid=[1.0, 1.0], ask=[1.0, 1.0])
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-20])
    for path, said in (
        (cut, "cut off"),
        (_parquet(tmp_path / "a.parquet", time_msc=[1], bid=[1.0]), "time_msc, bid, ask"),
        (_parquet(tmp_path / "b.parquet", time_msc=["x"], bid=[1.0], ask=[1.0]), "column time_msc holds"),
        (_parquet(tmp_path / "c.parquet", time_msc=[1], bid=[None], ask=[1.0]), "column bid has 1 missing"),
        (_parquet(tmp_path / "d.parquet", time_msc=[], bid=[], ask=[]), "d.parquet: "),
    ):
        with pytest.raises(TickFileError, match=said):
            read_ticks(path)


@pytest.mark.skipif(not REAL.exists(), reason="../shared is not there")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.*")), ids=lambda path: path.stem)
def test_every_real_tape_is_read(path: Path) -> None:
    ticks = read_ticks(path)
    assert len(ticks) >= 4
    assert (np.diff(ticks.utc_ms) >= 0).all()


def _made(seed: int = 1, hours: int = 24, script: Script | None = None, start_ms: int = START_MS) -> Generated:
    made = Generated(seed=seed, symbol="EURUSD", character=LIVELY, start_ms=start_ms, script=script)
    made.ensure(start_ms + hours * 3_600_000)
    return made


def test_the_same_seed_makes_the_same_ticks_to_the_byte_however_they_are_asked_for() -> None:
    one, other = _made(), _made(hours=3)
    other.ensure(START_MS + 24 * 3_600_000)
    kept = slice(other.dropped, None)
    for ours, theirs in ((one.utc_ms, other.utc_ms), (one.bids, other.bids), (one.asks, other.asks)):
        assert ours[kept].tobytes() == theirs.tobytes()
    assert one.bids.tobytes() != _made(seed=2).bids.tobytes()


def test_generated_ticks_look_like_those_they_were_fitted_to() -> None:
    made = _made(hours=24 * 4)
    mids = (made.bids + made.asks) / 2
    minute = made.utc_ms // 60_000
    last = np.flatnonzero(minute[1:] != minute[:-1])
    returns = np.diff(np.log(mids[last])) * 1e4
    assert 0.6 < returns.std() < 1.4
    assert ((returns / returns.std()) ** 4).mean() > 5  # heavy tails
    gaps = np.diff(made.utc_ms) / 1000
    assert 1.0 < gaps.mean() < 3.0
    assert np.median(gaps) < gaps.mean() / 1.5  # in bunches
    assert (made.asks > made.bids).all()
    hours = made.utc_ms // 3_600_000 % 24
    assert (hours == 13).sum() > 5 * (hours == 3).sum()
    spreads = made.asks - made.bids
    assert np.median(spreads[hours == 22]) > 3 * np.median(spreads[hours == 13])


def test_the_market_is_closed_at_weekends_and_opens_with_a_gap() -> None:
    friday = epoch_ms(datetime(2026, 1, 9, 12, tzinfo=UTC))
    made = _made(hours=72, start_ms=friday)
    gaps = np.diff(made.utc_ms)
    assert gaps.max() >= 47.9 * 3_600_000
    where = int(gaps.argmax())
    assert (
        datetime.fromtimestamp(made.utc_ms[where] / 1000, UTC).strftime("%a %H") == "Fri 21"
    )  # New York closes at 22:00 UTC in winter
    assert datetime.fromtimestamp(made.utc_ms[where + 1] / 1000, UTC).strftime("%a %H") == "Sun 22"
    assert abs(made.bids[where + 1] / made.bids[where] - 1) > 1e-5


def test_a_script_lies_over_the_noise() -> None:
    script = Script(utc_ms=np.array([START_MS, START_MS + 60_000]), log_moves=np.array([0.0, -0.05]))
    plain, moved = _made(hours=1), _made(hours=1, script=script)
    assert moved.bids[-1] / plain.bids[-1] == pytest.approx(np.exp(-0.05), rel=1e-3)
    assert moved.bids[0] == plain.bids[0]


def test_past_minutes_lead_up_to_the_price() -> None:
    starts, closes = past_minutes(seed=1, symbol="X", character=LIVELY, end_ms=START_MS, minutes=5 * 1440)
    assert starts[-1] == START_MS - 60_000
    assert closes[-1] == pytest.approx(1.1)
    assert len(starts) < 5 * 1440  # a weekend lies between


def test_playback_merges_by_time_and_each_desk_has_its_own_place() -> None:
    def tape(*moments: int) -> Recorded:
        prices = np.array(moments, dtype=np.float64)
        return Recorded(Ticks(utc_ms=np.array(moments, dtype=np.int64), bids=prices, asks=prices))

    sources = {"A": tape(5, 10, 20, 20), "B": tape(9, 20, 30)}
    first, second = Playback(sources, 10), Playback(sources, 10)
    assert [(ms, name) for ms, name, *_ in first.until(11)] == [(9, "B"), (10, "A")]
    assert first.until(20) == []
    assert [(ms, name) for ms, name, *_ in first.until(21)] == [(20, "A"), (20, "A"), (20, "B")]
    assert len(second.until(100)) == 6
    assert second.until(1_000) == []


def test_every_desk_gets_every_made_tick_and_those_of_the_hours_before_go() -> None:
    hours = range(1, 80)  # over a weekend
    whole, shared = _made(hours=hours[-1]), _made(hours=0)
    desks = [Playback({"EURUSD": shared}, START_MS) for _ in range(3)]
    given: list[list[int]] = [[], [], []]
    most = 0
    for hour in hours:
        for desk, ticks in zip(desks, given, strict=True):
            ticks += [tick[0] for tick in desk.until(START_MS + hour * 3_600_000)]
        most = max(most, len(shared.utc_ms))
    assert given[0] == given[1] == given[2] == whole.utc_ms[whole.utc_ms < START_MS + hours[-1] * 3_600_000].tolist()
    assert most < len(whole.utc_ms) / 5
