"""What a person asked of single positions: tried for a minute, as everything else through the gate, and never kept.

A restart knows nothing of a wish that was not sent; what was sent it settles as any other request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitors.backstop import Stop
from monitors.by_hand import GONE, close_part, tighten
from monitors.gate import Source, Wish
from monitors.ports import Clock, ClosePart, TightenStop
from monitors.projection import worsens
from monitors.reading import Reading

if TYPE_CHECKING:
    from app.guard import Guard

TRIED_S = 60.0
"""For so long a wish is tried again after a refusal; then a person has to ask again."""
NOISE_LOTS = 1e-9


@dataclass(frozen=True, slots=True)
class _Asked:
    """Steps to be left, or the price of a stop; until when (monotonic s)."""

    goal: float
    until_s: float


class ByHand:
    """Of one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closes: dict[int, _Asked] = {}
        self._stops: dict[int, _Asked] = {}

    def take(self, command: ClosePart | TightenStop, guard: Guard) -> bool:
        """Whether it can be done as things are now; why not stands in the last thing said."""
        why = self._refused(command, guard)
        if why:
            guard.executor.last_said = f"not done: {why}"
        return not why

    def _refused(self, command: ClosePart | TightenStop, guard: Guard) -> str:
        reading = guard.now.reading
        if reading is None:
            return "the account is not seen"
        if guard.halting.decides or guard.stop.closing:
            return "a stop or a fault decides here: only the emergency stop closes"
        if guard.rivals.reason:
            return guard.rivals.reason
        until_s = self._clock.monotonic() + TRIED_S
        if isinstance(command, TightenStop):
            found = tighten(reading, command.position, command.stop)
            if isinstance(found, str):
                return found
            self._stops[command.position] = _Asked(found.planned, until_s)
            return ""
        held = reading.snapshot.position(command.position)
        if held is None:
            return GONE
        if abs(held.lots - command.held) > NOISE_LOTS:
            return f"the position holds {held.lots:g} lots by now: look again"
        left = close_part(reading, command.position, command.left, _targets(guard))
        if isinstance(left, str):
            return left
        self._closes[command.position] = _Asked(left, until_s)
        return ""

    def wishes(self, reading: Reading, guard: Guard) -> list[Wish]:
        """Closes that are not there yet, and do not leave a worse book than the plans do."""
        self._closes = self._lasting(self._closes, reading, guard)
        held = {p.identifier: p.steps for p in reading.snapshot.positions}
        found, planned = list[Wish](), _targets(guard) if self._closes else {}
        for position, asked in tuple(self._closes.items()):
            if held[position] <= asked.goal:
                del self._closes[position]
            elif not worsens({**planned, position: int(asked.goal)}, reading) or worsens(planned, reading):
                found.append(Wish(position=position, target=int(asked.goal), source=Source.HAND, uncapped=True))
        return found

    def stops(self, reading: Reading, guard: Guard) -> dict[int, Stop]:
        """Stops that are not there yet and may still stand where they were asked for."""
        self._stops = self._lasting(self._stops, reading, guard)
        found = {position: tighten(reading, position, asked.goal) for position, asked in self._stops.items()}
        self._stops = {p: asked for p, asked in self._stops.items() if isinstance(found[p], Stop)}
        return {position: stop for position, stop in found.items() if isinstance(stop, Stop)}

    def _lasting(self, asked: dict[int, _Asked], reading: Reading, guard: Guard) -> dict[int, _Asked]:
        """Those whose position is held, and that are not given up."""
        now_s, held = self._clock.monotonic(), {p.identifier: p for p in reading.snapshot.positions}
        late = [p for p, one in asked.items() if now_s >= one.until_s]
        for position in late:
            name = held[position].symbol if position in held else "position"
            guard.executor.last_said = f"{name} {position}: given up after {TRIED_S:.0f} s, ask again or act in MT5"
        return {p: one for p, one in asked.items() if p in held and p not in late}


def _targets(guard: Guard) -> dict[int, int]:
    return {position: target.steps for position, target in guard.keeper.memory.targets.items()}
