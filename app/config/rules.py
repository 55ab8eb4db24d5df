"""The rules of config.toml: a metric, a direction and a ladder that can be climbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.config import kinds
from app.config.faults import Faults, child, item, one_of
from app.config.kinds import Schema, read_table
from app.config.levels import check_ladder, check_responses, read_steps
from app.config.names import ANY, BASED, RELATIVE, THRESHOLDS, WINDOWED, Catalogue
from app.config.sections import tables, unique
from monitors.responses.backstop import Backstop
from monitors.settings import Level, Rule

RULE: Schema = {
    "name": kinds.name,
    "metric": kinds.anything,
    "when": kinds.choice(("below", "above")),
    "confirm": kinds.whole(1),
    "confirm_s": kinds.number(least=0),
    "rearm": kinds.number(least=0),
    "accounts": kinds.many(kinds.name, 'a list of terminal names, such as ["*"] for all', empty=False),
    "symbols": kinds.many(kinds.name, 'a list of symbol patterns, such as ["*"] for all', empty=False),
    "magics": kinds.many(kinds.whole(0), "a list of magic numbers", empty=True),
    "base": kinds.choice(("balance", "equity", "higher", "peak")),
    "of": kinds.choice(("base", "initial")),
    "window_s": kinds.number(above=0),
    "hard": kinds.flag,
    "why": kinds.text,
    "do": kinds.text,
    "levels": kinds.anything,
}
REQUIRED = ("name", "metric", "when", "levels")

_MEANT_FOR = {"base": BASED, "of": RELATIVE, "window_s": WINDOWED}


def read_rules(table: Mapping[str, Any], faults: Faults, catalogue: Catalogue) -> tuple[Rule, ...]:
    """Every rule that could be made out; what is wrong with any of them is in `faults`."""
    raws = tables(table, "rule", faults)
    rules = [_rule(raw, item("rule", index), faults, catalogue) for index, raw in enumerate(raws)]
    unique([rule.name if rule else None for rule in rules], "rule", faults)
    return tuple(rule for rule in rules if rule)


def _rule(raw: object, path: str, faults: Faults, catalogue: Catalogue) -> Rule | None:
    """The rule at `path`; None where name, metric or direction are missing, for then nothing more can be judged."""
    values = read_table(raw, RULE, path, faults, required=REQUIRED)
    if not values:
        return None
    name = _metric(values, path, faults, catalogue)
    threshold = THRESHOLDS.get(name, ANY) if name else ANY
    steps = read_steps(values.pop("levels", []), child(path, "levels"), faults, catalogue, threshold)
    if "when" in values:
        check_ladder(steps, values["when"], faults)
    if not name or not {"name", "when"} <= values.keys():
        return None
    for key, metrics in _MEANT_FOR.items():
        if key in values and name not in metrics:
            faults.add(child(path, key), values[key], f"which has a meaning only for {' or '.join(metrics)}: remove it")
    values.setdefault("hard", catalogue.metrics[name].hard)
    rule = Rule(**values, levels=tuple(step.level for step in steps if step.level))
    check_responses(steps, rule, faults)
    return replace(rule, levels=tuple(_settled(level, rule) for level in rule.levels))


def _settled(level: Level, rule: Rule) -> Level:
    """A backstop's limit as a figure of its own: another severest level is then another limit of the backstop too."""
    if not isinstance(level.response, Backstop):
        return level
    return replace(level, response=replace(level.response, within=level.response.limit(rule)))


def _metric(values: Mapping[str, Any], path: str, faults: Faults, catalogue: Catalogue) -> str | None:
    """The metric's name where this version measures it."""
    name = values.get("metric")
    if isinstance(name, str) and name in catalogue.metrics:
        return name
    if isinstance(name, str) and name in THRESHOLDS:
        remedy = f"not measured by this version; {one_of(None, catalogue.metrics)}"
    else:
        remedy = one_of(name, catalogue.metrics)
    faults.add(child(path, "metric"), name, remedy)
    return None
