"""The events of one alert's occurrence as lines: when, what, and a word at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitors.ports import AlertView, Happening
from ui import text

NEEDS_A_PERSON = ("refused", "unknown")
FIT = 2
"""So many closes of a plan fit its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; `trouble` where it did not go as it was meant to."""

    at_ms: int
    what: str
    note: str = ""
    strong: bool = False
    trouble: bool = False


def lines(alert: AlertView, happened: Sequence[Happening], digits: int) -> list[Line]:
    """All of it in words, oldest first; outcomes name what their intent named."""
    asked = {one.facts["request"]: one.facts for one in happened if one.event == "intent"}
    found = [_line(alert, one, asked, digits) for one in happened]
    return [line for line in found if line is not None]


def acted(happened: Sequence[Happening]) -> tuple[int, ...]:
    """When something was closed for it, UTC epoch ms."""
    return tuple(one.at_ms for one in happened if one.event == "outcome" and one.facts["filled"])


def _line(alert: AlertView, one: Happening, asked: Mapping[int, Mapping[str, Any]], digits: int) -> Line | None:
    at_ms, told = one.at_ms, one.facts
    match one.event:
        case "alert":
            return _of_the_alert(alert, told, at_ms, digits)
        case "plan":
            closes = [f"{close['volume']:g} {close['symbol']}" for close in told["closes"]]
            what = " and ".join(closes) if len(closes) <= FIT else f"something of {len(closes)} positions"
            return Line(at_ms=at_ms, what=f"Planned: close {what}")
        case "outcome":
            intent = asked.get(told["request"])
            what = f"{intent['volume']:g} {intent['symbol']}" if intent else f"request {told['request']}"
            code = "no answer" if told["retcode"] is None else f"retcode {told['retcode']}"
            state, filled = told["state"], f"{told['filled']:g}"
            words = {
                "done": f"Closed {what}, filled",
                "partial": f"Closed {filled} of {what}",
                "refused": f"Not closed: {what} refused",
                "unknown": f"Sent {what}: not confirmed yet",
            }
            return Line(at_ms=at_ms, what=words.get(state, state), note=code, trouble=state in NEEDS_A_PERSON)
        case _:
            return None


def _of_the_alert(alert: AlertView, told: Mapping[str, Any], at_ms: int, digits: int) -> Line:
    value = text.measure(alert.metric, told["value"], digits) if told["value"] is not None else ""
    match told["state"]:
        case "raised":
            return Line(at_ms=at_ms, what=f"Raised at {value}" if value else "Raised", strong=True)
        case "acknowledged":
            return Line(at_ms=at_ms, what="Acknowledged")
        case "cleared":
            return Line(at_ms=at_ms, what=f"Cleared at {value}" if value else "Cleared")
        case state:
            stage = f"stage {told['stage']}" if "stage" in told else ""
            return Line(at_ms=at_ms, what="Told again" if state == "escalated" else state, note=stage, trouble=True)
