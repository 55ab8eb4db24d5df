"""An engine on scripted terminals and a virtual clock, its journal in a folder of the test; events are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from app.config import from_table
from app.engine import Engine
from app.events import Event
from app.guard import Guard
from app.instance.single import ALONE, Instance
from app.rivals import ELSEWHERE
from app.stopping.flattening import NoStop
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.simulator.clock import VirtualClock
from monitors.ports import AccountFrame, AlertView
from tests.app.scripted import START, ScriptedTerminal

MARGIN_RULE = {
    "name": "Margin level", "metric": "margin.level_pct", "when": "below", "rearm": 10.0,
    "levels": [{"at": 120.0, "severity": "critical", "action": "reduce", "order": "largest_margin", "until": 150.0}],
}  # fmt: skip


def rule(metric: str, when: str, *levels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A rule as a config table."""
    return {"name": metric, "metric": metric, "when": when, "levels": list(levels), **more}


class SteppedClock(VirtualClock):
    """One whose UTC a person or a time server sets, and that sleeps: monotonic seconds then stand still."""

    wrong_ms = 0

    def utc_ms(self) -> int:
        return super().utc_ms() + self.wrong_ms

    def true_ms(self) -> int:
        """What a clock would show that nobody had set: the broker's."""
        return super().utc_ms()

    def advance_to(self, moment: datetime | int) -> None:
        super().advance_to((moment if isinstance(moment, int) else round(moment.timestamp() * 1000)) - self.wrong_ms)

    def step(self, seconds: float) -> None:
        """UTC jumps by so much, forwards or back; no time has passed."""
        self.wrong_ms += round(seconds * 1000)


class Stand:
    """`main` is the account of every test; more names make more accounts."""

    stops: Callable[[str], NoStop] = staticmethod(lambda _: NoStop())
    """The stop process of each terminal, from the next start on."""

    def __init__(self, folder: Path, *rules: dict[str, Any], armed: bool = True, names: Sequence[str] = ("main",),
                 path: str = "", instance: Instance = ALONE, beside: Stand | None = None,
                 day: dict[str, str] | None = None) -> None:  # fmt: skip
        """`beside`: a second program on the terminals of another stand, each with the clock that both share."""
        self.folder = folder
        self.instance = instance
        self.clock: SteppedClock = beside.clock if beside else SteppedClock(START)
        own = {name: ScriptedTerminal(self.clock) for name in names}
        self.terminals: dict[str, ScriptedTerminal] = beside.terminals if beside else own
        terminals: list[dict[str, Any]] = [
            {"name": n, "backend": "simulator", "login": 1001, "server": f"Demo {n}", "path": path} for n in names
        ]
        if len(names) == 1:
            terminals[0]["server"] = "Demo"
        mode = "armed" if armed else "observe"
        self.table: dict[str, Any] = {"app": {"mode": mode}, "terminal": terminals, "rule": list(rules)}
        self.table |= {"day": day} if day else {}
        self.config = from_table(self.table, source="test")
        self.events: list[Event] = []
        self.lost = ""
        self.engine = self.start()

    def start(self) -> Engine:
        """The app starts, or starts again after it was killed."""
        journal = Journal(self.folder / "journal.db")
        self.engine = Engine(self.config, self.clock, journal, SpareJournal(self.folder / "emergency.jsonl"),
                             lambda t: self.terminals[t.name], (self.events.append,),
                             instance=self.instance, stops=self.stops, lost=self.lost)  # fmt: skip
        self.engine.start()
        return self.engine

    def edit(self, *rules: dict[str, Any], armed: bool | None = None, **tables: Any) -> None:
        """The config file says other rules, and other `tables`, from the next start on."""
        self.table["rule"] = list(rules)
        self.table |= tables
        if armed is not None:
            self.table["app"] = {"mode": "armed" if armed else "observe"}
        self.config = from_table(self.table, source="test")

    def configure(self, *rules: dict[str, Any], armed: bool | None = None, **tables: Any) -> None:
        """The same while it runs."""
        self.edit(*rules, armed=armed, **tables)
        self.engine.configure(self.config)

    def rename(self, name: str) -> None:
        """The config calls the main terminal something else from the next start on."""
        self.table["terminal"][0]["name"] = name
        self.terminals[name] = self.terminals["main"]
        self.config = from_table(self.table, source="test")

    def kill(self) -> None:
        """The process dies here: nothing is saved, the file is let go as the system would."""
        self.engine.shared.journal.close()

    def restart(self) -> None:
        """Killed and started at once."""
        self.kill()
        self.start()

    @property
    def terminal(self) -> ScriptedTerminal:
        """The main account's."""
        return self.terminals["main"]

    @property
    def guard(self) -> Guard:
        """The main account's."""
        return self.engine.guards["main"]

    def beat(self, times: int = 1, seconds: float = 0.1) -> None:
        """So many beats, `seconds` apart."""
        for _ in range(times):
            self.engine.beat()
            self.clock.advance_to(self.clock.utc_ms() + round(seconds * 1000))

    def of(self, name: str, **want: Any) -> list[Event]:
        """The events of that name whose keys have these values."""
        return [e for e in self.events if e["event"] == name and all(e.get(k) == v for k, v in want.items())]

    def names(self, *wanted: str) -> list[str]:
        """The sequence of these events."""
        return [e["event"] for e in self.events if e["event"] in wanted]


Make = Callable[..., Stand]
Program = Callable[..., Stand]
Pair = tuple[Stand, Stand]


def beat(times: int, *stands: Stand, seconds: float = 0.1) -> None:
    """So many beats of all of them, one after another at the same instants."""
    for _ in range(times):
        for stand in stands:
            stand.engine.beat()
        stands[0].clock.advance_to(stands[0].clock.utc_ms() + round(seconds * 1000))


def frame(stand: Stand) -> AccountFrame:
    return stand.engine.frame().accounts[0]


def alarms(stand: Stand, name: str = ELSEWHERE) -> list[AlertView]:
    return [view for view in stand.engine.frame().alerts if view.rule == name]


def senders(stand: Stand) -> list[str]:
    return [sent.comment.split()[1] for sent in stand.terminal.sent]
