"""What is wrong with a config: a line for every fault, with its place, what was found and what would be right."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from monitors.masking import masked

MISSING: Final = object()
"""Stands for a value that was not given; no kind of value accepts it."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 80
_LARGEST = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to mend; `key` is a dotted path, a line or an environment variable."""

    file: str
    key: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return one_line(f"{self.file}: {self.key}: found {self.found}, {self.remedy}")


class ConfigError(Exception):
    """The config cannot be used: mend the file; `faults` holds all that is wrong with it, never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnfitError(Exception):
    """A value is not what its key wants; `inside` is the place within the value, such as "[2]"."""

    def __init__(self, remedy: str, *, found: str | None = None, inside: str = "") -> None:
        super().__init__(remedy)
        self.remedy = remedy
        self.found = found
        self.inside = inside


class Faults:
    """Collects faults; a value that came from the environment is named by its variable."""

    def __init__(self, source: str, *, under: str = "") -> None:
        self.all: list[Fault] = []
        self.variables: dict[str, str] = {}
        self._source = source
        self._under = under

    def add(self, path: str, found: object, remedy: str) -> None:
        """Record that `path` holds `found`, and what it should hold."""
        self.say(path, shown(found), remedy)

    def unfit(self, path: str, value: object, error: UnfitError) -> None:
        """Record why `value` at `path` was refused."""
        self.say(path + error.inside, shown(value) if error.found is None else error.found, error.remedy)

    def unknown(self, path: str, key: str, known: Iterable[str], what: str = "an unknown key") -> None:
        """Record that `key` is none of the `known` ones of the table at `path`."""
        self.say(child(path, key), what, one_of(key, sorted(known), quote=False))

    def astray(self, variable: str, remedy: str) -> None:
        """Record that an environment variable's name is no path of the config."""
        found = "a name that leads nowhere"
        self.all.append(Fault(file="environment", key=variable, found=found, remedy=masked(remedy)))

    def at(self, path: str) -> bool:
        """True where a fault is already known at exactly `path`."""
        return any(fault.key in (self._under + path, self.variables.get(path)) for fault in self.all)

    def check(self) -> None:
        """Raise ConfigError where anything was recorded."""
        if self.all:
            raise ConfigError(self.all)

    def say(self, path: str, found: str, remedy: str) -> None:
        """Record a fault at `path`, with `found` in words: a line that cannot be read may hold an address."""
        name = self._variable_of(path)
        file, key = ("environment", name) if name else (self._source, self._under + path)
        self.all.append(Fault(file=file, key=key, found=masked(found), remedy=masked(remedy)))

    def _variable_of(self, path: str) -> str | None:
        """The variable that set `path`, or the whole of which `path` is a part."""
        holders = [start for start in self.variables if path == start or path.startswith((start + ".", start + "["))]
        return self.variables[max(holders, key=len)] if holders else None


def child(path: str, key: str) -> str:
    """The dotted path of `key` in the table at `path`."""
    name = key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{path}.{name}" if path else name


def item(path: str, index: int) -> str:
    """The path of one element of the list at `path`."""
    return f"{path}[{index}]"


def shown(value: object) -> str:
    """A value as the file would write it, short enough for a line; tables and lists by their kind only."""
    if value is MISSING:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value if len(value) <= _LONGEST else value[:_LONGEST] + "…", ensure_ascii=False)
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return "a number of more than 64 bits"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return str(value)


def one_of(found: object, options: Iterable[str], *, quote: bool = True) -> str:
    """The remedy for a name that is none of `options`, with the nearest of them."""
    names = list(options)
    mark = '"' if quote else ""
    remedy = "expected one of " + ", ".join(f"{mark}{name}{mark}" for name in names)
    near = nearest(found, names)
    return f'{remedy}; did you mean "{near}"?' if near else remedy


def nearest(found: object, options: Iterable[str], *, least: float = 0.6) -> str | None:
    """The option most like what was typed, whatever its capitals; None where none is alike by `least` of 1."""
    if not isinstance(found, str) or len(found) > _LONGEST:
        return None
    by_fold = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(found.casefold(), by_fold, n=1, cutoff=least)
    return by_fold[close[0]] if close else None


def one_line(text: str) -> str:
    """`text` with all that could break or hide a line written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


__all__ = ["MISSING", "ConfigError", "Fault", "Faults", "UnfitError", "child", "item", "nearest", "one_of", "shown"]
