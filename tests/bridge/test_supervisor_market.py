"""Bars and pairs through processes: nobody waits for either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.children import python
from bridge.port import TerminalError, Unanswered
from bridge.simulator.launch import launched
from monitors.zones import DAY_MS, HOUR_MS
from tests.bridge.watched import BOUND_S, BRIEFLY_S, SLACK_S, STOPPED, Watched, stopped

YEN = """
[scenario]
server_zone = "Europe/Athens"
[account]
login = 1001
balance = 10000.0
[[symbol]]
name = "EURJPY"
base = "EUR"
profit = "JPY"
digits = 3
bid = 165.000
ask = 165.010
[[symbol]]
name = "USDJPY"
base = "USD"
profit = "JPY"
digits = 3
bid = 150.000
ask = 150.010
[[position]]
id = 1
symbol = "EURJPY"
side = "buy"
volume = 0.10
open = 165.000
"""


@pytest.fixture
def yen(tmp_path: Path) -> Iterator[Path]:
    """An account in dollars that holds what is paid in yen."""
    file, scenario = tmp_path / "simulator.json", tmp_path / "yen.toml"
    scenario.write_text(YEN)
    with launched(file, scenario=scenario):
        yield file


def test_a_pair_is_seen_and_followed_like_what_is_held(yen: Path) -> None:
    supervisor = Watched.of(yen)
    try:
        seen = supervisor.seen(enough=lambda s: "USDJPY" in s.ticks)[-1]
        assert seen.conversions["JPY"].symbol == "USDJPY"
        assert seen.quotes["USDJPY"].bid == 150.0
    finally:
        supervisor.hang_up()


def test_a_start_does_not_wait_for_the_ticks_of_a_pair(yen: Path) -> None:
    supervisor = Watched.of(yen, command=python("tests.bridge.reluctant_host", "USDJPY"))
    try:
        seen = supervisor.seen(enough=lambda s: "EURJPY" in s.ticks)[-1]
        assert (seen.quotes["USDJPY"].bid, "USDJPY" in seen.ticks) == (150.0, False)
    finally:
        supervisor.hang_up()


def test_bars_are_read_in_utc_and_not_waited_for(supervisor: Watched) -> None:
    began = supervisor.clock.monotonic()
    with pytest.raises(Unanswered):
        supervisor.bars("EURUSD", 1, 0, 1)
    assert supervisor.clock.monotonic() - began < BRIEFLY_S + SLACK_S
    now_ms = supervisor.clock.utc_ms()
    (only,) = supervisor.charted("EURUSD", 60, now_ms - DAY_MS, now_ms).time_ms.tolist()
    assert now_ms - HOUR_MS - BOUND_S * 1000 <= only <= now_ms
    assert only % HOUR_MS == 0


def test_a_symbol_that_did_not_trade_has_no_bars(supervisor: Watched) -> None:
    assert len(supervisor.charted("EURUSD", 15, 0, DAY_MS)) == 0


def test_bars_of_an_unknown_symbol_are_an_error_and_the_next_looks_go_on(supervisor: Watched) -> None:
    with pytest.raises(TerminalError, match="copy_rates_range"):
        supervisor.charted("NOTHING", 15, 0, DAY_MS)
    supervisor.seen()


def test_bars_of_a_length_that_no_terminal_has_are_not_asked_for(supervisor: Watched) -> None:
    with pytest.raises(ValueError, match="7 minutes"):
        supervisor.bars("EURUSD", 7, 0, DAY_MS)


@STOPPED
def test_a_look_does_not_wait_for_bars_that_hang(supervisor: Watched) -> None:
    supervisor.charted("EURUSD", 15, 0, DAY_MS)
    with stopped(supervisor.host("history")):
        for _ in range(3):
            with pytest.raises(Unanswered):
                supervisor.bars("EURUSD", 60, 0, DAY_MS)
            supervisor.seen()
    assert len(supervisor.charted("EURUSD", 60, 0, DAY_MS)) == 0
