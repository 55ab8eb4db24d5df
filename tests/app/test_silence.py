"""What is silent: the quotes of what is held, and no others."""

from __future__ import annotations

from app.memory import Memory
from app.sight import Sight
from bridge.simulator.clock import VirtualClock
from monitors.settings import DaySettings, TerminalSettings
from tests.app.scripted import START, ScriptedTerminal, plain
from tests.builders import quote


class Stage:
    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.terminal = ScriptedTerminal(self.clock).hold(plain())
        self.sight = Sight(TerminalSettings(), self.terminal, self.clock)
        self.memory = Memory()

    def silence_s(self, after_s: float = 0.0) -> float:
        self.clock.advance_to(self.clock.utc_ms() + round(1000 * after_s))
        reading = self.sight.read(self.sight.look(None), self.memory, DaySettings()).reading
        assert reading is not None
        return reading.silence_s


def test_silence_ends_with_a_new_quote_of_what_is_held() -> None:
    stage = Stage()
    stage.silence_s()
    assert stage.silence_s(5.0) == 5.0
    stage.terminal.bid = 1.001
    assert stage.silence_s(1.0) == 0.0


def test_a_pair_that_only_converts_ends_no_silence() -> None:
    stage = Stage()
    stage.silence_s()
    stage.terminal.beside["USDJPY"] = quote(150.0)
    assert stage.silence_s(5.0) == 5.0


def test_another_set_of_symbols_is_news_and_a_second_position_on_one_is_none() -> None:
    stage = Stage()
    stage.silence_s()
    stage.terminal.hold(plain(2))
    assert stage.silence_s(5.0) == 5.0, "on the same one there is no new quote"
    stage.terminal.positions.clear()
    assert stage.silence_s(1.0) == 0.0
