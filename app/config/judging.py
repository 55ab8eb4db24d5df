"""An edited config as it would be taken: what is wrong with it, and what the sound part of it would do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.config import ConfigError, from_table
from app.config.faults import Fault
from app.config.repairs import repair
from app.explain import level_sentence, rule_sentences
from monitors.drafts import Judged, Trouble
from monitors.settings import Config

_RULE = re.compile(r"rule\[(\d+)\](?:\.levels\[(\d+)\])?")
_LISTED = re.compile(r"(\w+)(?:\[(\d+)\])?")
Table = Mapping[str, Any]


def judge(table: Table, *, source: str, environ: Mapping[str, str]) -> Judged:
    """Every fault by its path, with a repair where one is known to mend it."""
    faults, config = _faults(table, source, environ)
    if config is not None:
        return Judged(faults={}, sentences=_sentences(config), levels=_levels(table, config), rules=config.rules)
    keys = {fault.key for fault in faults}

    def still(path: str, changed: Table) -> bool:
        found = {fault.key for fault in _faults(changed, source, environ)[0]}
        return path in found or not found < keys

    troubles = {
        fault.key: Trouble(found=fault.found, remedy=fault.remedy, repair=repair(table, fault, still))
        for fault in faults
    }
    _, sound = _faults(_without(table, keys), source, {})
    if sound is None:
        return Judged(faults=troubles, sentences={})
    return Judged(faults=troubles, sentences=_sentences(sound), levels=_levels(table, sound, keys))


def _faults(table: Table, source: str, environ: Mapping[str, str]) -> tuple[list[Fault], Config | None]:
    try:
        return [], from_table(table, source=source, environ=environ)
    except ConfigError as error:
        return error.faults, None


def _sentences(config: Config) -> dict[str, tuple[str, ...]]:
    return {rule.name: tuple(rule_sentences(rule, config)) for rule in config.rules}


def _levels(table: Table, config: Config, faulty: set[str] | None = None) -> dict[str, str]:
    """What each sound level would do, by its path in the whole table."""
    rules, found = {rule.name: rule for rule in reversed(config.rules)}, {}
    for place, raw in enumerate(table.get("rule", ())):
        rule = rules.get(str(raw.get("name"))) if isinstance(raw, Mapping) else None
        if rule is None or not isinstance(raw["levels"], list):
            continue
        paths = [f"rule[{place}].levels[{n}]" for n in range(len(raw["levels"]))]
        sound = [path for path in paths if not any(key.startswith(path) for key in faulty or ())]
        for path, level in zip(sound, rule.levels, strict=False):
            found[path] = level_sentence(rule, level)
    return found


def _without(table: Table, faulty: set[str]) -> dict[str, Any]:
    """The tables, rules and levels in which nothing is wrong; the mode is no matter of what rules would do."""
    places = [match for key in faulty if (match := _RULE.match(key))]
    levels = {(int(m[1]), int(m[2])) for m in places if m[2]}
    rules = {int(m[1]) for m in places if not m[2]}
    roots = {(m[1], m[2]) for key in faulty if (m := _LISTED.match(key)) and m[1] != "rule"}
    sound = {key: value for key, value in table.items() if (key, None) not in roots and key != "app"}
    for name in {name for name, place in roots if place} & sound.keys():
        sound[name] = [one for n, one in enumerate(sound[name]) if (name, str(n)) not in roots]
    kept = []
    for place, raw in enumerate(table.get("rule", ()) if isinstance(table.get("rule"), list) else ()):
        if place in rules or not isinstance(raw, Mapping):
            continue
        left = [level for n, level in enumerate(raw.get("levels", ())) if (place, n) not in levels]
        kept += [{**raw, "levels": left}] if left else []
    return {**sound, "rule": kept}
