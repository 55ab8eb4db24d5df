"""From what a machine told of an account to what the overview draws of it."""

from __future__ import annotations

from dataclasses import replace

from app.desk.messages import Alarm, Figure, Limit, Money, State
from app.words import plain
from monitors.desk import Held
from monitors.kinds import MarginMode
from monitors.model import Account, Unknown, Value
from monitors.ports import AccountFrame, AlertView, HaltView, LevelView, Link

NOTHING = Unknown("its machine does not say")


def named(state: State) -> str:
    """What the account is called at the desk: names are unique on a machine only."""
    return plain(f"{state.account} @ {state.machine}")


def pictured(state: State) -> AccountFrame:
    """The account as its machine saw it; brokers' clocks differ, so a desk's times are UTC."""
    name = named(state)
    return AccountFrame(
        name=name, machine=plain(state.machine), login=state.login, server=plain(state.server), mode=state.mode,
        mode_reason=plain(state.mode_reason), link=state.link, reason=plain(state.reason), as_of_ms=state.as_of_ms,
        account=_account(state, state.money) if state.money else None,
        metrics={"pnl.today": _value(state.today), "margin.level_pct": _value(state.margin_level)},
        levels=(_level(state.limit),) if state.limit else (),
        halt=HaltView(kind="", reason=plain(state.halt), since_ms=state.at_ms) if state.halt is not None else None,
        call_ms=state.call_ms,
        cannot_stop_reason="the desk only reads: a stop is pressed on the machine itself",
    )  # fmt: skip


def silent(view: AccountFrame, since: str, as_of_ms: int | None) -> AccountFrame:
    """The same once its machine says nothing any more: remembered, not seen."""
    return replace(view, link=Link.SILENT, reason=since, as_of_ms=view.as_of_ms or as_of_ms)


def alarms(state: State) -> tuple[AlertView, ...]:
    """Its alerts that wait for a person."""
    return tuple(_alert(named(state), alarm) for alarm in state.alerts)


def held(state: State) -> Held:
    """What it adds to the desk's exposure."""
    legs = {plain(leg.currency): leg.net for leg in state.legs} if state.legs is not None else None
    return Held(name=named(state), legs=legs, unit=plain(state.unit), rate=_value(state.rate))


def _account(state: State, money: Money) -> Account:
    return Account(login=state.login, server=plain(state.server), currency=plain(money.currency), digits=money.digits,
                   leverage=0, margin_mode=MarginMode.HEDGING, balance=money.balance, credit=money.credit,
                   profit=money.profit, equity=money.equity, margin=money.margin,
                   margin_free=money.margin_free)  # fmt: skip


def _level(limit: Limit) -> LevelView:
    return LevelView(rule=plain(limit.rule), metric=limit.metric, when=limit.when, at=limit.at,
                     severity=limit.severity, action="", tripped=False, value=_value(limit.value), unit="")  # fmt: skip


def _alert(name: str, alarm: Alarm) -> AlertView:
    return AlertView(number=alarm.number, account=name, rule=plain(alarm.rule), metric=plain(alarm.metric),
                     value=alarm.value, threshold=alarm.threshold, when=plain(alarm.when), severity=alarm.severity,
                     raised_ms=alarm.raised_ms, symbol=plain(alarm.symbol), position=alarm.position)  # fmt: skip


def _value(figure: Figure) -> Value:
    if figure is None:
        return NOTHING
    return Unknown(plain(figure)) if isinstance(figure, str) else float(figure)
