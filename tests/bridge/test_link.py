"""The link to a simulated terminal: a hang is given up after two seconds, and the broker's own books."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.port import TerminalError
from bridge.simulator.link import books, simulated_terminal
from tests.bridge.simulator.exchange_world import scenario

HANG = '[[event]]\nat = 5.0\ndo = "hang"\nseconds = {seconds}\n'


@pytest.mark.parametrize(("seconds", "waits_ms"), [(1.5, 1_500), (2.0, 2_000)])
def test_a_short_hang_is_waited_out(tmp_path: Path, seconds: float, waits_ms: int) -> None:
    loaded = scenario(tmp_path, HANG.format(seconds=seconds))
    terminal = simulated_terminal(loaded.exchange, loaded.clock)
    loaded.clock.advance_to(loaded.clock.utc_ms() + 5_000)
    before = loaded.clock.utc_ms()
    assert terminal.look(0).account.balance == 3_400.0
    assert loaded.clock.utc_ms() - before == waits_ms


def test_a_long_hang_is_given_up_after_two_seconds(tmp_path: Path) -> None:
    loaded = scenario(tmp_path, HANG.format(seconds=30.0))
    terminal = simulated_terminal(loaded.exchange, loaded.clock)
    loaded.clock.advance_to(loaded.clock.utc_ms() + 5_000)
    before = loaded.clock.utc_ms()
    with pytest.raises(TerminalError, match="within 2 s"):
        terminal.look(0)
    assert loaded.clock.utc_ms() - before == 2_000


def test_a_terminal_that_died_is_an_error_until_it_is_back(tmp_path: Path) -> None:
    dies, back = '[[event]]\nat = 5.0\ndo = "terminal_dies"\n', '[[event]]\nat = 9.0\ndo = "terminal_back"\n'
    loaded = scenario(tmp_path, dies + back)
    terminal = simulated_terminal(loaded.exchange, loaded.clock)
    assert len(terminal.look(0).positions) == 1
    loaded.clock.advance_to(loaded.clock.utc_ms() + 6_000)
    for _ in range(2):
        with pytest.raises(TerminalError):
            terminal.look(0)
    loaded.clock.advance_to(loaded.clock.utc_ms() + 4_000)
    assert len(terminal.look(0).positions) == 1


def test_the_brokers_own_books_name_positions_by_identifier(tmp_path: Path) -> None:
    loaded = scenario(tmp_path)
    figures, positions = books(loaded.exchange)
    assert figures["balance"] == 3_400.0
    assert figures["margin"] == 2_000.0
    assert positions == [{"position": 1, "symbol": "PLAIN", "side": "buy", "volume": 2.0}]
