"""The bars of what is held: who is asked, how often, and what stands while the terminal gives none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.market import AGAIN_S, Market
from bridge.port import Unanswered
from bridge.simulator.clock import VirtualClock
from monitors.correlation import Correlations
from monitors.model import Bars, Snapshot
from monitors.settings import AnalysisSettings
from monitors.zones import DAY_MS, MINUTE_MS
from tests.app.scripted import START, ScriptedTerminal
from tests.builders import NOW_MS, account, position, snapshot

STEP_MS = 15 * MINUTE_MS
BEAT_MS = 100
DAYS = AnalysisSettings().correlation_days


def walk(seed: int, count: int = 100) -> Bars:
    """Bars of a quarter of an hour that end where the present one began."""
    close = np.exp(np.random.default_rng(seed).normal(0, 1e-4, count).cumsum())
    times = NOW_MS - STEP_MS * np.arange(count, 0, -1, dtype=np.int64)
    return Bars(time_ms=times, open=close, high=close, low=close, close=close, spread=np.zeros(count))


class Terminal(ScriptedTerminal):
    """A terminal with three charts, that leaves as many askings unanswered as `late` says."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.charts = {name: walk(seed) for seed, name in enumerate(("EURUSD", "GBPUSD", "USDJPY"))}
        self.late = 0

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        found = super().bars(symbol, minutes, since_ms, until_ms)
        if self.late:
            self.late -= 1
            raise Unanswered("not yet")
        return found

    @property
    def asked(self) -> list[str]:
        return [symbol for symbol, *_ in self.charted]


class Stage:
    def __init__(self, **settings: object) -> None:
        self.clock = VirtualClock(START)
        self.terminal = Terminal(self.clock)
        self.market = Market(self.terminal, self.clock, AnalysisSettings(**settings))  # type: ignore[arg-type]

    def seen(self, *symbols: str, **changes: object) -> Snapshot:
        held = [position(number, symbol) for number, symbol in enumerate(symbols, 1)]
        return replace(snapshot(*held), taken_ms=self.clock.utc_ms(), **changes)  # type: ignore[arg-type]

    def beats(self, count: int, *symbols: str, **changes: object) -> Correlations | None:
        known = None
        for _ in range(count):
            self.clock.advance_to(self.clock.utc_ms() + BEAT_MS)
            known = self.market.correlations(self.seen(*symbols, **changes))
        return known

    def told(self, count: int, *symbols: str, **changes: object) -> Correlations:
        known = self.beats(count, *symbols, **changes)
        assert known is not None
        return known


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_one_symbol_a_beat_is_asked_for_complete_bars_and_then_none(stage: Stage) -> None:
    assert stage.beats(1, "EURUSD", "GBPUSD") is None
    assert stage.told(1, "EURUSD", "GBPUSD").symbols == ("EURUSD", "GBPUSD")
    stage.beats(50, "EURUSD", "GBPUSD")
    since_ms = NOW_MS - round(DAYS * DAY_MS)
    assert stage.terminal.charted == [(name, 15, since_ms, NOW_MS - 1) for name in ("EURUSD", "GBPUSD")]


def test_what_is_told_are_the_correlations_of_the_bars(stage: Stage) -> None:
    told = stage.told(3, "EURUSD", "GBPUSD", "USDJPY")
    returns = [np.diff(np.log(stage.terminal.charts[name].close)) for name in told.symbols]
    assert told.matrix == pytest.approx(np.corrcoef(returns))
    assert (told.until_ms, told.minutes, told.days) == (NOW_MS, 15, DAYS)


def test_nothing_is_told_before_every_symbol_was_asked_about(stage: Stage) -> None:
    assert stage.beats(2, "EURUSD", "GBPUSD", "USDJPY") is None
    assert len(stage.told(1, "EURUSD", "GBPUSD", "USDJPY").symbols) == 3


def test_what_was_told_stands_as_it_is_while_nothing_new_comes(stage: Stage) -> None:
    told = stage.told(2, "EURUSD", "GBPUSD")
    assert stage.beats(3, "EURUSD", "GBPUSD") is told


def test_the_next_bar_is_asked_for_once_it_is_complete(stage: Stage) -> None:
    stage.beats(2, "EURUSD", "GBPUSD")
    stage.clock.advance_to(NOW_MS + STEP_MS - 2 * BEAT_MS)
    assert stage.told(1, "EURUSD", "GBPUSD").until_ms == NOW_MS
    assert len(stage.terminal.charted) == 2
    assert stage.told(2, "EURUSD", "GBPUSD").until_ms == NOW_MS + STEP_MS
    assert stage.terminal.charted[-1][3] == NOW_MS + STEP_MS - 1


def test_a_symbol_that_comes_to_be_held_is_asked_for_and_the_others_are_not_again(stage: Stage) -> None:
    stage.beats(2, "EURUSD", "GBPUSD")
    assert stage.told(1, "EURUSD", "GBPUSD", "USDJPY").symbols == ("EURUSD", "GBPUSD", "USDJPY")
    stage.beats(5, "EURUSD", "GBPUSD")
    stage.beats(5, "EURUSD", "GBPUSD", "USDJPY")
    assert stage.terminal.asked == ["EURUSD", "GBPUSD", "USDJPY"]


@pytest.mark.parametrize("held", [(), ("EURUSD",), ("EURUSD", "EURUSD")], ids=["none", "one", "one twice"])
def test_where_nothing_can_move_together_nothing_is_asked(stage: Stage, held: tuple[str, ...]) -> None:
    assert stage.beats(3, *held) is None
    assert stage.terminal.charted == []


def test_a_terminal_that_answers_late_is_asked_the_same_until_it_does(stage: Stage) -> None:
    stage.beats(2, "EURUSD", "GBPUSD")
    stage.clock.advance_to(NOW_MS + STEP_MS - BEAT_MS)
    stage.terminal.late = 4
    stage.terminal.charted.clear()
    assert stage.told(4, "EURUSD", "GBPUSD").until_ms == NOW_MS, "what was known stands"
    stage.clock.advance_to(NOW_MS + 2 * STEP_MS)
    stage.beats(1, "EURUSD", "GBPUSD")
    assert len({*stage.terminal.charted}) == 1, "even where its answer is of a bar ago by then"
    assert stage.told(2, "EURUSD", "GBPUSD").until_ms == NOW_MS + 2 * STEP_MS


def test_a_terminal_that_refuses_is_left_alone_for_a_while(stage: Stage) -> None:
    stage.terminal.down = "no connection"
    assert stage.beats(1, "EURUSD", "GBPUSD") is None
    stage.terminal.down = ""
    assert stage.beats(round(1000 * AGAIN_S / BEAT_MS) - 1, "EURUSD", "GBPUSD") is None
    assert stage.told(2, "EURUSD", "GBPUSD").symbols == ("EURUSD", "GBPUSD")


def test_a_symbol_without_bars_does_not_keep_the_others_from_being_told(stage: Stage) -> None:
    class Picky(Terminal):
        def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
            self.down = "no bars" if symbol == "EURUSD" else ""
            return super().bars(symbol, minutes, since_ms, until_ms)

    stage.terminal = Picky(stage.clock)
    stage.market = Market(stage.terminal, stage.clock, AnalysisSettings())
    several = round(1000 * AGAIN_S / BEAT_MS)
    assert stage.told(several + 3, "EURUSD", "GBPUSD", "USDJPY").symbols == ("GBPUSD", "USDJPY")


def test_bars_end_where_the_brokers_clock_begins_the_present_one() -> None:
    stage = Stage(correlation_minutes=240)
    stage.beats(2, "EURUSD", "GBPUSD", broker_zone="Europe/Athens")
    assert stage.terminal.charted[0][3] == NOW_MS - 2 * 60 * MINUTE_MS - 1, "08:00 in Athens"


def test_on_another_server_the_symbols_are_others(stage: Stage) -> None:
    stage.beats(2, "EURUSD", "GBPUSD")
    elsewhere = {"account": account(server="Other")}
    assert stage.beats(1, "EURUSD", "GBPUSD", **elsewhere) is None
    assert stage.told(1, "EURUSD", "GBPUSD", **elsewhere).symbols == ("EURUSD", "GBPUSD")
