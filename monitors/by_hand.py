"""What a person asks of one position, a part closed or its stop brought nearer: what follows, or why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from monitors.backstop import HEDGED, NOISE, NOT_VALUED, Stop, losses
from monitors.fifo import older
from monitors.kinds import Side
from monitors.lots import closable, target_after
from monitors.model import Position
from monitors.projection import worsens
from monitors.reading import Reading

GONE = "the position is gone"
DIGITS = 10


def close_part(reading: Reading, position: int, left: float, targets: Mapping[int, int] | None = None) -> int | str:
    """The steps that closing down to `left` lots leaves of a position; in words why it cannot be.

    `targets` in steps are what is wanted already. Less than the broker's least volume is never left.
    """
    snapshot, held = reading.snapshot, reading.snapshot.position(position)
    if held is None:
        return GONE
    instrument = snapshot.instruments[held.symbol]
    try:
        steps = instrument.steps(left)
    except ValueError:
        return f"{held.symbol} is traded in steps of {instrument.volume_step:g} lots"
    least = instrument.lots(instrument.min_steps)
    if not 0 <= steps < held.steps:
        return f"it holds {held.lots:.{instrument.volume_digits}f} lots: leave less than that"
    if target_after(instrument, held.steps, held.steps - steps) != steps or not closable(instrument, held.steps, steps):
        return f"{least:.{instrument.volume_digits}f} lots are the least that can be closed or left"
    oldest = older(held, snapshot)
    if oldest:
        return f"this account closes the oldest {held.symbol} position first: {oldest.identifier}"
    if position in snapshot.closing:
        return "a close order for it waits at the broker"
    already = dict(targets or {})
    return (worsens({**already, position: steps}, reading) if not worsens(already, reading) else None) or steps


def nearest_stop(reading: Reading, held: Position) -> float:
    """The price nearest to the market at which the broker takes a stop of that position now."""
    spec, place = reading.snapshot.instruments[held.symbol], reading.snapshot.positions.index(held)
    away = max(max(spec.stops_level, spec.freeze_level) * spec.point, spec.tick_size or spec.point)
    return float(reading.book.price[place]) - (away if held.side is Side.BUY else -away)


def tighten(reading: Reading, position: int, stop: float) -> Stop | str:
    """The position with its stop at that price, and what it then loses; in words why it cannot be.

    A long's stop lies under the bid and a short's above the ask, by the broker's distance; it is only brought nearer.
    """
    snapshot, held = reading.snapshot, reading.snapshot.position(position)
    if held is None:
        return GONE
    spec, book = snapshot.instruments[held.symbol], reading.book
    place, side = snapshot.positions.index(held), 1.0 if held.side is Side.BUY else -1.0
    if any(p.symbol == held.symbol and p.side is not held.side for p in snapshot.positions):
        return HEDGED
    grid = spec.tick_size or spec.point
    if abs(stop / grid - round(stop / grid)) > NOISE or stop <= 0:
        return f"prices of {held.symbol} go in steps of {grid:.{DIGITS}g}"
    if held.stop > 0 and side * (stop - held.stop) < grid / 2:
        return f"its stop is at {held.stop:.{DIGITS}g}: it is only brought nearer to the price"
    nearest = nearest_stop(reading, held)
    if not side * (nearest - stop) > -NOISE * grid:
        where = "at most" if held.side is Side.BUY else "at least"
        return f"too near to the price: {where} {nearest:.{spec.digits}f} is allowed now"
    stops = np.array(book.stop, dtype=float)
    stops[place] = stop
    loss = float(losses(book, stops)[place])
    return Stop(position=held, planned=round(stop, spec.digits), loss=loss) if np.isfinite(loss) else NOT_VALUED
