"""Where each open position has been in the last hour, a point every fifteen seconds: what its small picture shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from monitors.kinds import Side
from monitors.model import Position

STEP_S, KEPT = 15.0, 240


class Lately:
    """By position, oldest first: how far its price stood from where it was opened, in its favour, in price."""

    def __init__(self) -> None:
        self._ways: dict[int, deque[float]] = {}
        self._noted_s = float("-inf")
        self.view: Mapping[int, tuple[float, ...]] = {}

    def note(self, positions: Iterable[Position], now_s: float) -> None:
        """What is held now; one that is gone is forgotten. `now_s` is monotonic."""
        if now_s - self._noted_s < STEP_S:
            return
        self._noted_s = now_s
        ways = {}
        for held in positions:
            way = ways[held.identifier] = self._ways.get(held.identifier, deque(maxlen=KEPT))
            way.append((held.price - held.open) * (1.0 if held.side is Side.BUY else -1.0))
        self._ways = ways
        self.view = {position: tuple(way) for position, way in ways.items()}
