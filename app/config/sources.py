"""Where a config comes from: a TOML file, and environment variables laid over it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs
import tomli

from app.config.faults import Faults, UnfitError, child, item, shown

PREFIX = "PLIMSOLL_"
SECRETS = ("PLIMSOLL_DESK_PASSWORD",)
"""Read where they are used, and nowhere in the config."""

_LONGEST = 80
_LISTS = ("terminal", "rule", "levels", "pack_levels")
_INDEX = re.compile("[0-9]{1,9}")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def usual_file() -> Path:
    """Where a config is looked for, and kept, when none is named."""
    return Path(platformdirs.user_config_dir("plimsoll", appauthor=False)) / "config.toml"


def read_file(path: Path, faults: Faults) -> dict[str, Any]:
    """The table that the file holds; empty, with a fault, where it holds none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        faults.say("file", "no such file", "expected a config in TOML")
        return {}
    except OSError as error:
        faults.say("file", f"{error.strerror or error}", "expected a config that can be read")
        return {}
    if data.startswith(_UTF16):
        faults.say("file", "UTF-16 text", "expected UTF-8: save it again with that encoding")
        return {}
    if b"\0" in data:
        faults.say("file", "binary data", "expected a config in TOML")
        return {}
    return _parse(data, faults)


def overlay(table: Mapping[str, Any], environ: Mapping[str, str], faults: Faults) -> dict[str, Any]:
    """A copy of `table` with every PLIMSOLL_ variable put in its place; what is no place is a fault."""
    merged = copy.deepcopy(dict(table))
    own = (name for name in environ if name.startswith(PREFIX) and name not in SECRETS)
    for name in sorted(own, key=_order):
        segments = name.removeprefix(PREFIX).split("__")
        if name != name.upper() or not all(segments):
            faults.astray(name, "expected a path in capitals, such as PLIMSOLL_APP__MODE")
            continue
        try:
            path = _place(merged, [segment.lower() for segment in segments], _value(environ[name]))
        except UnfitError as error:
            faults.astray(name, error.remedy)
        else:
            faults.variables[path] = name
    return merged


def _parse(data: bytes, faults: Faults) -> dict[str, Any]:
    try:
        table = tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        faults.say(f"line {_line_of(data, error.start)}", "a byte that is not UTF-8", "expected UTF-8 text")
    except tomli.TOMLDecodeError as error:
        line = error.doc.split("\n")[error.lineno - 1].strip()
        remedy = f"{_remedy(error, line)} (column {error.colno})"
        faults.say(f"line {error.lineno}", line[:_LONGEST] or "nothing", remedy)
    except (ValueError, RecursionError) as error:
        faults.say("file", type(error).__name__, f"expected a config in TOML: {error}")
    else:
        if not table:
            faults.say("file", "an empty file", "expected at least one [[rule]]")
        return table
    return {}


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _remedy(error: tomli.TOMLDecodeError, line: str) -> str:
    if "\\" in line and ("Unescaped" in error.msg or "hex" in error.msg):
        return r"write a path with backslashes in single quotes, 'C:\…'"
    return f"not TOML: {error.msg[:1].lower()}{error.msg[1:]}"


def _order(name: str) -> list[tuple[int, str]]:
    """Variables in the order of their paths, list items by number, a whole before its parts."""
    return [(int(s), s) if _is_index(s) else (-1, s) for s in name.removeprefix(PREFIX).split("__")]


def _is_index(segment: str) -> bool:
    return _INDEX.fullmatch(segment) is not None


def _value(text: str) -> object:
    """`text` as a TOML value; as it stands where it is none, or a date or time, which no key wants."""
    try:
        table = tomli.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    value = table["value"]
    return value if len(table) == 1 and isinstance(value, bool | int | float | str | list | dict) else text


def _place(table: dict[str, Any], segments: list[str], value: object) -> str:
    """Put `value` where `segments` lead, making what is not there yet; its dotted path, or UnfitError."""
    node: Any = table
    path = ""
    for position, segment in enumerate(segments):
        fresh = value if position == len(segments) - 1 else [] if segment in _LISTS else {}
        if isinstance(node, dict):
            path = child(path, segment)
            if fresh is value or segment not in node:
                node[segment] = fresh
            node = node[segment]
        elif isinstance(node, list):
            node = _place_item(node, path, segment, fresh, replace=fresh is value)
            path = item(path, int(segment))
        else:
            raise UnfitError(f"expected a path of the config: {path} holds {shown(node)}")
    return path


def _place_item(node: list[Any], path: str, segment: str, fresh: object, *, replace: bool) -> Any:
    if not _is_index(segment) or int(segment) > len(node):
        raise UnfitError(f"expected a number from 0 to {len(node)} after {path}")
    index = int(segment)
    if index == len(node):
        node.append(fresh)
    elif replace:
        node[index] = fresh
    return node[index]
