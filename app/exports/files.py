"""The archive's rows as a file: CSV for a spreadsheet, Parquet for a program; there once all of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

from app.events import stamp
from app.exports.tables import Cell, Kind
from app.store.export import cell, csv_line

BATCH = 20_000
"""Rows that are held at once."""
Row = tuple[Cell, ...]
Columns = Mapping[str, Kind]


class NoParquet(Exception):
    """What writes Parquet is not installed."""


def write_csv(out: Path, columns: Columns, rows: Iterable[Row]) -> int:
    """How many rows; text that a spreadsheet would run is led by an apostrophe, numbers stay numbers."""
    moments = [n for n, kind in enumerate(columns.values()) if kind is Kind.MOMENT]
    count = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(list(columns)))
        for row in rows:
            cells: list[object] = [cell(value) for value in row]
            for n in moments:
                moment = row[n]
                cells[n] = stamp(moment) if isinstance(moment, int) else None
            file.write(csv_line(cells))
            count += 1
    return count


def write_parquet(out: Path, columns: Columns, rows: Iterable[Row]) -> int:
    """How many rows; moments are UTC with milliseconds. NoParquet where the extra is missing."""
    try:
        import pyarrow as pa  # noqa: PLC0415 -- an extra: most people never write Parquet
        import pyarrow.parquet as pq  # noqa: PLC0415 -- the same
    except ImportError as error:
        raise NoParquet("Parquet needs the extra: plimsoll[parquet]") from error
    types = {Kind.MOMENT: pa.timestamp("ms", tz="UTC"), Kind.TEXT: pa.string(), Kind.WHOLE: pa.int64(),
             Kind.REAL: pa.float64()}  # fmt: skip
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    count, left = 0, iter(rows)
    with pq.ParquetWriter(out, schema) as writer:
        while batch := list(islice(left, BATCH)):
            arrays = [pa.array(values, field.type) for values, field in zip(zip(*batch, strict=True), schema,
                                                                            strict=True)]  # fmt: skip
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count


WRITERS: Mapping[str, Callable[[Path, Columns, Iterable[Row]], int]] = {".csv": write_csv, ".parquet": write_parquet}
"""By the ending of the file's name."""
