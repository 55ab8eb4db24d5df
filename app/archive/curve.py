"""Writing the equity record: the newest minute grows in place, full blocks are rolled up, old detail is let go."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from app.archive.levels import LEVELS, Level, thinned
from app.archive.packing import Unpackable, pack, unpack
from monitors.model import Ints

if TYPE_CHECKING:
    from sqlite_utils import Database

FINEST = LEVELS[0]


class Curve:
    """One archive's, used from the thread that writes it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._open: dict[int, tuple[int, Ints]] = {}
        """By account the minute that grows: its start and its points."""
        self._rolled: dict[int, int] = {}
        """By account the hour that everything before is rolled up."""

    def forget(self) -> None:
        """A transaction was rolled back: what stands on disk is read again."""
        self._open.clear()
        self._rolled.clear()

    def add(self, account: int, points: Ints) -> None:
        """Take `points`, shape (5, n) as in COLUMNS, into the blocks of their minutes, in any order."""
        minutes = points[0] // FINEST.block_ms * FINEST.block_ms
        for start in np.unique(minutes).tolist():
            fresh = points[:, minutes == start]
            known = self._known(account, start)
            whole = fresh if known is None else np.concatenate([known, fresh], axis=1)
            whole = whole[:, np.argsort(whole[0], kind="stable")]
            self._put(account, FINEST, start, whole)
            self._open[account] = start, whole

    def roll(self, account: int) -> None:
        """Make the coarser blocks whose time is over, then let go what is kept no longer; nothing within an hour."""
        newest = self._edge(account, FINEST, "max(until_ms)")
        if newest is None or self._rolled.get(account) == newest // LEVELS[1].block_ms:
            return
        for finer, level in pairwise(LEVELS):
            self._roll_level(account, finer, level, newest // level.block_ms * level.block_ms)
        for level, coarser in pairwise(LEVELS):
            if level.kept_ms is not None:
                over = min(newest - level.kept_ms, newest // coarser.block_ms * coarser.block_ms)
                self._db.conn.execute("DELETE FROM equity WHERE account = ? AND level = ? AND start_ms + ? <= ?",
                                      (account, level.number, level.block_ms, over))  # fmt: skip
        self._rolled[account] = newest // LEVELS[1].block_ms

    def _roll_level(self, account: int, finer: Level, level: Level, end_ms: int) -> None:
        last = self._edge(account, level, "max(start_ms)")
        start = self._next(account, finer, -1 if last is None else last + level.block_ms)
        while start is not None and start < end_ms:
            start = start // level.block_ms * level.block_ms
            rows = self._db.conn.execute(
                "SELECT block FROM equity WHERE account = ? AND level = ? AND start_ms >= ? AND start_ms < ? "
                "ORDER BY start_ms", (account, finer.number, start, start + level.block_ms))  # fmt: skip
            parts = [points for (block,) in rows if (points := readable(block)) is not None]
            if parts:
                self._put(account, level, start, thinned(np.concatenate(parts, axis=1), level.step_ms))
            start = self._next(account, finer, start + level.block_ms)

    def _next(self, account: int, level: Level, since_ms: int) -> int | None:
        """The first block of a level that starts no earlier."""
        found: int | None = self._db.conn.execute(
            "SELECT min(start_ms) FROM equity WHERE account = ? AND level = ? AND start_ms >= ?",
            (account, level.number, since_ms)).fetchone()[0]  # fmt: skip
        return found

    def _edge(self, account: int, level: Level, which: str) -> int | None:
        query = f"SELECT {which} FROM equity WHERE account = ? AND level = ?"  # noqa: S608 -- `which` is this module's own
        found: int | None = self._db.conn.execute(query, (account, level.number)).fetchone()[0]
        return found

    def _known(self, account: int, start: int) -> Ints | None:
        held = self._open.get(account)
        if held and held[0] == start:
            return held[1]
        row = self._db.conn.execute(
            "SELECT block FROM equity WHERE account = ? AND level = 0 AND start_ms = ?", (account, start)
        ).fetchone()
        return row and readable(row[0])

    def _put(self, account: int, level: Level, start: int, points: Ints) -> None:
        self._db.conn.execute(
            "INSERT INTO equity (account, level, start_ms, until_ms, points, block) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (account, level, start_ms) DO UPDATE SET until_ms = excluded.until_ms, "
            "points = excluded.points, block = excluded.block",
            (account, level.number, start, int(points[0, -1]), points.shape[1], pack(points)),
        )


def readable(block: bytes) -> Ints | None:
    """The block's points; None for a torn one, which leaves a gap and stops nothing."""
    try:
        return unpack(block)
    except Unpackable:
        return None
