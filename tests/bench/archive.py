"""`python -m tests.bench.archive`: how much a month of a busy account takes, and how fast a year of it is drawn."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.archive.facts import RISK_FIGURES, Dealt, Excursed, Item, Risk, Told
from app.archive.levels import LEVELS, thinned
from app.archive.reader import Reader
from app.archive.store import Store
from app.events import event
from bridge.clock import SystemClock
from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.model import Ints
from monitors.record import Whose
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS
from tests.builders import deal

WHOSE = Whose(server="Demo", login=1001, name="main", currency="USD", digits=2, zone="UTC")
START_MS = 1_767_225_600_000
POLL_MS = 100
POSITIONS, TRADES_A_DAY, ALERTS_A_DAY = 50, 100, 30
COLUMNS = 2_000
CLOCK = SystemClock()


def main() -> int:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.archive", description="Room and speed of the archive.")
    parser.add_argument("--days", type=int, default=30, help="of the busy account, every beat another equity (30)")
    parser.add_argument("--ranges", type=int, default=400, help="drawn from the year (400)")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        month = busy(Path(folder) / "month.db", args.days)
        year = drawn(Path(folder) / "year.db", args.ranges)
    print(json.dumps({"month": month, "year": year}, indent=2))
    return 0


def busy(path: Path, days: int) -> dict[str, Any]:
    """Round the clock, equity changing by some dollars in every beat; file with its log, MB."""
    random, store, began = np.random.default_rng(1), Store(path), CLOCK.monotonic()
    store.write([_risk(START_MS, random)])
    last, batches = 10_000_000, []
    for day in range(days):
        for hour in range(24):
            start = START_MS + day * DAY_MS + hour * HOUR_MS
            points, last = _points(start, HOUR_MS // POLL_MS, POLL_MS, last, random)
            with store._db.atomic():
                store._curve.add(1, points)
                store._curve.roll(1)
            batch = CLOCK.monotonic()
            store.write(list(_rest(start, day * 24 + hour, random)))
            batches.append(1_000 * (CLOCK.monotonic() - batch))
    took = CLOCK.monotonic() - began
    store.close()
    conn = Reader(path).db.conn
    tables = conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 8").fetchall()
    levels = conn.execute("SELECT level, sum(length(block)), sum(points) FROM equity GROUP BY level").fetchall()
    conn.close()
    return {
        "days": days, "file_mb": round(path.stat().st_size / 1e6, 2), "written_in_s": round(took, 1),
        "largest_mb": {name: round(size / 1e6, 2) for name, size in tables},
        "levels": {level: {"mb": round(size / 1e6, 2), "points": count} for level, size, count in levels},
    }  # fmt: skip


def _points(start: int, count: int, step_ms: int, last: int, random: np.random.Generator) -> tuple[Ints, int]:
    """A walk of some dollars a beat; each beat's ticks went up to a dollar below its end; polls come a little late."""
    time = start + step_ms * np.arange(count) + random.integers(0, 4, count)
    steps = np.rint(random.normal(0, 300, count)).astype(np.int64)
    steps += steps == 0
    walk = last + np.cumsum(steps)
    below = random.integers(0, 100, count)
    points = np.stack([time, walk, below, np.zeros_like(walk), np.full_like(walk, 10_000_000)])
    return points, int(walk[-1])


def _rest(start: int, hour: int, random: np.random.Generator) -> Iterator[Item]:
    """An hour of everything else: risk every ten seconds, trades, alerts, excursions, requests."""
    for at in range(start, start + HOUR_MS, 10_000):
        yield _risk(at, random)
    for n in range(TRADES_A_DAY // 24 + 1):
        number = hour * 10 + n
        for entry in range(2):
            yield Dealt(
                WHOSE, deal(2 * number + entry, position=number, time_ms=start + n, comment="plimsoll 0a1b2c 7")
            )
        yield Excursed(whose=WHOSE, position=number, symbol="EURUSD", side=Side.BUY, magic=1, lots=1.0, open=1.1,
                       opened_ms=start, target=1.2, excursion=Excursion(best=float(random.normal()), worst=-1.5),
                       seen_ms=start, closed=True)  # fmt: skip
    for n in range(ALERTS_A_DAY // 24 + 1):
        number, at = hour * 2 + n, start + n * MINUTE_MS
        for state in ("raised", "acknowledged", "cleared"):
            told = event(at, "alert", "main", alert=number, episode=number, rule="Margin level", value=119.5,
                         metric="margin.level_pct", threshold=120.0, severity="high", state=state)  # fmt: skip
            yield Told(WHOSE, told)
        closes = [{"position": p, "symbol": "EURUSD", "volume": 0.5} for p in range(5)]
        yield Told(WHOSE, event(at, "plan", "main", episode=number, rule="Margin level", closes=closes, expects={}))
        for p in range(5):
            yield Told(WHOSE, event(at, "intent", "main", request=number * 5 + p, episode=number, position=p,
                                    symbol="EURUSD", side="sell", volume=0.5))  # fmt: skip
            yield Told(WHOSE, event(at, "outcome", "main", request=number * 5 + p, state="done", retcode=10009,
                                    filled=0.5))  # fmt: skip


def _risk(at: int, random: np.random.Generator) -> Risk:
    return Risk(WHOSE, at, False, 2, tuple(abs(random.normal(1_000, 100, len(RISK_FIGURES))).tolist()))


def drawn(path: Path, count: int) -> dict[str, Any]:
    """A year, each level as old as it is kept; the archive opened anew and a random range drawn, milliseconds."""
    random, store = np.random.default_rng(2), Store(path)
    store.write([_risk(START_MS, random)])
    end = START_MS + 365 * DAY_MS
    last = 10_000_000
    with store._db.atomic():
        for day in range(365):
            start = START_MS + day * DAY_MS
            full = end - start <= DAY_MS
            points, last = _points(start, 864_000 if full else 86_400, 100 if full else 1_000, last, random)
            for level in LEVELS[:4]:
                if (level.number == 0) <= full and (level.kept_ms is None or end - start <= level.kept_ms):
                    thin = thinned(points, level.step_ms)
                    blocks = thin[0] // level.block_ms * level.block_ms
                    for block in np.unique(blocks).tolist():
                        store._curve._put(1, level, block, thin[:, blocks == block])
        store._curve.roll(1)
    store.close()
    opening, drawing = [], []
    for _ in range(count):
        span = round(np.exp(random.uniform(np.log(MINUTE_MS), np.log(365 * DAY_MS))))
        since = int(random.integers(START_MS, end - span + 1))
        began = CLOCK.monotonic()
        reader = Reader(path)
        opened = CLOCK.monotonic()
        found = reader.equity(1, since, since + span, COLUMNS)
        drawing.append(1_000 * (CLOCK.monotonic() - opened))
        opening.append(1_000 * (opened - began))
        reader.close()
        assert len(found) <= COLUMNS + 10
    both = np.array(opening) + np.array(drawing)
    return {
        "file_mb": round(path.stat().st_size / 1e6, 2), "ranges": count,
        **{f"open_and_draw_p{p}_ms": round(float(np.percentile(both, p)), 2) for p in (50, 99, 100)},
        "draw_p99_ms": round(float(np.percentile(drawing, 99)), 2),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
