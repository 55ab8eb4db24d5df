"""What a running instance answers to the commands of another process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from app.events import stamp
from monitors.model import Value
from monitors.ports import Acknowledge, AlertView, Command, EmergencyStop, Frame, Reset

WAIT_S = 4.0


def answerer(newest: Callable[[], Frame | None], post: Callable[[Command], Future[bool]]) -> Callable[..., dict[str, Any]]:
    """The function that turns a request into an answer; unknown verbs are refused."""

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        verb, account = asked.get("verb"), asked.get("account")
        frame = newest()
        if verb == "status":
            return {"ok": frame is not None, "status": status(frame) if frame else None}
        if account is not None and frame and account not in {a.name for a in frame.accounts}:
            return {"ok": False, "why": f'no account "{account}"; there are {", ".join(a.name for a in frame.accounts)}'}
        commands: dict[Any, Command] = {
            "stop": EmergencyStop(account, by="command"),
            "reset": Reset(account),
            "acknowledge": Acknowledge(int(asked.get("alert", 0))),
        }
        if verb not in commands:
            return {"ok": False, "why": f"unknown verb {verb!r}"}
        try:
            return {"ok": post(commands[verb]).result(WAIT_S)}
        except TimeoutError:
            return {"ok": False, "why": "taken, but not confirmed within 4 s: the worker is busy or stuck"}

    return answer


def status(frame: Frame) -> dict[str, Any]:
    """The state of every account, open alerts and halts, as JSON-able facts; unknown figures are null with a reason."""
    return {
        "at": stamp(frame.at_ms),
        "accounts": [
            {
                "name": a.name,
                "login": a.login,
                "server": a.server,
                "mode": a.mode,
                "link": a.link,
                "reason": a.reason,
                "balance": a.account.balance if a.account else None,
                "equity": a.account.equity if a.account else None,
                "margin": a.account.margin if a.account else None,
                "positions": len(a.positions),
                "metrics": {name: number(found) for name, found in a.metrics.items()},
                "halt": a.halt and {"kind": a.halt.kind, "reason": a.halt.reason, "since": stamp(a.halt.since_ms),
                                    "flat": a.halt.flat, "progress": a.halt.progress},
            }
            for a in frame.accounts
        ],
        "alerts": [_alert(view) for view in frame.alerts if view.active or view.acknowledged_ms is None],
    }  # fmt: skip


def number(found: Value) -> float | None:
    """The number, or null where there is none."""
    return found if isinstance(found, float) else None


def _alert(view: AlertView) -> dict[str, Any]:
    return {
        "alert": view.number, "account": view.account, "rule": view.rule, "metric": view.metric, "value": view.latest,
        "threshold": view.threshold, "severity": view.severity, "active": view.active,
        "acknowledged": view.acknowledged_ms is not None, "raised": stamp(view.raised_ms),
    }  # fmt: skip
