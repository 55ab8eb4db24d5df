"""When the window draws: as often as it looks while it is focused, less often beside another, alerts at once."""

from __future__ import annotations

from monitors.ports import Frame

UNFOCUSED_HZ = 4


class Turns:
    """Asked at every look, `look_hz` times a second."""

    def __init__(self, look_hz: int) -> None:
        self._every = max(1, -(-look_hz // UNFOCUSED_HZ))
        self._looks = 0

    def due(self, newest: Frame | None, drawn: Frame | None, *, focused: bool) -> bool:
        """Whether to draw now what is newest; an alert that came, went or climbed waits for no turn."""
        self._looks += 1
        if focused or newest is None or drawn is None or self._looks % self._every == 0:
            return True
        return _alerts(newest) != _alerts(drawn)


def _alerts(frame: Frame) -> list[tuple[int, bool, int]]:
    return [(alert.number, alert.active, alert.stage) for alert in frame.alerts]
