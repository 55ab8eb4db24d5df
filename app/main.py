"""The composition root: the only place where config names become objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import platformdirs
import tomli

from app.clock import SystemClock, WorldClock
from app.config import from_table
from app.engine import Connect, Engine, Sink
from app.loop import Loop
from app.mailbox import Mailbox
from app.store.journal import Journal, JournalDamaged, set_aside
from app.store.spare import SpareJournal
from app.watch import Watch
from bridge.port import Terminal, TerminalError
from bridge.simulator import story
from bridge.simulator.link import simulated_terminal
from bridge.simulator.ticks import Ticks
from monitors.ports import Clock
from monitors.settings import Config, TerminalSettings

ASSETS = Path(__file__).parent.parent / "assets"
NO_TERMINAL = 'set backend = "simulator", or try the demo: plimsoll demo'
JOURNAL, SPARE = "journal.db", "emergency.jsonl"


class Program:
    """A config, a clock, a way to the terminals and a folder for data: everything that a loop is built from."""

    def __init__(self, config: Config, clock: Clock, connect: Connect, folder: Path, say: Callable[[str], None],
                 watch: Watch | None = None) -> None:  # fmt: skip
        self.config = config
        self.folder = folder
        self.mailbox = Mailbox()
        self._clock = clock
        self._connect = connect
        self._say = say
        self._watch = watch
        self._disarmed = False
        self.sinks: tuple[Sink, ...] = ()
        self.loop = Loop(self._engine, config.poll_ms, clock, self.mailbox, self._changed)

    def _changed(self) -> Config | None:
        fresh = self._watch.changed() if self._watch else None
        return replace(fresh, armed=False) if fresh and self._disarmed else fresh

    def _engine(self) -> Engine:
        journal, self._disarmed = self._journal()
        config = replace(self.config, armed=False) if self._disarmed else self.config
        return Engine(config, self._clock, journal, SpareJournal(self.folder / SPARE), self._connect, self.sinks)

    def _journal(self) -> tuple[Journal, bool]:
        """The journal; a damaged one is set aside, and then the program starts disarmed from the broker's truth."""
        path = self.folder / JOURNAL
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return Journal(path), False
        except JournalDamaged as error:
            kept = set_aside(path, f"damaged-{self._clock.utc_ms()}")
            self._say(f"{error}; kept as {kept.name}, a new one begun: observing only until the next start")
            return Journal(path), True


def data_folder(config: Config) -> Path:
    """Where the config's data live: `data_dir`, or the platform's own place."""
    if config.data_dir:
        return Path(config.data_dir).expanduser()
    return Path(platformdirs.user_data_dir("plimsoll", appauthor=False))


def guard(config: Config, say: Callable[[str], None]) -> Program:
    """The program on the terminals of a config; TerminalError where one cannot be had."""
    foreign = [t.name for t in config.terminals if t.backend != "simulator"]
    if foreign:
        raise TerminalError(f"terminal {foreign[0]}: no MetaTrader 5 can be attached by this version", NO_TERMINAL)
    world, began = story.build(), str(SystemClock().utc_ms())
    desks = {t.name: _desk(world, t) for t in config.terminals}

    def connect(settings: TerminalSettings) -> Terminal:
        return simulated_terminal(world.exchange, world.clock, desks[settings.name], began)

    source = Path(config.source)
    watch = Watch(source, config, say) if source.is_file() else None
    return Program(config, WorldClock(world.clock), connect, data_folder(config), say, watch)


def demo(tapes: dict[str, Ticks], speed: float, seed: int, folder: Path, say: Callable[[str], None]) -> Program:
    """The program on the demo's world, armed, with the rules of `assets/demo.toml` and data of its own."""
    world = story.build(seed=seed, speed=speed, tapes=tapes)
    source = ASSETS / "demo.toml"
    rules = tomli.loads(source.read_text(encoding="utf-8"))
    terminals = [{"name": name, "backend": "simulator", "login": login} for name, login in world.terminals]
    config = from_table({**rules, "terminal": terminals}, source=str(source))

    def connect(settings: TerminalSettings) -> Terminal:
        return simulated_terminal(world.exchange, world.clock, settings.name)

    return Program(config, WorldClock(world.clock), connect, folder, say)


def _desk(world: story.Demo, settings: TerminalSettings) -> str:
    """The simulated account that a terminal of the config means: by login, or the one of its name."""
    by_login = {login: name for name, login in world.terminals}
    names = dict(world.terminals)
    if settings.login in by_login:
        return by_login[settings.login]
    if settings.login == 0:
        return settings.name if settings.name in names else world.terminals[0][0]
    logins = ", ".join(f"{login} ({name})" for name, login in world.terminals)
    raise TerminalError(f"terminal {settings.name}: the simulator has no login {settings.login}", f"it has {logins}")
