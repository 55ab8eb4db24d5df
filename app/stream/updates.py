"""What an account's frame says to a client: its figures by kind, and all of it at once when one connects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.events import Event, event, stamp
from app.instance.answers import alert_facts, halt_facts, number, standing
from app.stream.asked import DRAWDOWN, EXPOSURE, MARGIN, PNL, POSITION
from monitors.model import Unknown, Value
from monitors.overview import nearest, seen
from monitors.ports import AccountFrame, Frame, Link, Severity

SAFE, WARNING, CRITICAL = "safe", "warning", "critical"
FAMILIES = {
    "equity": PNL, "balance": PNL, "pnl": PNL, "terminal": PNL, "drawdown": DRAWDOWN, "firm": DRAWDOWN,
    "margin": MARGIN, "exposure": EXPOSURE, "spread": EXPOSURE, "risk": POSITION, "position": POSITION,
}  # fmt: skip
"""Under which kind of update a metric counts, by the first part of its name."""

Facts = dict[str, Any]


def update(at_ms: int, view: AccountFrame, kind: str, facts: Facts, previous: Facts | None) -> Event:
    """CONTRACT: `update`; `previous` are the facts of the one before it, null in the first."""
    return event(at_ms, "update", view.name, kind=kind, **facts, previous=previous, status=status(view, kind),
                 link=view.link, reason=view.reason)  # fmt: skip


def figures(view: AccountFrame) -> dict[str, Facts]:
    """Its numbers by kind of update, those of the positions apart; null is not known, or has no meaning now."""
    account = view.account if seen(view) else None
    known = view.metrics if account else {}
    room = nearest(view.levels) if account else None
    return {
        PNL: {
            "equity": account and account.money(account.equity),
            "balance": account and account.money(account.balance),
            "profit": account and account.money(account.profit),
            "today": _number(known, "pnl.today"),
            "today_pct": _number(known, "pnl.today_pct"),
        },
        DRAWDOWN: {
            **{name: _number(known, f"drawdown.{name}") for name in ("daily", "daily_pct", "max", "max_pct")},
            "room": room and {"rule": room.level.rule, "metric": room.level.metric, "at": room.level.at,
                              "left": round(room.left, 6), "share": round(room.share, 4)},
        },
        MARGIN: {
            "used": account and account.money(account.margin),
            "free": account and account.money(account.margin_free),
            "level_pct": _number(known, "margin.level_pct"),
        },
        EXPOSURE: {
            "total": _number(known, "exposure.total"),
            "hhi": _number(known, "exposure.hhi"),
            "open_risk_pct": _number(known, "risk.open_pct"),
        },
    }  # fmt: skip


def positions(view: AccountFrame) -> tuple[Facts, list[Facts]]:
    """How many there are and their profit together, and each of them; R from the latest analysis."""
    if view.account is None or not seen(view):
        return {"count": None, "profit": None}, []
    multiples = {line.identifier: number(line.r) for line in view.analysis.positions} if view.analysis else {}
    each: list[Facts] = [
        {
            "position": p.identifier, "symbol": p.symbol, "side": p.side, "volume": p.lots, "open": p.open,
            "price": p.price, "stop": p.stop or None, "target": p.target or None,
            "profit": view.account.money(p.profit + p.swap), "r": multiples.get(p.identifier), "magic": p.magic,
        }
        for p in view.positions
    ]  # fmt: skip
    return {"count": len(each), "profit": view.account.money(sum(one["profit"] for one in each))}, each


def status(view: AccountFrame, kind: str) -> str:
    """How the kind's levels stand; what cannot be judged is never safe."""
    if view.link is Link.BLIND:
        return CRITICAL
    own = [level for level in view.levels if FAMILIES[level.metric.partition(".")[0]] == kind]
    tripped = [level.severity.rank for level in own if level.tripped]
    if tripped and max(tripped) >= Severity.CRITICAL.rank:
        return CRITICAL
    unsure = view.link is not Link.LIVE or any(isinstance(level.value, Unknown) for level in own)
    return WARNING if tripped or unsure else SAFE


def snapshot(frame: Frame, view: AccountFrame, every_s: float) -> Event:
    """All of one account and its alerts; an update of it comes at least every `every_s` seconds while it is watched."""
    total, each = positions(view)
    found = {**figures(view), POSITION: {**total, "positions": each}}
    return event(
        frame.at_ms, "snapshot", view.name,
        login=view.login, server=view.server, currency=view.account and view.account.currency,
        digits=view.account.digits if view.account else 2, mode=view.mode, mode_reason=view.mode_reason,
        link=view.link, reason=view.reason, as_of=None if view.as_of_ms is None else stamp(view.as_of_ms),
        every_s=every_s, **found, status={kind: status(view, kind) for kind in found},
        halt=view.halt and halt_facts(view.halt),
        alerts=[alert_facts(alert) for alert in frame.alerts if alert.account == view.name and standing(alert)],
    )  # fmt: skip


def _number(known: Mapping[str, Value], metric: str) -> float | None:
    found = known.get(metric)
    return None if found is None else number(found)
