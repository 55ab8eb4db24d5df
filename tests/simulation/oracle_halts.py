"""Promises 6 and 15: a halt is on disk before it is shown, outlives a kill, and ends by a person or its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import Event
from monitors.ports import Command, EmergencyStop, Reset
from tests.simulation.broker import CLOSES, Arrival
from tests.simulation.judge import Oracle
from tests.simulation.oracle_commitment import plain
from tests.simulation.story import NAME

if TYPE_CHECKING:
    from tests.simulation.run import Run

OUTAGE_S = 3.0
"""So long a disk may refuse everything before the alarm about it is missed."""


EARLY_MS = 5000
"""A clock that was set is told from the newest tick, which may be as old as the last look."""


class Halts(Oracle):
    """The halt as it was told; `kind` is rule, stop, fault or empty."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.kind = ""
        self.was = ""
        """The kind of the halt that was lifted last."""
        self.reason = ""
        self.by_person = False
        self.baseline: dict[int, int] = {}
        self.sides: dict[int, tuple[str, int]] = {}
        """Symbol and side of each of them."""
        self.since_ms = 0
        self._truly_ms = 0
        """When it began by the world's clock."""
        self._tick_ms = 0
        """How old the newest tick was then: of a machine whose clock is wrong nothing tells the time better."""
        self._resetting = False
        self._fault_told = False
        self._alarmed = False
        self._readings = 0
        self._waiting_s: float | None = None

    def said(self, told: Event) -> None:
        if told["event"] == "halt":
            if not self.run.files.halts():  # of two in one beat the second may stand there already
                self.breach(6, f"the halt {told['reason']!r} is shown and not on disk")
        elif told["event"] == "alert" and told["state"] == "raised" and told["rule"] == "Journal":
            self._alarmed = True

    def believed(self, told: Event) -> None:
        if told["event"] == "halt":
            self._begin(told["reason"])
        elif told["event"] == "reset":
            self._end(told["reason"])

    def _begin(self, reason: str) -> None:
        action, was = self._actions().get(plain(reason)), self.kind
        if reason.startswith("emergency stop by"):
            self.kind, self.by_person = "stop", True
        elif action is not None:
            self.kind, self.by_person = ("stop" if action["action"] == "emergency_stop" else "rule"), False
        else:
            self.kind, self.by_person = "fault", False
        self.reason, self.since_ms = reason, self.run.clock.utc_ms()
        self._truly_ms = self.run.world.utc_ms()
        symbols = {p.listing.name for p in self.desk.book.positions.values()}
        newest = max((self.desk.market.lines[name].utc_ms for name in symbols), default=self._truly_ms)
        self._tick_ms = self._truly_ms - newest if self.run.clock.skew_ms else 0
        if not (was == self.kind == "rule"):  # prolonged, it goes on undoing what was opened since it began
            held = self.desk.book.positions.values()
            self.baseline = {p.identifier: p.steps for p in held}
            self.sides = {p.identifier: (p.listing.name, p.side) for p in held}

    def _end(self, reason: str) -> None:
        until = self._actions().get(plain(self.reason), {}).get("until")
        if "time" in reason:
            minutes = until if isinstance(until, float) else None
            now_ms, lasts_ms = self.run.clock.utc_ms() + EARLY_MS, (minutes or 0.0) * 60_000
            truly_ms = self.run.world.utc_ms() + EARLY_MS + self._tick_ms - self._truly_ms
            over = minutes is not None and lasts_ms <= max(truly_ms, now_ms - self.since_ms, now_ms - self._truly_ms)
            if not over and until != "day":
                self.breach(6, f"the halt {self.reason!r} ends by itself, not at its time")
            if until == "day" and self.run.clock.utc_ms() // 86_400_000 == self.since_ms // 86_400_000 \
                    and self.run.story.zone == "UTC":  # fmt: skip
                self.breach(6, f"the halt {self.reason!r} ends on the day it began")
        elif not self._resetting:
            self.breach(6, f"the halt {self.reason!r} is lifted and nobody lifted it")
        self.was, self.kind, self.reason, self.by_person = self.kind, "", "", False

    def _person_first(self) -> None:
        """A person's stop closes though the disk takes nothing: within some beats something of it is sent."""
        guard, fate, now = self.run.engine.guards[NAME], self.run.fate, self.run.world.monotonic()
        hindered = fate.failed_since_s is None or guard.now.reading is None or guard.executor.open_requests
        left = [i for i in self.baseline if self.desk.book.by_identifier(i)]
        if hindered or not (self.kind == "stop" and self.by_person and left and self.desk.algo_trading):
            self._waiting_s = None
            return
        self._waiting_s = now if self._waiting_s is None else self._waiting_s
        sent = any(a.at_ms >= self.run.world.utc_ms() - 40_000 for a in self.run.door.arrivals)
        if now - self._waiting_s > 6 and not sent:
            self.breach(15, "the disk takes nothing, and a person's stop is not carried out")

    def _actions(self) -> dict[str, dict[str, object]]:
        return {f"{rule['name']} {rule['when']} {level['at']:g}": level
                for rule in self.run.base["rule"] for level in rule["levels"]}  # fmt: skip

    def clicking(self, command: Command) -> None:
        self._resetting = isinstance(command, Reset)
        if isinstance(command, EmergencyStop) and self.kind == "stop":
            self.by_person = True

    def clicked(self, command: Command, *, meant: bool) -> None:
        self._resetting = False

    def arrived(self, arrival: Arrival) -> None:
        if arrival.request["action"] in CLOSES and self.kind == "fault":
            self.breach(6, f"request {arrival.number} is sent under a fault halt: {self.reason}")
        failed = self.run.fate.failed_since_s
        if failed is not None and not self.by_person and self.run.world.monotonic() - failed > 1:
            self.breach(15, f"request {arrival.number} is sent by itself while the disk takes nothing")

    def killed(self) -> None:
        self._alarmed = False

    def started(self) -> None:
        """What a kill cut off between disk and telling holds all the same; nothing else may be other than told."""
        kept = self.run.files.halts(spare=False)
        if kept and kept[0]["reason"] != self.reason:
            self._begin(kept[0]["reason"])
        elif self.kind and not kept and self._resetting:
            self._end("reset by a person")
        elif self.kind and not kept:
            ends = [row for row in self.run.files.events() if row["event"] in ("halt", "reset")]
            if ends and ends[-1]["event"] == "reset":
                self._end(ends[-1]["reason"])
        self._resetting = False

    def beaten(self) -> None:
        guard = self.run.engine.guards[NAME]
        if self.kind and guard.now.reading is not None and guard.halting.halt is None:
            self.breach(6, f"the halt {self.reason!r} is gone")
            self.kind = ""
        self._person_first()
        failed = self.run.fate.failed_since_s
        self._readings = self._readings + 1 if guard.now.reading is not None and failed is not None else 0
        if failed is None:
            self._alarmed = False
        elif self.run.fate.disk and self.run.world.monotonic() - failed > OUTAGE_S and not self._alarmed \
                and self._readings > 2 and self.run.fate.disk != "every second write":  # fmt: skip
            standing = any(a.rule == "Journal" and a.active for a in self.run.engine.shared.alerts.views())
            if not standing:
                self.breach(15, "the disk takes nothing and no alarm says so")
