"""When the window draws: what moved as often as it looks while focused, less often beside another, alerts at once."""

from __future__ import annotations

from monitors.ports import AccountFrame, Frame

UNFOCUSED_HZ, REST_MS = 4, 1_000


class Turns:
    """Asked at every look, `look_hz` times a second."""

    def __init__(self, look_hz: int) -> None:
        self._every = max(1, -(-look_hz // UNFOCUSED_HZ))
        self._looks, self._stirred_ms = 0, -REST_MS

    def due(self, newest: Frame | None, drawn: Frame | None, *, focused: bool) -> bool:
        """Whether to draw now what is newest; an alert that came, went, climbed or was answered waits for no turn.

        Where nothing moved for a second but the time, once a second is enough: no clock or age shows less, and what
        waits for the drawn time to pass, as a row that has just come takes no Ack, does not wait longer.
        """
        self._looks += 1
        if newest is None or drawn is None:
            return True
        called = _alerts(newest) != _alerts(drawn)
        if called or _moved(newest, drawn):
            self._stirred_ms = newest.at_ms
        if called:
            return True
        if not focused and self._looks % self._every:
            return False
        return newest.at_ms - self._stirred_ms < REST_MS or newest.at_ms // 1_000 != drawn.at_ms // 1_000


def _alerts(frame: Frame) -> list[tuple[object, ...]]:
    return [(a.number, a.active, a.stage, a.acknowledged_ms, a.shelved_until_ms) for a in frame.alerts]


def _moved(newest: Frame, drawn: Frame) -> bool:
    return [_state(view) for view in newest.accounts] != [_state(view) for view in drawn.accounts]


def _state(view: AccountFrame) -> tuple[object, ...]:
    """What a person may wait for: money, positions, what is done with them, and whether all that is seen at all."""
    seen = view.name, view.link, view.reason, view.mode, view.can_stop
    return (*seen, view.account, view.positions, view.orders, view.halt, view.position_states, view.last_action)
