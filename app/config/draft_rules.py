"""Rules and levels that come and go in a config that is edited; everything around them stays as it is written."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT

from app.config.draft_sections import listed, parameters, plain
from app.config.repairs import beyond
from monitors.ports import Severity

FRESH = """[[rule]]
name = "New rule"
metric = "margin.level_pct"
when = "below"
rearm = 10.0
levels = [
  { at = 150.0, severity = "medium", action = "alert" },
]

"""
"""It only tells, until a person says otherwise."""
NEEDS: Mapping[str, Mapping[str, Any]] = {
    "reduce": {"percent": 50.0, "order": "largest_loss"}, "reduce_risk": {"risk_pct": 1.0},
    "diversify": {"symbol_pct": 40.0}, "halt": {"until": "day"},
}  # fmt: skip
"""What a level gets with another action, to begin with."""


def add_rule(doc: Any) -> str:
    """A rule that only tells, under a name of its own; its path."""
    fresh: Any = tomlkit.parse(FRESH)["rule"]
    made = fresh[0]
    return _append(doc, made, str(made["name"]))


def copy_rule(doc: Any, rule: Any) -> str:
    """The same rule again under another name; its path."""
    return _append(doc, copy.deepcopy(rule), "")


def add_level(rule: Any) -> None:
    """Severer than the last one and beyond it, where there is anything severer; it only tells."""
    levels = rule.get("levels")
    if not isinstance(levels, list):
        rule["levels"] = levels = tomlkit.array()
    before = [plain(level) for level in levels]
    worn = [one for one in Severity if before and one.value == before[-1].get("severity")]
    rank = min(worn[0].rank + 1, len(Severity) - 1) if worn else Severity.MEDIUM.rank
    at = beyond([*before, {}], len(before), rule.get("when"))
    fresh = f'{{ at = {at!r}, severity = "{list(Severity)[rank].value}", action = "alert" }}'
    made: Any = tomlkit.value(fresh)
    if isinstance(levels, AoT):
        levels.append(tomlkit.table())
        levels[-1].update(plain(made))
    elif "\n" in levels.as_string():
        levels.add_line(made, indent="  ")
    else:
        levels.append(made)


def act(level: Any, action: str) -> None:
    """Another action: keys that it does not take go, those that it needs come."""
    taken = parameters(action)
    for key in [key for key in level if key not in ("at", "severity", "action", *taken)]:
        del level[key]
    level["action"] = action
    kept = {key for key in taken if key in level}
    for key, value in NEEDS.get(action, {}).items():
        if key not in level and not (action == "reduce" and kept & {"percent", "until"} and key != "order"):
            level[key] = value
    if action == "halt" and isinstance(level.get("until"), int | float):
        level["until"] = NEEDS["halt"]["until"]
    if action == "reduce" and isinstance(level.get("until"), str):
        del level["until"]
        level["percent"] = NEEDS["reduce"]["percent"]


def _append(doc: Any, made: Any, name: str) -> str:
    """Under that name, or one with a number after it where there is such a rule or it is empty."""
    rules = listed(doc, "rule")
    names = {str(rule.get("name", "")) for rule in rules}
    base = name or str(made.get("name", "Rule"))
    numbered = (f"{base} {n}" for n in range(2, len(names) + 3))
    made["name"] = base if name and name not in names else next(one for one in numbered if one not in names)
    if not rules:
        doc["rule"] = tomlkit.aot()
    elif not isinstance(doc["rule"], AoT):
        whole = tomlkit.inline_table()
        whole.update(plain(made))
        made = whole
    doc["rule"].append(made)
    return f"rule[{len(rules)}]"
