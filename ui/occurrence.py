"""The events of one alert's occurrence as lines: when, what, and a word at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitors.ports import AlertView, Happening
from ui import text
from ui.words import tr

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
            closes = [f"{text.lots(close['volume'])} {close['symbol']}" for close in told["closes"]]
            return Line(at_ms=at_ms, what=_planned(closes))
        case "outcome":
            intent = asked.get(told["request"])
            what = (
                f"{text.lots(intent['volume'])} {intent['symbol']}"
                if intent
                else tr("request {number}", number=told["request"])
            )
            code = tr("no answer") if told["retcode"] is None else tr("retcode {code}", code=told["retcode"])
            state, filled = told["state"], text.lots(told["filled"])
            words = {
                "done": tr("Closed {what}, filled", what=what),
                "partial": tr("Closed {filled} of {what}", filled=filled, what=what),
                "refused": tr("Not closed: {what} refused", what=what),
                "unknown": tr("Sent {what}: not confirmed yet", what=what),
            }
            return Line(at_ms=at_ms, what=words.get(state, state), note=code, trouble=state in NEEDS_A_PERSON)
        case _:
            return None


def _planned(closes: Sequence[str]) -> str:
    if len(closes) > FIT:
        return tr("Planned: close something of {count} positions", count=len(closes))
    if len(closes) == FIT:
        return tr("Planned: close {first} and {second}", first=closes[0], second=closes[1])
    return tr("Planned: close {what}", what="".join(closes))


def _of_the_alert(alert: AlertView, told: Mapping[str, Any], at_ms: int, digits: int) -> Line:
    value = text.measure(alert.metric, told["value"], digits) if told["value"] is not None else ""
    match told["state"]:
        case "raised":
            return Line(at_ms=at_ms, what=tr("Raised at {value}", value=value) if value else tr("Raised"), strong=True)
        case "acknowledged":
            return Line(at_ms=at_ms, what=tr("Acknowledged"))
        case "cleared":
            return Line(at_ms=at_ms, what=tr("Cleared at {value}", value=value) if value else tr("Cleared"))
        case state:
            stage = tr("stage {stage}", stage=told["stage"]) if "stage" in told else ""
            return Line(at_ms=at_ms, what=tr("Told again") if state == "escalated" else state, note=stage, trouble=True)
