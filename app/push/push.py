"""The engine's side of push messages: hears every event at no cost, and says in the log what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.alerts import AlertBook
from app.events import Event
from app.push.courier import Courier
from app.push.lane import Lane, Post
from app.push.message import Worth
from app.push.targets import MISSING, installed
from bridge.clock import SystemClock
from monitors.ports import Clock, Severity
from monitors.settings import NotifySettings

RULE, REMEDY = "Push messages", "Try them: plimsoll push test. Alerts are shown here all the same."
LONG_S = 120.0
"""A target that has failed for so long raises an alert, one of a kind that lasts does at once."""
LEAVE_S = 0.5


class Push:
    """Without URLs it does nothing. `hear`, `beat` and `configure` are called in the engine's thread and never wait."""

    def __init__(self, settings: NotifySettings | None = None, say: Callable[[str], None] = lambda _: None,
                 hide: Callable[[str], str] = str, *, clock: Clock | None = None, post: Callable[[str], Post] = Courier,
                 there: Callable[[], bool] = installed) -> None:  # fmt: skip
        """`hide` masks what may not leave, `post` makes the way to a target, `there` tells whether the extra is."""
        self.settings = NotifySettings()
        self._say, self._hide, self._post, self._there = say, hide, post, there
        self._clock = clock or SystemClock()
        self._lanes: list[Lane] = []
        self._worth = Worth(self.settings.min_severity)
        self._standing: dict[str, int] = {}
        """The alert that stands, by target; of all of them under the name of nothing."""
        self._missing = False
        self.configure(settings or NotifySettings())

    def configure(self, settings: NotifySettings) -> None:
        """Other targets from now on; what waited for those before is let go."""
        if settings == self.settings:
            return
        self.settings = settings
        for lane in self._lanes:
            lane.stop()
        self._worth = Worth(settings.min_severity)
        self._missing = bool(settings.urls) and not self._there()
        if self._missing:
            self._say(MISSING)
        self._lanes = [Lane(url, settings.per_minute, self._clock, self._post(url), self._hide)
                       for url in settings.urls if not self._missing]  # fmt: skip

    def hear(self, told: Event) -> None:
        """One event."""
        entry = self._worth.entry(told) if self._lanes else None
        if entry is not None:
            for lane in self._lanes:
                lane.put(entry)

    def beat(self, alerts: AlertBook, account: str, row: Callable[..., None]) -> None:
        """Once a beat: a row of the log for each message that had an outcome, one alert for a target that fails long.

        The alert stands at `account`; `row` writes into the audit log alone, so that no message tells of messages.
        """
        for lane in self._lanes:
            while lane.outcomes:
                out = lane.outcomes.popleft()
                row("push", account, target=out.target, taken=out.ok, said=out.said, alerts=out.alerts)
        troubles = dict(self._troubles())
        for target in [*self._standing]:
            if target not in troubles:
                alerts.clear(self._standing.pop(target), None)
        for target, why in troubles.items():
            if target not in self._standing:
                self._standing[target] = alerts.stand(account, RULE, why, REMEDY, Severity.MEDIUM)

    def _troubles(self) -> Iterator[tuple[str, str]]:
        if self._missing:
            yield "", MISSING
        for place, lane in enumerate(self._lanes):
            failing = lane.failing
            if failing and (failing[2] or self._clock.monotonic() - failing[0] >= LONG_S):
                yield f"{place} {lane.label}", f"{lane.label} takes no messages: {failing[1]}"

    def close(self, within_s: float = LEAVE_S) -> bool:
        """End, after the messages under way; False where one is still under way then, and ends with the program."""
        for lane in self._lanes:
            lane.stop()
        end_s = self._clock.monotonic() + within_s
        return all(lane.ended(max(0.0, end_s - self._clock.monotonic())) for lane in self._lanes)
