"""Which clock a terminal's broker keeps: asked of hourly bars and of ticks that move, and held against every tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from monitors.broker_clock import CANDIDATES, FIXED, Weekends, shut, standing, weekends
from monitors.model import Ints
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS, SLOT_MS, zone

REMEDY = 'set clock in [[terminal]], such as clock = "new-york-close" or clock = "Europe/Athens"'

TIMEFRAME_H1 = 16385
BARS = 10_000
"""A year and a half: three changes of clocks in each hemisphere, well below what a terminal keeps."""
PAIRS, ENOUGH_WEEKENDS = 3, 52
"""So many pairs are read at most, and no further one after a year's worth of weekends."""
TICKING = 4
"""So many symbols are asked for their newest tick: those that a price came for last."""
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD")
AHEAD_MS, YOUNG_MS, DRIFT_MS = 2 * MINUTE_MS, MINUTE_MS, 5 * MINUTE_MS
"""How far a tick may lie in the future, how old one that is taken for new may be, how far off a machine's clock is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """A broker's clock by name, empty where none was found (then REMEDY helps); whether it is beyond doubt, and why."""

    zone: str
    certain: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """How far the ticks run ahead of UTC, on a quarter of an hour; `moving` where a tick was seen to come."""

    offset_ms: int
    moving: bool


def detect(module: Any, now_ms: int) -> Detected:
    """The clock behind a module with the package's face, connected already; reads much, so not in a beat.

    Bars say by which rule the clock changes, ticks how far ahead it is now; what stands still is no clock.
    """
    rows = module.symbols_get()
    if rows is None:
        return Detected(zone="", certain=False, why=f"no answer to symbols_get: {module.last_error()[1]}")
    visible = [row for row in rows if row.visible]
    ticking = [row.name for row in sorted(visible, key=lambda row: -row.time)[:TICKING]]
    before = _newest(module, ticking)
    seen = _weekends(module, visible)
    return judge(seen, live(before, _newest(module, ticking), now_ms), now_ms)


def live(before_ms: int, after_ms: int, now_ms: int) -> Live | None:
    """What two readings of the newest tick, on the broker's wall, say about its clock; None where they may be stale."""
    moving = after_ms > before_ms > 0
    ahead = after_ms - now_ms
    offset = round(ahead / SLOT_MS) * SLOT_MS
    age = offset - ahead
    new = -DRIFT_MS <= age <= DRIFT_MS if moving else -AHEAD_MS <= age <= YOUNG_MS and not shut(now_ms)
    if not new or not min(FIXED) * HOUR_MS <= offset <= max(FIXED) * HOUR_MS:
        return None
    return Live(offset_ms=offset, moving=moving)


def judge(seen: Weekends, ticks: Live | None, now_ms: int) -> Detected:
    """The clock that bars and ticks agree on, or which of them is believed and why."""
    fits = standing(seen)
    if not fits:
        return _by_ticks(seen, ticks, now_ms)
    names = [fit.zone for fit in fits]
    told = f"{names[0]} explains {fits[0].count} of {len(seen)} weekends"
    if ticks is None:
        return _doubted(names[0], told, names[1:])
    agreeing = [name for name in names if zone(name).offset_ms(now_ms) == ticks.offset_ms]
    if agreeing and ticks.moving:
        return _doubted(agreeing[0], f"{told}, and ticks run {shown(ticks.offset_ms)}", agreeing[1:])
    if agreeing:
        return _doubted(agreeing[0], told, [name for name in names if name != agreeing[0]])
    why = f"{told}, but ticks run {shown(ticks.offset_ms)}"
    if not ticks.moving:
        return Detected(zone=names[0], certain=False, why=f"{why}; nobody saw them move, so bars are believed")
    if ticks.offset_ms % HOUR_MS:
        return Detected(zone=names[0], certain=False, why=f"{why}; no such clock, so this machine's may be wrong")
    return Detected(zone=FIXED[ticks.offset_ms // HOUR_MS], certain=False, why=f"{why}; ticks are believed, for now")


def check(name: str, newest_wall_ms: int, now_ms: int, *, moving: bool = False) -> str | None:
    """Why the newest tick contradicts a clock, or None; `moving` where it came since a look less than a minute ago.

    Around a change of clocks both sides count: a server may change later than its rule, while its markets rest.
    """
    clock = zone(name)
    found = ""
    for day in (0, -DAY_MS, DAY_MS):
        ahead = newest_wall_ms - now_ms - clock.offset_ms(now_ms + day)
        found_then = _contradiction(ahead, moving=moving)
        if not found_then:
            return None
        found = found or found_then
    return f"{found} by {name}: the broker's clock or this machine's is another than it seems"


def shown(offset_ms: int) -> str:
    """UTC+3, UTC-5, UTC+5:30."""
    hours, minutes = divmod(abs(offset_ms) // MINUTE_MS, 60)
    return f"UTC{'-' if offset_ms < 0 else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def _contradiction(ahead_ms: int, *, moving: bool) -> str:
    if ahead_ms > AHEAD_MS:
        return f"the newest tick is {ahead_ms // MINUTE_MS} min in the future"
    slots = round(-ahead_ms / SLOT_MS)
    if moving and slots > 0 and abs(ahead_ms + slots * SLOT_MS) <= AHEAD_MS:
        return f"a tick came that is {slots * SLOT_MS // MINUTE_MS} min old"
    return ""


def _doubted(name: str, told: str, others: list[str]) -> Detected:
    """Certain where no other clock may be it."""
    return Detected(zone=name, certain=not others, why=f"{told}; so may {', '.join(others)}" if others else told)


def _by_ticks(seen: Weekends, ticks: Live | None, now_ms: int) -> Detected:
    """Where bars fit no clock; where there are none, the likeliest that runs as the ticks do."""
    told = f"no clock of whole hours explains half of {len(seen)} weekends" if len(seen) else "no weekend in any bars"
    if ticks is None:
        return Detected(zone="", certain=False, why=f"{told}, and no tick is seen to move")
    runs = f"{told}, and ticks run {shown(ticks.offset_ms)}"
    if ticks.offset_ms % HOUR_MS:
        return Detected(zone="", certain=False, why=runs)
    if len(seen):
        return Detected(zone=FIXED[ticks.offset_ms // HOUR_MS], certain=False, why=runs)
    likeliest = next(name for name in CANDIDATES if zone(name).offset_ms(now_ms) == ticks.offset_ms)
    return Detected(zone=likeliest, certain=False, why=f"{runs}, as {likeliest} does now")


def _newest(module: Any, symbols: list[str]) -> int:
    """The newest tick's time on the broker's wall; 0 where there is none."""
    ticks = [module.symbol_info_tick(symbol) for symbol in symbols]
    return max((int(tick.time_msc) for tick in ticks if tick is not None), default=0)


def _weekends(module: Any, visible: list[Any]) -> Weekends:
    """The weekends in the hourly bars of the pair that shows most of them."""
    most = weekends(np.empty(0, dtype=np.int64))
    for symbol in _pairs(visible)[:PAIRS]:
        bars = module.copy_rates_from_pos(symbol, TIMEFRAME_H1, 0, BARS)
        seen = weekends(_starts_ms(bars)) if bars is not None else most
        most = seen if len(seen) > len(most) else most
        if len(most) >= ENOUGH_WEEKENDS:
            break
    return most


def _starts_ms(bars: Any) -> Ints:
    starts: Ints = bars["time"].astype(np.int64) * 1000
    return starts


def _pairs(rows: list[Any]) -> list[str]:
    """The currency pairs, those of the most traded currencies first."""
    known = {currency: rank for rank, currency in enumerate(CURRENCIES)}
    found = [
        (known[row.currency_base] + known[row.currency_profit], row.name)
        for row in rows
        if row.currency_base in known and row.currency_profit in known and row.currency_base != row.currency_profit
    ]
    return [name for _, name in sorted(found)]
