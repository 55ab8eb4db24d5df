"""From a frame to what the desk is told of each account of it."""

from __future__ import annotations

import math

from app.desk.messages import Alarm, Figure, Leg, Limit, Money, State
from monitors.model import Account, NotApplicable, Unknown, Value
from monitors.overview import calling, nearest
from monitors.ports import AccountFrame, AlertView, Frame, LevelView

MOST_ALERTS, MOST_LEGS, LONGEST = 50, 200, 2_000


def stated(frame: Frame, view: AccountFrame, machine: str, run: str, number: int) -> State:
    """One account, with all that the overview shows of it."""
    analysis = view.analysis
    exposure, results = (analysis.exposure, analysis.results) if analysis else (None, None)
    waiting = sorted(calling(frame.alerts, view.name), key=lambda one: (-one.severity.rank, -one.raised_ms))
    return State(
        machine=machine, run=run, number=number, at_ms=frame.at_ms, beat=frame.number,
        account=view.name[:200], server=view.server[:200], login=view.login,
        mode=view.mode, mode_reason=view.mode_reason[:LONGEST], link=view.link, reason=view.reason[:LONGEST],
        as_of_ms=view.as_of_ms, call_ms=view.call_ms,
        money=_money(view.account) if view.account else None,
        today=_figure(view.metrics.get("pnl.today")), margin_level=_figure(view.metrics.get("margin.level_pct")),
        limit=_limit(view), alerts=tuple(map(_alarm, waiting[:MOST_ALERTS])),
        halt=(view.halt.reason or view.halt.kind)[:LONGEST] if view.halt else None,
        legs=tuple(Leg(currency=line.currency, net=line.net) for line in exposure.currencies[:MOST_LEGS])
        if exposure else None,
        unit=results.display_currency if results else "",
        rate=_figure(results.display_rate if results else None),
    )  # fmt: skip


def _money(account: Account) -> Money:
    return Money(currency=account.currency, digits=account.digits, balance=account.balance, credit=account.credit,
                 profit=account.profit, equity=account.equity, margin=account.margin,
                 margin_free=account.margin_free)  # fmt: skip


def _limit(view: AccountFrame) -> Limit | None:
    room = nearest(view.levels)
    level: LevelView | None = room.level if room else next(iter(view.levels), None)
    if level is None:
        return None
    value = _figure(level.value) if room else "no room"
    return Limit(rule=level.rule[:200], metric=level.metric, when=level.when, at=level.at, severity=level.severity,
                 value=value)  # fmt: skip


def _alarm(alert: AlertView) -> Alarm:
    return Alarm(number=alert.number, rule=alert.rule[:200], metric=alert.metric, when=alert.when, value=alert.value,
                 threshold=alert.threshold, severity=alert.severity, raised_ms=alert.raised_ms,
                 symbol=alert.symbol, position=alert.position)  # fmt: skip


def _figure(value: Value | None) -> Figure:
    if isinstance(value, Unknown | NotApplicable):
        return value.reason[:LONGEST]
    return value if value is not None and math.isfinite(value) else None
