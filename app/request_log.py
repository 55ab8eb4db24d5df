"""Requests on disk: the intent before a send and the outcome after it, with the spare file behind the journal."""

from __future__ import annotations

import sqlite3

from app.keeper import Keeper
from monitors.gate import Sent
from monitors.model import Instrument
from monitors.outcomes import Request
from monitors.ports import Clock
from monitors.zones import DAY_MS


class RequestLog:
    """What one account's executor writes; trouble with the disk is noted at the keeper and raises nothing."""

    def __init__(self, keeper: Keeper, clock: Clock) -> None:
        self._keeper = keeper
        self._journal = keeper.journal
        self._clock = clock

    def open(self) -> list[Request]:
        """Requests of this account that the journal holds unsettled, oldest first."""
        return self._journal.open_requests(self._keeper.server, self._keeper.login)

    def instrument(self, symbol: str) -> Instrument | None:
        """The specification that a request of an earlier run was written with."""
        return self._journal.load(f"instrument:{symbol}", Instrument)

    def lately(self) -> tuple[Sent, ...]:
        """Sends of the last day, oldest first."""
        now = self._clock.utc_ms()
        try:
            return self._journal.sent_between(self._keeper.server, self._keeper.login, now - DAY_MS, now)
        except sqlite3.Error as error:
            self._keeper.broken(error)  # and then only a person's stop is admitted, which no cap counts
            return ()

    def number(self, *, by_person: bool) -> int | None:
        """The next request's; None where the journal gives none and no person pressed stop."""
        try:
            return self._journal.number("request")
        except sqlite3.Error as error:
            self._keeper.broken(error)
            return self._keeper.spare.number() if by_person else None

    def write(self, request: Request, instrument: Instrument, *, by_person: bool) -> bool:
        """The request into the journal; into the spare file where the journal fails and a person pressed stop."""
        lots, filled = instrument.lots(request.steps), instrument.lots(request.filled)
        who = self._keeper
        try:
            with self._journal.atomic():
                self._journal.write_request(who.server, who.login, who.name, request, lots=lots, filled=filled)
                self._journal.save(f"instrument:{request.symbol}", instrument)
        except sqlite3.Error as error:
            who.broken(error)
            if by_person:
                who.spare.write(who.record(instrument=instrument) | {"key": f"instrument:{request.symbol}"})
                who.spare.write(who.record(request=request, lots=lots, filled=filled))
            return by_person
        who.mended()
        return True
