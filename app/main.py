"""The composition root: the only place where config names become objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs
import tomli

from app.clock import WorldClock
from app.config import from_table
from app.engine import Connect, Engine, Sink
from app.loop import Loop
from app.mailbox import Mailbox
from app.store.journal import Journal, JournalDamaged, set_aside
from app.store.spare import SpareJournal
from app.watch import Watch
from bridge.clock import SystemClock
from bridge.port import Terminal, TerminalError
from bridge.simulator import story
from bridge.simulator.link import simulated_terminal
from bridge.simulator.ticks import Ticks
from monitors.ports import Clock
from monitors.settings import Config, TerminalSettings

ASSETS = Path(__file__).parent.parent / "assets"
NO_TERMINAL = 'set backend = "simulator", or try the demo: plimsoll demo'
JOURNAL, SPARE = "journal.db", "emergency.jsonl"


@dataclass(frozen=True, slots=True)
class World:
    """A clock and a way to the terminals."""

    clock: Clock
    connect: Connect


class Program:
    """A config, a world and a folder for data: everything that a loop is built from. The worker builds the world."""

    def __init__(self, config: Config, world: Callable[[], World], folder: Path, say: Callable[[str], None],
                 watch: Watch | None = None) -> None:  # fmt: skip
        self.config = config
        self.folder = folder
        self.mailbox = Mailbox()
        self._world = world
        self._say = say
        self._watch = watch
        self._disarmed = False
        self.sinks: tuple[Sink, ...] = ()
        self.loop = Loop(self._engine, config.poll_ms, SystemClock(), self.mailbox, self._changed)

    def _changed(self) -> Config | None:
        fresh = self._watch.changed() if self._watch else None
        return replace(fresh, armed=False) if fresh and self._disarmed else fresh

    def _engine(self) -> Engine:
        journal, self._disarmed = self._journal()
        config = replace(self.config, armed=False) if self._disarmed else self.config
        world = self._world()
        spare = SpareJournal(self.folder / SPARE)
        return Engine(config, world.clock, journal, spare, world.connect, self.sinks, say=self._say)

    def _journal(self) -> tuple[Journal, bool]:
        """The journal; a damaged one is set aside, and then the program starts disarmed from the broker's truth."""
        path = self.folder / JOURNAL
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return Journal(path), False
        except JournalDamaged as error:
            kept = set_aside(path, f"damaged-{SystemClock().utc_ms()}")
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
    desks = {t.name: _desk(t) for t in config.terminals}

    def world() -> World:
        made, began = story.build(), str(SystemClock().utc_ms())

        def connect(settings: TerminalSettings) -> Terminal:
            return simulated_terminal(made.exchange, made.clock, desks[settings.name], began)

        return World(WorldClock(made.clock), connect)

    source = Path(config.source)
    watch = Watch(source, config, say) if source.is_file() else None
    return Program(config, world, data_folder(config), say, watch)


def demo(tapes: dict[str, Ticks], speed: float, seed: int, folder: Path, say: Callable[[str], None]) -> Program:
    """The program on the demo's world, armed, with the rules of `assets/demo.toml` and data of its own."""
    source = ASSETS / "demo.toml"
    rules = tomli.loads(source.read_text(encoding="utf-8"))
    terminals = [{"name": name, "backend": "simulator", "login": login} for name, login in story.TERMINALS]
    config = from_table({**rules, "terminal": terminals}, source=str(source))

    def world() -> World:
        made = story.build(seed=seed, speed=speed, tapes=tapes)

        def connect(settings: TerminalSettings) -> Terminal:
            return simulated_terminal(made.exchange, made.clock, settings.name)

        return World(WorldClock(made.clock), connect)

    return Program(config, world, folder, say)


def _desk(settings: TerminalSettings) -> str:
    """The simulated account that a terminal of the config means: by login, or the one of its name."""
    by_login = {login: name for name, login in story.TERMINALS}
    names = dict(story.TERMINALS)
    if settings.login in by_login:
        return by_login[settings.login]
    if settings.login == 0:
        return settings.name if settings.name in names else story.TERMINALS[0][0]
    logins = ", ".join(f"{login} ({name})" for name, login in story.TERMINALS)
    raise TerminalError(f"terminal {settings.name}: the simulator has no login {settings.login}", f"it has {logins}")
