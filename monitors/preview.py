"""What a rule's level would close, before it does: the plan on the present book, priced close by close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitors.book import Book
from monitors.exposure_view import Rebalancing
from monitors.kinds import Side
from monitors.model import Value
from monitors.projection import after, with_lots
from monitors.reading import Reading
from monitors.responses.base import Situation
from monitors.settings import Level, Rule

MOST = 24
"""Closes that are priced one by one; more are priced together in the last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """One close of a plan: lots before and after; margin used once it and those above it are done."""

    position: int
    symbol: str
    side: Side
    before: float
    after: float
    freed: float
    used: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A level's plan at the equity where it trips; money in account currency, NaN where a margin rate is missing."""

    equity: float
    used: float
    closes: tuple[Close, ...]
    total: int
    """Closes in all; `closes` holds the first MOST of them."""
    lots: float
    used_after: float
    note: str


def preview(reading: Reading, rule: Rule, level: Level, equity_at: Value) -> Preview:
    """The plan of `level` as if equity stood at `equity_at` now (at its present figure where that is unknown).

    The book, its prices and the order in which positions are cut stay those of now.
    """
    there = moved(reading, equity_at)
    began = {p.identifier: p.steps for p in there.snapshot.positions}
    plan = level.response.plan(Situation(reading=there, rule=rule, began=began))
    targets = dict.fromkeys(began, 0) if plan.stop else plan.targets
    return priced(there, targets, note=plan.note)


def rebalanced(reading: Reading, closes: Rebalancing) -> Preview:
    """The smallest closes that satisfy a limit, priced the same way."""
    held = {p.identifier: p.symbol for p in reading.snapshot.positions}
    instruments = reading.snapshot.instruments
    targets = {cut.position: instruments[held[cut.position]].steps(cut.after) for cut in closes.cuts
               if cut.position in held}  # fmt: skip
    return priced(reading, targets, note=closes.note)


def priced(reading: Reading, targets: Mapping[int, int], *, note: str = "") -> Preview:
    """Targets in steps as closes, each with what it frees; margin is the projection that the gate uses too."""
    snapshot = reading.snapshot
    held = {p.identifier: p for p in snapshot.positions}
    cuts = [(held[one], left) for one, left in targets.items() if one in held and left < held[one].steps]
    place = {p.identifier: n for n, p in enumerate(snapshot.positions)}
    used, lots, closes = snapshot.account.margin, reading.book.lots.copy(), list[Close]()
    for position, left in cuts[:MOST]:
        lots[place[position.identifier]] = snapshot.instruments[position.symbol].lots(left)
        now = with_lots(reading, lots.copy()).snapshot.account.margin
        closes.append(
            Close(
                position=position.identifier,
                symbol=position.symbol,
                side=position.side,
                before=position.lots,
                after=snapshot.instruments[position.symbol].lots(left),
                freed=used - now,
                used=now,
            )
        )
        used = now
    return Preview(
        equity=snapshot.account.equity,
        used=snapshot.account.margin,
        closes=tuple(closes),
        total=len(cuts),
        lots=round(sum(p.lots - snapshot.instruments[p.symbol].lots(left) for p, left in cuts), 8),
        used_after=after(reading, targets).snapshot.account.margin if len(cuts) > MOST else used,
        note=note,
    )


def moved(reading: Reading, equity_at: Value) -> Reading:
    """The reading with its equity moved to `equity_at` by floating profit alone."""
    account = reading.snapshot.account
    if not isinstance(equity_at, float) or equity_at == account.equity:
        return reading
    move = equity_at - account.equity
    moved = replace(account, equity=equity_at, profit=account.profit + move, margin_free=account.margin_free + move)
    snapshot = replace(reading.snapshot, account=moved)
    return replace(reading, snapshot=snapshot, book=Book(snapshot), low=min(reading.low, equity_at))
