"""Protective stops at the broker, so that the loss if every one is hit fits the room that a limit leaves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitors.book import NOISE_LOTS, Book, sums
from monitors.metrics import METRICS
from monitors.model import Floats, Position, Unknown
from monitors.reading import Reading
from monitors.settings import Rule

FURTHEST = 0.5
"""A stop further away than half the price protects nothing."""
TOLERANCE = 0.02
"""So much of the room may be exceeded before stops that were set are tightened: no chasing of every tick."""
HALVINGS = 40
NOISE = 1e-6
"""Of a tick: the rounding of a division, so that a price on the grid stays there."""
NO_LINE = Unknown("no equity leads to the limit now")

HEDGED = "held on both sides: a stop on one leg would leave the other alone"
NOT_COVERED = "the rule does not cover it"
NOT_VALUED = "its loss cannot be computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One position: the stop it is to have (0: none) and what it then loses from the present price, account currency.

    `loss` is math.inf where nothing bounds it. `why` says why it is left alone, where it is.
    """

    position: Position
    planned: float
    loss: float
    why: str = ""

    @property
    def moves(self) -> bool:
        """Whether the stop is another than the position has."""
        return self.planned != self.position.stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstop:
    """The stops of a book against the room of a limit; account currency, math.inf: not bounded.

    `before` is the loss if every stop is hit as they are, `worst` once they are set. A stop becomes a market order: in
    a gap it is filled beyond its price, so no figure here binds the market.
    """

    stops: tuple[Stop, ...]
    before: float
    worst: float
    room: float

    @property
    def changes(self) -> tuple[Stop, ...]:
        """Those that are to be set."""
        return tuple(stop for stop in self.stops if stop.moves)

    @property
    def missing(self) -> float:
        """By how much the worst case exceeds the room, 0 where it fits."""
        return max(0.0, self.worst - self.room)


def losses(book: Book, stops: Floats) -> Floats:
    """What each position loses if every one of these stops is hit, from present prices, length n.

    A leg without a stop is bounded only by an opposite leg without one: where all of a symbol's legs without a stop
    cancel they lose nothing together, else each of them counts as infinite. A loss that cannot be computed does too.
    Rounded up to the currency's digits.
    """
    unit = 10**book.snapshot.account.digits
    stopped = stops > 0
    alone = np.where(stopped, 0.0, book.sign * book.lots)
    covered = np.abs(sums(book.symbol, alone, len(book.symbols))) < NOISE_LOTS
    with np.errstate(invalid="ignore"):
        lost = np.ceil(np.maximum(0.0, book.loss_per_lot_at(stops) * book.lots) * unit - 1e-6) / unit
    bare = np.where(covered[book.symbol], 0.0, math.inf)
    found = np.where(stopped, lost, bare)
    return np.asarray(np.where(np.isnan(found), math.inf, found), dtype=float)


def worst_case(book: Book) -> float:
    """The loss if every stop is hit as they are; math.inf where something has none (RULES: if this machine dies)."""
    return float(losses(book, book.stop).sum()) if book.snapshot.positions else 0.0


def plan(reading: Reading, rule: Rule, within: float, spreads: Mapping[str, float]) -> Backstop | Unknown:
    """Stops at one common adverse move of all positions, so that equity stays above where the metric is at `within`.

    `spreads` are the widest of the last 24 hours by symbol, in price. Stops are only ever tightened; where what can be
    bounded fits the room already, within TOLERANCE, all stay as they are. Where not even the nearest allowed ones fit,
    those are planned. Unknown where no equity leads to `within`.
    """
    line = METRICS[rule.metric].line
    floor = line(reading, rule, within) if line else None
    if floor is None or not math.isfinite(floor):
        return NO_LINE
    room = reading.snapshot.account.equity - floor
    book, held = reading.book, reading.snapshot.positions
    if not held:
        return Backstop(stops=(), before=0.0, worst=0.0, room=room)
    ruler = _Ruler.of(reading, rule, spreads)
    nearest = losses(book, ruler.at(0.0))
    bounded = np.isfinite(nearest)

    def total(stops: Floats) -> float:
        return float(losses(book, stops)[bounded].sum())

    stops = book.stop
    if total(stops) > room + TOLERANCE * max(room, 0.0):
        stops = ruler.at(_furthest(lambda move: total(ruler.at(move)) <= room))
    lost = losses(book, stops)
    prices = [round(float(s), reading.snapshot.instruments[p.symbol].digits) for p, s in zip(held, stops, strict=True)]
    return Backstop(
        stops=tuple(
            Stop(position=p, planned=price if stop != p.stop else p.stop, loss=float(loss), why=why)
            for p, price, stop, loss, why in zip(held, prices, stops, lost, ruler.why, strict=True)
        ),
        before=worst_case(book),
        worst=float(lost.sum()),
        room=room,
    )


def _furthest(fits: Callable[[float], bool]) -> float:
    """The largest move that fits, FURTHEST at most; 0, the nearest allowed, where none does."""
    if fits(FURTHEST):
        return FURTHEST
    low, high = 0.0, FURTHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruler:
    """Where stops may stand, by position, length n each: on the grid of ticks, `nearest` or more from the price."""

    book: Book
    touched: NDArray[np.bool_]
    why: tuple[str, ...]
    nearest: Floats
    tick: Floats

    @classmethod
    def of(cls, reading: Reading, rule: Rule, spreads: Mapping[str, float]) -> _Ruler:
        """The broker's distances and the widest spread; what a rule does not cover or a hedge holds is not touched."""
        book, held = reading.book, reading.snapshot.positions
        specs = [reading.snapshot.instruments[p.symbol] for p in held]
        bid, ask = book.quotes
        long, short = book.legs
        hedged = (np.minimum(long, short) > 0)[book.symbol]
        covered = set(rule.selected(held))
        valued = np.isfinite(book.loss_per_lot_at(book.price))
        why = tuple(
            HEDGED if hedged[i] else NOT_COVERED if i not in covered else "" if valued[i] else NOT_VALUED
            for i in range(len(held))
        )
        wide = [max(spreads.get(p.symbol, 0.0), float((ask - bid)[s])) for p, s in zip(held, book.symbol, strict=True)]
        levels = [max(spec.stops_level, spec.freeze_level) * spec.point for spec in specs]
        tick = np.array([spec.tick_size or spec.point for spec in specs], dtype=float)
        return cls(
            book=book,
            touched=np.array([not words for words in why], dtype=bool),
            why=why,
            nearest=np.maximum(np.maximum(wide, levels), tick),
            tick=tick,
        )

    def at(self, move: float) -> Floats:
        """Stops at that share of the price, length n, each on the near side's tick; never looser than the present one.

        A long's lies under the bid, a short's above the ask that triggers it.
        """
        book, price, grid, nearest = self.book, self.book.price, self.tick, self.nearest
        away = np.maximum(move * price, nearest)
        under = np.minimum(np.ceil((price - away) / grid - NOISE), np.floor((price - nearest) / grid + NOISE))
        over = np.maximum(np.floor((price + away) / grid + NOISE), np.ceil((price + nearest) / grid - NOISE))
        placed = np.where(book.long, under, over) * grid
        tighter = (book.stop <= 0) | (book.sign * (placed - book.stop) > grid / 2)
        found: Floats = np.where(self.touched & (placed > 0) & tighter, placed, book.stop)
        return found
