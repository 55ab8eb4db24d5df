"""The levels of a rule: each a threshold, a severity and an action with that action's own keys."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.config import kinds
from app.config.faults import MISSING, Faults, child, item, one_of
from app.config.kinds import Kind, Schema, read_table
from app.config.names import ACTIONS, Catalogue
from app.config.sections import SEVERITIES
from monitors.ports import Severity
from monitors.responses.base import Response
from monitors.settings import Level, Rule

_FOUND = re.compile(r"found .*?, (?=expected |which )")
"""What a response may say first; a fault says it by itself."""
_EXAMPLE = '{ at = 150.0, severity = "medium", action = "alert" }'


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry of `levels` as far as it could be read; None stands for what was wrong."""

    path: str
    raw: Mapping[str, Any]
    at: float | None
    severity: Severity | None
    response: Response | None

    @property
    def level(self) -> Level | None:
        """The level, where all of it was right."""
        if self.at is None or self.severity is None or self.response is None:
            return None
        return Level(at=self.at, severity=self.severity, response=self.response)


def read_steps(raw: object, path: str, faults: Faults, catalogue: Catalogue, threshold: Kind) -> list[Step]:
    """Every entry of the list at `path`; `threshold` reads its `at`."""
    if not isinstance(raw, list) or not raw:
        faults.add(path, raw, f"expected at least one level, such as {_EXAMPLE}")
        return []
    steps = [_step(entry, item(path, index), faults, catalogue, threshold) for index, entry in enumerate(raw)]
    return [step for step in steps if step]


def level_keys(catalogue: Catalogue, action: str) -> Schema:
    """The keys, besides the common three, that a level with this action may give."""
    response = catalogue.responses[action]
    hints = typing.get_type_hints(response)
    fields = [field.name for field in dataclasses.fields(response) if field.init]
    return {name: kinds.of_type(hints[name]) for name in fields}


def check_ladder(steps: Sequence[Step], when: str, faults: Faults) -> None:
    """Record each level that does not lie beyond the one before it, or is no severer."""
    word = "below" if when == "below" else "above"
    for milder, step in pairwise(steps):
        if milder.severity and step.severity and step.severity.rank <= milder.severity.rank:
            faults.add(
                child(step.path, "severity"),
                step.severity.value,
                f'expected a severity above the "{milder.severity.value}" of the level before: list the mildest first',
            )
        if milder.at is None or step.at is None:
            continue
        if not (step.at < milder.at if when == "below" else step.at > milder.at):
            faults.add(
                child(step.path, "at"),
                step.at,
                f'expected a number {word} the {milder.at} of the level before: levels of "{when}" rules '
                f"{'fall' if when == 'below' else 'rise'} as severity rises",
            )


def check_responses(steps: Sequence[Step], rule: Rule, faults: Faults) -> None:
    """Record what makes no sense of an action on this rule; of a key that is no value at all that is said already."""
    for step in steps:
        astray = any(faults.at(child(step.path, key)) for key in step.raw)
        for key, message in step.response.faults(rule) if step.response else ():
            place = child(step.path, key)
            if not faults.at(place) and (key in step.raw or not astray):
                faults.add(place, step.raw.get(key, MISSING), _FOUND.sub("", message))


def _step(raw: object, path: str, faults: Faults, catalogue: Catalogue, threshold: Kind) -> Step | None:
    """One level; while its action is unknown, so are the keys that belong to it, and none is judged."""
    if not isinstance(raw, Mapping):
        faults.add(path, raw, "expected a table")
        return None
    action = _action(raw.get("action", MISSING), path, faults, catalogue)
    extra = level_keys(catalogue, action) if action else dict.fromkeys(raw, kinds.anything)
    schema: Schema = {**extra, "at": threshold, "severity": kinds.choice(SEVERITIES), "action": kinds.anything}
    required = ("at", "severity", *(_needed(catalogue, action) if action else ()))
    values = read_table(raw, schema, path, faults, required=required, unknown=f'a key that "{action}" does not take')
    own = {key: values[key] for key in extra if key in values}
    enough = action is not None and own.keys() >= set(_needed(catalogue, action))
    return Step(
        path=path,
        raw=raw,
        at=values.get("at"),
        severity=values.get("severity"),
        response=catalogue.responses[action](**own) if enough and action else None,
    )


def _action(name: object, path: str, faults: Faults, catalogue: Catalogue) -> str | None:
    """The action's name where this version can carry it out."""
    if isinstance(name, str) and name in catalogue.responses:
        return name
    remedy = one_of(None if name in ACTIONS else name, catalogue.responses)
    faults.add(child(path, "action"), name, f"not an action of this version; {remedy}" if name in ACTIONS else remedy)
    return None


def _needed(catalogue: Catalogue, action: str) -> list[str]:
    fields = dataclasses.fields(catalogue.responses[action])
    missing = dataclasses.MISSING
    return [f.name for f in fields if f.init and f.default is missing and f.default_factory is missing]
