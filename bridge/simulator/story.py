"""The demo: three accounts, their books, and a day on which something happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from bridge.simulator import events, story_books
from bridge.simulator.backend import RATES
from bridge.simulator.catalogue import CHARACTERS, LISTINGS
from bridge.simulator.clock import EPOCH, Clock, VirtualClock, WallClock, epoch_ms
from bridge.simulator.desk import Desk
from bridge.simulator.exchange import Exchange, new_desk
from bridge.simulator.generator import Generated, Script, past_minutes
from bridge.simulator.playback import Playback, Recorded, Source
from bridge.simulator.ticks import Ticks
from monitors.zones import NEW_YORK_CLOSE, Zone, zone

TERMINALS = tuple((plan.name, plan.login) for plan in story_books.PLANS)
"""The demo's accounts: their names with their logins, the first one leads."""
START = datetime(2026, 11, 19, 12, 30, tzinfo=UTC)  # a Thursday: the market is open whenever the demo is started
_HISTORY_MINUTES = 9 * 1440
# The story in seconds of the person who watches, and the move of each symbol in percent by then: quiet, a fall, a
# pause, a deeper fall, a recovery, a second wave; then round again.
_BEATS_S = (0.0, 10.0, 22.0, 28.0, 42.0, 50.0, 80.0, 110.0, 150.0, 190.0, 240.0)
_MOVES_PCT = {
    "XAUUSD": (0.0, 0.02, 0.70, 0.66, 1.42, 1.38, 0.60, 0.45, 0.95, 0.30, 0.0),
    "EURUSD": (0.0, 0.01, -0.12, -0.10, -0.30, -0.29, -0.12, -0.08, -0.18, -0.05, 0.0),
    "GBPJPY": (0.0, 0.00, -0.15, -0.12, -0.34, -0.30, -0.10, 0.02, -0.12, 0.05, 0.0),
    "US500": (0.0, 0.02, 0.10, 0.08, 0.25, 0.22, 0.10, -0.05, 0.12, 0.02, 0.0),
}
_CYCLES = 200
_AWAY_S = (62.0, 74.0)  # when the terminal of the second account loses its broker


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A world ready to be watched; `terminals` holds the accounts' names with their logins, the first one leads."""

    exchange: Exchange
    clock: Clock
    start: datetime
    terminals: tuple[tuple[str, int], ...]


def build(
    *, seed: int = 1, speed: float = 1.0, tapes: Mapping[str, Ticks] | None = None, virtual: bool = False,
    begin: datetime | None = None,
) -> Demo:  # fmt: skip
    """The demo's world. The story takes the same time to watch at every speed.

    `begin` takes the place of the story's own start, and the market then never closes.

    Symbols with a tape play it, from the moment the last of the tapes begins. ValueError for a tape of a symbol that
    this broker does not list.
    """
    tapes = tapes or {}
    if unknown := sorted(set(tapes) - set(LISTINGS)):
        raise ValueError(f"{unknown[0]}: not a symbol of the demo, should be one of {', '.join(LISTINGS)}")
    start = begin or START
    if tapes:
        start = EPOCH + timedelta(milliseconds=max(int(t.utc_ms[0]) for t in tapes.values()))
    start_ms = epoch_ms(start)
    clock: Clock = VirtualClock(start) if virtual else WallClock(start, speed)
    always_open = begin is not None
    sources = {name: _source(name, tapes, seed, start_ms, speed, always_open=always_open) for name in LISTINGS}
    clock_zone = zone(NEW_YORK_CLOSE)
    desks = [_desk(plan, sources, clock_zone, start_ms, seed) for plan in story_books.PLANS]
    away, back = (start_ms + round(at * speed * 1000) for at in _AWAY_S)
    events.happen(desks[1], away, "disconnect", {})
    events.happen(desks[1], back, "reconnect", {})
    return Demo(exchange=Exchange(clock, desks), clock=clock, start=start, terminals=TERMINALS)


def _source(name: str, tapes: Mapping[str, Ticks], seed: int, start_ms: int, speed: float, *,
            always_open: bool) -> Source:  # fmt: skip
    if name in tapes:
        return Recorded(tapes[name])
    moves = _MOVES_PCT.get(name)
    script = _script(moves, start_ms, speed) if moves else None
    return Generated(seed=seed, symbol=name, character=CHARACTERS[name], start_ms=start_ms, script=script,
                     always_open=always_open)  # fmt: skip


def _script(moves: tuple[float, ...], start_ms: int, speed: float) -> Script:
    length = _BEATS_S[-1]
    beats = np.concatenate([np.array(_BEATS_S[1:]) + cycle * length for cycle in range(_CYCLES)])
    times = start_ms + np.r_[0.0, beats] * speed * 1000
    logs = np.log1p(np.r_[moves[0], np.tile(moves[1:], _CYCLES)] / 100)
    return Script(utc_ms=times.astype(np.int64), log_moves=logs)


def _desk(plan: story_books.Plan, sources: Mapping[str, Source], zone: Zone, start_ms: int, seed: int) -> Desk:
    desk = new_desk(plan.name, plan.account(), LISTINGS.values(), zone, start_ms, feed=Playback(sources, start_ms))
    desk.advance(start_ms)
    for name, line in desk.market.lines.items():
        character = replace(CHARACTERS[name], price=line.bid)
        starts, closes = past_minutes(
            seed=seed, symbol=name, character=character, end_ms=start_ms, minutes=_HISTORY_MINUTES
        )
        bars = np.zeros(len(starts), dtype=RATES)
        bars["time"] = zone.to_wall(starts) // 1000
        closes = closes.round(line.listing.digits)
        bars["close"] = closes
        bars["open"] = np.r_[closes[:1], closes[:-1]]
        bars["high"] = np.maximum(bars["open"], bars["close"])
        bars["low"] = np.minimum(bars["open"], bars["close"])
        bars["tick_volume"] = 60
        bars["spread"] = round((line.ask - line.bid) / line.listing.point)
        line.bars.load(bars)
    story_books.fill(desk, plan, start_ms)
    return desk
