"""Closing two opposite positions by each other: one request, no spread paid, and never a leg left without the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from monitors.kinds import MarginMode
from monitors.lots import closable
from monitors.model import Position, Snapshot

if TYPE_CHECKING:
    from monitors.gate import Wish


def paired(wishes: Iterable[Wish], snapshot: Snapshot, *, barred: Iterable[str] = (),
           waiting: Iterable[int] = (), unseen: Iterable[int] = ()) -> list[Wish]:  # fmt: skip
    """The wishes, those for both legs of a hedge joined; what has to wait for a joined one is left out.

    A close-by takes the whole smaller leg, so legs are joined only where that goes below neither target and leaves no
    less than the broker's least of the larger one, or of what is still to be closed of it: no order might close that.
    `barred` are symbols whose broker refused it, `waiting` positions that cannot be sent now, `unseen` those whose last
    fill is not shown yet: their other legs wait for that rather than go alone.
    """
    wishes, held = list(wishes), {p.identifier: p for p in snapshot.positions}
    able = _able(snapshot) - set(barred)
    legs = {w.position: w for w in wishes if w.position in held and held[w.position].symbol in able}
    out, unseen = set(waiting), set(unseen)
    found: list[Wish] = []
    joined: set[str] = set()
    taken: set[int] = set()
    for wish in wishes:
        if wish.position in taken:
            continue
        others = [o for o in legs.values() if wish.position in legs and _opposite(wish, o, held) and not taken & {
            wish.position, o.position}]  # fmt: skip
        if any(o.position in unseen for o in others):
            taken.add(wish.position)
            continue
        fit = [o for o in others if not out & {wish.position, o.position} and _fits(wish, o, held, snapshot)]
        if fit:
            other = max(fit, key=lambda o: (_overlap(wish, o, held), -o.position))
            taken |= {wish.position, other.position}
            joined.add(held[wish.position].symbol)
            found.append(replace(wish, by=other.position, by_target=other.target, hard=wish.hard or other.hard,
                                 uncapped=wish.uncapped and other.uncapped))  # fmt: skip
        else:
            found.append(wish)
    return [w for w in found if w.by or w.position not in held or held[w.position].symbol not in joined]


def unfit(wish: Wish, position: Position, snapshot: Snapshot) -> str | None:
    """Why the two may not be closed by each other now; None where they may."""
    other = snapshot.position(wish.by)
    if other is None:
        return "the position it was to be closed by is gone"
    if position.symbol not in _able(snapshot) or position.symbol != other.symbol or position.side is other.side:
        return "the two positions cannot be closed by each other"
    both = min(position.steps, other.steps)
    if position.steps - both < wish.target or other.steps - both < wish.by_target:
        return "closing them by each other would close more than is wanted"
    if _crumb(position, other, snapshot):
        return "closing them by each other would leave less than the broker's least volume"
    return None


def _able(snapshot: Snapshot) -> set[str]:
    """Symbols whose hedged pairs may be closed by each other; where the oldest must go first there are none."""
    account = snapshot.account
    if account.margin_mode is not MarginMode.HEDGING or account.fifo_close:
        return set()
    return {symbol for symbol, spec in snapshot.instruments.items() if spec.close_by}


def _opposite(wish: Wish, other: Wish, held: Mapping[int, Position]) -> bool:
    a, b = held[wish.position], held[other.position]
    alike = (wish.source, wish.by_person) == (other.source, other.by_person)
    return alike and a.symbol == b.symbol and a.side is not b.side


def _overlap(wish: Wish, other: Wish, held: Mapping[int, Position]) -> int:
    return min(held[wish.position].steps, held[other.position].steps)


def _fits(wish: Wish, other: Wish, held: Mapping[int, Position], snapshot: Snapshot) -> bool:
    both = _overlap(wish, other, held)
    instrument = snapshot.instruments[held[wish.position].symbol]
    rests = ((held[w.position].steps - both, w.target) for w in (wish, other))
    enough = all(rest == target or closable(instrument, rest, target) for rest, target in rests)
    return enough and not _crumb(held[wish.position], held[other.position], snapshot)


def _crumb(one: Position, other: Position, snapshot: Snapshot) -> bool:
    return 0 < abs(one.steps - other.steps) < snapshot.instruments[one.symbol].min_steps
