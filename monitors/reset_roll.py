"""The reset roll: floors that the next reset lifts above where equity would stand, and the closes that prevent it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from monitors import firm
from monitors.distance import ResetRoll
from monitors.floors import Floors
from monitors.projection import after, fewest_steps
from monitors.reading import Reading
from monitors.settings import Rule


def rolls(reading: Reading, rules: Iterable[Rule], next_reset_ms: int) -> tuple[ResetRoll, ...]:
    """What the coming reset would do if it came now, for each rule on `firm.reset_room` whose alert it would raise.

    Where the floor follows the balance and losses float, a reset lifts the floor and leaves equity where it is (RULES:
    the reset roll). `next_reset_ms` is that reset, UTC epoch milliseconds.
    """
    found = []
    for rule in rules:
        if rule.metric != "firm.reset_room" or rule.floors is None or reading.unexplained:
            continue
        room = firm.reset_room(reading, rule)
        if isinstance(room, float) and rule.levels and rule.breached(room, rule.levels[0].at):
            found.append(_roll(reading, rule.name, rule.floors, next_reset_ms))
    return tuple(found)


def smallest_closes(reading: Reading, plan: Floors) -> tuple[tuple[int, str, float], ...]:
    """Position, symbol and lots to close before the reset, so that equity survives it; empty where nothing does.

    A loss that is closed lowers the balance, and with it the coming floor, and leaves equity as it is. Positions with
    the largest loss a lot come first, so that the fewest lots go; commission and spread are not foreseen.
    """
    account = reading.snapshot.account
    goal = -(10.0**-account.digits) if plan.touch else 0.0

    def short(projected: Reading) -> float:
        floor = firm.floor_after_reset(projected, plan)
        return 0.0 if floor is None else account.money(floor - account.equity)

    loss, positions = reading.book.profit_per_lot, reading.snapshot.positions
    order = [int(i) for i in np.argsort(loss, kind="stable") if loss[i] < 0]
    whole = bisect_left(range(len(order) + 1), x=True, key=lambda n: short(_without(reading, order[:n])) <= goal)
    if not 0 < whole <= len(order):
        return ()
    targets = {positions[i].identifier: 0 for i in order[: whole - 1]}
    rest, _ = fewest_steps(_without(reading, order[: whole - 1]), order[whole - 1 : whole], short, goal)
    targets |= rest
    specs = reading.snapshot.instruments
    return tuple(
        (p.identifier, p.symbol, specs[p.symbol].lots(p.steps - targets[p.identifier]))
        for p in positions
        if p.identifier in targets
    )


def _without(reading: Reading, closed: Sequence[int]) -> Reading:
    """The reading after closing these positions, indices into the snapshot's, whole."""
    positions = reading.snapshot.positions
    return after(reading, {positions[i].identifier: 0 for i in closed})


def _roll(reading: Reading, name: str, plan: Floors, next_reset_ms: int) -> ResetRoll:
    floor, now = firm.floor_after_reset(reading, plan), firm.floor_now(reading, plan)
    equity = reading.snapshot.account.equity
    coming = equity if floor is None else floor
    return ResetRoll(
        rule=name,
        reset_ms=next_reset_ms,
        floor_now=coming if now is None else now,
        floor_after=coming,
        equity=equity,
        short=reading.snapshot.account.money(coming - equity),
        closes=smallest_closes(reading, plan),
    )
