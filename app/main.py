"""The composition root: the only place where config names become objects."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import tomli

from app.attachments import SIMULATED, attachment
from app.clock import WorldClock
from app.config import from_table
from app.instance.single import Instance, usual_place
from app.loop import Loop
from app.mailbox import Mailbox
from app.push.push import Push
from app.stopping.flattening import Following, Launched, NoStop, launch, out_of_reach
from app.stopping.summons import Summons
from app.store.aside import set_aside
from app.store.folder import JOURNAL, SPARE
from app.store.identity import identity
from app.store.journal import OTHER_PLACE, Journal, JournalDamaged, JournalError
from app.store.spare import SpareJournal
from app.watch import Watch
from bridge import private
from bridge.clock import SystemClock
from bridge.metatrader import require_package
from bridge.port import Terminal
from bridge.simulator import story
from bridge.simulator.addressed import chosen
from bridge.simulator.launch import launched
from bridge.simulator.link import simulated_terminal
from bridge.simulator.ticks import Ticks
from bridge.supervisor import Supervisor
from monitors.masking import masked
from monitors.ports import Clock
from monitors.settings import Config, TerminalSettings

if TYPE_CHECKING:
    from app.engine import Connect, Engine, Sink

SHARED_VARIABLES = "PLIMSOLL_STREAM__", "PLIMSOLL_DESK__"
ASSETS = Path(__file__).parent.parent / "assets"


@dataclass(frozen=True, slots=True)
class World:
    """A clock and a way to the terminals."""

    clock: Clock
    connect: Connect
    close: Callable[[], None] = lambda: None
    """Once no terminal is used any more."""


class Program:
    """A config, a world and a folder for data: everything that a loop is built from. The worker builds the world."""

    def __init__(self, config: Config, world: Callable[[], World], folder: Path, say: Callable[[str], None],
                 watch: Watch | None = None, place: Path | None = None) -> None:  # fmt: skip
        """`place` is where accounts are locked; without it none is, for a world that only this program reaches."""
        self.config = config
        self.folder = folder
        self.place = place
        self.mailbox = Mailbox()
        self._world = world
        self._say = say
        self._watch = watch
        self._lost = ""
        """Why the journal that there was could not be used: nothing is armed until the next start."""
        self._armed = config.armed
        self.push = Push(config.notify, say, self.hide)
        self.sinks: tuple[Sink, ...] = ()
        self.window: Callable[[], object] | None = None
        """Brings the window forward, from any thread; None where there is none."""
        self.loop = Loop(self._engine, config.poll_ms, SystemClock(), self.mailbox, self._changed)

    def hide(self, text: str) -> str:
        """`text` without addresses, secrets and the numbers of accounts, for what others may read."""
        frame = self.mailbox.newest()
        seen = [account.login for account in frame.accounts] if frame else []
        named = [terminal.login for terminal in self.config.terminals]
        return masked(text, self.push.settings.urls, [*named, *filter(None, seen)])

    def come_forward(self) -> bool:
        """False where there is no window."""
        if self.window is not None:
            self.window()
        return self.window is not None

    def _changed(self) -> Config | None:
        fresh = self._watch.changed() if self._watch else None
        fresh = replace(fresh, armed=False) if fresh and self._lost else fresh
        if fresh and fresh.armed is not self._armed:
            self._armed = fresh.armed
            self._say(f"{fresh.source}: armed from now on: rules may close positions" if fresh.armed else
                      f"{fresh.source}: observing from now on: rules send nothing")  # fmt: skip
        return fresh

    def _engine(self) -> Engine:
        from app.archive.putting import archivist  # noqa: PLC0415 -- slow to import: the worker has the time
        from app.engine import Engine  # noqa: PLC0415 -- the same

        journal, self._lost = self._journal()
        config = replace(self.config, armed=False) if self._lost else self.config
        self._armed = config.armed
        world = self._world()
        spare = SpareJournal(self.folder / SPARE)
        instance = Instance(id=identity(self.folder), data=self.folder, place=self.place)
        engine = Engine(config, world.clock, journal, spare, world.connect, self.sinks, say=self._say,
                        instance=instance, stops=self._stops, let_go=world.close, lost=self._lost,
                        history=archivist(self.folder, world.clock, self._say),
                        push=self.push)  # fmt: skip
        if self._watch:
            self._watch.refused = engine.audit.refused
        return engine

    def _stops(self, name: str) -> NoStop:
        clock = SystemClock()
        return Following(self.folder, name, clock, Summons(self._stop_process(name), clock, self._say))

    def _stop_process(self, name: str) -> Callable[[], Launched] | None:
        """What starts it; None in a world that only this program reaches."""
        if self.place is None:
            return None
        index, settings = next((i, t) for i, t in enumerate(self.config.terminals) if t.name == name)
        terminal = attachment(settings, self.folder)

        def start() -> Launched:
            if why := out_of_reach(terminal):
                raise OSError(why)
            return launch(terminal, self.folder, index)

        return start

    def _journal(self) -> tuple[Journal, str]:
        """The journal; a damaged one is set aside, and then the program starts disarmed from the broker's truth."""
        path = self.folder / JOURNAL
        private.folder(path.parent)
        try:
            return _sound(path), ""
        except JournalDamaged as error:
            try:
                kept = set_aside(path, f"damaged-{SystemClock().utc_ms()}")
            except OSError as refused:
                raise JournalError(f"{error}, and it cannot be set aside ({refused.strerror}); "
                                   f"move it away or {OTHER_PLACE}") from refused  # fmt: skip
            lost = f"{error}; kept as {kept.name}, a new one begun: observing only until the next start"
            self._say(lost)
            return Journal(path), lost


def _sound(path: Path) -> Journal:
    """The journal there, all of it read once; JournalError where it cannot be used."""
    from app.contents import check  # noqa: PLC0415 -- what it knows of is slow to import: the worker has the time

    journal = Journal(path)
    try:
        check(journal)
    except sqlite3.OperationalError as error:
        journal.close()
        raise JournalError(f"{path}: cannot be used ({error}); close what holds it or {OTHER_PLACE}") from error
    except JournalDamaged:
        journal.close()
        raise
    return journal


def data_folder(config: Config) -> Path:
    """Where the config's data live: `data_dir`, or the platform's own place."""
    if config.data_dir:
        return Path(config.data_dir).expanduser()
    return Path(platformdirs.user_data_dir("plimsoll", appauthor=False))


def guard(config: Config, say: Callable[[str], None]) -> Program:
    """The program on the terminals of a config, each in processes of its own; TerminalError where none can be had."""
    folder = data_folder(config)
    attachments = {t.name: attachment(t, folder, config.analysis.currency) for t in config.terminals}
    own = [t for t in config.terminals if t.backend == "simulator" and not t.path]
    for settings in own:
        chosen(story.TERMINALS, settings.name, settings.login)
    if any(t.backend == "mt5" for t in config.terminals):
        require_package()

    def world() -> World:
        clock, stack = SystemClock(), ExitStack()
        if own:
            stack.enter_context(launched(folder / SIMULATED))

        def connect(settings: TerminalSettings) -> Terminal:
            return Supervisor(attachments[settings.name], clock, say=say)

        return World(clock, connect, stack.close)

    source = Path(config.source)
    watch = Watch(source, config, say) if source.is_file() else None
    return Program(config, world, folder, say, watch, usual_place())


def demo_terminals() -> list[dict[str, object]]:
    """The demo's [[terminal]] tables: its rules' file names none."""
    return [{"name": name, "backend": "simulator", "login": login} for name, login in story.TERMINALS]


def demo(tapes: dict[str, Ticks], speed: float, seed: int, folder: Path, say: Callable[[str], None]) -> Program:
    """The program on the demo's world, armed, with the rules of `assets/demo.toml` and data of its own.

    Of the environment it takes what is said of the stream and of the desk, and nothing else.
    """
    source = ASSETS / "demo.toml"
    rules = tomli.loads(source.read_text(encoding="utf-8"))
    shared = {name: given for name, given in os.environ.items() if name.startswith(SHARED_VARIABLES)}
    config = from_table({**rules, "terminal": demo_terminals()}, source=str(source), environ=shared)

    def world() -> World:
        made = story.build(seed=seed, speed=speed, tapes=tapes)

        def connect(settings: TerminalSettings) -> Terminal:
            return simulated_terminal(made.exchange, made.clock, settings.name, display=config.analysis.currency)

        return World(WorldClock(made.clock), connect)

    return Program(config, world, folder, say)
