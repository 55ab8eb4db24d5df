"""What must be remembered from beat to beat: openings, peaks, and the money that moved; pure folding."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from monitors.anchors import NOTHING, Anchor, High
from monitors.climb import Fall, Top
from monitors.model import Floats, Ints
from monitors.path import EquityPath

SEEN_BEFORE_MS = 60_000
"""An equity seen within a minute before a reset stands for the equity at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A day or a week since its reset: what it opened with, its highest equity, what was realised in it.

    `equity` and `peak` are None where the reset was missed and cannot be rebuilt; then they are unknown.
    """

    start_ms: int
    balance: Anchor
    equity: Anchor | None
    peak: Anchor | None
    realized: float = 0.0
    peak_ms: int | None = None
    """The last moment at the peak; None where it is not known."""
    deepest: float = 0.0
    """The deepest drawdown from the highest equity of the period, account currency."""
    deepest_pct: float = 0.0
    fall: Fall | None = None
    """The one that was deepest."""
    reconstructed: bool = False
    """Equity at the reset and peak were rebuilt from deals and bars, or typed by a person."""
    missed: str = ""
    """Why a missed reset cannot be rebuilt; empty where that is not known."""

    def moved(self, flow: float, equity: float) -> Period:
        """After a flow."""
        return replace(
            self,
            balance=self.balance.moved(flow, equity),
            equity=self.equity and self.equity.moved(flow, equity),
            peak=self.peak and self.peak.moved(flow, equity),
        )

    def climbed(self, times: Ints, values: Floats) -> Period:
        """After equity went through `values`; as it is where its peak is unknown."""
        if self.peak is None:
            return self
        top = _top(self, self.peak).after(times, values)
        return replace(self, peak=Anchor(money=top.money, unit=top.unit), peak_ms=top.at_ms, deepest=top.deepest,
                       deepest_pct=top.deepest_pct, fall=top.fall)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One account's memory; every figure in account currency, every time UTC epoch milliseconds."""

    initial: float
    day: Period
    week: Period
    peak: Anchor
    peak_ms: int
    deepest: float = 0.0
    deepest_pct: float = 0.0
    equity: float
    balance: float
    seen_ms: int
    closed_high: High = NOTHING
    """The highest closed balance."""
    fall: Fall | None = None
    """The deepest drawdown of all time."""
    paid_in: float | None = None
    """The initial balance and every flow since: what the balance would be had nothing been traded."""
    eod_high: High = NOTHING
    """The highest balance at a daily reset; the initial balance before any."""

    def moved(self, flow: float) -> History:
        """After a deposit (+), withdrawal (-) or credit: peaks and openings move along, drawdowns do not."""
        return replace(
            self,
            day=self.day.moved(flow, self.equity),
            week=self.week.moved(flow, self.equity),
            peak=self.peak.moved(flow, self.equity),
            closed_high=self.closed_high.moved(flow),
            eod_high=self.eod_high.moved(flow),
            equity=self.equity + flow,
            paid_in=(self.initial if self.paid_in is None else self.paid_in) + flow,
        )


def begin(
    *,
    equity: float,
    balance: float,
    now_ms: int,
    day_ms: int,
    week_ms: int,
    day_cash: float,
    week_cash: float,
    initial: float = 0.0,
    high_water: float = 0.0,
    credit: float = 0.0,
) -> History:
    """The first sight of an account: openings and peaks are what is seen, opening balances less what was booked since.

    `balance` here and below is balance and `credit` together: credit is money moved in, and an opening holds all of it.
    `day_cash` and `week_cash` are the performance booked since the resets; `initial` and `high_water` come from the
    config, 0 where the config does not know them.
    """
    peak = Anchor.at(max(equity, high_water))
    ended = max(initial or balance, balance - day_cash, balance - week_cash)
    return History(
        initial=initial or balance,
        day=Period(start_ms=day_ms, balance=Anchor.at(balance - day_cash), equity=Anchor.at(equity),
                   peak=Anchor.at(equity), realized=day_cash, peak_ms=now_ms),
        week=Period(start_ms=week_ms, balance=Anchor.at(balance - week_cash), equity=Anchor.at(equity),
                    peak=Anchor.at(equity), realized=week_cash, peak_ms=now_ms),
        peak=peak, peak_ms=now_ms, equity=equity, balance=balance, seen_ms=now_ms,
        closed_high=High.at(max(ended, balance)), eod_high=High.at(ended),
        paid_in=(initial or balance - credit) + credit,
    )  # fmt: skip


def resumed(
    history: History,
    *,
    equity: float,
    balance: float,
    now_ms: int,
    day_ms: int,
    week_ms: int,
    day_cash: float,
    week_cash: float,
) -> History:
    """After a time unseen: a reset missed meanwhile has a known opening balance, from the deals.

    Its equity is the last one seen where that was within SEEN_BEFORE_MS of the reset, else unknown.
    """

    def missed(period: Period, start_ms: int, cash: float) -> Period:
        if start_ms == period.start_ms:
            return replace(period, realized=cash)
        just_seen = start_ms - SEEN_BEFORE_MS <= history.seen_ms <= start_ms
        known = Anchor.at(history.equity) if just_seen else None
        return Period(start_ms=start_ms, balance=Anchor.at(balance - cash), equity=known, peak=known, realized=cash,
                      peak_ms=start_ms if known else None)  # fmt: skip

    ended = High.at(max(history.initial, history.day.balance.money, history.week.balance.money))
    eod_high = ended if history.eod_high == NOTHING else history.eod_high
    closed_high = ended.or_above(history.balance) if history.closed_high == NOTHING else history.closed_high
    opening = balance - day_cash if day_ms != history.day.start_ms else history.balance
    return replace(
        history,
        day=missed(history.day, day_ms, day_cash),
        week=missed(history.week, week_ms, week_cash),
        equity=equity,
        balance=balance,
        seen_ms=now_ms,
        closed_high=closed_high.or_above(max(opening, balance)),
        eod_high=eod_high.or_above(opening) if day_ms != history.day.start_ms else eod_high,
    )


def fold(history: History, *, path: EquityPath, equity: float, balance: float, now_ms: int, day_ms: int, week_ms: int,
         flows: tuple[tuple[int, float], ...] = (), booked: float = 0.0, booked_today: float | None = None,
         booked_this_week: float | None = None) -> History:  # fmt: skip
    """One beat, in order of time: peaks take every tick, a reset takes the equity of the last tick before it.

    `path` ends at `equity`; `flows` are times (UTC epoch ms) and amounts of money moved within the beat, so what the
    path shows before one is by its amount too high. `day_ms` and `week_ms` are the latest resets; `booked` is the
    performance that deals added in this beat, and `booked_today`, `booked_this_week` how much of it lies after a
    reset crossed in it (None: none was crossed, all of it counts).
    """
    resets = {ms for ms, was in ((day_ms, history.day.start_ms), (week_ms, history.week.start_ms)) if ms > was}
    moments: list[tuple[int, float | None]] = [(ms, None) for ms in resets]
    moments += [(min(max(ms, history.seen_ms), now_ms), amount) for ms, amount in flows]
    to_come = sum(amount for _, amount in flows)
    since = -1
    for at_ms, amount in sorted(moments, key=lambda moment: moment[0]):
        history = _peaks(history, path.between(since, at_ms).lowered(to_come), None, at_ms)
        if amount is not None:
            history, to_come = history.moved(amount), to_come - amount
        else:
            later = booked_today if at_ms == day_ms else booked_this_week
            opening = balance - (booked if later is None else later) - to_come
            history = _opened(history, at_ms, opening, day=at_ms == day_ms, week=at_ms == week_ms)
        since = at_ms
    history = _peaks(history, path.after(since), equity, now_ms)
    day, week = history.day, history.week
    return replace(
        history,
        day=replace(day, realized=day.realized + (booked if booked_today is None else booked_today)),
        week=replace(week, realized=week.realized + (booked if booked_this_week is None else booked_this_week)),
        balance=balance,
        closed_high=history.closed_high.or_above(balance),
    )


def _opened(history: History, at_ms: int, balance: float, *, day: bool, week: bool) -> History:
    """A day, a week or both begin with this balance and the equity last seen."""
    fresh = Period(start_ms=at_ms, balance=Anchor.at(balance), equity=Anchor.at(history.equity),
                   peak=Anchor.at(history.equity), peak_ms=at_ms)  # fmt: skip
    return replace(
        history,
        day=fresh if day else history.day,
        week=fresh if week else history.week,
        closed_high=history.closed_high.or_above(balance),
        eod_high=history.eod_high.or_above(balance),
    )


def _peaks(history: History, path: EquityPath, last: float | None, at_ms: int) -> History:
    """Peaks and the deepest drawdowns after a stretch of equity; `last` is its end where no tick shows it."""
    times, values = path.time_ms, path.equity
    if last is not None:
        times, values = np.append(np.minimum(times, at_ms), at_ms), np.append(values, last)
    if not len(values):
        return history
    top = _top(history, history.peak).after(times, values)
    return replace(
        history,
        day=history.day.climbed(times, values),
        week=history.week.climbed(times, values),
        peak=Anchor(money=top.money, unit=top.unit),
        peak_ms=history.peak_ms if top.at_ms is None else top.at_ms,
        deepest=top.deepest,
        deepest_pct=top.deepest_pct,
        fall=top.fall,
        equity=float(values[-1]),
        seen_ms=at_ms,
    )


def _top(of: Period | History, peak: Anchor) -> Top:
    return Top(money=peak.money, unit=peak.unit, at_ms=of.peak_ms, deepest=of.deepest, deepest_pct=of.deepest_pct,
               fall=of.fall)  # fmt: skip
