"""The two axes: broker time along the bottom, values at the right."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

import pyqtgraph as pg

from ui import text, theme

RIGHT_PX = 66
STEPS = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
    text.DAY, 2 * text.DAY, 7 * text.DAY, 14 * text.DAY, 28 * text.DAY, 91 * text.DAY,
)  # fmt: skip
TICK_PX, VALUE_PX, TAG_PX, EDGE_PX = 92, 34, 16, 9


def stamp(ms: int, now_ms: int, offset_s: int) -> str:
    """A moment in broker time: `14:32:07` today, `19 Feb, 14:32` before, with the year where it is another."""
    then, now = text.moment(ms, offset_s), text.moment(now_ms, offset_s)
    if then.date() == now.date():
        return text.clock(ms, offset_s)
    return f"{then.day} {then:%b}{f' {then.year}' if then.year != now.year else ''}, {then:%H:%M}"


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Ticks at round broker times; the day's name at midnight."""

    def __init__(self) -> None:
        super().__init__(orientation="bottom")
        self.offset_s = 0
        dress(self)
        self.setHeight(24)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        wanted = (high - low) * TICK_PX / max(size, 1)
        step = next((one for one in STEPS if one >= wanted), STEPS[-1])
        first = math.ceil((low + self.offset_s) / step) * step - self.offset_s
        return [(step, [first + n * step for n in range(max(0, int((high - first) // step) + 1))])]

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:
        return [self._words(value, spacing) for value in values]

    def _words(self, value: float, spacing: float) -> str:
        local = datetime.fromtimestamp(round(value + self.offset_s), UTC)
        if spacing >= text.DAY or not (local.hour or local.minute or local.second):
            return f"{local:%a} {local.day}" if spacing < 7 * text.DAY else f"{local.day} {local:%b}"
        return f"{local:%H:%M:%S}" if spacing < text.MINUTE else f"{local:%H:%M}"


class ValueAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Round values, with room left for the last value's tag."""

    def __init__(self, words: Callable[[float, int], str]) -> None:
        super().__init__(orientation="right")
        self._words = words
        self._tag: float | None = None
        dress(self)
        self.setWidth(RIGHT_PX)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        raw = max(high - low, 1e-9) * VALUE_PX / max(size, 1)
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * 0.999)
        first = math.ceil(low / step)
        values = [(first + n) * step for n in range(max(0, math.floor(high / step) - first + 1))]
        pixel = (high - low) / max(size, 1)
        free = [value for value in values if low + EDGE_PX * pixel < value < high - EDGE_PX * pixel]
        tag = None if self._tag is None else min(max(self._tag, low + EDGE_PX * pixel), high - EDGE_PX * pixel)
        return [(step, [value for value in free if tag is None or abs(value - tag) > TAG_PX * pixel])]

    def keep_clear(self, tag: float | None) -> None:
        """Write no value under the tag that stands at `tag`."""
        if tag != self._tag:
            self._tag = tag
            self.picture = None
            self.update()

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:
        digits = max(0, -math.floor(math.log10(spacing) + 1e-9))
        return [self._words(value, digits) for value in values]


def dress(axis: pg.AxisItem) -> None:
    """The axis in the theme's small type, without its line."""
    c = theme.colours()
    axis.setStyle(tickFont=theme.font(10), tickLength=0, tickTextOffset=6, hideOverlappingLabels=False)
    axis.setTextPen(c.faint)
    axis.setPen(c.line)
    axis.picture = None
