"""Promise 7, the other half: an outcome is told once, and says what the broker's books say."""

from __future__ import annotations

from app.events import Event
from tests.simulation.broker import Arrival
from tests.simulation.judge import Oracle

FINAL = ("done", "partial", "refused")
SILENT_MS = 75_000
"""The minute that the records may stay silent, and two beats."""


class Outcomes(Oracle):
    """No claim of a close that the broker has not booked, and none left out."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._final: dict[int, Event] = {}

    def believed(self, told: Event) -> None:
        if told["event"] != "outcome" or told["state"] not in FINAL:
            return
        number = told["request"]
        if number in self._final and self._final[number]["state"] != told["state"]:
            self.breach(7, f"request {number} ended as {self._final[number]['state']} and as {told['state']}")
        self._final[number] = told
        self._compare(number, told)

    def _compare(self, number: int, told: Event) -> None:
        arrival = next((a for a in self.run.door.arrivals if a.number == number), None)
        if arrival is None:
            if told["filled"]:
                self.breach(7, f"request {number} never reached the broker and is told as {told['filled']} closed")
            return
        listing = self.desk.market.lines[self._symbol(arrival)].listing
        closed = self.run.door.executed(number)
        if len({*closed.values()}) > 1:
            self.breach(7, f"request {number} closed {closed}, not the same of both")
        booked, asked = listing.lots(max(closed.values(), default=0)), listing.lots(arrival.asked or 0)
        if abs(booked - told["filled"]) > 1e-9:
            self.breach(7, f"request {number} is told as {told['state']} with {told['filled']}, booked is {booked}")
        if (told["state"] == "done") != (abs(booked - asked) < 1e-9):
            self.breach(7, f"request {number} is told as {told['state']}, {booked} of {asked} is booked")

    @staticmethod
    def _symbol(arrival: Arrival) -> str:
        return str(arrival.durable["symbol"] if arrival.durable else arrival.request["symbol"])

    def ended(self) -> None:
        for number, told in self._final.items():
            self._compare(number, told)
        now_ms = self.run.world.utc_ms()
        lately = {a.number for a in self.run.door.arrivals if now_ms - a.at_ms < SILENT_MS}
        for number, positions, state in self.run.files.unsettled():
            if number not in lately:
                self.breach(7, f"request {number} for {positions} is {state} for ever")
