"""The tables of a config that is edited as sections of keys: given ones first, then those that may be given."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

import tomlkit

from app.config import sections
from app.config.helps import helps
from app.config.kinds import Schema
from app.config.rules import RULE
from monitors.drafts import Field, Section
from monitors.metrics import METRICS
from monitors.ports import Severity
from monitors.responses import RESPONSES
from monitors.responses.ranking import ORDERS
from monitors.responses.scope import SCOPES

TABLES: dict[str, tuple[str, Schema]] = {
    "app": ("Program", sections.APP), "day": ("Day", sections.DAY), "alerts": ("Alerts", sections.ALERTS),
    "analysis": ("Analysis", sections.ANALYSIS), "sizing": ("Size", sections.SIZING),
    "stream": ("Stream", sections.STREAM), "notify": ("Messages", sections.NOTIFY),
    "desk": ("Desk", sections.DESK),
}  # fmt: skip
CHOICES: Mapping[str, tuple[str, ...]] = {
    "metric": tuple(METRICS), "when": ("below", "above"), "base": ("balance", "equity", "higher", "peak"),
    "of": ("base", "initial"), "hard": ("true", "false"), "severity": tuple(one.value for one in Severity),
    "action": tuple(RESPONSES), "order": tuple(ORDERS), "scope": SCOPES,
}  # fmt: skip
"""What a key of a rule or a level may be, where there are few; each as it is typed."""


def all_sections(doc: Mapping[str, Any]) -> tuple[Section, ...]:
    """Every table that there is, and those that may be."""
    found = [_table(doc, name) for name in ("app", "day")]
    found += [
        _section(f"terminal[{place}]", f"Terminal: {table.get('name', 'main')}", table, "terminal", sections.TERMINAL)
        for place, table in enumerate(listed(doc, "terminal"))
    ]
    found += [_rule(place, table) for place, table in enumerate(listed(doc, "rule"))]
    return (*found, *(_table(doc, name) for name in TABLES if name not in ("app", "day")))


def listed(doc: Mapping[str, Any], name: str) -> list[Any]:
    """The tables of a list; none where it is no list."""
    found = doc.get(name, [])
    return list(found) if isinstance(found, list) else []


def parameters(action: str) -> dict[str, bool]:
    """The keys that a level with this action may give, and whether it must."""
    response = RESPONSES.get(action)
    fields = [one for one in dataclasses.fields(cast("Any", response)) if one.init] if response else []
    return {one.name: one.default is dataclasses.MISSING for one in fields}


def plain(value: Any) -> Any:
    """Without the wrappers that keep comments."""
    return value.unwrap() if hasattr(value, "unwrap") else value


def _table(doc: Mapping[str, Any], name: str) -> Section:
    title, schema = TABLES[name]
    return _section(name, title, doc.get(name, {}), name, schema)


def _rule(place: int, table: Any) -> Section:
    path = f"rule[{place}]"
    whole = _section(path, f"{table.get('name', f'rule {place + 1}')}", table, "rule",
                     {key: kind for key, kind in RULE.items() if key != "levels"})  # fmt: skip
    levels = [level for level in table.get("levels", []) if isinstance(level, Mapping)]
    fields = [field for n, level in enumerate(levels) for field in _level(f"{path}.levels[{n}]", n, level)]
    known = {one.value: one for one in Severity}
    worn = tuple(known[str(level["severity"])] for level in levels if str(level.get("severity")) in known)
    given, left_out = ([f for f in whole.fields if bool(f.text) is there] for there in (True, False))
    return Section(path=path, title=whole.title, fields=(*given, *fields, *left_out), severities=worn)


def _section(path: str, title: str, table: Any, name: str, schema: Schema) -> Section:
    known = table if isinstance(table, Mapping) else {}
    keys = [*known, *(key for key in schema if key not in known)]
    told = helps()
    fields = tuple(
        _field(f"{path}.{key}", key, known, key, told.get(f"{name}.{key}", "")) for key in keys if key != "levels"
    )
    return Section(path=path, title=title, fields=fields)


def _level(path: str, place: int, level: Mapping[str, Any]) -> list[Field]:
    """Keys that its action knows, whether the file gives them or not."""
    keys = [*level, *(key for key in parameters(str(level.get("action", ""))) if key not in level)]
    told = helps()
    meant = {key: told.get(f"rule.{key}", "") for key in keys}
    meant["action"] = told.get(f"action.{level.get('action')}", meant.get("action", ""))
    return [_field(f"{path}.{key}", f"level {place + 1}: {key}", level, key, meant[key]) for key in keys]


def _field(path: str, shown: str, table: Mapping[str, Any], key: str, words: str) -> Field:
    there, choices = key in table, CHOICES.get(key, ()) if path.startswith("rule[") else ()
    return Field(path=path, key=shown, text=_text(table[key]) if there else "", help=words,
                 plain=_plain_text(table[key]) if there else "", choices=choices)  # fmt: skip


def _text(value: Any) -> str:
    """A value as the file writes it."""
    return str(value.as_string()) if hasattr(value, "as_string") else tomlkit.item(value).as_string()


def _plain_text(value: Any) -> str:
    bare = plain(value)
    if isinstance(bare, str):
        return bare
    if isinstance(bare, list) and all(isinstance(one, str | int) and not isinstance(one, bool) for one in bare):
        return ", ".join(str(one) for one in bare)
    return _text(value)
