"""The config file as it is edited in the window: values change, comments and everything else stay."""

from __future__ import annotations

import dataclasses
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import tomli
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from app.config import ConfigError, from_table, sections
from app.config.helps import DEFAULT, helps
from app.config.kinds import Schema
from app.config.rules import RULE
from app.explain import rule_sentences
from monitors.drafts import Field, Judged, Section
from monitors.ports import Severity
from monitors.responses import RESPONSES

TABLES: dict[str, tuple[str, Schema]] = {
    "app": ("Program", sections.APP), "day": ("Day", sections.DAY), "alerts": ("Alerts", sections.ALERTS),
    "analysis": ("Analysis", sections.ANALYSIS), "sizing": ("Size", sections.SIZING),
    "stream": ("Stream", sections.STREAM), "notify": ("Messages", sections.NOTIFY),
    "desk": ("Desk", sections.DESK),
}  # fmt: skip
_STEP = re.compile(r"(\w+)|\[(\d+)\]")


class FileDraft:
    """See Draft. `file` None: there is none to write, for the reason `fixed`."""

    def __init__(self, file: Path | None, environ: Mapping[str, str], fixed: str = "") -> None:
        self._file, self._environ, self._fixed = file, environ, fixed
        self._before = ""
        self._known: str | None = None
        """What the file held when it was read."""
        self._doc = tomlkit.document()
        self.reread()

    @property
    def writable(self) -> str:
        return self._fixed

    @property
    def changed(self) -> bool:
        return tomlkit.dumps(self._doc) != self._before

    def reread(self) -> None:
        """As the file says, or the config that comes with the program where there is none; OSError, ValueError."""
        own = self._on_disk()
        text = DEFAULT.read_text("utf-8") if own is None else own
        try:
            doc = tomlkit.parse(text)
        except TOMLKitError as error:
            raise ValueError(f"{self._file}: {error}") from error
        self._before, self._doc, self._known = text, doc, own

    def _on_disk(self) -> str | None:
        """The file's text now, its line endings as they are; None where there is none."""
        return self._file.read_bytes().decode() if self._file is not None and self._file.is_file() else None

    def sections(self) -> tuple[Section, ...]:
        found = [self._table("app", *TABLES["app"]), self._table("day", *TABLES["day"])]
        for place, table in enumerate(self._list("terminal")):
            found.append(_section(f"terminal[{place}]", f"Terminal: {table.get('name', 'main')}", table,
                                  "terminal", sections.TERMINAL))  # fmt: skip
        found += [self._rule(place, table) for place, table in enumerate(self._list("rule"))]
        return (*found, *(self._table(name, *TABLES[name]) for name in TABLES if name not in ("app", "day")))

    def change(self, path: str, text: str) -> None:
        *steps, key = _steps(path)
        if not text.strip():
            table = self._at(steps, make=False)
            if table is not None and key in table:
                del table[key]
            return
        try:
            value = tomlkit.value(text.strip())
        except (TOMLKitError, ValueError) as error:
            raise ValueError(f"no value of TOML: {error}; a word stands in quotes") from error
        table = self._at(steps, make=True)
        if table is not None:
            table[key] = value

    def copy_rule(self, path: str) -> str:
        names = {str(rule.get("name", "")) for rule in self._list("rule")}
        copied = _plain(self._at(_steps(path), make=False))
        base = str(copied.get("name", "Rule"))
        copied["name"] = next(f"{base} {n}" for n in range(2, len(names) + 3) if f"{base} {n}" not in names)
        rules: Any = self._doc["rule"]
        made: Any = tomlkit.table() if isinstance(rules, AoT) else tomlkit.inline_table()
        made.update(copied)
        rules.append(made)
        return f"rule[{len(self._list('rule')) - 1}]"

    def remove_rule(self, path: str) -> None:
        del self._doc["rule"][int(_steps(path)[-1])]

    def judged(self) -> Judged:
        source = str(self._file or "config")
        try:
            config = from_table(tomli.loads(tomlkit.dumps(self._doc)), source=source, environ=self._environ)
        except tomli.TOMLDecodeError as error:
            return Judged(faults={"file": f"no TOML any more: {error}"}, sentences={})
        except ConfigError as error:
            return Judged(faults={f.key: f"found {f.found}, {f.remedy}" for f in error.faults}, sentences={})
        return Judged(faults={}, sentences={rule.name: tuple(rule_sentences(rule, config)) for rule in config.rules})

    def save(self) -> None:
        """In one step: another process sees the file before or after and never half of it."""
        if self._file is None or self._fixed:
            raise OSError(self._fixed)
        if self._on_disk() != self._known:
            raise OSError(f"{self._file} was changed meanwhile; Discard reads it anew")
        file, text = self._file.resolve(), tomlkit.dumps(self._doc)
        mode = stat.S_IMODE(file.stat().st_mode) if self._known is not None else 0o600
        if not mode & stat.S_IWUSR:
            raise OSError(f"{file} is read-only")
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.new")
        with fresh.open("wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        fresh.chmod(mode)
        fresh.replace(file)
        self._before = self._known = text

    def _list(self, name: str) -> list[Any]:
        found = self._doc.get(name, [])
        return list(found) if isinstance(found, list) else []

    def _table(self, name: str, title: str, schema: Schema) -> Section:
        return _section(name, title, self._doc.get(name, {}), name, schema)

    def _rule(self, place: int, table: Any) -> Section:
        path = f"rule[{place}]"
        whole = _section(path, f"{table.get('name', f'rule {place + 1}')}", table, "rule",
                         {key: kind for key, kind in RULE.items() if key != "levels"})  # fmt: skip
        levels = [level for level in table.get("levels", []) if isinstance(level, Mapping)]
        fields = [field for n, level in enumerate(levels) for field in _level(f"{path}.levels[{n}]", n, level)]
        known = {one.value: one for one in Severity}
        worn = tuple(known[str(level["severity"])] for level in levels if str(level.get("severity")) in known)
        given, left_out = ([f for f in whole.fields if bool(f.text) is there] for there in (True, False))
        return Section(path=path, title=whole.title, fields=(*given, *fields, *left_out), severities=worn)

    def _at(self, steps: Iterable[str | int], *, make: bool) -> Any:
        """The table at a path; made where it is to be and is not there."""
        here: Any = self._doc
        for step in steps:
            if isinstance(step, str) and step not in here:
                if not make:
                    return None
                here[step] = tomlkit.table()
            here = here[step]
        return here


def _section(path: str, title: str, table: Any, name: str, schema: Schema) -> Section:
    known = table if isinstance(table, Mapping) else {}
    keys = [*known, *(key for key in schema if key not in known)]
    fields = tuple(
        Field(path=f"{path}.{key}", key=key, text=_text(known[key]) if key in known else "",
              help=helps().get(f"{name}.{key}", "")) for key in keys if key != "levels"
    )  # fmt: skip
    return Section(path=path, title=title, fields=fields)


def _level(path: str, place: int, level: Mapping[str, Any]) -> list[Field]:
    """Keys that its action knows, whether the file gives them or not."""
    response = RESPONSES.get(str(level.get("action", "")))
    own = [field.name for field in dataclasses.fields(cast("Any", response)) if field.init] if response else []
    keys = [*level, *(key for key in own if key not in level)]
    told = helps()
    meant = {key: told.get(f"rule.{key}", "") for key in keys}
    meant["action"] = told.get(f"action.{level.get('action')}", meant.get("action", ""))
    return [Field(path=f"{path}.{key}", key=f"level {place + 1}: {key}", text=_text(level[key]) if key in level else "",
                  help=meant[key]) for key in keys]  # fmt: skip


def _text(value: Any) -> str:
    """A value as the file writes it."""
    return str(value.as_string()) if hasattr(value, "as_string") else tomlkit.item(value).as_string()


def _plain(value: Any) -> Any:
    """Without the wrappers that keep comments."""
    return value.unwrap() if hasattr(value, "unwrap") else value


def _steps(path: str) -> list[str | int]:
    return [int(index) if index else name for name, index in _STEP.findall(path)]
