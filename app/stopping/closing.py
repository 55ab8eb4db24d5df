"""What the stop process does once it has latched: the engine itself, on one terminal and without rules, until flat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.engine import Engine
from app.events import Event
from app.guard import Guard
from app.instance.single import Instance
from app.portrait import halt_view
from app.stopping.flattening import CLOSING, Mine
from app.store.flatlog import FlatJournal
from app.store.folder import JOURNAL, SPARE
from app.store.identity import identity
from app.store.latch import Held
from app.store.spare import SpareJournal
from app.words import words
from bridge.attach import Attachment, attach, session
from bridge.clock import SystemClock
from bridge.port import Terminal, TerminalError
from bridge.session import Session
from monitors.model import Snapshot
from monitors.ports import Clock, EmergencyStop
from monitors.settings import Config, TerminalSettings

if TYPE_CHECKING:
    from app.flatten import Order

BEAT_S = 0.1
AGAIN_S = 10.0
"""How often a state that lasts is said again."""
SETTLING_S = 5.0
"""How long an account that is flat is watched on for requests whose answer is not proven yet."""
BEHIND = "Etc/GMT+12"
"""Stands in for a broker's clock that is not known: none is further behind, so no deal is missed, and times of day do
not matter here. To find the clock out would cost what a stop does not have, time."""
FLAT, NOT_FLAT = 0, 1
Say = Callable[[str], None]


class Closing:
    """Built, used and closed in one thread; what it cannot do now it says and tries again."""

    def __init__(self, order: Order, held: Held, say: Say) -> None:
        self._attachment = Attachment(**order.attachment)
        self._order = order
        self._held = held
        self._say = say
        self._clock: Clock = SystemClock()
        self._journal = self._taken_up()
        self._engine: Engine | None = None
        self._told = ("", -AGAIN_S)
        self._flat_s: float | None = None
        self._pressed = False

    def beat(self) -> bool:
        """Once more; True where nothing is left to do."""
        self._held.live()
        try:
            self._engine = self._engine or self._built(self.opened())
        except TerminalError as error:
            self._state(f"NOT flat: {error}")
            return False
        except Exception as error:  # noqa: BLE001 -- a stop that cannot begin says why and tries again
            self._state(f"NOT flat: {type(error).__name__}: {error}")
            return False
        self._engine.beat()
        over = self._over(self._engine)
        if any(guard.now.blind for guard in self._engine.guards.values()) and not self._journal.trouble:
            self._begin_anew(self._engine)
        return over

    def close(self) -> None:
        """Let terminal and journal go."""
        if self._engine:
            self._engine.close()
        else:
            self._journal.close()

    def opened(self) -> Session:
        """A session on the terminal; TerminalError says why there is none and what to do."""
        attached = attach(self._attachment)
        clock = self._attachment.clock or attached.zone or BEHIND
        found = session(replace(self._attachment, clock=clock), self._clock, attached)
        found.for_closing()
        try:
            found.whose()
        except TerminalError:
            found.hang_up()
            raise
        return found

    def _built(self, terminal: Terminal) -> Engine:
        """Its requests, and those of the instance that may be stuck, are taken up before anything is sent."""
        data, given = self._order.data, self._attachment
        self._journal.borrow(data / JOURNAL, data / SPARE)
        settings = TerminalSettings(name=given.name, backend=given.backend, path=given.path, login=given.login,
                                    server=given.server)  # fmt: skip
        engine = Engine(
            Config(terminals=(settings,)), self._clock, self._journal, SpareJournal(None), lambda _: terminal,
            (self._tell,), say=self._say, instance=Instance(id=identity(data), data=data),
            stops=lambda _: Mine(self._held),
        )  # fmt: skip
        engine.start()
        engine.obey(EmergencyStop(by="command"))
        return engine

    def _taken_up(self) -> FlatJournal:
        return FlatJournal(self._order.data, self._order.name, self._order.index, self._clock)

    def _begin_anew(self, engine: Engine) -> None:
        """A terminal that stays away may be another when it comes back; what was sent stands in the file."""
        engine.close()
        self._engine, self._journal, self._pressed = None, self._taken_up(), False

    def _press(self, engine: Engine, guard: Guard) -> None:
        """Pressed again at the first reading: a latch of an earlier run knows nothing of what was opened since."""
        if not self._pressed and guard.now.reading is not None:
            self._pressed = engine.obey(EmergencyStop(by="command"))

    def _over(self, engine: Engine) -> bool:
        (guard,) = engine.guards.values()
        self._press(engine, guard)
        view = halt_view(guard)
        state = view.progress if view else ""
        if not guard.halting.flat:
            state = "nothing is left; one more reading has to agree" if _nothing(guard.now.snapshot) else state
            whys = [guard.now.sighting.reason] + [a.why for a in engine.shared.alerts.views() if a.active]
            doing = [*guard.executor.states().values(), self._journal.trouble and "the file cannot be written"]
            self._flat_s = None
            self._state("; ".join(dict.fromkeys(filter(None, [state, *whys, *doing]))))
            return False
        now_s = self._clock.monotonic()
        self._flat_s = now_s if self._flat_s is None else self._flat_s
        if guard.executor.open_requests and now_s - self._flat_s < SETTLING_S:
            self._state("flat; answers still unknown are looked for")
            return False
        self._say(state)
        return True

    def _tell(self, told: Event) -> None:
        if told["event"] not in ("started", "recovered", "blind", "sighted", "alert"):
            self._say(words(told).split(f"  {told['account']}  ", 1)[-1])

    def _state(self, text: str) -> None:
        """Said when it changed, and again while it lasts."""
        now_s = self._clock.monotonic()
        if text != self._told[0] or now_s - self._told[1] >= AGAIN_S:
            self._told = text, now_s
            self._say(text)


def _nothing(seen: Snapshot | None) -> bool:
    return seen is not None and not seen.positions and not seen.orders and not seen.account.margin


def close(order: Order, held: Held, end_s: float | None, say: Say) -> int:
    """Close until flat; 0 then, 1 where the time is over or another one took over before."""
    clock, pause, closing = SystemClock(), threading.Event(), Closing(order, held, say)
    try:
        while not closing.beat():
            if held.superseded:
                say(f"{CLOSING}: another one took over from this one")
                return NOT_FLAT
            if end_s is not None and clock.monotonic() >= end_s:
                say(f"NOT flat after {order.seconds:g} s; the latch holds, start it again: plimsoll stop")
                return NOT_FLAT
            pause.wait(BEAT_S)
        return FLAT
    finally:
        closing.close()
