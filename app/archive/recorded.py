"""A stretch of an account's past, in the rows that a chart draws."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from app.archive.done import done
from app.archive.opening import ArchiveError
from app.archive.reader import GAP_MS, Reader
from monitors.model import Floats
from monitors.record import EquityRange
from monitors.series import COLUMNS, SeriesView
from monitors.stretch import Recorded, Stretch

TOGETHER_MS = 3_700_000
"""Rows of risk are an hour apart at most; a figure that is older is none."""
_GROUPED = (
    "SELECT min(at_ms), min(max_drawdown_pct), max(max_drawdown_pct), min(margin_level_pct), max(margin_level_pct) "
    "FROM risk WHERE account = ?1 AND at_ms >= ?2 AND at_ms < ?3 GROUP BY (at_ms - ?2) / ?4 ORDER BY 1"
)
_LAST = (
    "SELECT max(at_ms), max_drawdown_pct, margin_level_pct FROM risk "
    "WHERE account = ?1 AND at_ms >= ?2 AND at_ms < ?3 GROUP BY (at_ms - ?2) / ?4 ORDER BY 1"
)
_EXTREMES = (3, 0, 2, np.fmax), (3, 1, 1, np.fmin), (4, 0, 3, np.fmin), (4, 1, 4, np.fmax)
"""Which row of a column's three gets which of the grouped figures: a deep drawdown and a low margin level are worse."""


def recorded(path: Path, wanted: Stretch) -> Recorded:
    """Lowest, highest and last equity of each column, a row each, with the extremes of drawdown and margin level.

    Nothing where there is no archive, or none that can be read.
    """
    try:
        reader = Reader(path)
    except ArchiveError:  # the writer says what is wrong with it
        return Recorded()
    try:
        account = reader.account(wanted.server, wanted.login)
        span = None if account is None else reader.span(account)
        if account is None or span is None:
            return Recorded()
        found = reader.equity(account, wanted.since_ms, wanted.until_ms, wanted.columns)
        rows = _with_risk(_rows(found), *_risk(reader, account, wanted))
        acts = done(reader, account, wanted.since_ms, wanted.until_ms)
        return Recorded(rows=SeriesView(_ended(rows, wanted)), acts=acts, oldest_ms=span[0])
    except sqlite3.Error:
        return Recorded()
    finally:
        reader.close()


def _rows(part: EquityRange) -> Floats:
    """Three rows a column, shape (5, n, 3); drawdown and margin level are filled in afterwards."""
    rows = np.full((len(COLUMNS), len(part), 3), np.nan)
    rows[0] = (part.time_ms / 1000)[:, None]
    rows[1] = np.stack((part.low, part.high, part.last), axis=1)
    rows[2] = part.balance[:, None]
    return rows


def _risk(reader: Reader, account: int, wanted: Stretch) -> tuple[Floats, Floats]:
    """By column what drawdown and margin level were: extremes, shape (5, n), and last values, shape (3, m)."""
    since_ms = wanted.since_ms - -(-TOGETHER_MS // wanted.column_ms) * wanted.column_ms
    asked = account, since_ms, wanted.until_ms, wanted.column_ms
    grouped, last = (reader.db.conn.execute(query, asked).fetchall() for query in (_GROUPED, _LAST))
    return np.array(grouped, dtype=float).reshape(-1, 5).T, np.array(last, dtype=float).reshape(-1, 3).T


def _with_risk(rows: Floats, grouped: Floats, last: Floats) -> Floats:
    """The low row gets what is worst of its column, the high row what is best, the last one what was last."""
    if not last.shape[1] or not rows.shape[1]:
        return rows.reshape(len(COLUMNS), -1)
    time_ms = 1000 * rows[0, :, 0]
    before = np.searchsorted(last[0], np.append(time_ms[1:], np.inf)) - 1  # the newest before the next column begins
    fresh = (before >= 0) & (time_ms - last[0, before] < TOGETHER_MS)
    rows[3:, fresh] = last[1:, before[fresh], None]
    where = np.searchsorted(time_ms, grouped[0], side="right") - 1
    inside = where >= 0
    for figure, place, column, worse in _EXTREMES:
        worse.at(rows[figure, :, place], where[inside], grouped[column, inside])
    rows[3:, ~np.isfinite(rows[1])] = np.nan
    return rows.reshape(len(COLUMNS), -1)


def _ended(rows: Floats, wanted: Stretch) -> Floats:
    """With the mark of a gap behind it, where the record ends before the stretch does."""
    if not rows.shape[1] or wanted.until_ms - 1000 * rows[0, -1] <= GAP_MS + 2 * wanted.column_ms:
        return rows
    mark = np.full((len(COLUMNS), 1), np.nan)
    mark[0] = rows[0, -1]
    return np.concatenate([rows, mark], axis=1)
