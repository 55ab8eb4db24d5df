"""What sight folds into the memory about each position, and what of it outlives a restart."""

from __future__ import annotations

from dataclasses import replace

from app.memory import Memory
from app.sight import Sight
from app.store.journal import Journal
from bridge.simulator.clock import VirtualClock
from monitors.kinds import Entry, Side
from monitors.reading import Reading
from monitors.settings import DaySettings, TerminalSettings
from tests.app.scripted import START, ScriptedTerminal, plain
from tests.builders import NOW_MS, deal
from tests.monitors.beats import DAY


def sights() -> tuple[ScriptedTerminal, Sight]:
    clock = VirtualClock(START)
    terminal = ScriptedTerminal(clock).hold(plain(1), plain(2, stop=0.9))
    return terminal, Sight(TerminalSettings(), terminal, clock)


def look(sight: Sight, memory: Memory, terminal: ScriptedTerminal, bid: float) -> Reading:
    """A second later, at another price."""
    terminal.clock.advance_to(terminal.clock.utc_ms() + 1_000)
    terminal.bid = bid
    seen = sight.read(sight.look(None), memory, DaySettings(zone="UTC")).reading
    assert seen is not None
    return seen


def test_a_reading_holds_the_excursion_of_every_open_position() -> None:
    terminal, sight = sights()
    memory = Memory()
    for bid in (1.0, 1.02, 0.99):
        seen = look(sight, memory, terminal, bid)
    assert (seen.excursions[1].best, seen.excursions[1].worst) == (2_000.0, -1_000.0)
    assert (seen.excursions[1].stop, seen.excursions[2].stop) == (0.0, 0.9)
    assert seen.excursions[2].unprotected_ms is None
    assert seen.closed_excursions == {}
    assert memory.excursions == seen.excursions


def test_excursions_outlive_a_restart_in_the_journal_and_the_new_run_adds_to_them() -> None:
    terminal, sight = sights()
    journal, memory = Journal(None), Memory()
    for bid in (1.0, 1.02):
        look(sight, memory, terminal, bid)
    journal.save("memory", memory)
    kept = journal.load("memory", Memory)
    assert kept is not None
    assert kept.excursions == memory.excursions
    again = look(Sight(TerminalSettings(), terminal, terminal.clock), kept, terminal, 0.97).excursions[1]
    assert (again.best, again.worst) == (2_000.0, -3_000.0)
    assert again.since_ms == NOW_MS + 1_000


def test_a_closed_positions_excursion_is_handed_out_once_and_forgotten() -> None:
    terminal, sight = sights()
    memory = Memory()
    for bid in (1.0, 1.02):
        look(sight, memory, terminal, bid)
    terminal.positions.pop(1)
    seen = look(sight, memory, terminal, 1.0)
    assert (list(seen.excursions), list(memory.excursions)) == ([2], [2])
    assert seen.closed_excursions[1].best == 2_000.0
    assert look(sight, memory, terminal, 1.0).closed_excursions == {}


def test_another_account_behind_the_same_terminal_begins_with_a_first_reading() -> None:
    terminal, sight = sights()
    look(sight, Memory(), terminal, 1.0)
    terminal.login, terminal.positions = 2002, {3: replace(plain(3), opened_ms=NOW_MS + 1_500)}
    seen = look(sight, Memory(), terminal, 0.99)
    assert (seen.low, list(seen.excursions)) == (9_000.0, [3])
    assert seen.excursions[3].since_ms == NOW_MS + 2_000


def test_an_account_that_comes_back_is_carried_over_the_time_in_which_another_was_shown() -> None:
    """Its deals of that time explain its balance, and its missed reset is none that was seen."""
    terminal, sight = sights()
    mine, other = Memory(), Memory()
    look(sight, mine, terminal, 1.0)
    terminal.login = 2002
    look(sight, other, terminal, 1.0)
    terminal.clock.advance_to(terminal.clock.utc_ms() + DAY)
    terminal.deals.append(deal(1, position=9, time_ms=terminal.clock.utc_ms() - 7_200_000, profit=355.0))
    terminal.balance += 355.0
    look(sight, other, terminal, 1.0)
    terminal.login = 1001
    seen = look(sight, mine, terminal, 1.0)
    assert seen.unexplained is None
    assert seen.history.day.balance.money == 10_355.0 - seen.history.day.realized
    assert (seen.history.day.equity, seen.history.day.peak) == (None, None)
    assert mine.unseen is not None


def test_a_reset_that_passed_while_another_account_was_logged_in_is_not_taken_from_the_hours_before() -> None:
    clock = VirtualClock(START)
    terminal = ScriptedTerminal(clock).hold(plain(1))
    sight, memory = Sight(TerminalSettings(login=1001), terminal, clock), Memory()
    look(sight, memory, terminal, 1.004)
    terminal.login = 2002
    assert "another account" in sight.look(None).reason
    clock.advance_to(clock.utc_ms() + DAY)
    terminal.login = 1001
    seen = look(sight, memory, terminal, 0.9985)
    assert (seen.history.day.equity, seen.history.day.peak) == (None, None)
    assert memory.unseen is not None


def test_a_position_that_turned_while_nothing_ran_is_another_trade() -> None:
    terminal, sight = sights()
    memory = Memory()
    for bid in (1.0, 1.02, 1.0):
        look(sight, memory, terminal, bid)
    terminal.positions = {2: plain(2, side=Side.SELL, stop=1.1)}
    terminal.deals.append(deal(1, position=2, entry=Entry.INOUT, time_ms=terminal.clock.utc_ms() + 100, profit=0.0))
    seen = look(Sight(TerminalSettings(), terminal, terminal.clock), memory, terminal, 1.0).excursions[2]
    assert (seen.stop, seen.best) == (1.1, 0.0)
