"""What a scenario's [expect] asks of the events it told, and what every stream of events must keep to."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

Event = Mapping[str, Any]

MONEY = 0.0051
"""Half a cent and a little: closer than this two figures are the same."""
TIME = 1e-6
LIMITS = ("after_s", "before_s")
FIGURES = ("balance", "credit", "equity", "margin", "margin_level_pct")
KEYS = {
    "alert": ("alert", "episode", "rule", "metric", "value", "threshold", "severity", "state"),
    "plan": ("episode", "rule", "closes", "expects"),
    "intent": ("request", "episode", "position", "symbol", "side", "volume"),
    "outcome": ("request", "state", "retcode", "filled"),
    "denied": ("position", "reason"),
    "halt": ("scope", "reason"),
    "reset": ("scope", "reason"),
    "blind": ("reason",),
    "sighted": ("reason",),
    "flow": ("amount", "kind"),
    "commitment": ("rule", "change", "from", "to", "until", "how"),
    "protect": ("position", "symbol", "stop", "target", "state", "retcode"),
    "consent": ("rule", "threshold", "within"),
    "started": ("config",),
    "recovered": ("unresolved",),
}
"""The events that the contract names and their keys in order, after `at`, `event` and `account`."""
WORDS = {
    "alert": {"raised", "acknowledged", "cleared", "escalated"},
    "outcome": {"done", "partial", "refused", "unknown"},
}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_PLACES = ("sighted", "flow", "raised", "plan", "intent")


def faults(events: list[dict[str, Any]], scenario: Mapping[str, Any]) -> list[str]:
    """Everything about the events that is not as the scenario expects; empty where all is well."""
    if not events or events[-1].get("event") != "end":
        return ["the last event is not the end"]
    wanted, start = scenario["expect"], scenario["scenario"]["start"]

    def meets(event: Event, step: Mapping[str, Any]) -> bool:
        body = {key: value for key, value in step.items() if key not in LIMITS}
        after, before = step.get("after_s", 0.0), step.get("before_s", math.inf)
        return alike(event, body) and after - TIME <= _seconds(event, start) <= before + TIME

    found = stream_faults(events)
    for check in (_end, _counts):
        found += check(events, wanted)
    found += _in_order(events, wanted.get("event", []), meets)
    found += [f"nowhere: {step}" for step in wanted.get("some", []) if not any(meets(e, step) for e in events)]
    for step in wanted.get("never", []):
        found += [f"forbidden: {event}" for event in events if meets(event, step)][:1]
    return found


def alike(found: object, wanted: object) -> bool:
    """True where `found` has all that is wanted; figures within MONEY, tables may hold more, lists may not."""
    if isinstance(wanted, bool) or not isinstance(wanted, int | float | list | Mapping):
        return found == wanted
    if isinstance(wanted, int | float):
        return isinstance(found, int | float) and not isinstance(found, bool) and abs(found - wanted) <= MONEY
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(alike, found, wanted))
    return isinstance(found, Mapping) and all(key in found and alike(found[key], wanted[key]) for key in wanted)


def stream_faults(events: list[dict[str, Any]]) -> list[str]:
    """What must hold whatever happens: shape, numbers, time, one open request a position, never more than asked."""
    found = [fault for event in events for fault in _shape(event)]
    stamps = [str(event.get("at")) for event in events]
    found += [f"time runs back at {after}" for before, after in pairwise(stamps) if after < before]
    return [*found, *_requests(events), *_numbers(events), *_places(events)]


def _seconds(event: Event, start: datetime) -> float:
    return (datetime.fromisoformat(str(event["at"])) - start).total_seconds()


def _shape(event: Event) -> Iterable[str]:
    name = str(event.get("event"))
    if name == "end":
        keys: tuple[str, ...] = ("at", "event", "account", "positions", "halted")
    else:
        keys = ("at", "event", "account", *KEYS.get(name, tuple(event)[3:]))
        if name == "alert" and "position" in event:
            keys = (*keys, "position")
        if name == "denied" and "do" in event:
            keys = (*keys, "do")
        if name == "alert" and event.get("state") == "escalated":
            keys = (*keys, "stage")
        if name == "intent" and "by" in event:
            keys = (*keys, "by")
    if tuple(event) != keys:
        yield f"{name}: its keys are {', '.join(event)}"
    if not STAMP.fullmatch(str(event.get("at"))):
        yield f"{name}: no time: {event.get('at')}"
    if name in WORDS and event.get("state") not in WORDS[name]:
        yield f"{name}: no state: {event.get('state')}"
    if any(isinstance(n, float) and not math.isfinite(n) for n in _leaves(event)):
        yield f"{name}: holds what is no number: {event}"


def _leaves(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _requests(events: Iterable[Event]) -> Iterable[str]:
    found: list[str] = []
    asked: dict[int, Event] = {}
    waiting: dict[int, int] = {}
    for event in events:
        number = event.get("request", 0)
        if event["event"] == "intent":
            if number in asked or event["position"] in waiting.values():
                found.append(f"a second request while one is open: {event}")
            asked[number], waiting[number] = event, event["position"]
        elif event["event"] == "outcome":
            if number not in waiting:
                found.append(f"an outcome of nothing open: {event}")
            elif event["filled"] > asked[number]["volume"] + TIME:
                found.append(f"more was filled than asked: {event}")
            if event["state"] != "unknown":
                waiting.pop(number, None)
    return found


def _numbers(events: list[dict[str, Any]]) -> Iterable[str]:
    """Requests, alerts and episodes count from 1; a plan belongs to an episode that an alert began."""
    begun = {"alert": [e["alert"] for e in events if e["event"] == "alert" and e["state"] == "raised"],
             "request": [e["request"] for e in events if e["event"] == "intent"]}  # fmt: skip
    episodes = [e["episode"] for e in events if e["event"] == "alert" and e["state"] == "raised" and e["episode"]]
    begun["episode"] = episodes
    for name, numbers in begun.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{name} numbers are {numbers}"
    for event in events:
        if event["event"] == "plan" and event["episode"] not in episodes:
            yield f"a plan of no episode: {event}"


def _places(events: list[dict[str, Any]]) -> Iterable[str]:
    """Within a beat: sighted, flow, alerts of rules, plans, then intents; the beats are told apart by their time."""
    at, place = "", 0
    for event in events:
        alarm = event["event"] == "alert" and event["threshold"] is None  # of the execution itself, when it happens
        name = event["state"] if event["event"] == "alert" and not alarm else event["event"]
        if event["at"] != at or event["event"] in ("started", "halt", "reset"):
            at, place = event["at"], 0
        if name in _PLACES:
            if _PLACES.index(name) < place:
                yield f"out of its place in the beat: {event}"
            place = _PLACES.index(name)


def _end(events: list[dict[str, Any]], wanted: Mapping[str, Any]) -> Iterable[str]:
    end = events[-1]
    for key in FIGURES:
        if key in wanted and not alike(end["account"][key], float(wanted[key])):
            yield f"{key} is {end['account'][key]}, not {wanted[key]}"
    if "halted" in wanted and end["halted"] is not wanted["halted"]:
        yield f"halted is {end['halted']}"
    if "positions" in wanted and not alike(
        sorted(end["positions"], key=lambda p: int(p["position"])),
        sorted(wanted["positions"], key=lambda p: int(p["position"])),
    ):
        yield f"held at the end: {end['positions']}"


def _counts(events: list[dict[str, Any]], wanted: Mapping[str, Any]) -> Iterable[str]:
    for name, least, most in wanted.get("counts", []):
        count = sum(event["event"] == name for event in events)
        if not least <= count <= most:
            yield f"{count} times {name}, not {least} to {most}"


def _in_order(
    events: list[dict[str, Any]], steps: Iterable[Mapping[str, Any]], meets: Callable[[Event, Mapping[str, Any]], bool]
) -> Iterable[str]:
    left = iter(events)
    for step in steps:
        if not any(meets(event, step) for event in left):
            yield f"not in its place: {step}"
            return
