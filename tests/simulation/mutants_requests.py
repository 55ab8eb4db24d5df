"""Planted bugs of sending and settling."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app import drafting, execution, fillings, settling
from app.attempts import Attempts
from app.execution import Executor
from app.live import Live
from app.pace import Pace
from app.request_log import RequestLog
from app.settling import Settling
from bridge.port import CloseOrder
from bridge.session import Session
from monitors import gate, lots, outcomes
from monitors.gate import Circumstances, Wish, admit
from monitors.outcomes import Request, Retry, Settlement, State, meant, settle
from tests.simulation.mutation import Bed, Plant


def _order(**changed: Any) -> Plant:
    """Orders that differ from what was decided; the check right before the send is off too."""

    def plant(bed: Bed) -> None:
        def order(**given: Any) -> Any:
            return CloseOrder(**given | {key: new(given) for key, new in changed.items()})

        bed.put(drafting, "CloseOrder", order)
        bed.put(Session, "_gone", lambda *_: None)

    return plant


def _intent_after(bed: Bed) -> None:
    """The row is written with the request after it."""
    put, waiting = RequestLog._put, list[tuple[Any, ...]]()

    def later(log: RequestLog, request: Request, instrument: Any) -> None:
        while waiting:
            put(log, *waiting.pop(0))
        if request.state is State.SENT:
            waiting.append((request, instrument))
        else:
            put(log, request, instrument)

    bed.put(RequestLog, "_put", later)
    bed.put(RequestLog, "holds", lambda *_: True)


def _meaning(change: Any) -> Plant:
    return lambda bed: bed.put(settling, "meant", lambda code, error: change(code, meant(code, error)))


def _believed(code: int) -> Plant:
    """That answer is taken as done without any proof."""

    def plant(bed: Bed) -> None:
        answered = Settling.answered

        def believe(self: Settling, request: Request, receipt: Any, quote: Any) -> None:
            if receipt.retcode == code:
                self._conclude(
                    replace(request, state=State.UNKNOWN), Settlement(state=State.DONE, filled=request.steps)
                )
            else:
                answered(self, request, receipt, quote)

        bed.put(Settling, "answered", believe)

    return plant


def _settled(change: Any) -> Plant:
    def plant(bed: Bed) -> None:
        def other(request: Request, *given: Any, **more: Any) -> Any:
            return change(request, settle(request, *given, **more))

        bed.put(settling, "settle", other)

    return plant


def _admitted(**changed: Any) -> Plant:
    """The gate is told something else than what is."""

    def plant(bed: Bed) -> None:
        def loose(wish: Wish, around: Circumstances) -> Any:
            return admit(wish, replace(around, **changed))

        bed.put(execution, "admit", loose)

    return plant


def _beside_another(bed: Bed) -> None:
    """The look at the promises right before the send is off too."""
    _admitted(in_flight=frozenset(), symbols_in_flight=frozenset())(bed)
    bed.put(execution, "broken", lambda *_, **__: "")


def _no_minute_cap(bed: Bed) -> None:
    bed.put(Pace, "often", lambda *_: False)
    bed.put(gate, "SENDS_A_MINUTE", 10**6)
    bed.put(Attempts, "ready", lambda *_: True)


def _journal_ignored(bed: Bed) -> None:
    intend = RequestLog.intend

    def anyway(log: RequestLog, draw: Any, instrument: Any, *, by_person: bool) -> Request:
        return intend(log, draw, instrument, by_person=by_person) or draw(log._keeper.spare.number())

    bed.put(RequestLog, "intend", anyway)
    _admitted(journal_ok=True)(bed)


def _person_waits_for_the_disk(bed: Bed) -> None:
    intend = RequestLog.intend
    bed.put(RequestLog, "intend", lambda log, draw, i, *, by_person: intend(log, draw, i, by_person=False))


def _never_recovered(bed: Bed) -> None:
    def recover(self: Executor) -> list[int]:
        self._settling.live = Live()
        return []

    bed.put(Executor, "recover", recover)


REQUESTS: dict[str, Plant] = {
    "wrong side": _order(side=lambda o: o["side"].opposite),
    "a deal without its position": _order(ticket=lambda o: 0),
    "a step more than is held": _order(lots=lambda o: o["held"] + 0.1),
    "intent after the send": _intent_after,
    "blind retry of an unknown": _meaning(
        lambda c, m: m if m.accepted else replace(m, refused=True, retry=Retry.FRESH)),
    "an answer that says nothing is a success": _believed(10012),
    "10008 as done": _believed(10008),
    "10010 as done": _believed(10010),
    "10009 needs no proof": _believed(10009),
    "unknown settled at once": lambda bed: bed.put(outcomes, "ABSENCE_S", 0.0),
    "deals of long ago prove": lambda bed: bed.put(Request, "since_ms", property(lambda _: 0)),
    "a part is all": _settled(lambda r, s: s and replace(s, state=State.DONE, filled=r.steps) if s and s.filled else s),
    "all is a part": _settled(lambda r, s: s and replace(s, state=State.PARTIAL) if s and s.filled else s),
    "a foreign close is ours": lambda bed: bed.put(outcomes, "_is_ours", lambda d, *_: d.closes),
    "a reversal unnoticed": _settled(lambda r, s: s and replace(s, reversed=False)),
    "gate: beside another request": _beside_another,
    "gate: no cap a minute": _no_minute_cap,
    "gate: whatever the journal": _journal_ignored,
    "gate: whatever is allowed": lambda bed: bed.put(gate, "forbidden", lambda _: None),
    "no pacing": lambda bed: bed.put(Pace, "ready", lambda *_: True),
    "no pause after a refusal": lambda bed: bed.put(Attempts, "ready", lambda *_: True),
    "a shut market is tried at once": _meaning(
        lambda c, m: replace(m, retry=Retry.FRESH, quick=3) if m.retry is Retry.MARKET else m),
    "volume_max ignored": lambda bed: bed.put(lots, "requests", lambda i, closing: [closing]),
    "one filling mode for all": lambda bed: bed.put(fillings, "choices", lambda _: (0,)),
    "open requests forgotten by a restart": _never_recovered,
    "receipts never fetched": lambda bed: bed.put(Executor, "collect", lambda _: None),
    "a person waits for the disk": _person_waits_for_the_disk,
    "every comment the same": lambda bed: bed.put(drafting, "tag", lambda owner, number: f"plimsoll {owner} 1"),
}  # fmt: skip
