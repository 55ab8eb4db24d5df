"""The backstops of one account in a beat: what stands, what its alert says of it, and what is sent while it may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from app.consents import Offer, offers
from app.halting import BACKSTOP
from app.protecting import LOOK_S, Protector
from app.widest import note, widest
from monitors.backstop import Backstop, plan
from monitors.model import Unknown
from monitors.reading import Reading

if TYPE_CHECKING:
    from app.guard import Guard


class Backstops:
    """Reads the guard; changes in it only what its protector has sent, and the spreads."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._protector = Protector(
            guard.keeper, guard.terminal, guard.shared.clock, guard.shared.tell,
            on_alarm=lambda why, do: guard.halting.alarm(BACKSTOP, "execution", why, do),
            on_all_clear=lambda alert: guard.shared.alerts.clear(alert, None),
        )  # fmt: skip
        self._advise_s = -math.inf

    def collect(self) -> None:
        """Take what has come of the request under way."""
        self._protector.collect()

    def tend(self, reading: Reading) -> None:
        """After everything that closes: a stop may wait for a close, and no close for a stop that is not sent yet."""
        guard, memory = self._guard, self._guard.keeper.memory
        now_ms = guard.now.sighting.moment_ms
        note(memory.spreads, reading.snapshot, now_ms)
        self._protector.settle(reading.snapshot)
        standing = [offer for offer in offers(guard.ladder.rules, memory) if offer.alert is not None]
        by_hand = guard.by_hand.stops(reading, guard)
        if not standing and not by_hand:
            return
        spreads, now_s = widest(memory.spreads, now_ms), guard.shared.clock.monotonic()
        if now_s - self._advise_s >= LOOK_S:
            self._advise_s = now_s
            for offer in standing:
                self._advise(offer, plan(reading, offer.rule, offer.within, spreads), reading.snapshot.account.digits)
        agreed = [offer for offer in standing if offer.agreed] if guard.acts else []
        held_back = guard.stop.closing or guard.halting.decides or guard.executor.under_way or guard.rivals.reason
        if (agreed or by_hand) and not held_back:
            self._protector.run(reading, agreed, spreads, lambda p: p in memory.targets or guard.executor.busy(p),
                                by_hand)  # fmt: skip

    def _advise(self, offer: Offer, made: Backstop | Unknown, digits: int) -> None:
        """The alert says what would be done, or stands, and how to agree."""
        words = f"No stop can be computed: {made.reason}." if isinstance(made, Unknown) else said(made, digits)
        if not offer.agreed:
            words += f" Nothing is sent yet; to agree: plimsoll backstop --account {self._guard.settings.name}"
        elif not self._guard.acts:
            words += " Nothing is sent: this program only watches here."
        if offer.alert is not None:
            self._guard.shared.alerts.advise(offer.alert, f"{words}\n{offer.rule.do}".strip())


def said(made: Backstop, digits: int) -> str:
    """`2 stops to set: worst case 480.00 within room 500.00.`, and what is missing or cannot be bounded."""
    count = len(made.changes)
    stops = f"{count} {'stop' if count == 1 else 'stops'} to set" if count else "No stop to set"
    if math.isinf(made.worst):
        bare = ", ".join(f"{s.position.symbol} {s.position.identifier} ({s.why})"
                         for s in made.stops if math.isinf(s.loss))  # fmt: skip
        return f"{stops}: worst case not bounded, room {made.room:.{digits}f}. Without a stop: {bare}."
    words = f"{stops}: worst case {made.worst:.{digits}f} within room {made.room:.{digits}f}."
    if made.worst > made.room:
        words = f"{stops}: worst case {made.worst:.{digits}f}, room {made.room:.{digits}f}."
        words += f" {made.missing:.{digits}f} more than the room, even at the nearest stops allowed." if count else ""
    return words
