"""Prop firms' plans for a config that is edited: which there are, what one would mean, and putting it on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit

from app.config import ConfigError, from_table, packs
from app.config.draft_sections import listed, plain
from app.explain import rule_sentences
from app.plan_words import plan_sentences
from monitors.drafts import Plan, Preview, Under
from monitors.floors import Trail

AMOUNTS = {"initial": "initial_balance", "high": "high_water"}
GIVEN = "terminal[0]."


def plans() -> tuple[Plan, ...]:
    """All that come with the program."""
    return tuple(_plan(name) for name in packs.names())


def terminals(doc: Mapping[str, Any]) -> tuple[Under, ...]:
    """Those of the draft; the one that is meant where it names none."""
    found = [
        Under(path=f"terminal[{n}]", name=str(one.get("name", "main")), plan=str(one.get("pack", "")),
              initial=_amount(one.get("initial_balance")), high=_amount(one.get("high_water")))
        for n, one in enumerate(listed(doc, "terminal"))
    ]  # fmt: skip
    return tuple(found) or (Under(path="terminal[0]", name="main"),)


def preview(doc: Mapping[str, Any], name: str, under: Under) -> Preview:
    """The plan alone on that terminal: what else is wrong with the draft is no matter here."""
    try:
        terminal = {**_own(doc, under), **_keys(name, under)}
        config = from_table({"terminal": [terminal]}, source="plan")
    except ConfigError as error:
        return Preview(faults=tuple(f"{fault.key.removeprefix(GIVEN)}: found {fault.found}, {fault.remedy}"
                                    for fault in error.faults))  # fmt: skip
    except ValueError as error:
        return Preview(faults=(str(error),))
    title = packs.read(name).title
    return Preview(
        sentences=tuple(line.removeprefix(f"{title}: ")
                        for line in plan_sentences(config.terminals[0], packs.read(name))),
        rules={rule.name: [line.removeprefix(f"{rule.name}: ") for line in rule_sentences(rule, config)]
               for rule in config.rules},
    )  # fmt: skip


def adopt(doc: Any, name: str, under: Under) -> None:
    """Its name and the amounts that it is taken of, as keys of that terminal; ValueError where one is no amount."""
    keys = _keys(name, under)
    if not listed(doc, "terminal"):
        doc["terminal"] = tomlkit.aot()
        doc["terminal"].append(tomlkit.table())
    table = doc["terminal"][_place(under)]
    for key, value in keys.items():
        table[key] = value


def _plan(name: str) -> Plan:
    pack = packs.read(name)
    trails = pack.maximum is not None and pack.maximum.trail is not Trail.STATIC
    return Plan(name=name, title=pack.title, source=pack.source, checked=pack.checked, trails=trails)


def _own(doc: Mapping[str, Any], under: Under) -> dict[str, Any]:
    """What of the terminal a plan's rules and sentences know: its name, its day, its levels."""
    there, place = listed(doc, "terminal"), _place(under)
    raw = plain(there[place]) if place < len(there) else {}
    return {key: raw[key] for key in ("name", "day", "pack_levels") if key in raw}


def _keys(name: str, under: Under) -> dict[str, Any]:
    keys: dict[str, Any] = {"pack": name}
    for given, key in AMOUNTS.items():
        words = "".join(getattr(under, given).split())
        if words:
            try:
                keys[key] = float(words)
            except ValueError as error:
                raise ValueError(f"{key}: found {words}, expected an amount such as 100000") from error
    return keys


def _place(under: Under) -> int:
    return int(under.path.removeprefix("terminal[").removesuffix("]"))


def _amount(value: Any) -> str:
    bare = plain(value)
    return f"{bare:.15g}" if isinstance(bare, int | float) and bare else ""
