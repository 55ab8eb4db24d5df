"""Whether a snapshot may be judged at all, and what a judge is given when it may."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from monitors.book import Book
from monitors.correlation import Correlations
from monitors.excursions import Excursion
from monitors.history import History
from monitors.model import Position, Snapshot
from monitors.multiples import Multiples

AGREEMENT = 1.0
"""Account fields must agree to one unit of the account currency (SAFETY.md: a strict check would blind the guard)."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A trustworthy snapshot with what is remembered; money in account currency, durations in seconds.

    `low` is the worst equity of the beat, every tick counted. `unexplained` says why the balance cannot
    be told from performance yet; then profit and drawdown are unknown and margin is still judged.
    """

    snapshot: Snapshot
    book: Book
    history: History
    low: float
    silence_s: float = 0.0
    changes: Mapping[float, float] = field(default_factory=dict)
    """Equity change without flows over each window (seconds) that some rule asks for."""
    unexplained: str | None = None
    excursions: Mapping[int, Excursion] = field(default_factory=dict)
    """By the identifier of every open position, this beat's ticks included."""
    closed_excursions: Mapping[int, Excursion] = field(default_factory=dict)
    """The last ones of the positions that were open before this beat and are no longer."""
    correlations: Correlations | None = None
    """Of the symbols held, as of the newest bars; None until there are any."""

    @cached_property
    def multiples(self) -> Multiples:
        """Each position in R, computed once for all that ask."""
        return Multiples(self)


def fault(snapshot: Snapshot, login: int, server: str) -> str | None:
    """Why this snapshot is no reading, in words for the trader; None where it is one. Login 0 accepts any account."""
    account = snapshot.account
    if login and account.login != login:
        return f"another account is logged in: {account.login}, expected {login}"
    if server and account.server != server:
        return f"another server: {account.server}, expected {server}"
    if not snapshot.terminal.connected:
        return "the terminal has no connection to the broker"
    return _account_fault(snapshot) or _positions_fault(snapshot)


def _account_fault(snapshot: Snapshot) -> str | None:
    account = snapshot.account
    money = (account.balance, account.credit, account.profit, account.equity, account.margin)
    if not all(math.isfinite(m) for m in money) or account.margin < 0:
        return "the account's figures are not numbers"
    apart = account.equity - (account.balance + account.credit + account.profit)
    if abs(apart) > AGREEMENT:
        return f"the account does not agree with itself: equity is {apart:+.2f} from balance, credit and profit"
    if not snapshot.positions and account.margin > 0 and not snapshot.orders:
        return "margin is used but no position is shown"
    return None


def _positions_fault(snapshot: Snapshot) -> str | None:
    held = snapshot.positions
    if not math.isfinite(sum(map(_figures, held))) or min([p.steps for p in held], default=1) <= 0:
        bad = next(p for p in held if p.steps <= 0 or not math.isfinite(_figures(p)))
        return f"position {bad.identifier}: its figures are not numbers"
    for symbol in {position.symbol for position in snapshot.positions}:
        quote = snapshot.quotes.get(symbol)
        if quote is None or symbol not in snapshot.instruments:
            return f"{symbol}: no quote"
        if not quote.sane:
            return f"{symbol}: bid {quote.bid} and ask {quote.ask} are no prices"
    return None


def _figures(position: Position) -> float:
    """A sum that is a number where all of them are."""
    return position.profit + position.swap + position.open + position.price + position.stop + position.target
