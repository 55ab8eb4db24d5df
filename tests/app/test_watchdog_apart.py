"""A stop that the window has carried out by a process of its own, all the way to a simulated terminal."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from app.attachments import SIMULATED
from app.stopping.apart import stopper
from bridge.simulator.launch import launched
from monitors.settings import TerminalSettings

SOON_S = 60.0


def terminal(name: str, login: int = 0, path: str = "") -> TerminalSettings:
    return TerminalSettings(name=name, backend="simulator", login=login, path=path)


def ended() -> None:
    """Wait for the threads that follow a stop process."""
    for thread in threading.enumerate():
        if thread.name.startswith("stop "):
            thread.join(SOON_S)


def test_a_terminal_out_of_reach_is_said_and_only_the_one_that_was_named(tmp_path: Path) -> None:
    said = queue.SimpleQueue[str]()
    stopper((terminal("one"), terminal("two")), tmp_path)("two", said.put)
    ended()
    assert said.get(timeout=SOON_S) == "two: there is no simulated terminal to stop"
    assert said.empty()


def test_all_accounts_are_stopped_where_none_is_named(tmp_path: Path) -> None:
    said = queue.SimpleQueue[str]()
    stopper((terminal("one"), terminal("two")), tmp_path)(None, said.put)
    ended()
    assert sorted(said.get(timeout=SOON_S)[:4] for _ in range(2)) == ["one:", "two:"]


def test_a_stop_is_latched_and_carried_out_flat(tmp_path: Path) -> None:
    said = queue.SimpleQueue[str]()
    with launched(tmp_path / SIMULATED):
        stopper((terminal("main", 51023381),), tmp_path)("main", said.put)
        lines = [said.get(timeout=SOON_S)]
        while "  flat: " not in lines[-1]:
            lines.append(said.get(timeout=SOON_S))
        ended()
    assert "main: latched by the stop process" in lines
