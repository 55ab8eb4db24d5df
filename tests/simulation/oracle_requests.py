"""Promises 1, 2, 3, 7 and 8 at the broker's door: what a request may ask, what is on disk before it, what is open."""

from __future__ import annotations

from monitors.gate import HaltKind
from tests.simulation.broker import CLOSE_BY, DEAL, REMOVE, SLTP, Arrival, closing_side
from tests.simulation.judge import Oracle
from tests.simulation.story import NAME

NOTICED_S = 2.0


class Requests(Oracle):
    """Nothing opens, enlarges or turns; each send has its intent on disk and no other one open beside it."""

    _turned_s: float | None = None
    _noticed = 0
    _unrecorded = False
    """The clock was set while the disk failed: a kill before it is well leaves nothing that tells it."""
    _unsure_life = 0
    """The latest process that died so; how old its requests are no later one can know."""

    def stepped(self, seconds: float) -> None:
        self._unrecorded |= bool(self.run.fate.disk)

    def killed(self) -> None:
        if self._unrecorded:
            self._unsure_life = self.run.door.life

    def arrived(self, arrival: Arrival) -> None:
        action = arrival.request["action"]
        if action == DEAL:
            self._only_closes(arrival)
            self._in_turn(arrival)
            self._intended(arrival)
            self._alone(arrival)
        elif action == SLTP:
            self._only_tightens(arrival)
        elif action == CLOSE_BY:
            self._only_covers(arrival)
            self._intended(arrival)
            self._alone(arrival)
        elif action != REMOVE:
            self.breach(1, f"a request of kind {action}, which can open something")

    def _only_closes(self, arrival: Arrival) -> None:
        asked = arrival.request
        if not asked["position"]:
            self.breach(1, "a deal without a position opens one")
        elif arrival.held is None:
            if not arrival.durable or not self._was_there(arrival):
                self.breach(1, f"a close of {asked['position']}, a ticket that no position has had")
        elif asked["symbol"] != arrival.held.listing.name:
            self.breach(1, f"a close of {arrival.position} in {asked['symbol']}")
        elif asked["type"] != closing_side(arrival.side):
            self.breach(1, f"a deal on the side of position {arrival.position} enlarges it")
        elif arrival.steps is None or arrival.steps > arrival.held_steps:
            self.breach(2, f"{asked['volume']} of position {arrival.position}, more than it holds")

    def _in_turn(self, arrival: Arrival) -> None:
        """Where the oldest has to go first no younger one of its symbol and side goes before it."""
        held = arrival.held
        if held is None or not self.desk.account.fifo_close:
            return
        alike = [p for p in self.desk.book.positions.values() if p.listing is held.listing and p.side == held.side]
        oldest = min(alike, key=lambda p: (p.opened_ms, p.identifier))
        if oldest is not held:
            self.breach(4, f"position {arrival.position} is closed before the older {oldest.identifier}")

    def _was_there(self, arrival: Arrival) -> bool:
        number = arrival.request["position"]
        return any(number in (d.position_id, d.order) for d in self.desk.book.deals)

    def _only_tightens(self, arrival: Arrival) -> None:
        held, new = arrival.held, arrival.request["sl"]
        if held is None:
            return
        if not new or (held.sl and held.sign * (new - held.sl) < -1e-9):
            self.breach(1, f"a stop of position {arrival.position} from {held.sl} to {new} is no tighter")
        if arrival.request["tp"] != held.tp:
            self.breach(1, f"the target of position {arrival.position} was changed")

    def _only_covers(self, arrival: Arrival) -> None:
        other = arrival.other
        if arrival.held and other and (other.side == arrival.side or other.listing.name != arrival.held.listing.name):
            self.breach(1, "a close-by of two that do not cover each other")

    def _intended(self, arrival: Arrival) -> None:
        on_disk, number = arrival.durable, arrival.number
        if number is None:
            self.breach(7, "a request without its number")
        elif on_disk is None:
            self.breach(7, f"request {number} is sent, and nothing of it is on disk")
        elif on_disk["state"] != "sent":
            self.breach(8, f"request {number} is sent though it stands as {on_disk['state']}")
        elif arrival.held and on_disk["position"] != arrival.position:
            self.breach(7, f"request {number} is on disk for position {on_disk['position']}, not {arrival.position}")
        elif arrival.other and on_disk.get("by") != arrival.other.identifier:
            self.breach(7, f"request {number} is on disk by {on_disk.get('by')}, not by {arrival.other.identifier}")

    def _alone(self, arrival: Arrival) -> None:
        """On disk and in the broker's own books."""
        netting, symbol, legs = not self.desk.account.hedging, arrival.request["symbol"], {*arrival.positions}
        before = self.run.door.arrivals[:-1]
        for number, positions, state in arrival.open_before:
            same = not legs.isdisjoint(positions)
            if same or (netting and any(a.number == number and a.request["symbol"] == symbol for a in before)):
                self.breach(3, f"request {arrival.number} beside {number}, which stands as {state}")
        for earlier in before:
            if not legs.isdisjoint(earlier.positions) and earlier.due_ms > self.run.world.utc_ms():
                promise = 3 if earlier.life == arrival.life else 8
                if promise == 8 and earlier.life <= self._unsure_life:
                    continue
                self.breach(promise, f"request {arrival.number} while {earlier.number} is still being carried out")
        if any(a.number == arrival.number for a in before):
            self.breach(8, f"request {arrival.number} is sent twice")

    def beaten(self) -> None:
        """An opening by a close of ours is noticed within two seconds of the first look that can show it."""
        self._unrecorded &= bool(self.run.fate.disk)
        found = self.run.door.opened()
        opened = len(found)
        if opened == self._noticed:
            return
        reading, now = self.run.engine.guards[NAME].now.reading, self.run.now_s
        if reading is None:
            self._turned_s = None
        elif self._turned_s is None and reading.snapshot.taken_ms > found[-1].utc_ms + self.run.clock.skew_ms:
            self._turned_s = now
        halt = self.run.engine.guards[NAME].halting.halt
        if halt and (halt.kind is HaltKind.FAULT or halt.by_person):
            self._noticed, self._turned_s = opened, None
        elif self._turned_s is not None and now - self._turned_s > NOTICED_S:
            self._noticed, self._turned_s = opened, None
            self.breach(2, "a close of ours opened the opposite, and nothing was halted")
