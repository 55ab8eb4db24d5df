"""Recorded ticks from files: Parquet, or the text that MetaTrader 5 exports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bridge.simulator.clock import epoch_ms
from bridge.simulator.tape import Floats
from monitors.model import Ints
from monitors.zones import NEW_YORK_CLOSE, Zone, zone

HEADER = ("<DATE>", "<TIME>", "<BID>", "<ASK>")
_PARQUET_MAGIC = b"PAR1"


class TickFileError(Exception):
    """A tick file that cannot be played: get another one. The text names the file and what is wrong with it."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """Quotes of one symbol in order of time: UTC epoch milliseconds, bids, asks, all of one length above 0."""

    utc_ms: Ints
    bids: Floats
    asks: Floats

    def __len__(self) -> int:
        return len(self.utc_ms)


def read_ticks(path: str | Path, server: Zone | None = None) -> Ticks:
    """Read a tick file; what it is shows in its content, not its name. TickFileError when it cannot be used.

    `server` is the clock of a text export (default: New York close); Parquet is in UTC already.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as fault:
        raise TickFileError(path, f"cannot be read: {fault.strerror}") from fault
    if not head:
        raise TickFileError(path, "is empty")
    ticks = _parquet(path) if head == _PARQUET_MAGIC else _export(path, server or zone(NEW_YORK_CLOSE))
    if not len(ticks):
        raise TickFileError(path, "holds no ticks")
    if (np.diff(ticks.utc_ms) >= 0).all():
        return ticks
    order = np.argsort(ticks.utc_ms, kind="stable")
    return Ticks(utc_ms=ticks.utc_ms[order], bids=ticks.bids[order], asks=ticks.asks[order])


def _parquet(path: Path) -> Ticks:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra: most people never read Parquet
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as fault:
        raise TickFileError(path, "is Parquet, which needs the extra: plimsoll[parquet]") from fault
    try:
        table = pq.read_table(path, columns=["time_msc", "bid", "ask"])
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as fault:
        words = str(fault).splitlines()[0]
        raise TickFileError(path, f"is not Parquet with time_msc, bid, ask, or is cut off ({words})") from fault
    if table.num_columns < len(("time_msc", "bid", "ask")):
        raise TickFileError(path, f"has the columns {', '.join(table.column_names)}; needs time_msc, bid, ask")
    return Ticks(
        utc_ms=_numbers(path, table, "time_msc", np.int64),
        bids=_numbers(path, table, "bid", np.float64),
        asks=_numbers(path, table, "ask", np.float64),
    )


def _numbers(path: Path, table: Any, name: str, kind: type[np.generic]) -> np.ndarray[Any, Any]:
    column = table.column(name)
    if column.null_count:
        raise TickFileError(path, f"column {name} has {column.null_count} missing values")
    values = np.asarray(column.to_numpy())
    if values.dtype.kind not in ("iu" if kind is np.int64 else "iuf"):
        raise TickFileError(path, f"column {name} holds {values.dtype}, should be {np.dtype(kind)}")
    return values.astype(kind)


def _export(path: Path, zone: Zone) -> Ticks:
    """Tab-separated `<DATE> <TIME> <BID> <ASK> …` in broker time; a missing price is the one before it."""
    broker_ms: list[int] = []
    prices: list[tuple[float, float]] = []
    bid = ask = math.nan
    days: dict[str, int] = {}
    for count, fields in _lines(path):
        try:
            day = days.get(fields[0])
            if day is None:
                day = days[fields[0]] = epoch_ms(datetime.strptime(fields[0], "%Y.%m.%d").replace(tzinfo=UTC))
            broker_ms.append(day + _clock_ms(fields[1]))
            bid = float(fields[2]) if fields[2] else bid
            ask = float(fields[3]) if fields[3] else ask
        except (ValueError, IndexError) as fault:
            found = "\t".join(fields)[:60]
            raise TickFileError(
                path, f"line {count}: found {found!r}, should be date, time, bid, ask with tabs"
            ) from fault
        prices.append((bid, ask))
    if prices and any(math.isnan(price) for price in prices[-1]):
        raise TickFileError(path, "never gives a bid, or never an ask")
    known = next((i for i, pair in enumerate(prices) if not (math.isnan(pair[0]) or math.isnan(pair[1]))), 0)
    both = np.array(prices[known:], dtype=np.float64).reshape(-1, 2)
    utc = np.array([zone.to_utc_ms(ms) for ms in broker_ms[known:]], dtype=np.int64)
    return Ticks(utc_ms=utc, bids=both[:, 0], asks=both[:, 1])


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            header = file.readline().rstrip("\r\n").split("\t")
            if tuple(header[:4]) != HEADER:
                raise TickFileError(
                    path, f"line 1: found {header[0][:40]!r}, should be Parquet or the header {' '.join(HEADER)} …"
                )
            for count, line in enumerate(file, 2):
                text = line.rstrip("\r\n")
                if text:
                    yield count, text.split("\t")
    except UnicodeDecodeError as fault:
        raise TickFileError(path, "is neither Parquet nor text") from fault


def _clock_ms(text: str) -> int:
    hours, minutes, seconds = text.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)
