"""The broker's clock asked of a module with the package's face: bars, ticks that move and ticks that stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from bridge.brokerclock import BARS, ENOUGH_WEEKENDS, PAIRS, TICKING, TIMEFRAME_H1, Detected, detect
from bridge.simulator.face.module import as_module
from monitors.broker_clock import CANDIDATES
from monitors.model import Ints
from monitors.zones import DAY_MS, HOUR_MS, zone
from tests.bridge.simulator.exchange_world import EURUSD, World
from tests.hourly_bars import bars, hours, utc

NOW = utc("2026-07-08T12:34:56")
SATURDAY = utc("2026-07-11T12:34:56")
YEAR_MS, MONTH_MS = 365 * DAY_MS, 28 * DAY_MS
SECOND_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The part of SymbolInfo that matters here."""

    name: str = "EURUSD"
    visible: bool = True
    time: int = 1
    currency_base: str = "EUR"
    currency_profit: str = "USD"


@dataclass(frozen=True, slots=True)
class Shown:
    time_msc: int


@dataclass(slots=True)
class Module:
    """A module whose symbols, bars and ticks are given; every reading of a tick takes the next, then the last again."""

    rows: Sequence[Row] | None = (Row(),)
    history: dict[str, Ints] = field(default_factory=dict)
    ticks: dict[str, list[int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def symbols_get(self) -> Sequence[Row] | None:
        return self.rows

    def last_error(self) -> tuple[int, str]:
        return -10004, "No IPC connection"

    def symbol_info_tick(self, symbol: str) -> Shown | None:
        self.asked.append(f"tick {symbol}")
        ahead = self.ticks.get(symbol, [])
        if not ahead:
            return None
        return Shown(ahead.pop(0) if len(ahead) > 1 else ahead[0])

    def copy_rates_from_pos(self, symbol: str, timeframe: int, start: int, count: int) -> Any:
        self.asked.append(f"bars {symbol}")
        assert (timeframe, start) == (TIMEFRAME_H1, 0)
        if symbol not in self.history:
            return None
        newest = self.history[symbol][-count:] // 1000
        return np.array([(second, 1.1) for second in newest], dtype=[("time", "<i8"), ("open", "<f8")])


def broker(name: str, now: int = NOW, span: int = YEAR_MS, *, ticks: Sequence[int] = (), runs: str = "") -> Module:
    """A broker of one clock: bars of `span` until now, and ticks of so many ms after now, on the clock `runs`."""
    wall = zone(runs or name).to_wall_ms(now)
    return Module(history={"EURUSD": bars(name, now - span, now)}, ticks={"EURUSD": [wall + after for after in ticks]})


MOVING = (-3 * SECOND_MS, 400)
STILL = (-3 * SECOND_MS,)


@pytest.mark.parametrize("name", CANDIDATES)
def test_bars_of_a_year_and_ticks_that_move_leave_no_doubt(name: str) -> None:
    found = detect(broker(name, ticks=MOVING), NOW)
    assert (found.zone, found.certain) == (name, True)


def test_a_real_history_is_read_through_the_module(shared: Path) -> None:
    table = pq.read_table(shared / "data" / "bars" / "USDJPY_h1_mt5_ejtrader.parquet")
    times = table["time_server"].to_numpy().astype("datetime64[ms]").astype(np.int64)
    found = detect(Module(history={"EURUSD": times}), utc("2022-03-05T12:00"))
    assert (found.zone, found.certain) == ("Europe/Athens", True)
    assert "of 83 weekends" in found.why


@pytest.mark.parametrize("name", ["new-york-close", "Europe/Athens", "gmt+2-australia"])
def test_a_simulated_terminals_clock_is_found_out_through_its_face(name: str) -> None:
    world = World(EURUSD, start=datetime(2026, 2, 16, tzinfo=UTC), zone=name)
    for hour in hours(utc("2026-02-16T00:00"), utc("2026-04-16T12:00")).tolist():
        world.after((hour - world.clock.utc_ms()) / 1000)
        world.quote("EURUSD", 1.10, 1.1001)
    found = detect(as_module(world.exchange.backend("main")), world.clock.utc_ms())
    assert (found.zone, found.certain) == (name, True)


def test_at_a_weekend_bars_alone_decide_and_a_tick_that_stands_still_is_no_clock() -> None:
    young = Module(history={"EURUSD": bars("new-york-close", SATURDAY - YEAR_MS, SATURDAY)})
    for ahead in range(-12, 15):
        young.ticks = {"EURUSD": [SATURDAY + ahead * HOUR_MS]}
        found = detect(young, SATURDAY)
        assert (found.zone, found.certain) == ("new-york-close", True)
        assert "tick" not in found.why


def test_a_tick_that_moves_at_a_weekend_is_a_clock() -> None:
    assert detect(broker("Europe/Athens", SATURDAY, MONTH_MS, ticks=MOVING), SATURDAY).why.endswith("Etc/GMT-3")
    lone = broker("new-york-close", SATURDAY, 0, ticks=MOVING)
    assert detect(lone, SATURDAY).zone == "new-york-close"


def test_four_weeks_of_summer_leave_a_doubt_and_the_likelier_rule() -> None:
    found = detect(broker("Europe/Athens", span=MONTH_MS), NOW)
    assert (found.zone, found.certain) == ("new-york-close", False)
    assert found.why == "new-york-close explains 4 of 4 weekends; so may Europe/Athens, Etc/GMT-3"


def test_ticks_choose_between_rules_that_bars_leave_open() -> None:
    now = utc("2026-03-11T12:00")
    winter = bars("Europe/Athens", utc("2026-02-02T00:00"), utc("2026-03-06T12:00"))
    wall = zone("Europe/Athens").to_wall_ms(now)
    found = detect(Module(history={"EURUSD": winter}, ticks={"EURUSD": [wall, wall + 300]}), now)
    assert found.zone == "Europe/Athens"
    assert "new-york-close" in found.why.split(" explains ")[0]
    assert not found.certain, "Etc/GMT-2 runs alike today"


@pytest.mark.parametrize(("after", "certain"), [((0, 300), True), ((0,), False)])
def test_a_tick_that_was_not_seen_to_move_chooses_but_leaves_the_doubt(after: tuple[int, ...], certain: bool) -> None:
    now = utc("2026-04-01T12:00")
    winter = bars("UTC", utc("2026-02-02T00:00"), utc("2026-03-06T12:00"))
    found = detect(Module(history={"EURUSD": winter}, ticks={"EURUSD": [now + ms for ms in after]}), now)
    assert (found.zone, found.certain) == ("UTC", certain)


def test_ticks_that_move_against_the_bars_win_as_a_fixed_clock() -> None:
    found = detect(broker("new-york-close", runs="UTC", ticks=MOVING), NOW)
    assert (found.zone, found.certain) == ("UTC", False)
    assert found.why.endswith("but ticks run UTC+0; ticks are believed, for now")


def test_a_tick_against_the_bars_that_was_not_seen_to_move_loses() -> None:
    found = detect(broker("new-york-close", runs="UTC", ticks=STILL), NOW)
    assert (found.zone, found.certain) == ("new-york-close", False)
    assert "nobody saw them move" in found.why


def test_ticks_on_a_quarter_of_an_hour_against_bars_on_the_hour_point_at_this_machine() -> None:
    found = detect(broker("new-york-close", runs="Asia/Kolkata", ticks=MOVING), NOW)
    assert (found.zone, found.certain) == ("new-york-close", False)
    assert "UTC+5:30" in found.why
    assert "this machine's may be wrong" in found.why


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Asia/Kathmandu"])
def test_a_broker_off_the_hour_is_not_guessed(name: str) -> None:
    moving, still = detect(broker(name, ticks=MOVING), NOW), detect(broker(name), NOW)
    assert (moving.zone, still.zone) == ("", "")
    assert "UTC+5:" in moving.why


def test_bars_that_fit_no_clock_leave_the_ticks_alone_to_say() -> None:
    module = broker("Asia/Kolkata", runs="Europe/Athens", ticks=MOVING)
    assert detect(module, NOW).zone == "Etc/GMT-3"


def test_without_bars_the_likeliest_clock_that_runs_as_the_ticks_is_taken_with_a_doubt() -> None:
    for ticks in (MOVING, STILL):
        found = detect(broker("new-york-close", span=0, ticks=ticks), NOW)
        assert (found.zone, found.certain) == ("new-york-close", False)


@pytest.mark.parametrize("rows", [(), (Row(visible=False),), (Row(),)])
def test_with_neither_bars_nor_ticks_no_clock_is_named(rows: Sequence[Row]) -> None:
    assert detect(Module(rows=rows), NOW) == Detected(
        zone="", certain=False, why="no weekend in any bars, and no tick is seen to move"
    )


def test_a_terminal_that_does_not_answer_says_why() -> None:
    found = detect(Module(rows=None), NOW)
    assert (found.zone, found.why) == ("", "no answer to symbols_get: No IPC connection")


def test_only_visible_pairs_of_currencies_are_asked_for_bars_the_most_traded_first() -> None:
    rows = (
        Row(name="NZDCAD", currency_base="NZD", currency_profit="CAD"),
        Row(name="DE40", currency_base="EUR", currency_profit="EUR"),
        Row(name="XAUUSD", currency_base="XAU"),
        Row(name="GBPUSD", currency_base="GBP", visible=False),
        Row(name="USDJPY.r", currency_base="USD", currency_profit="JPY"),
        Row(name="EURUSD.r"),
        Row(name="AUDUSD", currency_base="AUD"),
    )
    module = Module(rows=rows)
    detect(module, NOW)
    assert [line for line in module.asked if line.startswith("bars")] == [
        "bars EURUSD.r",
        "bars USDJPY.r",
        "bars AUDUSD",
    ]
    assert PAIRS == 3


def test_the_pair_with_most_weekends_speaks_and_a_years_worth_ends_the_search() -> None:
    rows = (Row(), Row(name="GBPUSD", currency_base="GBP"), Row(name="EURJPY", currency_profit="JPY"))
    short, whole = bars("UTC", NOW - MONTH_MS, NOW), bars("Europe/Athens", NOW - YEAR_MS - MONTH_MS, NOW)
    module = Module(rows=rows, history={"EURUSD": short, "EURJPY": whole, "GBPUSD": short})
    assert detect(module, NOW).zone == "Europe/Athens"
    assert "bars GBPUSD" not in module.asked
    assert ENOUGH_WEEKENDS == 52


def test_a_later_pair_with_fewer_weekends_does_not_take_over() -> None:
    rows = (Row(), Row(name="EURJPY", currency_profit="JPY"))
    histories = {"EURUSD": bars("Europe/Athens", NOW - YEAR_MS // 2, NOW), "EURJPY": bars("UTC", NOW - MONTH_MS, NOW)}
    assert detect(Module(rows=rows, history=histories), NOW).zone == "Europe/Athens"


def test_no_more_bars_are_asked_for_than_a_terminal_keeps() -> None:
    module = broker("UTC", span=2 * YEAR_MS)
    assert "of 83 weekends" in detect(module, NOW).why
    assert BARS == 10_000


def test_ticks_are_asked_of_the_symbols_whose_price_came_last() -> None:
    rows = [Row(name=f"S{n}", time=n, currency_base="X") for n in range(10)] + [Row(name="H", time=99, visible=False)]
    module = Module(rows=rows)
    detect(module, NOW)
    assert module.asked == [f"tick S{n}" for n in (9, 8, 7, 6)] * 2
    assert TICKING == 4
