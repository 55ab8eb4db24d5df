"""What this machine's end would leave, as JSON-able facts; what is not bounded or not known is null."""

from __future__ import annotations

import math
from typing import Any

from monitors.backstop import Stop
from monitors.model import Unknown
from monitors.unattended import Standing, Unattended


def left(found: Unattended) -> dict[str, Any]:
    """Account currency; `worst` null: not bounded, `room` null: no rule limits it."""
    return {
        "worst": _finite(found.worst),
        "bare": found.bare,
        "room": found.room if isinstance(found.room, float) else None,
        "rule": found.rule,
        "at": found.at,
        "pendings": found.pendings,
        "backstops": [_standing(one) for one in found.backstops],
    }


def _standing(one: Standing) -> dict[str, Any]:
    head = {"rule": one.rule, "metric": one.metric, "at": one.at, "within": one.within, "terms": one.terms,
            "agreed": one.agreed, "stands": one.stands}  # fmt: skip
    if isinstance(one.plan, Unknown):
        return head | {"worst": None, "room": None, "missing": None, "stops": [], "why": one.plan.reason}
    made = one.plan
    return head | {"worst": _finite(made.worst), "room": made.room, "missing": _finite(made.missing),
                   "stops": [_stop(stop) for stop in made.stops], "why": ""}  # fmt: skip


def _stop(stop: Stop) -> dict[str, Any]:
    held = stop.position
    return {"position": held.identifier, "symbol": held.symbol, "side": held.side, "volume": held.lots,
            "stop": held.stop, "planned": stop.planned, "loss": _finite(stop.loss), "why": stop.why}  # fmt: skip


def _finite(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None
