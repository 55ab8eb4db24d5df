"""A time unseen made up for: openings, peaks and falls from deals and bars, or the reason why they stay unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from monitors.history import History, fold
from monitors.kinds import DealKind
from monitors.model import Bars, Deal, Snapshot, Unknown
from monitors.past import Spec, past_equity
from monitors.zones import DAY_MS, MINUTE_MS

BEFORE_MS = 4 * DAY_MS
"""Bars are asked for from so long before the time unseen: over a weekend and a holiday the last close stands."""
FARTHEST_MS = 31 * DAY_MS
"""Nothing is rebuilt over a longer time."""
LATE_MS = 3 * MINUTE_MS
"""By so much the newest bar of a symbol may lie behind its newest quote; else bars are still to come."""
AGREEMENT, AGREEMENT_SHARE = 1.0, 0.01
"""How far our own floating profit may be from the terminal's, account currency and share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A time unseen: the memory when it began, what was seen when it ended, and all deals of it."""

    before: History
    snapshot: Snapshot
    deals: tuple[Deal, ...]
    specs: Mapping[str, Spec]
    day_ms: int
    week_ms: int

    @property
    def traded(self) -> frozenset[str]:
        """Symbols of which something was held at some time of it."""
        deals = {d.symbol for d in self.deals if d.kind is DealKind.TRADE}
        return frozenset(deals | {p.symbol for p in self.snapshot.positions})

    @property
    def charted(self) -> tuple[str, ...]:
        """Symbols whose bars are needed: of what was held, and of the pairs that convert its profit."""
        own = self.snapshot.account.currency
        currencies = {self.specs[name].currency for name in self.traded if name in self.specs} - {own}
        pairs = {c.symbol for name in currencies if (c := self.snapshot.conversions.get(name))}
        return tuple(sorted(self.traded | pairs))


def specs_of(snapshot: Snapshot) -> dict[str, Spec]:
    """What has to be remembered of the symbols held."""
    return {
        name: Spec(contract_size=spec.contract_size, point=spec.point, currency=spec.currency_profit)
        for name, spec in snapshot.instruments.items()
    }


def rebuilt(absence: Absence, bars: Mapping[str, Bars]) -> History | Unknown:
    """The memory at the end of the absence as if it had been watched, its day and week marked as reconstructed.

    Balances are exact, from the deals. Equity at a reset is that of the last bar before it; peaks and falls are the
    highest and deepest that the bars allow (see `past_equity`). Unknown, with the reason, where deals do not explain
    the balance or bars are missing. RULES: "A missed reset is rebuilt".
    """
    before, snapshot = absence.before, absence.snapshot
    doubt = _doubt(absence, bars)
    if doubt:
        return Unknown(doubt)
    path = past_equity(snapshot, absence.deals, absence.specs, bars, before.seen_ms)
    if isinstance(path, Unknown):
        return path
    account = snapshot.account
    earned = [d for d in absence.deals if d.kind in (DealKind.TRADE, DealKind.BOOKING)]
    today, this_week = (sum(d.cash for d in earned if d.time_ms >= ms) for ms in (absence.day_ms, absence.week_ms))
    after = fold(
        before, path=path, equity=account.equity, balance=account.balance + account.credit,
        now_ms=snapshot.taken_ms, day_ms=absence.day_ms, week_ms=absence.week_ms, flows=_flows(absence.deals),
        booked=sum(d.cash for d in earned),
        booked_today=today if absence.day_ms > before.day.start_ms else None,
        booked_this_week=this_week if absence.week_ms > before.week.start_ms else None,
    )  # fmt: skip
    return replace(after, day=replace(after.day, reconstructed=True), week=replace(after.week, reconstructed=True))


def with_balances(history: History, balance: float, earned: Sequence[Deal], resets: Sequence[int]) -> History:
    """The highest closed balance and the highest at a reset, with those of a time unseen, which deals tell exactly.

    `balance` is the one at its end, `earned` the performance booked in it, `resets` the daily ones that fell in it.
    """
    later = [balance - sum(d.cash for d in earned if d.time_ms >= ms) for ms in resets]
    booked = sorted(earned, key=lambda d: (d.time_ms, d.ticket))
    closed = [balance - sum(d.cash for d in booked[n:]) for n in range(len(booked) + 1)]
    return replace(history, eod_high=history.eod_high.or_above(max(later, default=-inf)),
                   closed_high=history.closed_high.or_above(max(closed)))  # fmt: skip


def _doubt(absence: Absence, bars: Mapping[str, Bars]) -> str:
    """Why the absence cannot be rebuilt, or not yet; empty where nothing speaks against it."""
    before, snapshot = absence.before, absence.snapshot
    if snapshot.taken_ms - before.seen_ms > FARTHEST_MS:
        return f"nothing was seen for more than {FARTHEST_MS // DAY_MS} days"
    account = snapshot.account
    booked = sum(d.profit if d.kind is DealKind.CREDIT else d.cash for d in absence.deals)
    apart = account.money(account.balance + account.credit - before.balance - booked)
    if apart:
        return f"the deals do not explain the balance: {apart:+.{account.digits}f}"
    for name in absence.traded & set(snapshot.quotes):
        if name in bars and len(bars[name]) and snapshot.quotes[name].time_ms - bars[name].time_ms[-1] > LATE_MS:
            return f"the newest bars of {name} are missing"
    return _computed_doubt(absence)


def _computed_doubt(absence: Absence) -> str:
    """A position whose profit is not what its contract gives, as an instrument with an arithmetic of its own has it."""
    snapshot, own = absence.snapshot, absence.snapshot.account.currency
    for p in snapshot.positions:
        spec, rates = absence.specs.get(p.symbol), snapshot.rates.get(p.symbol)
        if spec is None or rates is None:
            return f"the contract of {p.symbol} is not known"
        gained = p.side.sign * (p.price - p.open) * spec.contract_size * p.lots
        rate = 1.0 if spec.currency == own else rates.profit if gained >= 0 else rates.loss
        if abs(gained * rate - p.profit) > AGREEMENT + AGREEMENT_SHARE * abs(p.profit):
            return f"the profit of {p.symbol} does not follow from its contract"
    return ""


def _flows(deals: tuple[Deal, ...]) -> tuple[tuple[int, float], ...]:
    """Money moved: when and how much."""
    moved = [(d.time_ms, d.cash) for d in deals if d.kind is DealKind.TRANSFER]
    return tuple(moved + [(d.time_ms, d.profit) for d in deals if d.kind is DealKind.CREDIT])
