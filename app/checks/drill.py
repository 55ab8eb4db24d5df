"""A drill: which small close of a demo account is made, and what is kept of how the broker answered."""

from __future__ import annotations

from dataclasses import dataclass

from bridge import oneshot
from bridge.attach import Attachment
from bridge.examine import DEMO, DISABLED, TRADE_MODES
from bridge.port import TerminalError
from monitors.model import Instrument, Position
from monitors.outcomes import State

LOOK_S, CLOSE_S = 20.0, 45.0
"""How long the process may take to look, and to close; then it is killed."""
PROCESS = "app.checks.drilling"
LOOK_AT_IT = "look at the position in MetaTrader 5"


class Unfit(Exception):
    """No drill on this account or position; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A position and what its symbol is."""

    position: Position
    instrument: Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The account that is logged in, and what it holds."""

    login: int
    server: str
    kind: str
    connected: bool
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What one drill closes: so many steps of a position that holds `held` of them."""

    login: int
    server: str
    position: int
    held: int
    steps: int
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the broker said to one request; milliseconds from sending it."""

    filling: str
    retcode: int | None
    said: str
    text: str
    answer_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the close; `shown_ms` is when the position showed it, `booked_ms` when its deal was there.

    `requested` is the price shown just before; `slippage_points` is positive where the fill was worse.
    """

    state: State
    why: str = ""
    answers: tuple[Answer, ...] = ()
    order: int = 0
    shown_ms: float | None = None
    booked_ms: float | None = None
    requested: float | None = None
    filled: float | None = None
    slippage_points: float | None = None
    comment: str | None = None
    """The deal's, as the broker kept it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Without `closing` only a look."""

    attachment: Attachment
    closing: Closing | None = None


def look(attachment: Attachment, timeout_s: float = LOOK_S) -> Book:
    """What the account holds, through a process of its own."""
    return oneshot.ask(PROCESS, Question(attachment=attachment), Book, timeout_s)


def close(attachment: Attachment, closing: Closing, timeout_s: float = CLOSE_S) -> Outcome:
    """The close, through a process of its own; unknown where it may have gone out and nobody could say."""
    try:
        return oneshot.ask(PROCESS, Question(attachment=attachment, closing=closing), Outcome, timeout_s)
    except oneshot.NoAnswer as error:
        return Outcome(state=State.UNKNOWN, why=f"{error.reason}; {LOOK_AT_IT}")
    except TerminalError as error:
        return Outcome(state=State.REFUSED, why=f"{error.reason}; nothing was sent")


def chosen(book: Book, identifier: int | None) -> tuple[Held, int]:
    """The position and the steps to close: the broker's smallest volume, of the largest position that allows it.

    Unfit where the account is not a demo, or where what would be left is a volume that the broker does not allow.
    """
    if book.kind != DEMO:
        raise Unfit(f"{book.login} on {book.server} is a {book.kind} account: a drill is for demo accounts only")
    if not book.connected:
        raise Unfit("the terminal is not connected to the broker; an answer would prove nothing")
    wanted = [h for h in book.held if identifier in (None, h.position.identifier)]
    if not wanted:
        raise Unfit("the account holds nothing: open a small position first" if identifier is None else
                    f"the account holds no position {identifier}")  # fmt: skip
    wanted.sort(key=lambda h: (-h.position.lots, h.position.identifier))
    fit = next((h for h in wanted if not unfit(h)), None)
    if fit is None:
        raise Unfit("; ".join(f"#{h.position.identifier}: {unfit(h)}" for h in wanted))
    return fit, fit.instrument.min_steps


def unfit(held: Held) -> str:
    """Why the smallest volume cannot be closed of this position; empty where it can."""
    instrument, steps = held.instrument, held.position.steps
    left = steps - instrument.min_steps
    least = instrument.lots(instrument.min_steps)
    if TRADE_MODES[instrument.trade_mode : instrument.trade_mode + 1] == (DISABLED,):
        return f"trading {instrument.symbol} is disabled"
    if left < 0:
        return f"{held.position.lots:g} lots are less than the smallest order, {least:g}"
    if 0 < left < instrument.min_steps:
        return f"closing {least:g} would leave {instrument.lots(left):g} lots, less than the smallest volume"
    return ""
