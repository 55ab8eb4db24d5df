"""What an answer, a deal and a position mean for a request: done, partial, refused, or unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Deal, Instrument, Position
from monitors.zones import MINUTE_MS

OPENING = (Entry.IN, Entry.INOUT)
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


class Reach(StrEnum):
    """For what a refusal holds besides the position that met it."""

    POSITION = "the position"
    SYMBOL = "the symbol"
    ACCOUNT = "the account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One retcode: its name, whether it is a definite refusal, and what a retry needs.

    `quick` refusals in a row are followed by another try soon; one more stands as an alarm. Nothing is given up for
    good, since a protective close that is never tried again is the worse fault: it is tried seldom.
    """

    name: str
    refused: bool
    retry: Retry = Retry.NEVER
    quick: int = 0
    reach: Reach = Reach.POSITION
    accepted: bool = False
    """The server says that it did it; the records are looked at once before anything is called unknown."""


def _refused(name: str, retry: Retry = Retry.NEVER, quick: int = 0, reach: Reach = Reach.POSITION) -> Meaning:
    return Meaning(name=name, refused=True, retry=retry, quick=quick, reach=reach)


def _accepted(name: str) -> Meaning:
    return Meaning(name=name, refused=False, accepted=True)


def _unsettled(name: str) -> Meaning:
    return Meaning(name=name, refused=False)


RETCODES = {
    10004: _refused("requote", Retry.FRESH, 2),
    10006: _refused("rejected", Retry.LATER, 1),
    10007: _refused("cancelled by the dealer"),
    10008: _unsettled("placed"),
    10009: _accepted("done"),
    10010: _accepted("done in part"),
    10011: _unsettled("error"),
    10012: _unsettled("timeout"),
    10013: _refused("invalid request"),
    10014: _refused("invalid volume", Retry.REREAD, 1),
    10015: _refused("invalid price", Retry.FRESH, 1),
    10016: _refused("invalid stops"),
    10017: _refused("trading disabled", Retry.PERMISSION, reach=Reach.SYMBOL),
    10018: _refused("market closed", Retry.MARKET, reach=Reach.SYMBOL),
    10019: _refused("not enough money", Retry.REREAD, 1),
    10020: _refused("price changed", Retry.FRESH, 2),
    10021: _refused("no quotes", Retry.LATER, 4, Reach.SYMBOL),
    10022: _refused("invalid expiration"),
    10023: _unsettled("order changed"),
    10024: _refused("too many requests", Retry.LATER, 4, Reach.ACCOUNT),
    10025: _refused("no changes", Retry.REREAD, 1),
    10026: _refused("the server forbids automated trading", Retry.PERMISSION, reach=Reach.ACCOUNT),
    10027: _refused("algo trading is off in the terminal", Retry.PERMISSION, reach=Reach.ACCOUNT),
    10028: _unsettled("being processed"),
    10029: _refused("frozen near its stop or target", Retry.LATER, 4),
    10030: _refused("filling mode not accepted", Retry.FILLING, 3),
    10031: _unsettled("no connection to the trade server"),
    10032: _refused("only for real accounts", reach=Reach.ACCOUNT),
    10033: _refused("too many pending orders"),
    10034: _refused("volume limit reached"),
    10035: _refused("invalid order"),
    10036: _refused("position already closed", Retry.REREAD, 3),
    10038: _refused("more than the position holds", Retry.REREAD, 1),
    10039: _refused("a close is already waiting", Retry.LATER, 4),
    10040: _refused("too many positions"),
    10041: _refused("rejected and cancelled", Retry.REREAD, 1),
    10042: _refused("only long positions allowed"),
    10043: _refused("only short positions allowed"),
    10044: _refused("only closing allowed"),
    10045: _refused("oldest position first"),
    10046: _refused("hedging prohibited"),
}
"""The trade server's answers to a close (MetaTrader 5 reference, trade server return codes)."""

NOT_SENT = {
    -2: _refused("held back", Retry.LATER, 3),
    -8: _refused("the Python API may not trade", Retry.PERMISSION, reach=Reach.ACCOUNT),
}
"""Client errors of `order_send` after which nothing left this machine: bad arguments, API trading disabled."""


def meaning(retcode: int | None) -> Meaning:
    """What a retcode says; None and codes not in the table say nothing, so they are unsettled."""
    if retcode is None:
        return _unsettled("no answer")
    return RETCODES.get(retcode, _unsettled(f"code {retcode}"))


def meant(retcode: int | None, error: int) -> Meaning:
    """The same, with the client's own error where no answer came back at all."""
    return NOT_SENT.get(error, meaning(None)) if retcode is None else meaning(retcode)


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
    filling: int = -1
    """The filling mode it asked for; negative where it asked for none."""
    by: int = 0
    """The identifier of the opposite position that it is closed by; 0: none."""
    by_held: int = 0

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions that nothing else is sent for while it is open."""
        return (self.position, self.by) if self.by else (self.position,)

    broker_ms: int = 0
    """The send by the broker's clock as far as a quote told it, never later than `sent_ms`: no deal of its is older."""
    stepped_ms: int = 0
    """How far this machine's UTC was set since the send, so that a restart knows how old the request is."""

    @property
    def since_ms(self) -> int:
        """From when on a deal may be its own or have changed what it found: what is older it found as it was."""
        return (self.broker_ms or self.sent_ms) - MINUTE_MS

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


def settle(request: Request, deals: Iterable[Deal], position: Position | None, instrument: Instrument,
           age_s: float, *, by: Position | None = None, waiting: bool = False) -> Settlement | None:  # fmt: skip
    """Proof from deals or from a changed position settles at once, absence only after ABSENCE_S; None: wait.

    `position` and `by` are what is held under the request's identifiers now. Deals by others (a stop-loss, the trader)
    that explain a smaller position are no proof of ours. A close-by is proven by both of its legs. A deal of ours that
    opened something, in whatever position, is what a close does that met another close. `waiting`: an order of the
    position waits at the broker, so that silence says nothing.
    """
    deals = tuple(deal for deal in deals if deal.time_ms >= request.since_ms)
    now = zip(request.positions, (position, by), strict=False)
    legs = [_leg(request, identifier, deals, held, instrument) for identifier, held in now]
    opened = any(d.ticket > request.deal_floor and d.entry in OPENING and _names(d, request) for d in deals)
    turned = opened or any(leg.turned for leg in legs)
    filled = min(request.steps, *(leg.proven for leg in legs))
    late = age_s >= ABSENCE_S and not waiting
    if filled <= 0 and late:
        filled = min(request.steps, max(leg.proven for leg in legs))  # the other leg's record never came
    if filled > 0:
        state = State.DONE if filled >= request.steps else State.PARTIAL
        return Settlement(state=state, filled=filled, reversed=turned)
    return Settlement(state=State.REFUSED, filled=0, reversed=turned) if late or opened else None


@dataclass(frozen=True, slots=True)
class _Leg:
    """Steps that the records prove to be ours of one position, and whether it points the other way by now."""

    proven: int
    turned: bool


def _leg(
    request: Request, identifier: int, deals: tuple[Deal, ...], position: Position | None, instrument: Instrument
) -> _Leg:
    first = identifier == request.position
    side, before = (request.side, request.held) if first else (request.side.opposite, request.by_held)
    later = [d for d in deals if d.position == identifier and d.ticket > request.deal_floor]
    ours = [d for d in later if _is_ours(d, request, instrument)]
    turned = position is not None and position.side is not side
    if ours:
        return _Leg(sum(instrument.steps(d.lots) for d in ours), turned)
    if any(d.reason == DealReason.SPLIT for d in later):
        return _Leg(0, turned)  # the volume is another without a close
    traded = [d for d in later if d.kind is DealKind.TRADE and not (d.entry is Entry.IN and d.comment.startswith(TAG))]
    by_others = sum(instrument.steps(d.lots) * (1 if d.side is side else -1) for d in traded)
    held = 0 if position is None else position.steps * (-1 if turned else 1)
    return _Leg(max(0, before + by_others - held), turned)


def _is_ours(deal: Deal, request: Request, instrument: Instrument) -> bool:
    """By comment tag or order ticket; a broker may drop the comment, so while unclear an expert's bare close counts.

    One of more than was asked for is somebody else's.
    """
    if deal.entry is Entry.IN or (deal.entry is Entry.OUT_BY) is not bool(request.by):
        return False
    if _names(deal, request):
        return True
    bare = deal.reason == DealReason.EXPERT and not deal.comment and instrument.steps(deal.lots) <= request.steps
    return bare and request.state is not State.SENT


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
