"""The promises that a request can break, looked at once more when all is decided: a breach was planned wrongly."""

from __future__ import annotations

from monitors.kinds import Side
from monitors.model import Position


def broken(position: Position, target: int, *, side: Side, steps: int, durable: bool, in_flight: bool) -> str:
    """Which promise an order of `side` over `steps` would break; empty where none (SAFETY: promises 1 to 4 and 7).

    `durable`: its intent is on disk. `in_flight`: another request for the position, or on netting for its symbol, is
    not settled.
    """
    if side is position.side:
        return f"a {side} was about to enlarge position {position.identifier}"
    if not 0 < steps <= position.steps:
        return f"{steps} steps were about to be closed of the {position.steps} of position {position.identifier}"
    if steps > position.steps - target:
        return f"position {position.identifier} was about to be closed below what the plan leaves of it"
    if in_flight:
        return f"a second request for position {position.identifier} was about to be sent"
    return "" if durable else "a request was about to be sent that is not on disk"
