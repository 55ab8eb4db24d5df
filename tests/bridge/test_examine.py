"""One question to a terminal in a process of its own: what is found, and what is said where nothing comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bridge import oneshot
from bridge.attach import Attached, Attachment
from bridge.examine import CallFacts, Examination, broker_clock, calls_timed, clock_found, examine, examined, time_calls
from bridge.port import TerminalError
from bridge.simulator.face.module import as_module
from bridge.simulator.launch import launched
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, USDJPY, World
from tests.bridge.standin.installation import PACKAGES, installed

HANG = """
[[event]]
at = 0.0
do = "hang"
seconds = 3600.0
"""
ACCOUNT = """
[scenario]
length_s = 3600
[[symbol]]
name = "EURUSD"
bid = 1.1
ask = 1.1001
[[position]]
id = 1
symbol = "EURUSD"
side = "buy"
volume = 1.0
open = 1.1
"""


@pytest.fixture
def world() -> World:
    made = World(EURUSD, USDJPY)
    made.quote("EURUSD", 1.10000, 1.10010)
    made.quote("USDJPY", 150.000, 150.010)
    made.open("EURUSD", BUY, 0.1)
    return made


@pytest.fixture
def mt5(world: World) -> Recorder:
    return Recorder(as_module(world.exchange.backend("main")))


def looked_at(mt5: Recorder, world: World, *symbols: str) -> Examination:
    attached = Attached(module=mt5, ready=lambda: None, connect=mt5.mt5.initialize)
    assert attached.opened()
    return examine(attached, world.clock, symbols)


def timed(mt5: Recorder, world: World) -> CallFacts:
    attached = Attached(module=mt5, ready=lambda: None, connect=mt5.mt5.initialize)
    attached.answering()
    return time_calls(attached, world.clock)


def simulated(path: Path) -> Attachment:
    return Attachment(name="main", backend="simulator", path=str(path))


@pytest.fixture
def hanging(tmp_path: Path) -> Iterator[Attachment]:
    scenario = tmp_path / "hang.toml"
    scenario.write_text(ACCOUNT + HANG, encoding="utf-8")
    with launched(tmp_path / "simulator.json", scenario=scenario):
        yield simulated(tmp_path / "simulator.json")


def test_the_account_the_terminal_and_what_is_held_are_seen(mt5: Recorder, world: World) -> None:
    seen = looked_at(mt5, world)
    assert (seen.login, seen.kind, seen.margin_mode, seen.positions) == (1001, "demo", "hedging", 1)
    assert seen.algo_trading
    assert not seen.api_disabled
    (symbol,) = seen.symbols
    assert (symbol.symbol, symbol.flagged, symbol.closes_with) == ("EURUSD", ("FOK", "IOC"), ("IOC", "FOK"))
    assert (symbol.volume_min, symbol.volume_step, symbol.execution) == (0.01, 0.01, "market")
    assert set(seen.latency_ms) >= {"account_info", "positions_get", "history_deals_get", "symbol_info_tick"}


def test_symbols_that_are_asked_for_are_seen_beside_those_held(mt5: Recorder, world: World) -> None:
    assert [s.symbol for s in looked_at(mt5, world, "USDJPY").symbols] == ["EURUSD", "USDJPY"]


def test_a_symbol_that_is_none_is_a_fault_of_its_own(mt5: Recorder, world: World) -> None:
    found = {s.symbol: s for s in looked_at(mt5, world, "NOPE").symbols}
    assert "Not found" in found["NOPE"].fault
    assert found["EURUSD"].fault == ""


def test_a_terminal_that_says_nothing_is_no_terminal_without_positions(mt5: Recorder, world: World) -> None:
    mt5.nothing("positions_get", -10002, "IPC recv failed")
    with pytest.raises(TerminalError, match="no answer to positions_get"):
        looked_at(mt5, world)


def test_a_kind_of_account_that_is_not_known_is_told_as_its_number(mt5: Recorder, world: World) -> None:
    genuine = mt5.mt5.account_info

    def odd() -> Any:
        return SimpleNamespace(**{**genuine()._asdict(), "trade_mode": 7})

    mt5.answers["account_info"] = odd
    assert looked_at(mt5, world).kind == "number 7"


HEAVIER = {"symbols_get", "copy_ticks_from", "order_calc_margin", "order_calc_profit"}


def test_the_calls_that_no_look_needs_are_timed_on_a_symbol_that_is_held(mt5: Recorder, world: World) -> None:
    found = timed(mt5, world)
    assert (set(found.latency_ms), found.faults) == (HEAVIER, ())
    assert {given[0] for given in mt5.named("copy_ticks_from")} == {"EURUSD"}
    assert len(mt5.named("copy_ticks_from")) > 1


def test_a_call_that_is_slow_is_timed_once(mt5: Recorder, world: World) -> None:
    genuine = mt5.mt5.symbols_get

    def slow() -> Any:
        world.after(0.3)
        return genuine()

    mt5.answers["symbols_get"] = slow
    assert timed(mt5, world).latency_ms["symbols_get"] == 300.0
    assert len(mt5.named("symbols_get")) == 1


def test_a_call_that_is_not_answered_takes_none_of_the_others_with_it(mt5: Recorder, world: World) -> None:
    mt5.nothing("order_calc_margin", -1, "Terminal: Call failed")
    found = timed(mt5, world)
    assert set(found.latency_ms) == HEAVIER - {"order_calc_margin"}
    assert [fault.split(":")[0] for fault in found.faults] == ["no answer to order_calc_margin"]


def test_where_nothing_is_held_no_symbol_is_asked_about() -> None:
    world = World(EURUSD)
    found = timed(Recorder(as_module(world.exchange.backend("main"))), world)
    assert (set(found.latency_ms), found.faults) == ({"symbols_get"}, ())


def test_a_clock_that_nothing_shows_has_no_zone(world: World, mt5: Recorder) -> None:
    mt5.nothing("symbols_get", -1)
    attached = Attached(module=mt5, ready=lambda: None, connect=mt5.mt5.initialize)
    assert attached.opened()
    found = broker_clock(attached, world.clock)
    assert (found.zone, found.certain, found.offset_s) == ("", False, 0)


def test_a_process_of_its_own_sees_a_simulated_terminal(tmp_path: Path) -> None:
    with launched(tmp_path / "simulator.json"):
        seen = examined(simulated(tmp_path / "simulator.json"), 20.0)
        clock = clock_found(simulated(tmp_path / "simulator.json"), 20.0)
        calls = calls_timed(simulated(tmp_path / "simulator.json"), 20.0)
    assert (seen.login, seen.kind, seen.connected) == (51023381, "demo", True)
    assert (clock.zone, clock.certain) == ("new-york-close", True)
    assert (set(calls.latency_ms), calls.faults) == (HEAVIER, ())


def test_a_process_of_its_own_sees_the_genuine_packages_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PACKAGES))
    with installed(tmp_path) as path:
        seen = examined(Attachment(name="main", backend="mt5", path=str(path)), 20.0)
    assert (seen.login, seen.path) == (51023381, str(tmp_path))


def test_a_terminal_that_is_not_there_is_said_to_be_missing_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(TerminalError, match="is not running") as caught:
        examined(simulated(tmp_path / "simulator.json"), 20.0)
    assert caught.value.remedy
    assert not isinstance(caught.value, oneshot.NoAnswer)


def test_a_terminal_that_hangs_is_given_up_at_the_deadline_and_nothing_is_left(hanging: Attachment) -> None:
    with pytest.raises(oneshot.NoAnswer, match="no answer within 1 s"):
        examined(hanging, 1.0)


def test_a_process_that_dies_is_told_with_its_last_words() -> None:
    with pytest.raises(oneshot.NoAnswer, match="No module named"):
        oneshot.ask("bridge.no_such_module", {}, dict, 20.0)


def test_a_question_that_cannot_be_read_is_answered_without_a_traceback() -> None:
    with pytest.raises(oneshot.NoAnswer, match="ValidationError"):
        oneshot.ask("bridge.examine", {"nonsense": 1}, dict, 20.0)
