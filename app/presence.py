"""Whether one account is seen: live, uncertain for a moment, or blind, which is said once and taken back once."""

from __future__ import annotations

from app.events import event
from app.shared import Shared
from app.sight import Sighting
from monitors.model import Snapshot
from monitors.ports import Link, Severity
from monitors.reading import Reading

PATIENCE_S = 1.0
"""For so long a terminal that has not answered yet is slow, and what was read last still stands."""
BLIND_S = 10.0
CLOCK = "Days and weeks may begin at another time than shown: set clock of this [[terminal]]."


class Presence:
    """The latest sighting and how fresh it is, by the monotonic clock."""

    def __init__(self, name: str, shared: Shared) -> None:
        self._name = name
        self._shared = shared
        self.sighting = Sighting()
        self.blind = False
        self._fresh_s = shared.clock.monotonic()
        self._ever = False
        self._blind_alert = 0
        self._clock_alert = 0

    @property
    def reading(self) -> Reading | None:
        """The latest reading; None where the latest sighting was none."""
        return self.sighting.reading

    @property
    def snapshot(self) -> Snapshot | None:
        """What the latest sighting saw, trustworthy or not."""
        return self.sighting.snapshot

    @property
    def unseen_s(self) -> float:
        """Seconds since the last reading, or since the start."""
        return self._shared.clock.monotonic() - self._fresh_s

    @property
    def silent_s(self) -> float:
        """The same, less what a start may take."""
        return self.unseen_s - (0.0 if self._ever else BLIND_S)

    def awaits(self, seen: Sighting) -> bool:
        """True where the answer is merely not there yet: nothing is judged, and nothing taken for lost."""
        return seen.pending and self.reading is not None and self.unseen_s < PATIENCE_S

    def unseen(self, reason: str) -> None:
        """No reading in this beat."""
        if not self.blind and self.unseen_s >= BLIND_S - 1e-9:
            self.blind = True
            self._tell("blind", reason)
            self._blind_alert = self._shared.alerts.stand(self._name, f"No data from {self._name}", reason)

    def seen(self, snapshot: Snapshot) -> None:
        """A reading in this beat."""
        if self.blind:
            self.blind = False
            self._shared.alerts.clear(self._blind_alert, None)
            self._tell("sighted", f"trustworthy data is back after {self.unseen_s:.0f} s")
        self._fresh_s, self._ever = self._shared.clock.monotonic(), True
        self._doubt(snapshot.clock_doubt)

    def link(self, *, known: bool) -> Link:
        """How well the account is seen; `known`: it was, at some time."""
        if self.blind:
            return Link.BLIND
        if self.reading is None:
            return Link.UNCERTAIN if known else Link.WAITING
        return Link.LIVE

    def _doubt(self, why: str) -> None:
        """An alert that stands for as long as the broker's clock contradicts what it is taken for."""
        if why and not self._clock_alert:
            self._clock_alert = self._shared.alerts.stand(self._name, "Broker's clock", why, CLOCK, Severity.MEDIUM)
        elif not why and self._clock_alert:
            self._shared.alerts.clear(self._clock_alert, None)
            self._clock_alert = 0

    def _tell(self, name: str, reason: str) -> None:
        self._shared.tell(event(self._shared.clock.utc_ms(), name, self._name, reason=reason))
