"""The two axes: round broker times along the bottom, round values at the right, and where each is written."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from ui import text

RIGHT_PX, BOTTOM_PX = 66, 24
"""Room beside the charts for their values, and under the last one for the times."""
STEPS = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
    text.DAY, 2 * text.DAY, 7 * text.DAY, 14 * text.DAY, 28 * text.DAY, 91 * text.DAY, 182 * text.DAY,
    364 * text.DAY, 728 * text.DAY, 1_820 * text.DAY,
)  # fmt: skip
QUARTER_S = 91 * text.DAY
TICK_PX, VALUE_PX, TAG_PX, EDGE_PX = 92, 34, 16, 9


class Tick(NamedTuple):
    """Where on the axis, in its own unit, and what is written there."""

    at: float
    words: str


def stamp(ms: int, now_ms: int, offset_s: int) -> str:
    """A moment in broker time: `14:32:07` today, `19 Feb, 14:32` before, with the year where it is another."""
    then, now = text.moment(ms, offset_s), text.moment(now_ms, offset_s)
    if then.date() == now.date():
        return text.clock(ms, offset_s)
    return f"{then.day} {then:%b}{f' {then.year}' if then.year != now.year else ''}, {then:%H:%M}"


def times(left_s: float, right_s: float, pixels: float, offset_s: int) -> list[Tick]:
    """Round broker times between two (UTC epoch seconds); the day's name at midnight."""
    wanted = (right_s - left_s) * TICK_PX / max(pixels, 1)
    step = next((one for one in STEPS if one >= wanted), STEPS[-1])
    first = math.ceil((left_s + offset_s) / step) * step - offset_s
    count = max(0, int((right_s - first) // step) + 1)
    return [Tick(at, _time(at + offset_s, step)) for at in (first + n * step for n in range(count))]


def _time(wall_s: float, step_s: float) -> str:
    local = datetime.fromtimestamp(round(wall_s), UTC)
    if step_s >= text.DAY or not (local.hour or local.minute or local.second):
        if step_s >= QUARTER_S:
            return f"{local:%b %Y}"
        return f"{local:%a} {local.day}" if step_s < 7 * text.DAY else f"{local.day} {local:%b}"
    return f"{local:%H:%M:%S}" if step_s < text.MINUTE else f"{local:%H:%M}"


def values(low: float, high: float, pixels: float, words: Callable[[float, int], str], tag: float | None) -> list[Tick]:
    """Round values between two, none at the edge and none under the tag that stands at `tag`."""
    raw = max(high - low, 1e-9) * VALUE_PX / max(pixels, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= raw * 0.999)
    pixel = (high - low) / max(pixels, 1)
    least, most = low + EDGE_PX * pixel, high - EDGE_PX * pixel
    under = math.inf if tag is None else min(max(tag, least), most)
    first, digits = math.ceil(low / step), max(0, -math.floor(math.log10(step) + 1e-9))
    found = ((first + n) * step for n in range(max(0, math.floor(high / step) - first + 1)))
    return [
        Tick(value, words(value, digits))
        for value in found
        if least < value < most and abs(value - under) > TAG_PX * pixel
    ]
