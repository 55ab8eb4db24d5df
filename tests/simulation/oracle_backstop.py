"""Stops at the broker: agreed to, on disk first, only nearer, and never on one leg of a hedge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.simulator.book import BUY
from monitors.ports import Command, Consent
from tests.simulation.broker import SLTP, Arrival
from tests.simulation.by_hand import asked_by_hand
from tests.simulation.judge import Oracle

if TYPE_CHECKING:
    from tests.simulation.run import Run

SEEN_S = 2.5
"""A position this young may not have been seen."""


class Stops(Oracle):
    """Every change of a stop at the broker's door, against what was agreed, noted and held."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._agreed = False

    def clicking(self, command: Command) -> None:
        self._agreed |= isinstance(command, Consent)

    def arrived(self, arrival: Arrival) -> None:
        held = arrival.held
        if arrival.request["action"] != SLTP:
            return
        if not self._agreed and not asked_by_hand(self.run.judge).stops(arrival.position, arrival.request["sl"]):
            self.breach(1, f"a stop of position {arrival.position} is sent, and nobody agreed")
        if held is None:
            return
        noted = self.run.files.protections().get(str(arrival.position))
        if noted is None or abs(noted["stop"] - arrival.request["sl"]) > 1e-9:
            self.breach(7, f"a stop of position {arrival.position} is sent, and on disk is {noted}")
        line = self.desk.market.lines[held.listing.name]
        price = line.price(buy=held.side != BUY)
        apart = (price - arrival.request["sl"]) * held.sign
        least = held.listing.stops_level * held.listing.point
        if apart < least - 1e-9:
            self.breach(
                1, f"a stop of position {arrival.position} is sent {apart:g} from the price, allowed is {least:g}"
            )
        others = [p for p in self.desk.book.positions.values()
                  if p.listing is held.listing and p.side != held.side
                  and p.opened_ms < self.desk.now_ms - 1000 * SEEN_S]  # fmt: skip
        if others:
            self.breach(1, f"a stop is sent for one leg of a hedge, position {arrival.position}")
