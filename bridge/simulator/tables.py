"""Reading TOML tables strictly: every fault is noted with its key, what was found and what would be right."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_REQUIRED: Any = object()


class ScenarioError(Exception):
    """A scenario file that cannot be used: fix the file. `faults` holds a line for each thing that is wrong."""

    def __init__(self, path: Path, faults: Iterable[str]) -> None:
        self.path = path
        self.faults = tuple(f"{path}: {fault}" for fault in faults)
        super().__init__("\n".join(self.faults))


class Table:
    """One table of the file. A value that is wrong is noted and its default, or nothing, taken instead."""

    def __init__(self, raw: Any, where: str, faults: list[str]) -> None:
        self.where = where
        self._faults = faults
        self._asked: set[str] = set()
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            faults.append(f"{where}: found {raw!r}, should be a table")

    def fault(self, key: str, found: Any, right: str) -> None:
        self._faults.append(f"{self.where}.{key}: found {found!r}, should be {right}")

    def has(self, key: str) -> bool:
        return key in self._raw

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        known = ", ".join(sorted(self._asked))
        for key in self._raw:
            if key not in self._asked:
                self._faults.append(f"{self.where}.{key}: unknown key, should be one of {known}")

    def number(
        self,
        key: str,
        default: float = _REQUIRED,
        *,
        above: float = -math.inf,
        least: float = -math.inf,
        most: float = math.inf,
        nan: bool = False,
    ) -> float:
        """A float; infinities never, NaN only where `nan` says so."""
        value = self._take(key, default, "a number")
        if value is _REQUIRED:
            return 0.0
        sound = isinstance(value, int | float) and not isinstance(value, bool)
        if sound and nan and math.isnan(value):
            return float(value)
        if not sound or not math.isfinite(value) or not (above < value and least <= value <= most):
            self.fault(key, value, "a number" + _limits(above, least, most))
            return 0.0 if default is _REQUIRED else default
        return float(value)

    def whole(self, key: str, default: int = _REQUIRED, *, least: int = 0, most: int = 2**63 - 1) -> int:
        value = self._take(key, default, "a whole number")
        if value is _REQUIRED:
            return least
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.fault(key, value, f"a whole number from {least}" + (f" to {most}" if most < 2**63 - 1 else ""))
            return least if default is _REQUIRED else default
        return value

    def text(self, key: str, default: str = _REQUIRED) -> str:
        value = self._take(key, default, "text")
        if value is _REQUIRED:
            return ""
        if not isinstance(value, str) or (default is _REQUIRED and not value):
            self.fault(key, value, "text")
            return "" if default is _REQUIRED else default
        return value

    def truth(self, key: str, default: bool = _REQUIRED) -> bool:
        value = self._take(key, default, "true or false")
        if value is _REQUIRED:
            return False
        if not isinstance(value, bool):
            self.fault(key, value, "true or false")
            return False if default is _REQUIRED else default
        return value

    def choice(self, key: str, among: Collection[str], default: str = _REQUIRED) -> str:
        value = self._take(key, default, _one_of(among))
        if value is _REQUIRED:
            return ""
        if not isinstance(value, str) or value not in among:
            self.fault(key, value, _one_of(among))
            return "" if default is _REQUIRED else default
        return value

    def choices(self, key: str, among: Collection[str], default: list[str]) -> list[str]:
        value = self._take(key, default, "")
        if not isinstance(value, list) or not value or any(item not in among for item in value):
            self.fault(key, value, f"a list of {', '.join(among)}")
            return default
        return value

    def moment(self, key: str, default: datetime) -> datetime:
        value = self._take(key, default, "")
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.fault(key, value, "a moment with its zone, as 2026-03-02T08:00:00Z")
            return default
        return value.astimezone(UTC)

    def raw(self, key: str) -> dict[str, Any]:
        """A table taken as it is; empty where there is none."""
        value = self._take(key, {}, "")
        if not isinstance(value, dict):
            self.fault(key, value, "a table")
            return {}
        return value

    def table(self, key: str) -> Table:
        return Table(self._take(key, {}, ""), f"{self.where}.{key}".lstrip("."), self._faults)

    def tables(self, key: str) -> list[Table]:
        """An array of tables, numbered from 1 in what is said about them."""
        value = self._take(key, [], "")
        if not isinstance(value, list):
            self.fault(key, value, f"[[{key}]] tables")
            return []
        return [Table(raw, f"{key}[{count}]", self._faults) for count, raw in enumerate(value, 1)]

    def _take(self, key: str, default: Any, right: str) -> Any:
        self._asked.add(key)
        if key not in self._raw and default is _REQUIRED:
            self._faults.append(f"{self.where}.{key}: missing, should be {right}")
        return self._raw.get(key, default)


def _one_of(among: Collection[str]) -> str:
    return "one of " + ", ".join(among)


def _limits(above: float, least: float, most: float) -> str:
    parts = [f"above {above:g}"] if above > -math.inf else []
    parts += [f"at least {least:g}"] if least > -math.inf else []
    parts += [f"at most {most:g}"] if most < math.inf else []
    return " " + " and ".join(parts) if parts else ""
