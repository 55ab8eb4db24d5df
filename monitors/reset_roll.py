"""The reset roll: floors that the next reset lifts above where equity would stand, and the closes that prevent it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from monitors import firm
from monitors.distance import ResetRoll
from monitors.floors import Floors
from monitors.projection import fewest_steps
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

    loss = reading.book.profit_per_lot
    order = [int(i) for i in np.argsort(loss, kind="stable") if loss[i] < 0]
    if short(reading) <= goal:
        return ()
    targets, reached = fewest_steps(reading, order, short, goal)
    if not reached:
        return ()
    specs = reading.snapshot.instruments
    return tuple(
        (p.identifier, p.symbol, specs[p.symbol].lots(p.steps - targets[p.identifier]))
        for p in reading.snapshot.positions
        if p.identifier in targets
    )


def _roll(reading: Reading, name: str, plan: Floors, next_reset_ms: int) -> ResetRoll:
    floor, now = firm.floor_after_reset(reading, plan), firm.floor_now(reading, plan)
    equity = reading.snapshot.account.equity
    after = equity if floor is None else floor
    return ResetRoll(
        rule=name,
        reset_ms=next_reset_ms,
        floor_now=after if now is None else now,
        floor_after=after,
        equity=equity,
        short=reading.snapshot.account.money(after - equity),
        closes=smallest_closes(reading, plan),
    )
