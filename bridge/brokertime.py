"""Broker wall-clock times, as the terminal gives them, to UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from monitors.days import Zone
from monitors.model import Ints

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BrokerTime:
    """Converts between the broker's clock and UTC, both as epoch numbers; remembers the offset of the current hour."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._hours: dict[int, int] = {}

    def to_utc_ms(self, broker_ms: int) -> int:
        """UTC milliseconds of a broker wall reading; an hour that occurs twice counts as the first."""
        hour = broker_ms // 900_000
        offset = self._hours.get(hour)
        if offset is None:
            wall = (_EPOCH + timedelta(milliseconds=hour * 900_000)).replace(tzinfo=None)
            offset = self._hours[hour] = hour * 900_000 - self._zone.utc_ms(wall)
            if len(self._hours) > 50_000:  # noqa: PLR2004 -- a year and a half of quarter hours; then start afresh
                self._hours = {hour: offset}
        return broker_ms - offset

    def array_to_utc_ms(self, broker_ms: Ints) -> Ints:
        """The same for many; length n."""
        if not len(broker_ms):
            return broker_ms
        first, last = self.to_utc_ms(int(broker_ms[0])), self.to_utc_ms(int(broker_ms[-1]))
        if broker_ms[0] - first == broker_ms[-1] - last:
            return broker_ms - (int(broker_ms[0]) - first)
        return np.array([self.to_utc_ms(int(ms)) for ms in broker_ms], dtype=np.int64)

    def to_broker_s(self, utc_ms: int) -> int:
        """Broker wall-clock epoch seconds at a UTC instant, as the package wants its dates."""
        return utc_ms // 1000 + self._zone.offset_s(utc_ms)
