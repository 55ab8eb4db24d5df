"""config.toml and the environment as one frozen Config, or a list of every fault in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.config import sections
from app.config.digest import digest
from app.config.faults import ConfigError, Fault, Faults
from app.config.names import Catalogue
from app.config.plans import with_plans
from app.config.rules import read_rules
from app.config.sources import overlay, read_file
from monitors.metrics import METRICS
from monitors.responses import RESPONSES
from monitors.settings import Config, TerminalSettings

THIS_VERSION = Catalogue(metrics=METRICS, responses=RESPONSES)

__all__ = ["ConfigError", "Fault", "from_table", "load"]


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The config that the file and the environment give; without a path the defaults and the environment.

    Raises ConfigError with every fault at once; where the file cannot be read as TOML, that alone.
    """
    if path is None:
        return from_table({}, source="defaults", environ=environ)
    faults = Faults(str(path))
    table = read_file(path, faults)
    faults.check()
    return from_table(table, source=str(path), environ=environ)


def from_table(
    table: Mapping[str, Any],
    *,
    source: str,
    environ: Mapping[str, str] | None = None,
    under: str = "",
    terminal: TerminalSettings | None = None,
    catalogue: Catalogue = THIS_VERSION,
) -> Config:
    """The config that a TOML table gives; raises ConfigError with every fault at once.

    `under` is put before every key where the table is part of another file ("config." in a scenario).
    `terminal` stands in where there is no [[terminal]], and for the keys that one leaves out.
    """
    faults = Faults(source, under=under)
    table = overlay(table, environ or {}, faults)
    for key in table:
        if key not in sections.ROOT:
            faults.unknown("", str(key), sections.ROOT)
    app = sections.read_app(table, faults)
    day = sections.read_day(table, faults)
    default = replace(terminal or TerminalSettings(), day=day)
    terminals = sections.read_terminals(table, faults, default=default, armed=app.get("armed", False))
    rules = read_rules(table, faults, catalogue)
    config = Config(
        **app,
        day=day,
        terminals=terminals,
        strategies=sections.read_strategies(table, faults),
        rules=with_plans(table, terminals, rules, faults, catalogue),
        alerts=sections.read_alerts(table, faults),
        analysis=sections.read_analysis(table, faults),
        sizing=sections.read_sizing(table, faults),
        stream=sections.read_stream(table, faults),
        notify=sections.read_notify(table, faults),
        desk=sections.read_desk(table, faults),
        source=source,
    )
    faults.check()
    return replace(config, digest=digest(config))
