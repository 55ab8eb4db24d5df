"""Promise 10 and 16 for what nobody has seen: a critical alert is told again while it waits, so often, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events import Event
from tests.simulation.judge import Oracle

if TYPE_CHECKING:
    from tests.simulation.run import Run

SEVERE = ("critical", "extreme")
SLACK_S = 30.0
"""The longest leap of the clock, and what a start waits before anything climbs."""


@dataclass(slots=True)
class _Waiting:
    since_s: float
    severity: str
    told: int = 0
    acknowledged: bool = False


class Climbing(Oracle):
    """By alert: since when it waits, and how often it was told again."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._alerts: dict[int, _Waiting] = {}
        self._remembered: set[int] = set()
        """Acknowledged while the disk failed: a kill before it takes something again forgets that."""

    def believed(self, told: Event) -> None:
        if told["event"] != "alert":
            return
        now, number = self.run.clock.monotonic(), told["alert"]
        if told["state"] == "raised":
            self._alerts[number] = _Waiting(now, told["severity"])
        alert = self._alerts.setdefault(number, _Waiting(now, told["severity"]))
        match told["state"]:
            case "escalated":
                self._told(number, alert, told["stage"])
                alert.since_s = now
            case "acknowledged":
                alert.acknowledged = True
                if self.run.fate.disk:
                    self._remembered.add(number)
            case "cleared":
                del self._alerts[number]

    def _told(self, number: int, alert: _Waiting, stage: int) -> None:
        """Of its own accord, so many times; once more where what was done about it did not help."""
        alert.told += 1
        most = self.run.story.escalate_times + 1
        if stage > most or alert.told > most:
            self.breach(10, f"alert {number} is told again for the {max(stage, alert.told)}th time")
        hopeless = self.run.files.alerts().get(number, {}).get("escalated")
        if alert.acknowledged and not hopeless:
            self.breach(10, f"alert {number} is told again, and it was acknowledged")
        alert.acknowledged = False
        early = self.run.clock.monotonic() - alert.since_s < self.run.story.escalate_s - 1.0
        if early and not hopeless and stage > 0 and self._since_start_s > self.run.story.escalate_s:
            self.breach(10, f"alert {number} is told again after {self.run.clock.monotonic() - alert.since_s:.1f} s")

    _started_s = 0.0

    @property
    def _since_start_s(self) -> float:
        return self.run.clock.monotonic() - self._started_s

    def started(self) -> None:
        """A kill may come between disk and telling."""
        now = self._started_s = self.run.clock.monotonic()
        on_disk = self.run.files.alerts()
        for number in [*self._alerts]:
            view = on_disk.get(number)
            if view is None or not view["active"]:  # none: the disk never took it
                del self._alerts[number]
                continue
            alert = self._alerts[number]
            alert.since_s, alert.told = now, max(alert.told, view["stage"])
            alert.acknowledged = alert.acknowledged and number not in self._remembered
            alert.acknowledged |= view["acknowledged_ms"] is not None
        self._remembered.clear()
        for number, view in on_disk.items():
            if view["active"] and number not in self._alerts:
                seen = view["acknowledged_ms"] is not None
                self._alerts[number] = _Waiting(now, view["severity"], view["stage"], seen)

    def beaten(self) -> None:
        if not self.run.fate.disk:
            self._remembered.clear()
        now, story = self.run.clock.monotonic(), self.run.story
        for number, alert in self._alerts.items():
            due = alert.severity in SEVERE and not alert.acknowledged and alert.told < story.escalate_times
            if due and now - alert.since_s > story.escalate_s + SLACK_S:
                alert.since_s = now
                self.breach(16, f"alert {number} waits for {story.escalate_s:g} s, and is not told again")
