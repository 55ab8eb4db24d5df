"""The vocabulary: what an account, an instrument, a position, a deal, a tick and a snapshot are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitors.kinds import DealKind, Entry, MarginMode, Side

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A symbol's specification; volumes in lots, prices in profit currency a unit."""

    symbol: str
    digits: int
    point: float
    tick_size: float
    contract_size: float
    volume_min: float
    volume_step: float
    volume_max: float
    currency_base: str
    currency_profit: str
    currency_margin: str
    calc_mode: int = 0
    margin_hedged: float = 0.0
    """A contract size that margin is asked for, or an amount where there is an initial margin; of a covered lot."""
    margin_initial: float = 0.0
    """Margin of a lot in margin currency where it is fixed; 0 where size and price decide."""
    hedged_use_leg: bool = False
    filling_mask: int = 0
    execution: int = 2
    trade_mode: int = 4
    stops_level: int = 0
    freeze_level: int = 0
    close_by: bool = False
    """Opposite positions may be closed by each other."""

    @property
    def volume_digits(self) -> int:
        """Decimals that a whole number of steps can need."""
        return next((d for d in range(9) if math.isclose(round(self.volume_step, d), self.volume_step)), 8)

    def lots(self, steps: int) -> float:
        """Lots of a count of steps, without float noise."""
        return round(steps * self.volume_step, self.volume_digits)

    def steps(self, lots: float) -> int:
        """Whole steps in `lots`; ValueError where it is no multiple of the step."""
        count = round(lots / self.volume_step)
        if not math.isclose(count * self.volume_step, lots, rel_tol=1e-9, abs_tol=self.volume_step * 1e-6):
            raise ValueError(f"{self.symbol}: {lots} lots is no multiple of the step {self.volume_step}")
        return count

    @property
    def min_steps(self) -> int:
        """The smallest position the broker accepts, in steps."""
        return max(1, math.ceil(self.volume_min / self.volume_step - 1e-9))

    @property
    def max_steps(self) -> int:
        """The largest single request the broker accepts, in steps."""
        return max(1, math.floor(self.volume_max / self.volume_step + 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The newest bid and ask; time is UTC epoch milliseconds."""

    time_ms: int
    bid: float
    ask: float

    @property
    def sane(self) -> bool:
        """Finite, positive and not crossed."""
        return math.isfinite(self.bid) and math.isfinite(self.ask) and 0 < self.bid <= self.ask

    @property
    def crossed(self) -> bool:
        """Prices, but the bid above the ask."""
        return math.isfinite(self.bid) and math.isfinite(self.ask) and self.bid > self.ask > 0

    def closing(self, side: Side) -> float:
        """The price at which a position of `side` would be closed: bid for long, ask for short."""
        return self.bid if side is Side.BUY else self.ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """One symbol's new ticks, oldest first; three arrays of one length, time in UTC epoch milliseconds."""

    time_ms: Ints
    bid: Floats
    ask: Floats

    def __len__(self) -> int:
        return len(self.time_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An open position; `identifier` stays for its life, `ticket` may change; money in account currency."""

    identifier: int
    ticket: int
    symbol: str
    side: Side
    steps: int
    lots: float
    open: float
    price: float
    stop: float
    target: float
    profit: float
    swap: float
    magic: int
    opened_ms: int
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOrder:
    """An order that waits for its price."""

    ticket: int
    symbol: str
    side: Side
    lots: float
    price: float
    magic: int
    stop: float = 0.0
    target: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What the broker booked: a trade or money moved; time in UTC epoch milliseconds."""

    ticket: int
    order: int
    position: int
    symbol: str
    kind: DealKind
    entry: Entry
    side: Side
    lots: float
    price: float
    profit: float
    swap: float
    commission: float
    fee: float
    time_ms: int
    magic: int
    reason: int
    comment: str = ""

    @property
    def cash(self) -> float:
        """What this deal added to the balance (to the credit, for a credit deal)."""
        return self.profit + self.swap + self.commission + self.fee

    @property
    def performs(self) -> bool:
        """True where its cash is profit or loss: a trade or a booking of the broker's, and no money moved."""
        return self.kind in (DealKind.TRADE, DealKind.BOOKING)

    @property
    def closes(self) -> bool:
        """True where the deal took volume off a position."""
        return self.kind is DealKind.TRADE and self.entry is not Entry.IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The terminal's own account figures, in account currency; percent where the name says so."""

    login: int
    server: str
    currency: str
    digits: int
    leverage: int
    margin_mode: MarginMode
    balance: float
    credit: float
    profit: float
    equity: float
    margin: float
    margin_free: float
    stop_out_in_money: bool = False
    margin_call: float = 0.0
    stop_out: float = 0.0
    trade_allowed: bool = True
    trade_expert: bool = True
    fifo_close: bool = False

    def money(self, amount: float) -> float:
        """`amount` rounded to the currency's digits, never -0.0."""
        return round(amount, self.digits) + 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalState:
    """What the terminal says of itself."""

    connected: bool
    algo_allowed: bool
    api_disabled: bool = False
    ping_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """One symbol's conversion into account currency.

    `margin_buy` and `margin_sell` are margin a lot; `profit` and `loss` are account currency for one
    unit of profit currency, at the side MT5 uses for a gain and for a loss.
    """

    margin_buy: float
    margin_sell: float
    profit: float = 1.0
    loss: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """The broker's pair that turns a currency into the account's; `inverse` where the account's is the pair's base."""

    symbol: str
    inverse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One symbol's bars, oldest first, six arrays of one length; prices are bids, time is the bar's start in UTC.

    `spread` is in points, as the terminal keeps it: the least of each bar.
    """

    time_ms: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    spread: Floats

    def __len__(self) -> int:
        return len(self.time_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything one look at a terminal brought; `ticks` and `deals` are those since the look before."""

    taken_ms: int
    account: Account
    terminal: TerminalState
    positions: tuple[Position, ...] = ()
    orders: tuple[PendingOrder, ...] = ()
    """Orders that wait to open something."""
    closing: frozenset[int] = frozenset()
    """Identifiers of the positions for which an order waits that closes them."""
    deals: tuple[Deal, ...] = ()
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    ticks: Mapping[str, Ticks] = field(default_factory=dict)
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    rates: Mapping[str, Rates] = field(default_factory=dict)
    conversions: Mapping[str, Conversion] = field(default_factory=dict)
    """By currency other than the account's: of what is held, and of the display. Their quotes are in `quotes`."""
    broker_zone: str = "UTC"
    world: str = ""
    """Which world the broker is of; a simulated one that begins anew with every start of the program names itself."""
    crossed: int = 0
    """Crossed quotes dropped so far in favour of the last sane one."""
    clock_doubt: str = ""
    """Why the broker's clock may not be what it is taken for; days and weeks may then begin at another time."""

    def position(self, identifier: int | None) -> Position | None:
        """The position of that identifier; None where it is not held."""
        return next((p for p in self.positions if p.identifier == identifier), None)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A number that cannot be computed now, and why; it never trips and never reads as safe."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A number that has no meaning now, such as a margin level without margin."""

    reason: str


Value = float | Unknown | NotApplicable
