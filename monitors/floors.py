"""The floors of a prop firm's plan: how deep equity may fall in a day and in all, and what else the plan asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measured(StrEnum):
    """What a day's floor is measured from, at the reset; `PEAK` is the day's highest equity so far."""

    BALANCE = "balance"
    EQUITY = "equity"
    HIGHER = "higher"
    PEAK = "peak"


class Trail(StrEnum):
    """What the maximum loss follows: nothing, or the highest of one of three figures."""

    STATIC = "static"
    EOD_BALANCE = "eod_balance"
    CLOSED_BALANCE = "closed_balance"
    LIVE_EQUITY = "live_equity"


class Share(StrEnum):
    """What a limit is counted in: percent of the initial balance, of the anchor, of the balance, or money."""

    INITIAL = "initial"
    ANCHOR = "anchor"
    BALANCE = "balance"
    MONEY = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """An allowed loss: `amount` is percent, or account currency where it is `of` money."""

    amount: float
    of: Share = Share.INITIAL

    def money(self, *, initial: float, anchor: float, balance: float) -> float:
        """The allowed loss in account currency."""
        if self.of is Share.MONEY:
            return self.amount
        return {Share.INITIAL: initial, Share.ANCHOR: anchor, Share.BALANCE: balance}[self.of] * self.amount / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLoss:
    """A day's floor; `touch` says whether equity exactly at it ends the account, or only below it."""

    anchor: Measured
    limit: Limit
    touch: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumLoss:
    """The floor for good; once it has risen to `lock` above the initial balance it rises no more."""

    trail: Trail
    limit: Limit
    lock: float | None = None
    """Account currency above the initial balance; None where the floor has no highest place."""
    touch: bool = True
    keeps: bool = False
    """Money paid out does not lower the floor; else it moves along, as every peak does (RULES: drawdown)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What a plan asks for besides its floors; told to the trader, judged by nobody here.

    `consistency_pct` is the largest part of the profit that one day may bring, `news_min` the minutes around news
    without trades, `symbol_lots` the most lots of one symbol, `stop_within_s` how soon a position needs a stop.
    """

    consistency_pct: float | None = None
    min_days: int | None = None
    news_min: float | None = None
    flat_weekend: bool = False
    symbol_lots: float | None = None
    stop_within_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The floors of one account under a plan; a plan may lack either. `initial` is the balance that it began with."""

    plan: str
    initial: float
    daily: DailyLoss | None = None
    maximum: MaximumLoss | None = None

    @property
    def touch(self) -> bool:
        """True where equity exactly at one of the floors ends the account."""
        return any(part is not None and part.touch for part in (self.daily, self.maximum))

    @property
    def follows_reset(self) -> bool:
        """True where a reset can move a floor of this plan."""
        return self.daily is not None or (self.maximum is not None and self.maximum.trail is Trail.EOD_BALANCE)

    @property
    def trails(self) -> bool:
        """True where the floor for good follows a figure that moves along with money moved in or out."""
        return self.maximum is not None and self.maximum.trail is not Trail.STATIC and not self.maximum.keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What floors are computed from, account currency; `equity` and `peak` are None where the reset was missed.

    `balance` and `equity` are those at the reset, `peak` the day's highest equity; the highs are the highest balance
    at a reset, the highest closed balance and the highest equity ever.
    """

    initial: float
    balance: float
    equity: float | None
    peak: float | None
    eod_high: float
    closed_high: float
    live_high: float


def daily_anchor(daily: DailyLoss, stand: Stand) -> float | None:
    """What the day's floor is measured from; None where the reset was missed."""
    if daily.anchor is Measured.BALANCE:
        return stand.balance
    if daily.anchor is Measured.PEAK:
        return stand.peak
    if stand.equity is None:
        return None
    return stand.equity if daily.anchor is Measured.EQUITY else max(stand.balance, stand.equity)


def daily_limit(daily: DailyLoss, stand: Stand) -> float | None:
    """The day's allowed loss in account currency; None where the reset was missed."""
    anchor = daily_anchor(daily, stand)
    if anchor is None:
        return None
    return daily.limit.money(initial=stand.initial, anchor=anchor, balance=stand.balance)


def daily_floor(daily: DailyLoss, stand: Stand) -> float | None:
    """The equity at which the day is lost (RULES: prop-firm presets); None where the reset was missed."""
    anchor, limit = daily_anchor(daily, stand), daily_limit(daily, stand)
    return None if anchor is None or limit is None else anchor - limit


def maximum_limit(maximum: MaximumLoss, stand: Stand) -> float:
    """The allowed loss from the highest figure that the plan follows, account currency."""
    return maximum.limit.money(initial=stand.initial, anchor=highest(maximum, stand), balance=stand.balance)


def highest(maximum: MaximumLoss, stand: Stand) -> float:
    """What the maximum loss is measured from; never below the initial balance."""
    followed = {
        Trail.STATIC: stand.initial,
        Trail.EOD_BALANCE: stand.eod_high,
        Trail.CLOSED_BALANCE: stand.closed_high,
        Trail.LIVE_EQUITY: stand.live_high,
    }
    return max(stand.initial, followed[maximum.trail])


def maximum_floor(maximum: MaximumLoss, stand: Stand) -> float:
    """The equity at which the account is lost (RULES: prop-firm presets), held at the lock once it is there."""
    floor = highest(maximum, stand) - maximum_limit(maximum, stand)
    return floor if maximum.lock is None else min(floor, stand.initial + maximum.lock)


def breached(equity: float, floor: float, *, touch: bool) -> bool:
    """True where this equity has lost to that floor."""
    return equity <= floor if touch else equity < floor


def after_reset(stand: Stand, *, balance: float, equity: float) -> Stand:
    """The same account just after a reset that finds this balance and this equity."""
    return Stand(
        initial=stand.initial,
        balance=balance,
        equity=equity,
        peak=equity,
        eod_high=max(stand.eod_high, balance),
        closed_high=max(stand.closed_high, balance),
        live_high=max(stand.live_high, equity),
    )


def opening_loss(plan: Floors) -> float:
    """The loss allowed in a day, or in all where no day is limited, when the account begins; account currency."""
    initial = plan.initial
    start = Stand(initial=initial, balance=initial, equity=initial, peak=initial, eod_high=initial,
                  closed_high=initial, live_high=initial)  # fmt: skip
    if plan.daily is not None:
        return daily_limit(plan.daily, start) or 0.0
    return maximum_limit(plan.maximum, start) if plan.maximum else 0.0
