"""One scenario on a virtual clock, as fast as it goes: the real engine and journal, a simulated terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.config import ConfigError, from_table
from app.engine import Engine
from app.events import Event, event
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.port import Terminal
from bridge.simulator.link import books, simulated_terminal
from bridge.simulator.scenario import Scenario
from bridge.simulator.scenario_events import AppEvent
from monitors.ports import Acknowledge, Command, Consent, EmergencyStop, Reset
from monitors.settings import Config, TerminalSettings


class Simulation:
    """A scenario with the app in it; the journal survives a `kill`."""

    def __init__(self, scenario: Scenario, folder: Path, sink: Callable[[Event], None], environ: Mapping[str, str],
                 config: Config | None = None) -> None:  # fmt: skip
        self._scenario = scenario
        self._folder = folder
        self._sink = sink
        self._environ = environ
        self._table = dict(scenario.config)
        self._config = config or self._configured(self._table)
        self._engine = self._started()

    def run(self) -> None:
        """Beat by beat to the end; events of a moment come before its beat."""
        clock, start = self._scenario.clock, self._scenario.clock.utc_ms()
        end = start + round(self._scenario.length_s * 1000)
        upcoming = list(self._scenario.app_events)
        while True:
            while upcoming and start + round(upcoming[0].at_s * 1000) <= clock.utc_ms():
                self._happen(upcoming.pop(0))
            self._engine.beat()
            if clock.utc_ms() + self._config.poll_ms > end:
                break
            clock.advance_to(clock.utc_ms() + self._config.poll_ms)
        clock.advance_to(end)
        self._scenario.exchange.advance()
        for told in self._ends(end):
            self._sink(told)
        self._engine.close()

    def _configured(self, table: Mapping[str, Any]) -> Config:
        """The scenario's own config; without a [[terminal]] there is one that expects its login."""
        terminal = TerminalSettings(name="main", backend="simulator", login=self._scenario.login)
        return from_table(table, source=str(self._scenario.path), under="config.", terminal=terminal,
                          environ=self._environ)  # fmt: skip

    def _started(self) -> Engine:
        journal = Journal(self._folder / "journal.db")
        spare = SpareJournal(self._folder / "emergency.jsonl")
        exchange, clock = self._scenario.exchange, self._scenario.clock

        def connect(_: TerminalSettings) -> Terminal:
            return simulated_terminal(exchange, clock, display=self._config.analysis.currency)

        engine = Engine(self._config, clock, journal, spare, connect, (self._sink,))
        engine.start()
        return engine

    def _happen(self, due: AppEvent) -> None:
        if due.kind == "kill":
            self._engine.shared.journal.close()
            self._engine = self._started()
        elif due.kind == "config":
            self._reconfigure(due.payload)
        else:
            self._engine.obey(_command(due))

    def _reconfigure(self, tables: Mapping[str, Any]) -> None:
        """A good change is taken; a faulty one is told on stderr and the last good config kept."""
        changed = {**self._table, **tables}
        try:
            self._config = self._configured(changed)
        except ConfigError as error:
            sys.stderr.write(f"{error}\n")
            self._engine.audit.refused(str(error))
            return
        self._table = changed
        self._engine.configure(self._config)

    def _ends(self, at_ms: int) -> list[Event]:
        """The `end` of each account, from the simulated broker's own books."""
        found = []
        figures, positions = books(self._scenario.exchange)
        for name, guard in self._engine.guards.items():
            halted = guard.halting.halt is not None
            found.append(event(at_ms, "end", name, positions=positions, halted=halted) | {"account": figures})
        return found


def simulate(scenario: Scenario, sink: Callable[[Event], None], environ: Mapping[str, str],
             config: Config | None = None) -> None:  # fmt: skip
    """Run a scenario; its data live in a folder of their own that is gone afterwards."""
    with TemporaryDirectory(prefix="plimsoll-") as folder:
        Simulation(scenario, Path(folder), sink, environ, config).run()


def _command(due: AppEvent) -> Command:
    what = due.payload["what"]
    if what == "emergency_stop":
        return EmergencyStop()
    if what == "consent":
        return Consent()
    return Reset() if what == "reset" else Acknowledge(int(due.payload["alert"]))
