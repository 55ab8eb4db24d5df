"""What would mend a fault of an edited config: a value that is tried before it is offered."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.config.faults import Fault
from monitors.drafts import Repair
from monitors.ports import Severity

_STEP = re.compile(r"(\w+)|\[(\d+)\]")
_MEANT = re.compile(r'did you mean "([^"]+)"')
_LEVEL = re.compile(r"rule\[(\d+)\]\.levels\[(\d+)\]\.(\w+)")
FAR = 0.2
"""Beyond the last level by this part of it, where no other step can be seen."""


def repair(table: Mapping[str, Any], fault: Fault, still: Callable[[str, Mapping[str, Any]], bool]) -> Repair | None:
    """The first value that mends it; None where nothing that was tried does.

    `still(path, table)` says whether the fault at the path is there with that table, or another has come.
    """
    for path, value in _candidates(table, fault):
        changed = copy.deepcopy(dict(table))
        if _put(changed, steps(path), value) and not still(fault.key, changed):
            return Repair(path, "" if value is None else json.dumps(value, ensure_ascii=False))
    return None


def steps(path: str) -> list[str | int]:
    """A dotted path as keys and places."""
    return [int(index) if index else name for name, index in _STEP.findall(path)]


def beyond(levels: list[Any], place: int, when: object) -> float:
    """A threshold for a level there: between its neighbours, or past the last by the step before."""
    known = [float(one["at"]) if _numeric(one) else None for one in levels]
    before = next((at for at in reversed(known[:place]) if at is not None), None)
    after = next((at for at in known[place + 1 :] if at is not None), None)
    sign = -1.0 if when == "below" else 1.0
    if before is None:
        return after - sign * (FAR * abs(after) or 1.0) if after is not None else 1.0
    if after is not None and sign * (after - before) > 0:
        return _round((before + after) / 2)
    earlier = next((at for at in reversed(known[: max(place - 1, 0)]) if at is not None), None)
    step = abs(before - earlier) if earlier is not None and earlier != before else FAR * abs(before) or 1.0
    if sign < 0 < before <= step:
        step = before / 2
    return _round(before + sign * step)


def _candidates(table: Mapping[str, Any], fault: Fault) -> Iterator[tuple[str, Any]]:
    """Paths with values to try there, None for no value."""
    if match := _MEANT.search(fault.remedy):
        yield fault.key, match[1]
    place = _LEVEL.fullmatch(fault.key)
    if place:
        yield from _of_level(table["rule"][int(place[1])], place, fault.key)
    if fault.remedy.endswith("remove it") or fault.found.startswith(("an unknown key", "a key that")):
        yield fault.key, None


def _of_level(rule: Mapping[str, Any], place: re.Match[str], path: str) -> Iterator[tuple[str, Any]]:
    levels, n, when = rule["levels"], int(place[2]), rule.get("when")
    level = levels[n]
    if place[3] == "at":
        yield path, beyond(levels, n, when)
        if n:  # it may be the level before that stands wrong
            yield f"rule[{place[1]}].levels[{n - 1}].at", beyond(levels, n - 1, when)
    elif place[3] == "severity":
        yield from ((path, one.value) for one in Severity)
    elif place[3] == "until" and _numeric(level):
        away = float(rule.get("rearm", 0.0)) or FAR * abs(float(level["at"]))
        yield path, _round(level["at"] + (away if when == "below" else -away))


def _numeric(level: Any) -> bool:
    at = level.get("at") if isinstance(level, Mapping) else None
    return isinstance(at, int | float) and not isinstance(at, bool)


def _round(value: float) -> float:
    return float(f"{value:.4g}")


def _put(table: Any, path: list[str | int], value: Any) -> bool:
    """Put it there; nothing where there is no such place."""
    *way, last = path
    here = table
    for step in way:
        if isinstance(step, int) and (not isinstance(here, list) or step >= len(here)):
            return False
        if isinstance(step, str) and (not isinstance(here, dict) or step not in here):
            return False
        here = here[step]
    if not isinstance(here, dict):
        return False
    if value is None:
        return here.pop(last, None) is not None
    here[last] = value
    return True
