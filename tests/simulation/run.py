"""One story played: the real engine beat by beat, killed and started again, the virtual clock leaping over rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.config import ConfigError, from_table
from app.engine import Engine
from app.events import Event, line
from bridge.port import Terminal, TerminalError
from bridge.session import Session
from bridge.simulator.events import EXCHANGE_EVENTS
from bridge.simulator.face.module import as_module
from bridge.simulator.link import DEADLINE_MS
from monitors.ports import Acknowledge, Command, Consent, EmergencyStop, Loosen, Reset
from monitors.settings import Config, TerminalSettings
from tests.simulation.broker import CLOSES, Arrival, Door, Files
from tests.simulation.by_hand import by_hand
from tests.simulation.judge import Breach, Judge
from tests.simulation.ports import Commits, Fate, FatedJournal, FatedSpare, FatedTerminal, Killed, fated_sink
from tests.simulation.story import LOGIN, NAME, Happening, Story, Table
from tests.simulation.world import START_MS, MachineClock, exchange_of

IDLE_MS, CALM_MS, BUSY_MS, LEAST_MS = 5000, 12_000, 1000, 400
WAITING_MS, QUIET_MS = 3000, 5000
"""What is under way and has not moved for so long is looked at less often: most of it waits for its minute to pass."""
SHM = Path("/dev/shm")  # noqa: S108 -- a file that is lost with the machine, not with the process
BORN_DEAD = 20
"""Starts that may be killed in a row before the next one is left alone."""


@dataclass(slots=True, kw_only=True)
class Played:
    """What came of a story."""

    seed: int
    breaches: list[Breach]
    digest: str
    sends: int
    beats: int
    faults: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)


def play(story: Story, *, trace: bool = False) -> Played:
    """The story from its beginning to its end, in a folder of its own that is gone afterwards."""
    with TemporaryDirectory(prefix="plimsoll-", dir=SHM if SHM.is_dir() else None) as folder:
        run = Run(story, Path(folder))
        run.go()
        sends = sum(a.request["action"] in CLOSES for a in run.door.arrivals)
        played = Played(seed=story.seed, breaches=run.judge.breaches, digest=run.digest(), beats=run.beats,
                        sends=sends, faults=run.faults)  # fmt: skip
        if trace:
            played.trace = run.lines
        return played


class Run(Commits):
    """A story under way."""

    def __init__(self, story: Story, folder: Path) -> None:
        self.story = story
        self.folder = folder
        self.exchange, self.world = exchange_of(story)
        self.desk = self.exchange.desk()
        self.clock = MachineClock(self.world)
        self.fate = Fate(self.world)
        self.files = Files(folder)
        self.door = Door(self.exchange.backend(), self.exchange, self.files, self._arrived)
        self.lines: list[str] = []
        self.faults: Counter[str] = Counter()
        self.beats = 0
        self.base = _table(story)
        self.config = _config(self.base)
        self._version = 0
        self._moved = 0, START_MS
        """How long the trace was when it last grew, and when that was."""
        self._upcoming = [h for h in story.happenings if h.kind not in EXCHANGE_EVENTS]
        self.desk.at(START_MS + round(story.calm_s * 1000), lambda _: self._calm(), broker_side=False)
        self.faults.update(h.kind for h in story.happenings if h.kind != "quote" or not _plain(h))
        self.judge = Judge(self)
        self.engine: Engine = self._start()

    @property
    def now_s(self) -> float:
        """Seconds since the start, by the world's clock."""
        return (self.world.utc_ms() - START_MS) / 1000

    def go(self) -> None:
        """To the end; a violation ends nothing, for the first one is what is shrunk."""
        end = START_MS + round(self.story.length_s * 1000)
        while self.world.utc_ms() <= end:
            while self._upcoming and self._upcoming[0].at_s <= self.now_s:
                self._happen(self._upcoming.pop(0))
            self._alive(self.engine.beat)
            self.beats += 1
            self.judge.beaten()
            self.world.advance_to(self._next())
            self.exchange.advance()
        self.judge.ended()
        self.fate.kills.clear()
        self.engine.shared.journal.close()
        self.files.close()

    def digest(self) -> str:
        """A hash of everything that was told, sent and killed, in order."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    def note(self, text: str) -> None:
        """One line of the trace."""
        self.lines.append(f"{self.now_s:8.2f} {text}")

    def begin(self) -> None:
        """See Commits."""
        self._version = self.files.version()
        self.judge.uncertain()

    def end(self, *, kept: bool) -> None:
        """See Commits."""
        self.judge.certain(kept=self.files.version() != self._version)

    def _start(self) -> Engine:
        for attempt in range(BORN_DEAD + 1):
            if attempt == BORN_DEAD:
                self.fate.kills.clear()
            self.fate.dead = False
            self.door.life += 1
            opened: list[FatedJournal] = []
            try:
                return self._born(opened)
            except Killed:
                self.note("killed while starting")
                for journal in opened:
                    journal.close()
        raise AssertionError("a start that no kill waits for was killed")

    def _born(self, opened: list[FatedJournal]) -> Engine:
        disk, self.fate.disk = self.fate.disk, ""  # a program that cannot open its journal says so and does not start
        journal = FatedJournal(self.folder / "journal.db", self.fate, self)
        opened.append(journal)
        spare = FatedSpare(self.folder / "emergency.jsonl", self.fate)

        def connect(_: TerminalSettings) -> Terminal:
            session = Session(as_module(self.door), self.clock, self.desk.market.zone.name, self._ready)
            return FatedTerminal(session, self.fate, self.world, self.story.lag_ms)

        engine = Engine(self.config, self.clock, journal, spare, connect, (fated_sink(self._told, self.fate),))
        engine.start()
        self.fate.disk = disk
        self.judge.started()
        return engine

    def _ready(self) -> None:
        """As `bridge/simulator/link.py`: a call into a terminal that hangs gives up after two seconds."""
        until, now = self.exchange.hanging_until_ms(), self.world.utc_ms()
        if until > now:
            self.world.wait_until(min(until, now + DEADLINE_MS))
            if until > now + DEADLINE_MS:
                raise TerminalError("the terminal gave no answer within 2 s")

    def _alive(self, act: Callable[[], object]) -> None:
        """Do it; where the process dies in it, the next one starts at once on the same folder."""
        try:
            act()
        except Killed:
            self.note("killed")
            self.judge.killed()
            self.engine.shared.journal.close()
            self.engine = self._start()

    def _told(self, told: Event) -> None:
        self.note(line(told).decode().rstrip())
        self.judge.told(told)

    def _arrived(self, arrival: Arrival) -> None:
        asked = {k: v for k, v in arrival.request.items() if v}
        state = arrival.durable["state"] if arrival.durable else "nothing"
        self.note(f"broker is sent {asked}, holds {arrival.held_steps}, on disk {state}")
        self.judge.arrived(arrival)

    def _next(self) -> int:
        """The next moment at which anything can change: an event, or the next look while something is under way."""
        now, guard = self.world.utc_ms(), self.engine.guards[NAME]
        memory, halt = guard.keeper.memory, guard.halting.halt
        busy = bool(memory.targets or guard.executor.open_requests or memory.cancels or guard.now.reading is None
                    or (halt and not halt.done) or self.fate.disk
                    or any(s.readings and not s.tripped for s in guard.ladder._states.values()))  # fmt: skip
        rest = CALM_MS if self.now_s > self.story.calm_s + 20 else IDLE_MS
        if len(self.lines) != self._moved[0]:
            self._moved = len(self.lines), now
        step = WAITING_MS if now - self._moved[1] > QUIET_MS else BUSY_MS
        moments = [now + (step if busy else rest)]
        if self.desk._timeline:
            moments.append(self.desk._timeline[0][0])
        if self._upcoming:
            moments.append(START_MS + round(self._upcoming[0].at_s * 1000))
        return max(now + LEAST_MS, min(moments))

    def _happen(self, due: Happening) -> None:
        self.note(due.line())
        facts = due.facts
        match due.kind:
            case "kill":
                self.fate.kills.append(dict(facts))
            case "click":
                self._alive(lambda: self._click(facts))
            case "config":
                self._reconfigure(facts)
            case "bad_config":
                self._spoil(facts)
            case "step":
                self.clock.skew_ms += facts["seconds"] * 1000
                self.judge.stepped(facts["seconds"])
            case "sleep":
                self.world.advance_to(self.world.utc_ms() + facts["seconds"] * 1000)
                self.clock.slept_s += facts["seconds"] if facts["frozen"] else 0.0
                self.judge.slept()
            case "disk":
                self.fate.disk = facts["what"]
                self._later(facts["seconds"], "disk is well")
            case "slow":
                self.fate.slow_until_ms = self.world.utc_ms() + round(facts["seconds"] * 1000)
            case "blank":
                self.door.blank_until_ms = self.world.utc_ms() + round(facts["seconds"] * 1000)
            case "reverse":
                self.door.reversals += 1
            case "disk is well":
                self.fate.disk = ""
            case _:
                raise AssertionError(due.kind)

    def _later(self, seconds: float, kind: str) -> None:
        self._upcoming.append(Happening(at_s=min(self.now_s + seconds, self.story.calm_s), kind=kind, facts={}))
        self._upcoming.sort(key=lambda h: h.at_s)

    def _click(self, facts: Table) -> None:
        command: Command
        match facts["what"]:
            case "emergency_stop":
                command = EmergencyStop()
            case "reset":
                command = Reset()
            case "loosen":
                command = Loosen(NAME)
            case "consent":
                command = Consent()
            case "close_part" | "tighten":
                found = by_hand(self.desk, NAME, facts)
                if found is None:
                    return
                command = found
            case _:
                command = Acknowledge(facts["alert"])
        self.judge.clicking(command)
        self.judge.clicked(command, meant=self.engine.obey(command))

    def _reconfigure(self, facts: Table) -> None:
        rules = [rule for rule in self.base["rule"] if rule["name"] in facts["rules"]]
        self.config = _config(self.base | {"app": {"mode": facts["mode"]}, "rule": rules})
        self.judge.reconfigured()
        self._alive(lambda: self.engine.configure(self.config))

    def _spoil(self, facts: Table) -> None:
        """A faulty change must be refused as a whole; then the last good config stays in force."""
        try:
            self.config = _config(_spoiled(self.base, facts["what"]))
        except ConfigError:
            return
        self.judge.breach(13, f"a config with an {facts['what']} was taken")
        self._alive(lambda: self.engine.configure(self.config))

    def _calm(self) -> None:
        """Faults are over: everything of the world's that was wrong is right again."""
        desk = self.desk
        desk.relink()
        desk.faults.queue.clear()
        desk.faults.stop_hits.clear()
        self.door.reversals = 0
        desk.alive, desk.algo_trading, desk.hanging_until_ms = True, True, 0
        desk.account.login = LOGIN
        for market in desk.market.lines.values():
            market.trading = True
        for table in self.story.symbols:
            market = desk.market.lines[table["name"]]
            if not market.quoted or market.bid > market.ask or market.ask > market.bid * 1.02:
                desk.quote(table["name"], table["bid"], table["ask"])
        self.fate.kills.clear()
        self.fate.slow_until_ms = self.door.blank_until_ms = 0


def _plain(happening: Happening) -> bool:
    """A quote like any other."""
    bid, ask = happening.facts["bid"], happening.facts["ask"]
    return bool(0 < bid < ask < bid * 1.01)


def _table(story: Story) -> Table:
    return {
        "app": {"mode": "armed" if story.armed else "observe"},
        "alerts": {"escalate_s": story.escalate_s, "escalate_times": story.escalate_times},
        "rule": list(story.rules),
        "terminal": [{"name": NAME, "backend": "simulator", "login": LOGIN}],
    }


def _config(table: Table) -> Config:
    return from_table(table, source="a story")


def _spoiled(table: Table, what: str) -> dict[str, Any]:
    rule = dict(table["rule"][0])
    if what == "unknown key":
        return table | {"rule": [rule | {"confrim": 2}]}
    if what == "wrong unit":
        return table | {"app": {"mode": "armed", "poll_ms": "fast"}}
    if what == "no login":
        return table | {"app": {"mode": "armed"}, "terminal": [{"name": NAME, "backend": "simulator", "login": 0}]}
    levels = [
        {"at": 100.0, "severity": "high", "action": "close_all"},
        {"at": 120.0, "severity": "extreme", "action": "alert"},
    ]
    return table | {"rule": [{"name": "x", "metric": "margin.level_pct", "when": "below", "levels": levels}]}
