"""Promise 16: blindness is said in time, no beat fails, and what was planned is reached once the faults are over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.events import Event
from bridge.simulator.book import Position
from tests.simulation.judge import Oracle
from tests.simulation.oracle_halts import Halts
from tests.simulation.oracle_plans import Plans
from tests.simulation.oracle_sight import Seen
from tests.simulation.story import NAME

if TYPE_CHECKING:
    from tests.simulation.run import Run

BLIND_S = 10.0
SLACK_S = 14.5
"""The longest leap of the clock, and a call that hangs."""
PACED_MS = 75_000
OF_THE_DISK = ("JournalError", "sqlite", "Operational", "not written", "did not take")
WORSE = ("raise margin", "worst loss", "more than", "more lots", "soft rule")


class Alive(Oracle):
    """Silence never looks like safety."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._blind = False
        self._faults = 0
        self.stuck: set[str] = set()
        """Symbols of which a close was denied because what is left would be worse."""
        self._there: set[tuple[int, int]] = set()
        """Positions with the steps that were to be left, where that has been reached."""
        self._bad_since_s: float | None = None

    def believed(self, told: Event) -> None:
        if told["event"] in ("blind", "sighted"):
            self._blind = told["event"] == "blind"
        elif told["event"] == "denied":
            held = self.desk.book.by_identifier(told["position"])
            if held and any(why in told["reason"] for why in WORSE):
                self.stuck.add(held.listing.name)  # a leg of a hedge waits for the other

    def started(self) -> None:
        self._blind, self._faults, self._bad_since_s = False, 0, None

    def slept(self) -> None:
        self._bad_since_s = None

    def beaten(self) -> None:
        self._note(self._oracle(Plans))
        told = self.run.engine.faults[self._faults :]
        faults = [f for f in told if "Error: " in f and not any(known in f for known in OF_THE_DISK)]
        self._faults = len(self.run.engine.faults)
        for fault in faults:
            self.breach(16, f"a beat failed: {fault}")
        seen = self._oracle(Seen)
        now = self.run.clock.monotonic()
        if not seen.trouble:
            self._bad_since_s = None
        elif self._bad_since_s is None:
            self._bad_since_s = now
        elif now - self._bad_since_s > BLIND_S + SLACK_S and not self._blind:
            self.breach(16, f"nothing can be read for {now - self._bad_since_s:.0f} s and nobody says so")
            self._bad_since_s = None

    def _oracle(self, kind: type) -> Any:
        return next(o for o in self.run.judge.oracles if isinstance(o, kind))

    def ended(self) -> None:
        if self._blind or self.run.engine.guards[NAME].now.reading is None:
            self.breach(16, "everything can be seen for long, and it still is blind")
            return
        halts, plans = self._oracle(Halts), self._oracle(Plans)
        if halts.kind == "stop":
            self._flat(halts)
        elif halts.kind != "fault" and self.run.config.armed:
            self._reached(plans)

    def _flat(self, halts: Halts) -> None:
        """A stop leaves nothing of what was held, and no order that waits."""
        left = [i for i in halts.baseline if self.desk.book.by_identifier(i)]
        if left or self.desk.book.pendings:
            self.breach(
                16, f"stopped for long, and positions {left} and {len(self.desk.book.pendings)} orders are left"
            )

    def _reached(self, plans: Plans) -> None:
        """Of what is closed in parts, five a minute, the rest may still come, and what waits its turn behind it."""
        self._note(plans)
        since_ms = self.run.world.utc_ms() - PACED_MS
        lately = {a.held.listing.name for a in self.run.door.arrivals if a.at_ms > since_ms and a.held}
        for identifier, wanted in plans.targets.items():
            held = self.desk.book.by_identifier(identifier)
            least = min(wanted.values(), default=0)
            if held is None or (identifier, least) in self._there:
                continue
            if held.listing.name not in lately | self.stuck:
                self.breach(16, f"position {identifier} holds {held.steps} steps for long, planned were {least}")

    def _note(self, plans: Plans) -> None:
        """Which targets have been reached; others may enlarge the position afterwards."""
        for identifier, wanted in plans.targets.items():
            held, least = self.desk.book.by_identifier(identifier), min(wanted.values(), default=0)
            if held is None or held.steps - least < _closable(held, least):
                self._there.add((identifier, least))


def _closable(held: Position, least: int) -> int:
    """The fewest steps that an order may close of it: after a partial fill the rest may be fewer."""
    return round(held.listing.volume_min / held.listing.volume_step) if least else 1
