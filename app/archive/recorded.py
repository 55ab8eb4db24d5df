"""An account's curve from before this run, in the rows that a chart draws."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from app.archive.opening import ArchiveError
from app.archive.reader import Reader
from monitors.model import Floats
from monitors.record import EquityRange
from monitors.series import COLUMNS
from monitors.zones import DAY_MS

YEAR_MS = 366 * DAY_MS
OLD_COLUMNS, DAY_COLUMNS = 3_000, 9_000
"""Of the year up to yesterday, and of the last day."""
TOGETHER_MS = 3_700_000
"""Rows of risk are an hour apart at most; a figure that is older is none."""
NOTHING: Floats = np.empty((len(COLUMNS), 0))


def recorded(path: Path, server: str, login: int, now_ms: int) -> Floats:
    """The last year, shape (5, n) in the order of COLUMNS, each column's lowest, highest and last equity a row.

    Nothing where there is no archive, or none that can be read.
    """
    try:
        reader = Reader(path)
    except ArchiveError:  # the writer says what is wrong with it
        return NOTHING
    try:
        account = reader.account(server, login)
        if account is None:
            return NOTHING
        old = _rows(reader.equity(account, now_ms - YEAR_MS, now_ms - DAY_MS, OLD_COLUMNS))
        new = _rows(reader.equity(account, now_ms - DAY_MS, now_ms, DAY_COLUMNS))
        rows = np.concatenate([old, _between(old, new), new], axis=1)
        risk = reader.db.conn.execute(
            "SELECT at_ms, max_drawdown_pct, margin_level_pct FROM risk WHERE account = ? AND at_ms > ? ORDER BY at_ms",
            (account, now_ms - YEAR_MS),
        ).fetchall()
    except sqlite3.Error:
        return NOTHING
    finally:
        reader.close()
    return _with_risk(rows, np.array(risk, dtype=float).reshape(-1, 3).T)


def _rows(part: EquityRange) -> Floats:
    """Three rows a column; drawdown and margin level are filled in afterwards."""
    rows = np.full((len(COLUMNS), len(part), 3), np.nan)
    rows[0] = (part.time_ms / 1000)[:, None]
    rows[1] = np.stack((part.low, part.high, part.last), axis=1)
    rows[2] = part.balance[:, None]
    return rows.reshape(len(COLUMNS), -1)


def _between(old: Floats, new: Floats) -> Floats:
    """The mark of a gap where the last day begins later than two columns of the year before are wide."""
    apart = old.shape[1] > 0 and new.shape[1] > 0 and new[0, 0] - old[0, -1] > 2 * YEAR_MS / OLD_COLUMNS / 1000
    mark = np.full((len(COLUMNS), 1), np.nan)
    mark[0] = old[0, -1] if apart else np.nan
    return mark if apart else NOTHING


def _with_risk(rows: Floats, risk: Floats) -> Floats:
    if not risk.shape[1]:
        return rows
    before = np.searchsorted(risk[0], 1000 * rows[0], side="right") - 1
    fresh = (before >= 0) & (1000 * rows[0] - risk[0, before] < TOGETHER_MS) & np.isfinite(rows[1])
    rows[3:, fresh] = risk[1:, before[fresh]]
    return rows
