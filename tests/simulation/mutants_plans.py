"""Planted bugs of levels, plans and rounding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app import execution, halts, ladder, planner, targets
from app.guard import Guard
from app.halting import Halting
from app.ladder import Ladder
from monitors import projection
from monitors.gate import HaltKind, admit
from monitors.lots import target_after
from monitors.model import Instrument
from monitors.responses import reduce
from monitors.responses.base import Situation
from monitors.rules import judge
from monitors.settings import Rule
from tests.simulation.mutation import Bed, Plant


def _rounding(new: Any) -> Plant:
    def plant(bed: Bed) -> None:
        bed.put(reduce, "target_after", new)
        bed.put(projection, "target_after", new)

    return plant


def _floored(instrument: Instrument, held: int, closing: float) -> int:
    return target_after(instrument, held, int(closing)) if closing >= 1 else held


def _crumbs(instrument: Instrument, held: int, closing: float) -> int:
    return held - min(held, -int(-closing // 1))


def _reduce_by(bed: Bed) -> None:
    """A share of what is held now, again and again, in the place of what was held when the episode began."""

    def situation(reading: Any, rule: Rule, began: Any) -> Situation:
        return Situation(reading=reading, rule=rule, began={p.identifier: p.steps for p in reading.snapshot.positions})

    bed.put(planner, "Situation", situation)


def _targets_deeper(bed: Bed) -> None:
    draw = planner.draw

    def deeper(*given: Any) -> Any:
        drawn = draw(*given)
        return replace(
            drawn, plan=replace(drawn.plan, targets={p: max(t - 1, 0) for p, t in drawn.plan.targets.items()})
        )

    bed.put(planner, "draw", deeper)


def _armed_always(bed: Bed) -> None:
    configure = Guard.configure

    def armed(self: Guard, config: Any) -> None:
        configure(self, replace(config, armed=True))

    bed.put(Guard, "configure", armed)


def _stop_goes_on_planning(bed: Bed) -> None:
    bed.put(Halting, "decides", property(lambda _: False))
    bed.put(Halting, "wishes", lambda *_, **__: [])
    stop = Halting.stop

    def forgetful(self: Halting, reason: str, snapshot: Any, *, by_person: bool) -> None:
        targets = dict(self._keeper.memory.targets)
        stop(self, reason, snapshot, by_person=by_person)
        self._keeper.memory.targets = targets

    bed.put(Halting, "stop", forgetful)


def _fault_sends_on(bed: Bed) -> None:
    _stop_goes_on_planning(bed)

    def loose(wish: Any, around: Any) -> Any:
        return admit(wish, replace(around, halt=None if around.halt is HaltKind.FAULT else around.halt))

    bed.put(execution, "admit", loose)
    bed.put(
        Halting,
        "fault",
        lambda self, reason, snapshot: (
            self._begin(halts.begin(HaltKind.FAULT, reason, self._clock.utc_ms(), snapshot))
            if self.halt is None
            else None
        ),
    )


def _undo_too_deep(bed: Bed) -> None:
    undo = halts.undo_wishes

    def deeper(halt: Any, snapshot: Any) -> Any:
        wishes, stubborn = undo(halt, snapshot)
        return [replace(wish, target=0) for wish in wishes], stubborn

    bed.put(halts, "undo_wishes", deeper)


def _alerts_every_beat(bed: Bed) -> None:
    def forgetful(rule: Any, level: Any, state: Any, value: Any, now_s: float) -> Any:
        return judge(rule, level, replace(state, tripped=False), value, now_s)

    bed.put(ladder, "judge", forgetful)


PLANS: dict[str, Plant] = {
    "floor instead of ceil": _rounding(_floored),
    "a crumb is left": _rounding(_crumbs),
    "reduce by, not to": _reduce_by,
    "a step more than planned": _targets_deeper,
    "observe mode sends": _armed_always,
    "a stop goes on planning": _stop_goes_on_planning,
    "a fault sends on": _fault_sends_on,
    "an undo below what was held": _undo_too_deep,
    "plans without end": lambda bed: bed.put(planner, "PLANS", 99),
    "targets pruned early": lambda bed: bed.put(targets, "prune", lambda memory, *_: bool(memory.targets.clear())),
    "nothing planned": lambda bed: bed.put(Ladder, "due", lambda *_, **__: []),
    "no hysteresis": lambda bed: bed.put(Rule, "beyond", lambda rule, value, at: not rule.breached(value, at)),
    "an alert every beat": _alerts_every_beat,
    "waiting orders are left": lambda bed: bed.put(Halting, "pendings", lambda *_, **__: set()),
}
