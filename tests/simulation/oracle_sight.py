"""Promise 5: nothing is sent, and nothing called flat, on data that the broker's own books call bad or old."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.simulation.broker import CLOSES, Arrival
from tests.simulation.judge import Oracle
from tests.simulation.story import LOGIN, NAME

if TYPE_CHECKING:
    from tests.simulation.run import Run

STALE_S = 2.5


class Seen(Oracle):
    """What an honest look would have shown, beat by beat."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.good_s = -math.inf
        self.bad_since_s: float | None = None
        self._flat = self._forbidden = False
        """Whether nothing was held when the guard last looked; and whether algo trading was off."""

    @property
    def trouble(self) -> str:
        """Why nothing can be read now; empty where everything can."""
        desk = self.desk
        if not desk.alive:
            return "the terminal is gone"
        if not desk.linked:
            return "the terminal has no broker"
        if desk.account.login != LOGIN:
            return f"account {desk.account.login} is logged in"
        for name in {p.listing.name for p in desk.book.positions.values()}:
            line = desk.market.lines[name]
            if not line.quoted:
                return f"{name} is quoted {line.bid} and {line.ask}"
        return ""

    def beaten(self) -> None:
        guard, now = self.run.engine.guards[NAME], self.run.world.monotonic()
        trouble = self.trouble
        if not trouble:
            self.good_s, self.bad_since_s = now, None
        elif self.bad_since_s is None:
            self.bad_since_s = now
        reading = guard.now.reading
        if (
            trouble
            and reading
            and reading.snapshot.taken_ms == self.run.clock.utc_ms()
            and not guard.now.sighting.pending
        ):
            self.breach(5, f"a reading is judged though {trouble}")
        if reading and reading.snapshot.taken_ms == self.run.clock.utc_ms() and not guard.now.sighting.pending:
            self._forbidden = not self.desk.algo_trading
            self._flat = not self.desk.book.positions and not self.desk.book.pendings
        if guard.halting.flat and (not self._flat or guard.now.blind):
            self.breach(5, "called flat, and it is not")

    def arrived(self, arrival: Arrival) -> None:
        if arrival.request["action"] not in CLOSES:
            return
        if arrival.login != LOGIN:
            self.breach(5, f"request {arrival.number} goes to account {arrival.login}")
        elif self._forbidden and not self.desk.algo_trading:
            self.breach(5, f"request {arrival.number} is sent though algo trading was seen to be off")
        elif self.trouble and self.run.world.monotonic() - self.good_s > STALE_S:
            self.breach(5, f"request {arrival.number} is sent though {self.trouble}")
