"""Margin with the broker's own lines, what the pending orders would need, and which closes free most for least loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitors import margin as figures
from monitors.filled import filled
from monitors.legs import NO_RATE
from monitors.model import NotApplicable, Unknown, Value
from monitors.projection import with_lots
from monitors.reading import Reading
from monitors.releases import released
from monitors.settings import Rule

PLAIN = Rule(name="margin", metric="margin.level_pct", when="below", levels=())
"""No rule's own options change what a figure of margin is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginState:
    """Margin at one moment, real or projected; account currency and percent."""

    level_pct: Value
    used: Value
    free: Value
    cushion: Value
    """Free / equity (RULES: margin)."""
    open_risk: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the broker's: in percent of margin level or in money, the equity at which it is met, the room to it."""

    name: str
    at: float
    in_money: bool
    equity: Value
    room: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What closing one position whole frees and realises, account currency; `per_loss` None where it gains."""

    position: int
    symbol: str
    lots: float
    freed: float
    realized: float
    per_loss: float | None
    hedged: bool = False
    """It takes its opposite leg with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginView:
    """One account's margin; account currency."""

    now: MarginState
    if_filled: MarginState | None
    """If every pending order fills at its price; None without pending orders, unknown where one cannot be priced."""
    lines: tuple[Line, ...]
    """The broker's margin call and stop-out; none where the broker has none."""
    releases: tuple[Release, ...]
    """Best first: most margin for least loss; those whose margin no rate tells are left out."""


def margin(reading: Reading) -> MarginView:
    """The view of one reading."""
    return MarginView(
        now=_state(reading), if_filled=_if_filled(reading), lines=_lines(reading), releases=_releases(reading)
    )


def what_if(reading: Reading, steps: Mapping[int, int]) -> MarginState:
    """Margin with these positions, by identifier, at these steps, more or fewer; the gate's own projection.

    Equity stays: what is closed is realised at present prices, what is added is opened at them. Positions that are not
    held are passed over; steps below 0 count as 0.
    """
    lots = reading.book.lots.copy()
    for i, position in enumerate(reading.snapshot.positions):
        if position.identifier in steps:
            lots[i] = reading.snapshot.instruments[position.symbol].lots(max(0, steps[position.identifier]))
    return _state(with_lots(reading, lots) if steps else reading)


def _state(reading: Reading) -> MarginState:
    risk = float(reading.book.risk.sum()) if reading.book.symbols else 0.0
    return MarginState(
        level_pct=figures.level_pct(reading, PLAIN),
        used=figures.used(reading, PLAIN),
        free=figures.free(reading, PLAIN),
        cushion=figures.cushion(reading),
        open_risk=risk if risk == risk else Unknown(NO_RATE),  # noqa: PLR0124 -- the quickest test for NaN
    )


def _if_filled(reading: Reading) -> MarginState | None:
    if not reading.snapshot.orders:
        return None
    found = filled(reading)
    if isinstance(found, Unknown):
        return MarginState(level_pct=found, used=found, free=found, cushion=found, open_risk=found)
    equity = reading.snapshot.account.equity
    free = equity - found.margin
    return MarginState(
        level_pct=100 * equity / found.margin if found.margin > 0 else NotApplicable(figures.NO_MARGIN),
        used=found.margin,
        free=free,
        cushion=free / equity if equity > 0 else Unknown(figures.NO_EQUITY),
        open_risk=found.risk,
    )


def _lines(reading: Reading) -> tuple[Line, ...]:
    """Where the broker calls and where it stops out: at a share of used margin, or at an equity in money.

    With a share, the margin is taken as it is now; 0 is a broker without that line.
    """
    account = reading.snapshot.account
    found = []
    for name, at in (("Margin call", account.margin_call), ("Stop-out", account.stop_out)):
        if at > 0:
            equity: Value = at if account.stop_out_in_money else at / 100 * account.margin
            if not account.margin > 0:  # so written that NaN is no margin
                unsaid = np.isnan(account.margin)
                equity = Unknown(figures.NO_MARGIN_RATE) if unsaid else NotApplicable(figures.NO_MARGIN)
            room = account.equity - equity if isinstance(equity, float) else equity
            found.append(Line(name=name, at=at, in_money=account.stop_out_in_money, equity=equity, room=room))
    return tuple(found)


def _releases(reading: Reading) -> tuple[Release, ...]:
    """Those that free nothing last, hedges first, then what costs no loss, then by margin a unit of loss."""
    positions = reading.snapshot.positions
    if not positions:
        return ()
    out = released(reading.book)
    freed = out.freed * reading.book.calibration
    columns = zip(positions, freed.tolist(), out.realized.tolist(), (out.along > 0).tolist(), strict=True)
    found = [
        Release(position=p.identifier, symbol=p.symbol, lots=p.lots, freed=freed, realized=realized,
                per_loss=freed / -realized if realized < 0 else None, hedged=hedged)
        for p, freed, realized, hedged in columns
        if freed == freed  # noqa: PLR0124 -- the quickest test for NaN
    ]  # fmt: skip

    def place(one: Release) -> tuple[bool, bool, bool, float, int]:
        best = one.freed if one.per_loss is None else one.per_loss
        return one.freed <= 0, not one.hedged, one.per_loss is not None, -best, one.position

    return tuple(sorted(found, key=place))
