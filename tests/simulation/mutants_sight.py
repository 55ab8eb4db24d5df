"""Planted bugs of seeing: whose account, how fresh, what is money moved, what is flat."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app import sight
from app.halting import Halting
from app.memory import Flow, Ledger
from app.presence import Presence
from app.sight import Sight
from bridge import decode
from bridge.port import TerminalError
from bridge.session import Session
from monitors import reading
from monitors.kinds import DealKind
from monitors.model import Snapshot
from tests.simulation.mutation import Bed, Plant

fault = reading.fault


def _any_account(bed: Bed) -> None:
    bed.put(sight, "fault", lambda snapshot, login, server: fault(snapshot, 0, ""))
    bed.put(Session, "_stranger", lambda _: None)


def _disconnected_is_fine(bed: Bed) -> None:
    def blind(snapshot: Snapshot, login: int, server: str) -> Any:
        return fault(replace(snapshot, terminal=replace(snapshot.terminal, connected=True)), login, server)

    bed.put(sight, "fault", blind)


def _any_price(bed: Bed) -> None:
    bed.put(reading, "_positions_fault", lambda _: None)
    bed.put(reading, "_account_fault", lambda _: None)


def _last_look_again(bed: Bed) -> None:
    """Where nothing can be read, what was read last is taken for what is."""
    look, kept = Sight.look, dict[int, Any]()

    def stale(self: Sight, since_ms: int | None) -> Any:
        seen = look(self, since_ms)
        if seen.snapshot and not seen.reason:
            kept[id(self)] = seen
            return seen
        old = kept.get(id(self))
        return replace(old, snapshot=replace(old.snapshot, taken_ms=self._clock.utc_ms())) if old else seen

    bed.put(Sight, "look", stale)


def _none_is_empty(bed: Bed) -> None:
    asked = Session._asked

    def lenient(self: Session, function: str, *given: Any, **named: Any) -> Any:
        try:
            return asked(self, function, *given, **named)
        except TerminalError:
            if function == "positions_get":
                return ()
            raise

    bed.put(Session, "_asked", lenient)
    bed.put(reading, "_account_fault", lambda _: None)


def _money(kinds: tuple[DealKind, ...]) -> Plant:
    """Money moved counts as profit."""

    def plant(bed: Bed) -> None:
        def count(ledger: Ledger, fresh: list[Any]) -> None:
            for deal in fresh:
                if deal.kind is DealKind.CREDIT:
                    ledger.credit += deal.profit
                else:
                    ledger.balance += deal.cash
                if deal.kind in kinds or deal.kind not in (DealKind.CREDIT, DealKind.TRANSFER):
                    ledger.booked += deal.cash if deal.kind is not DealKind.CREDIT else deal.profit
                else:
                    ledger.flows.append(Flow(deal.cash, "deposit", deal.time_ms))

        bed.put(sight, "_count", count)

    return plant


def _ticket_as_key(bed: Bed) -> None:
    position = decode.position

    def keyed(*given: Any) -> Any:
        found = position(*given)
        return replace(found, identifier=found.ticket)

    bed.put(decode, "position", keyed)


def _flat_by_one_look(bed: Bed) -> None:
    bed.put(Halting, "flat", property(lambda self: self.halt is not None and self.halt.kind.value == "stop"))


SIGHT: dict[str, Plant] = {
    "any account will do": _any_account,
    "a terminal without a broker will do": _disconnected_is_fine,
    "any price will do": _any_price,
    "the last look again": _last_look_again,
    "None as empty": _none_is_empty,
    "deposits as profit": _money((DealKind.TRANSFER,)),
    "credit as profit": _money((DealKind.CREDIT,)),
    "ticket as key": _ticket_as_key,
    "blindness never said": lambda bed: bed.put(Presence, "unseen", lambda *_: None),
    "flat before it is": _flat_by_one_look,
    "flat for ever": lambda bed: bed.put(Halting, "unseen", lambda _: None),
}
