"""What sounds: a critical alert until somebody has seen it or asked for silence, a high one once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitors.ports import AlertView, Clock, Frame, Severity

AGAIN_S = 10.0
"""A critical alert that nobody has seen sounds again so often."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Whether something sounds again and again, and whether what would is silenced."""

    loud: bool
    silenced: bool


SILENT = Sound(loud=False, silenced=False)


class Sounder:
    """Hears every frame, the window being shown or not. Silence is not acknowledgement: it ends with what is new."""

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._known: set[tuple[int, int]] = set()
        """Numbers and stages that have sounded."""
        self._silenced: set[tuple[int, int]] = set()
        self._standing: set[tuple[int, int]] = set()
        self._rang_s: float | None = None

    def hear(self, frame: Frame) -> Sound:
        """Ring where it is time, and say what sounds."""
        waiting = {_key(a): a for a in frame.alerts if a.active and a.waiting}
        self._standing = {key for key, alert in waiting.items() if alert.severity.rank >= Severity.CRITICAL.rank}
        heard = {key for key, alert in waiting.items() if alert.severity.rank >= Severity.HIGH.rank}
        fresh = heard - self._known
        self._known, self._silenced = heard, self._silenced & self._standing
        loud = bool(self._standing - self._silenced)
        now_s = self._clock.monotonic()
        if fresh or (loud and (self._rang_s is None or now_s - self._rang_s >= AGAIN_S)):
            self._rang_s = now_s
            self._ring()
        return Sound(loud=loud, silenced=bool(self._standing) and not loud)

    def silence(self) -> None:
        """What sounds now is quiet until it climbs, and something new sounds as ever."""
        self._silenced |= self._standing


def _key(alert: AlertView) -> tuple[int, int]:
    return alert.number, alert.stage
