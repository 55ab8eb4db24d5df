"""Requests on disk, and told: the intent before a send, the outcome after it, the spare file behind the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from app.events import Tell, event
from app.keeper import Keeper
from app.store.spare import FIRST
from monitors.gate import Sent
from monitors.model import Instrument
from monitors.outcomes import Request
from monitors.ports import Clock
from monitors.zones import DAY_MS


class RequestLog:
    """What one account's executor writes; trouble with the disk is noted at the keeper and raises nothing."""

    def __init__(self, keeper: Keeper, clock: Clock, tell: Tell) -> None:
        self._tell = tell
        self._keeper = keeper
        self._journal = keeper.journal
        self._clock = clock
        self._ahead: dict[int, float] = {}
        """Send that lies ahead of this machine's clock, which was set back, to the monotonic second it was found so."""

    def open(self) -> list[Request]:
        """Requests of this account that the journal holds unsettled, oldest first."""
        return self._journal.open_requests(self._keeper.server, self._keeper.login)

    def instrument(self, symbol: str) -> Instrument | None:
        """The specification that a request of an earlier run was written with."""
        return self._journal.load(f"instrument:{symbol}", Instrument)

    def lately(self) -> tuple[Sent, ...]:
        """Sends of the last day, oldest first; one ahead of a clock set back is as old as it is known to be."""
        now = self._clock.utc_ms()
        try:
            sent = self._journal.sent_between(self._keeper.server, self._keeper.login, now - DAY_MS, now + DAY_MS)
            return tuple(self._aged(one, now) for one in sent)
        except sqlite3.Error as error:
            self._keeper.broken(error)  # and then only a person's stop is admitted, which no cap counts
            return ()

    def _aged(self, sent: Sent, now_ms: int) -> Sent:
        if sent.at_ms <= now_ms:
            return sent
        now_s = self._clock.monotonic()
        return replace(sent, at_ms=now_ms - round(1000 * (now_s - self._ahead.setdefault(sent.at_ms, now_s))))

    def intend(self, draw: Callable[[int], Request], instrument: Instrument, *, by_person: bool) -> Request | None:
        """A number, the request that `draw` makes of it, and the word that it is meant: one commit, synced.

        Where the journal takes nothing, None; or a number and a line of the spare file, where a person pressed stop.
        """
        who = self._keeper
        try:
            with self._journal.atomic():
                request = draw(self._journal.number("request"))
                self._put(request, instrument)
                self._intent(request, instrument)
        except sqlite3.Error as error:
            who.broken(error)
            if not by_person:
                return None
            request = draw(who.spare.number())
            self._spare(request, instrument)
            self._intent(request, instrument)
            return request
        who.mended()
        return request

    def holds(self, request: Request) -> bool:
        """Whether the intent is on disk, or in the spare file as far as that takes anything."""
        try:
            return request.number >= FIRST or self._journal.holds(request.number)
        except sqlite3.Error:
            return False

    def outcome(self, request: Request, instrument: Instrument) -> None:
        """What became of it and the word of it, in one commit; in the spare file where the journal takes nothing."""
        try:
            with self._journal.atomic():
                self._put(request, instrument)
                self._told_outcome(request, instrument)
        except sqlite3.Error as error:
            self._keeper.broken(error)
            self._spare(request, instrument)
            self._told_outcome(request, instrument)
            return
        self._keeper.mended()

    def correct(self, request: Request, instrument: Instrument) -> None:
        """What a restart needs to know of it has changed, and nothing has become of it yet."""
        try:
            self._put(request, instrument)
        except sqlite3.Error as error:
            self._keeper.broken(error)
            self._spare(request, instrument)

    def _put(self, request: Request, instrument: Instrument) -> None:
        who, lots, filled = self._keeper, instrument.lots(request.steps), instrument.lots(request.filled)
        self._journal.write_request(who.server, who.login, who.name, request, lots=lots, filled=filled)
        self._journal.save(f"instrument:{request.symbol}", instrument)

    def _spare(self, request: Request, instrument: Instrument) -> None:
        who, lots, filled = self._keeper, instrument.lots(request.steps), instrument.lots(request.filled)
        who.spare.write(who.record(instrument=instrument) | {"key": f"instrument:{request.symbol}"})
        who.spare.write(who.record(request=request, lots=lots, filled=filled))

    def _intent(self, request: Request, instrument: Instrument) -> None:
        by = {"by": request.by} if request.by else {}
        self._tell(event(request.sent_ms, "intent", self._keeper.name, request=request.number, episode=request.episode,
                         position=request.position, symbol=request.symbol, side=str(request.side.opposite),
                         volume=instrument.lots(request.steps), **by))  # fmt: skip

    def _told_outcome(self, request: Request, instrument: Instrument) -> None:
        self._tell(event(self._clock.utc_ms(), "outcome", self._keeper.name, request=request.number,
                         state=str(request.state), retcode=request.retcode,
                         filled=instrument.lots(request.filled)))  # fmt: skip
