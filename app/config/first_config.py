"""The config of a first start: the one that comes with the program, with the terminals that a person ticked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit

from app.config.helps import DEFAULT


def first_config(place: Path, terminals: Sequence[tuple[str, str]]) -> None:
    """Write it, observing, with a name and a path for each terminal; OSError, also where there is one already."""
    doc = tomlkit.parse(DEFAULT.read_text("utf-8"))
    there: Any = doc["terminal"]
    taken: list[str] = []
    for n, (wanted, path) in enumerate(terminals):
        name = wanted if wanted not in taken else f"{wanted} {n + 1}"
        taken.append(name)
        table = there[0] if n == 0 else tomlkit.table()
        table["name"] = name
        table["path"] = tomlkit.string(path, literal="'" not in path)
        if n:
            there.append(table)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("x", encoding="utf-8") as out:
        out.write(tomlkit.dumps(doc))
