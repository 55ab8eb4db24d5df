"""An archive that is written: a batch is one transaction, and a row that the tables refuse is left out and counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from app.archive.curve import Curve
from app.archive.facts import RISK_FIGURES, Beat, Dealt, Excursed, Item, Risk, Told
from app.archive.opening import ArchiveDamaged, written_to
from app.archive.tellings import write_event
from app.store.aside import set_aside
from monitors.record import Whose
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS

RISK_STEPS = ((DAY_MS, MINUTE_MS), (7 * DAY_MS, 10 * MINUTE_MS), (62 * DAY_MS, HOUR_MS))
"""From that age on the first row of risk in each step is kept, and those of its deepest drawdown and lowest margin
level, so that a year's picture has its extremes; rows of alerts for good."""
_STEPS = "FROM risk WHERE account = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND kept = 0 GROUP BY at_ms / ?4"
_THIN = (
    "DELETE FROM risk WHERE account = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND kept = 0 AND at_ms NOT IN "  # noqa: S608 -- own
    f"(SELECT min(at_ms) {_STEPS} UNION SELECT at_ms FROM (SELECT at_ms, max(max_drawdown_pct) {_STEPS}) "
    f"UNION SELECT at_ms FROM (SELECT at_ms, min(margin_level_pct) {_STEPS}))"
)
LARGEST = 2.0**62


class Store:
    """sqlite3.OperationalError while the disk or another process is in the way; the same batch may come again."""

    def __init__(self, path: Path) -> None:
        """ArchiveError where the file is none of ours, ArchiveDamaged where it may be set aside."""
        self.path = path
        self._db = written_to(path)
        self._curve = Curve(self._db)
        self._ids: dict[Whose, int] = {}
        self._thinned: dict[int, int] = {}
        self.refused = 0
        """Rows that the tables did not take: a figure that is no number."""

    def write(self, items: Iterable[Item]) -> None:
        """All of it or, on an error, nothing."""
        if not self.path.exists():  # SQLite would go on writing to a file without a name
            raise ArchiveDamaged(f"{self.path} is gone")
        refused = self.refused
        try:
            with self._db.atomic():
                self._write(items)
        except BaseException:
            self.refused = refused
            self._curve.forget()
            self._ids.clear()
            self._thinned.clear()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _write(self, items: Iterable[Item]) -> None:
        points: dict[Whose, list[tuple[float, ...]]] = {}
        risks: list[Risk] = []
        for item in items:
            if isinstance(item, Risk):
                risks.append(item)
            if isinstance(item, Beat):
                beat = item
                points.setdefault(beat.whose, []).append((beat.time_ms, beat.equity, beat.low, beat.balance))
                continue
            try:
                self._row(item)
            except sqlite3.IntegrityError:
                self.refused += 1
        for whose, rows in points.items():
            self._points(whose, np.array(rows))
        for whose in points:
            self._curve.roll(self._account(whose))
        for account in {self._account(item.whose) for item in risks}:
            self._thin(account)

    def _points(self, whose: Whose, rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
        money = np.round(rows[:, 1:] * 10**whose.digits)
        good = (np.abs(money) < LARGEST).all(axis=1)  # false for what is no number, too
        self.refused += int((~good).sum())
        if good.any():
            equity, low, balance = money[good].astype(np.int64).T
            below = np.maximum(equity - low, 0)
            time = rows[good, 0].astype(np.int64)
            self._curve.add(self._account(whose), np.stack([time, equity, below, np.zeros_like(below), balance]))

    def _row(self, item: Risk | Excursed | Dealt | Told) -> None:
        match item:
            case Risk():
                self._risk(item)
            case Excursed():
                self._excursion(item)
            case Dealt():
                self._deal(item)
            case Told():
                account = self._account(item.whose) if item.whose else None
                write_event(self._db.conn, account, item.event)

    def _risk(self, risk: Risk) -> None:
        columns = ("account", "at_ms", "kept", "alerts", *RISK_FIGURES)
        self._insert("risk", columns, (self._account(risk.whose), risk.at_ms, risk.kept, risk.alerts, *risk.figures),
                     "ON CONFLICT (account, at_ms) DO UPDATE SET kept = max(kept, excluded.kept)")  # fmt: skip

    def _excursion(self, seen: Excursed) -> None:
        far = seen.excursion
        values = {
            "account": self._account(seen.whose), "position": seen.position, "symbol": seen.symbol, "side": seen.side,
            "magic": seen.magic, "lots": seen.lots, "open": seen.open, "opened_ms": seen.opened_ms,
            "target": seen.target, "best": far.best, "worst": far.worst, "best_points": far.best_points,
            "worst_points": far.worst_points, "stop": far.stop, "unprotected_ms": far.unprotected_ms,
            "under_ms": far.under_ms, "since_ms": far.since_ms, "seen_ms": seen.seen_ms, "closed": seen.closed,
        }  # fmt: skip
        moving = ("target", "best", "worst", "best_points", "worst_points", "stop", "unprotected_ms", "under_ms",
                  "seen_ms", "closed")  # fmt: skip
        # The lots stay those that it was first seen with: R and points are of the whole position.
        update = ", ".join(f"{name} = excluded.{name}" for name in moving)
        self._insert("excursion", tuple(values), tuple(values.values()),
                     f"ON CONFLICT (account, position) DO UPDATE SET {update}")  # fmt: skip

    def _deal(self, dealt: Dealt) -> None:
        deal = dealt.deal
        columns = ("account", "ticket", "order_", "position", "symbol", "kind", "entry", "side", "lots", "price",
                   "profit", "swap", "commission", "fee", "time_ms", "magic", "reason", "comment")  # fmt: skip
        values = (self._account(dealt.whose), deal.ticket, deal.order, deal.position, deal.symbol, deal.kind,
                  int(deal.entry), deal.side, deal.lots, deal.price, deal.profit, deal.swap, deal.commission, deal.fee,
                  deal.time_ms, deal.magic, deal.reason, deal.comment)  # fmt: skip
        self._insert("deal", columns, values, "ON CONFLICT (account, ticket) DO NOTHING")

    def _insert(self, table: str, columns: tuple[str, ...], values: tuple[object, ...], otherwise: str) -> None:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) {otherwise}"  # noqa: S608 -- own names
        self._db.conn.execute(statement, values)

    def _account(self, whose: Whose) -> int:
        """The account's number, its row made or brought up to date; the digits stay those of the first sight."""
        if whose not in self._ids:
            (number,) = self._db.conn.execute(
                "INSERT INTO account (server, login, name, currency, digits, zone) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (server, login) DO UPDATE SET name = excluded.name, zone = excluded.zone RETURNING id",
                (whose.server, whose.login, whose.name, whose.currency, whose.digits, whose.zone),
            ).fetchone()
            self._ids[whose] = number
        return self._ids[whose]

    def _thin(self, account: int) -> None:
        """Once an hour, of older rows of risk the first and the extremes of each step."""
        newest = self._db.conn.execute("SELECT max(at_ms) FROM risk WHERE account = ?", (account,)).fetchone()[0]
        if newest is None or self._thinned.get(account) == newest // HOUR_MS:
            return
        self._thinned[account] = newest // HOUR_MS
        for age_ms, step_ms in RISK_STEPS:
            since, until = newest - age_ms - 2 * DAY_MS, newest - age_ms
            self._db.conn.execute(
                _THIN,
                (account, since // step_ms * step_ms, until // step_ms * step_ms, step_ms),
            )


def opened(path: Path, suffix: str) -> tuple[Store, str]:
    """The store and what is to be said: a damaged file is set aside under `suffix` and a new one begun."""
    try:
        return Store(path), ""
    except ArchiveDamaged as error:
        kept = set_aside(path, suffix)
        return Store(path), f"{error}; kept as {kept.name}, a new archive begun"
