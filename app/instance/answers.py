"""What a running instance answers to the commands of another process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, Literal

import msgspec

from app.events import stamp
from app.instance.control import Answer
from app.instance.left import left
from monitors.model import Value
from monitors.ports import (
    Acknowledge,
    AlertView,
    Command,
    Consent,
    EmergencyStop,
    Frame,
    HaltView,
    Loosen,
    Opening,
    Reset,
)

COMMAND = "command"
WAIT_S, STOP_WAIT_S = 4.0, 0.8
"""How long the worker may take; where it is a stop, someone waits who can do it without the worker."""


class Figures(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Openings and highs as a person typed them."""

    balance: float | None = None
    equity: float | None = None
    day_high: float | None = None
    week_high: float | None = None
    high_water: float | None = None


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """A request of another process."""

    verb: Literal["status", "stop", "reset", "acknowledge", "raise", "opening", "loosen", "consent"]
    account: str | None = None
    alert: int = 0
    figures: Figures = Figures()
    terms: tuple[str, ...] = ()


def answerer(newest: Callable[[], Frame | None], post: Callable[[Command], Future[bool]],
             come_forward: Callable[[], bool] = lambda: False) -> Answer:  # fmt: skip
    """The function that turns a request into an answer; what it does not understand it refuses, with a reason.

    `come_forward` shows the window; False where there is none.
    """

    def answer(given: dict[str, Any]) -> dict[str, Any]:
        try:
            asked = msgspec.convert(given, Asked)
        except msgspec.ValidationError as error:
            return {"ok": False, "why": f"not understood: {error}"}
        frame = newest()
        if asked.verb == "status":
            return {"ok": frame is not None, "status": status(frame) if frame else None}
        if asked.verb == "raise":
            return {"ok": come_forward()}
        names = [a.name for a in frame.accounts] if frame else []
        if asked.account is not None and frame and asked.account not in names:
            return {"ok": False, "why": f'no account "{asked.account}"; there are {", ".join(names)}'}
        return _obeyed(post(_command(asked)), STOP_WAIT_S if asked.verb == "stop" else WAIT_S)

    return answer


def _command(asked: Asked) -> Command:
    if asked.verb == "stop":
        return EmergencyStop(asked.account, by=COMMAND)
    if asked.verb == "opening":
        return Opening(account=asked.account or "", **msgspec.structs.asdict(asked.figures), by=COMMAND)
    if asked.verb == "loosen":
        return Loosen(asked.account or "", by=COMMAND)
    if asked.verb == "consent":
        return Consent(asked.account, asked.terms, by=COMMAND)
    return Reset(asked.account, by=COMMAND) if asked.verb == "reset" else Acknowledge(asked.alert, by=COMMAND)


def _obeyed(done: Future[bool], within_s: float) -> dict[str, Any]:
    try:
        return {"ok": done.result(within_s)}
    except TimeoutError:
        return {"ok": False, "why": f"taken, but not confirmed within {within_s:g} s: the worker is busy or stuck"}
    except CancelledError:
        return {"ok": False, "why": "Plimsoll is ending and did nothing"}
    except Exception as error:  # noqa: BLE001 -- whatever went wrong in the worker, the person who asked is told
        return {"ok": False, "why": f"it failed: {type(error).__name__}: {error}"}


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
                "mode_reason": a.mode_reason,
                "link": a.link,
                "reason": a.reason,
                "balance": a.account.balance if a.account else None,
                "equity": a.account.equity if a.account else None,
                "margin": a.account.margin if a.account else None,
                "positions": len(a.positions) if a.account else None,
                "as_of": None if a.as_of_ms is None else stamp(a.as_of_ms),
                "metrics": {name: number(found) for name, found in a.metrics.items()},
                "halt": a.halt and halt_facts(a.halt),
                "held": [{"rule": one.rule, "what": one.what,
                          "until": None if one.until_ms is None else stamp(one.until_ms)} for one in a.held],
                "unattended": a.analysis and left(a.analysis.unattended),
            }
            for a in frame.accounts
        ],
        "alerts": [alert_facts(view) for view in frame.alerts if standing(view)],
    }  # fmt: skip


def number(found: Value) -> float | None:
    """The number, or null where there is none."""
    return found if isinstance(found, float) else None


def standing(view: AlertView) -> bool:
    """Whether it is listed: active, or not seen by a person yet."""
    return view.active or view.acknowledged_ms is None


def halt_facts(halt: HaltView) -> dict[str, Any]:
    return {"kind": halt.kind, "reason": halt.reason, "since": stamp(halt.since_ms), "flat": halt.flat,
            "progress": halt.progress}  # fmt: skip


def alert_facts(view: AlertView) -> dict[str, Any]:
    return {
        "alert": view.number, "account": view.account, "rule": view.rule, "metric": view.metric, "value": view.latest,
        "threshold": view.threshold, "severity": view.severity, "active": view.active,
        "acknowledged": view.acknowledged_ms is not None, "raised": stamp(view.raised_ms), "position": view.position,
        "why": view.why, "do": view.do,
    }  # fmt: skip
