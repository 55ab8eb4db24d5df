"""What an answer, a deal and a position mean for a request: done, partial, refused, or unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitors.kinds import DealReason, Entry, Side
from monitors.model import Deal, Instrument, Position

ABSENCE_S = 60.0
"""How long the broker's records may stay silent before an unclear answer counts as a refusal."""


class State(StrEnum):
    """Where a request stands."""

    SENT = "sent"
    DONE = "done"
    PARTIAL = "partial"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Retry(StrEnum):
    """What a refusal asks for before the same wish goes out again."""

    FRESH = "at a fresh price"
    LATER = "after a pause"
    REREAD = "after reading the position again"
    FILLING = "with the next filling mode"
    MARKET = "when the market is open"
    PERMISSION = "when trading is allowed"
    NEVER = "by a person: repeating does not mend it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One retcode: its name, whether it is a definite refusal, and what a retry needs."""

    name: str
    refused: bool
    retry: Retry = Retry.NEVER
    accepted: bool = False
    """The server says that it did it; the records are looked at once before anything is called unknown."""


def _refused(name: str, retry: Retry = Retry.NEVER) -> Meaning:
    return Meaning(name=name, refused=True, retry=retry)


def _accepted(name: str) -> Meaning:
    return Meaning(name=name, refused=False, accepted=True)


def _unsettled(name: str) -> Meaning:
    return Meaning(name=name, refused=False)


RETCODES = {
    10004: _refused("requote", Retry.FRESH),
    10006: _refused("rejected", Retry.LATER),
    10007: _refused("cancelled by the dealer", Retry.LATER),
    10008: _unsettled("placed"),
    10009: _accepted("done"),
    10010: _accepted("done in part"),
    10011: _unsettled("error"),
    10012: _unsettled("timeout"),
    10013: _refused("invalid request"),
    10014: _refused("invalid volume", Retry.REREAD),
    10015: _refused("invalid price", Retry.FRESH),
    10016: _refused("invalid stops"),
    10017: _refused("trading disabled", Retry.PERMISSION),
    10018: _refused("market closed", Retry.MARKET),
    10019: _refused("not enough money", Retry.LATER),
    10020: _refused("price changed", Retry.FRESH),
    10021: _refused("no quotes", Retry.LATER),
    10022: _refused("invalid expiration"),
    10023: _unsettled("order changed"),
    10024: _refused("too many requests", Retry.LATER),
    10025: _refused("no changes"),
    10026: _refused("the server forbids automated trading", Retry.PERMISSION),
    10027: _refused("algo trading is off in the terminal", Retry.PERMISSION),
    10028: _unsettled("being processed"),
    10029: _refused("frozen near its stop or target", Retry.LATER),
    10030: _refused("filling mode not accepted", Retry.FILLING),
    10031: _unsettled("no connection to the trade server"),
    10032: _refused("only for real accounts"),
    10033: _refused("too many pending orders"),
    10034: _refused("volume limit reached", Retry.LATER),
    10035: _refused("invalid order"),
    10036: _refused("position already closed", Retry.REREAD),
    10038: _refused("more than the position holds", Retry.REREAD),
    10039: _refused("a close is already waiting", Retry.LATER),
    10040: _refused("too many positions"),
    10041: _refused("rejected and cancelled", Retry.LATER),
    10042: _refused("only long positions allowed"),
    10043: _refused("only short positions allowed"),
    10044: _refused("only closing allowed", Retry.LATER),
    10045: _refused("oldest position first", Retry.LATER),
    10046: _refused("hedging prohibited", Retry.LATER),
}
"""The trade server's answers to a close (MetaTrader 5 reference, trade server return codes)."""

NOT_SENT = frozenset({-2, -8})
"""Client errors of `order_send` after which nothing left this machine: bad arguments, API trading disabled."""


def meaning(retcode: int | None) -> Meaning:
    """What a retcode says; None and codes not in the table say nothing, so they are unsettled."""
    if retcode is None:
        return _unsettled("no answer")
    return RETCODES.get(retcode, _unsettled(f"code {retcode}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A close that was sent or is about to be; volumes in steps, times in UTC epoch milliseconds.

    `deal_floor` is the highest deal ticket known before the send: only later deals can be its own.
    `side` is the position's, not the order's.
    """

    number: int
    episode: int | None
    position: int
    symbol: str
    side: Side
    steps: int
    held: int
    sent_ms: int
    deal_floor: int
    tag: str
    state: State = State.SENT
    retcode: int | None = None
    order: int = 0
    filled: int = 0
    capped: bool = True
    stepped_ms: int = 0
    """How far this machine's UTC was set since the send, so that a restart knows how old the request is."""

    @property
    def open(self) -> bool:
        """True until the broker's records have settled it."""
        return self.state in (State.SENT, State.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What the broker's records prove; `filled` in steps. `reversed`: the close opened the opposite."""

    state: State
    filled: int
    reversed: bool = False


def settle(
    request: Request, deals: Iterable[Deal], position: Position | None, instrument: Instrument, age_s: float
) -> Settlement | None:
    """Proof from deals or from a changed position settles at once, absence only after ABSENCE_S; None: wait.

    `position` is what is held under the request's identifier now. Deals by others (a stop-loss, the trader)
    that explain a smaller position are no proof of ours. A deal of ours that opened something, in whatever position, is
    what a close does that met another close.
    """
    later = [d for d in deals if d.position == request.position and d.ticket > request.deal_floor]
    ours = [d for d in later if _is_ours(d, request)]
    turned = position is not None and position.side is not request.side
    opened = any(
        d.ticket > request.deal_floor and d.entry in (Entry.IN, Entry.INOUT) and _names(d, request) for d in deals
    )
    if ours or opened:
        filled = min(request.steps, sum(instrument.steps(d.lots) for d in ours))
        return _settlement(request, filled, turned=turned or opened)
    others = sum(instrument.steps(d.lots) for d in later if d.closes)
    opened_since = sum(instrument.steps(d.lots) for d in later if d.entry is Entry.IN and not d.comment.startswith(TAG))
    left = 0 if position is None or turned else position.steps
    missing = request.held + opened_since - left - others
    if missing > 0:
        return _settlement(request, min(request.steps, missing), turned=turned)
    if age_s >= ABSENCE_S:
        return Settlement(state=State.REFUSED, filled=0, reversed=turned)
    return None


def _settlement(request: Request, filled: int, *, turned: bool) -> Settlement:
    state = State.DONE if filled >= request.steps else State.PARTIAL if filled else State.REFUSED
    return Settlement(state=state, filled=filled, reversed=turned)


def _is_ours(deal: Deal, request: Request) -> bool:
    """By comment tag or order ticket; a broker may drop the comment, so while unclear an expert's bare close counts."""
    if deal.entry is Entry.IN:
        return False
    if _names(deal, request):
        return True
    other_tag = deal.comment.startswith(TAG)
    return not other_tag and deal.reason == DealReason.EXPERT and not deal.comment and request.state is not State.SENT


def _names(deal: Deal, request: Request) -> bool:
    """Whether the deal bears the request's own tag or order."""
    return deal.comment == request.tag or bool(request.order and deal.order == request.order)


TAG = "plimsoll"
"""How every order of ours begins its comment; another instance's deals are recognised by it."""
_TAGGED = re.compile(rf"{TAG} ([0-9a-f]{{6}})(?![0-9a-f])")


def tag(owner: str, number: int) -> str:
    """The comment of a request: whose it is and its number, in hexadecimal so that 29 characters hold any number."""
    return f"{TAG} {owner} {number:x}"


def author(deal: Deal) -> str:
    """The id of the instance whose request the deal carried out; empty where none of ours did."""
    found = _TAGGED.match(deal.comment) if deal.closes else None
    return found[1] if found else ""
