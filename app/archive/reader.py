"""Reading an archive, beside its writer too: accounts, and equity over any range in as many columns as wanted."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.archive.curve import readable
from app.archive.levels import COLUMNS, LEVELS, Level
from app.archive.opening import read_from
from monitors.model import Ints
from monitors.record import EquityRange, Whose

GAP_MS = 10_000
"""Longer without a point, and two steps of the level at least, nobody was looking: a gap in the curve."""


class Reader:
    """One file, from one thread; ArchiveError where it is none that can be read. Changes nothing."""

    def __init__(self, path: Path) -> None:
        self.db = read_from(path)

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    def accounts(self) -> dict[int, Whose]:
        """Every account that was ever recorded, by its number."""
        rows = self.db.conn.execute("SELECT id, server, login, name, currency, digits, zone FROM account ORDER BY id")
        return {number: Whose(*rest) for number, *rest in rows}

    def account(self, server: str, login: int) -> int | None:
        """An account's number; None where it was never recorded."""
        row = self.db.conn.execute("SELECT id FROM account WHERE server = ? AND login = ?", (server, login)).fetchone()
        return row and int(row[0])

    def span(self, account: int) -> tuple[int, int] | None:
        """First and last moment of the equity record, UTC epoch ms; None where there is none."""
        ends = [end for level in LEVELS if (end := self._ends(account, level))]
        return (min(first for first, _, _ in ends), max(last for _, _, last in ends)) if ends else None

    def equity(self, account: int, since_ms: int, until_ms: int, columns: int = 2_000) -> EquityRange:
        """`since_ms` to `until_ms` in at most about `columns` columns and a NaN for each gap.

        Drawn from the coarsest level that still has a point a column; where that does not reach, the newest part comes
        from finer ones and what these keep no longer from coarser ones.
        """
        width = max(1, -(-(until_ms - since_ms) // max(1, columns)))
        wanted = max((level for level in LEVELS if level.step_ms <= width), key=lambda level: level.number)
        parts = [part for part in self._parts(account, wanted, since_ms, until_ms) if part[1].shape[1]]
        digits = self.db.conn.execute("SELECT digits FROM account WHERE id = ?", (account,)).fetchone()
        if not parts or digits is None:
            none = np.empty(0)
            return EquityRange(time_ms=np.empty(0, np.int64), low=none, high=none, last=none, balance=none)
        points = np.concatenate([part for _, part in parts], axis=1)
        limits = np.concatenate([np.full(part.shape[1], max(GAP_MS, 2 * level.step_ms)) for level, part in parts])
        order = np.argsort(points[0], kind="stable")
        return _columns(points[:, order], limits[order], since_ms, max(width, wanted.step_ms), 10.0 ** digits[0])

    def _parts(self, account: int, wanted: Level, since_ms: int, until_ms: int) -> list[tuple[Level, Ints]]:
        """The range in pieces, each from the level that serves it best."""
        ends = {level: self._ends(account, level) for level in LEVELS}
        parts, until = [], until_ms
        for level in LEVELS:  # finest first, newest first: each takes what coarser ones up to the wanted have not yet
            there = ends[level]
            if there is None or level.number > wanted.number:
                continue
            coarser = [e[1] for other, e in ends.items() if e and level.number < other.number <= wanted.number]
            since = max([since_ms, *coarser])
            if since < until:
                parts.append((level, self._points(account, level, since, until)))
                until = since
        oldest = min((e[0] for level, e in ends.items() if e and level.number <= wanted.number), default=until_ms)
        for level in LEVELS[wanted.number + 1 :]:
            there = ends[level]
            if there is not None and there[0] < oldest and since_ms < oldest:
                parts.append((level, self._points(account, level, since_ms, min(oldest, until_ms))))
                oldest = there[0]
        return parts

    def _ends(self, account: int, level: Level) -> tuple[int, int, int] | None:
        """A level's first moment, the one up to which it is rolled up, and its last point."""
        ask = "SELECT {} FROM equity WHERE account = ? AND level = ?"
        first = self.db.conn.execute(ask.format("min(start_ms)"), (account, level.number)).fetchone()[0]
        if first is None:
            return None
        last, until = self.db.conn.execute(
            "SELECT start_ms, until_ms FROM equity WHERE account = ? AND level = ? ORDER BY start_ms DESC LIMIT 1",
            (account, level.number)).fetchone()  # fmt: skip
        return first, last + level.block_ms, until

    def _points(self, account: int, level: Level, since_ms: int, until_ms: int) -> Ints:
        """A level's points within a range, shape (5, n); a block that cannot be read is a gap."""
        rows = self.db.conn.execute(
            "SELECT block FROM equity WHERE account = ? AND level = ? AND start_ms > ? AND start_ms < ? "
            "ORDER BY start_ms", (account, level.number, since_ms - level.block_ms, until_ms))  # fmt: skip
        read = (readable(block) for (block,) in rows)
        blocks = [points for points in read if points is not None and len(points) == len(COLUMNS)]
        if not blocks:
            return np.empty((len(COLUMNS), 0), dtype=np.int64)
        points = np.concatenate(blocks, axis=1)
        within = (points[0] + max(0, level.step_ms - 1) >= since_ms) & (points[0] < until_ms)
        inside: Ints = points[:, within]
        return inside


def _columns(points: Ints, limits: Ints, since_ms: int, width: int, unit: float) -> EquityRange:
    """Points to columns of `width` milliseconds; a gap between two columns becomes a NaN."""
    time, last, below, above, balance = points
    bins = (time - since_ms) // width
    starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
    ends = np.append(starts[1:], len(time)) - 1
    low = np.minimum.reduceat(last - below, starts) / unit
    high = np.maximum.reduceat(last + above, starts) / unit
    money = np.stack([low, high, last[ends] / unit, balance[ends] / unit])
    when = time[starts]
    allowed = np.maximum(limits[starts[1:]], limits[ends[:-1]])  # a coarser level names a minute by its start
    gaps = np.flatnonzero(time[starts[1:]] - time[ends[:-1]] > allowed) + 1
    when = np.insert(when, gaps, time[ends[gaps - 1]] + 1)
    money = np.insert(money, gaps, np.nan, axis=1)
    return EquityRange(time_ms=when, low=money[0], high=money[1], last=money[2], balance=money[3])
