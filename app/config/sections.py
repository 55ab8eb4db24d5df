"""The tables of config.toml other than rules: their keys, and the settings that they become."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.config import kinds, packs
from app.config.faults import Faults, child, item
from app.config.kinds import Schema, read_table
from monitors.ports import Severity
from monitors.settings import (
    AlertSettings,
    AnalysisSettings,
    DaySettings,
    DeskSettings,
    NotifySettings,
    SizingSettings,
    Strategy,
    StreamSettings,
    TerminalSettings,
)

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEVERITIES = {severity.value: severity for severity in Severity}

ROOT: Schema = dict.fromkeys(
    ("app", "day", "terminal", "strategies", "rule", "alerts", "analysis", "sizing", "stream", "notify", "desk"),
    kinds.anything,
)
APP: Schema = {
    "mode": kinds.choice({"observe": False, "armed": True}),
    "poll_ms": kinds.whole(10, 60_000),
    "data_dir": kinds.text,
}
DAY: Schema = {
    "zone": kinds.zone,
    "reset": kinds.clock,
    "week_starts": kinds.choice({day: number for number, day in enumerate(DAYS)}),
}
TERMINAL: Schema = {
    "name": kinds.name,
    "backend": kinds.choice(("mt5", "simulator")),
    "path": kinds.text,
    "login": kinds.whole(0),
    "server": kinds.text,
    "clock": kinds.broker_clock,
    "initial_balance": kinds.number(least=0),
    "high_water": kinds.number(least=0),
    "day": kinds.anything,
    "pack": kinds.choice(packs.names()),
    "pack_levels": kinds.anything,
}
STRATEGY: Schema = {"name": kinds.name, "timeframe": kinds.text}
ALERTS: Schema = {"escalate_s": kinds.number(least=0), "escalate_times": kinds.whole(0, 1000)}
ANALYSIS: Schema = {
    "currency": kinds.currency,
    "gap_pct": kinds.number(above=0, most=100),
    "correlation_minutes": kinds.choice_of((1, 5, 15, 30, 60, 240)),
    "correlation_days": kinds.number(least=0.25, most=60),
}
SIZING: Schema = {"risk_pct": kinds.number(above=0, most=100), "steps": kinds.size_steps}
STREAM: Schema = {
    "enabled": kinds.flag,
    "host": kinds.choice(("127.0.0.1", "::1", "localhost")),
    "port": kinds.whole(1, 65_535),
    "origins": kinds.many(kinds.origin, 'a list of origins such as ["https://example.com"]', empty=True),
}
NOTIFY: Schema = {
    "urls": kinds.urls,
    "min_severity": kinds.choice(SEVERITIES),
    "per_minute": kinds.whole(1, 60),
}
DESK: Schema = {
    "brokers": kinds.brokers,
    "topic": kinds.topic,
    "machine": kinds.machine,
    "security_protocol": kinds.choice(("", "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")),
    "sasl_mechanism": kinds.choice(("", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")),
    "sasl_username": kinds.text,
    "ssl_ca_location": kinds.text,
}

_MAGIC = re.compile(r"[0-9]{1,20}")


def read_app(table: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """`armed`, `poll_ms` and `data_dir`, as far as they are given."""
    values = read_table(table.get("app", {}), APP, "app", faults)
    return {"armed" if key == "mode" else key: value for key, value in values.items()}


def read_day(table: Mapping[str, Any], faults: Faults) -> DaySettings:
    return _day(DaySettings(), table.get("day", {}), "day", faults)


def read_terminals(
    table: Mapping[str, Any], faults: Faults, *, default: TerminalSettings, armed: bool
) -> tuple[TerminalSettings, ...]:
    """The terminals, each key that is not given as in `default`; `default` alone where there is none."""
    terminals = [
        _terminal(raw, item("terminal", index), faults, default)
        for index, raw in enumerate(tables(table, "terminal", faults))
    ] or [default]
    unique([terminal.name for terminal in terminals], "terminal", faults)
    seen: dict[tuple[int, str], str] = {}
    for index, terminal in enumerate(terminals):
        path = child(item("terminal", index), "login")
        account = (terminal.login, terminal.server)
        if terminal.login == 0 and armed and not faults.at(path):
            faults.add(path, 0, "expected the login to arm: any account may be watched with 0, none can be armed")
        elif terminal.login != default.login and account in seen:
            faults.add(path, terminal.login, f"expected an account of its own: {seen[account]} has this one")
        seen.setdefault(account, item("terminal", index))
    return tuple(terminals)


def read_strategies(table: Mapping[str, Any], faults: Faults) -> dict[int, Strategy]:
    """Strategies by magic number."""
    raw = table.get("strategies", {})
    if not isinstance(raw, Mapping):
        faults.add("strategies", raw, 'expected a table such as 7001 = { name = "…" }')
        return {}
    strategies = {}
    for key, value in raw.items():
        path = child("strategies", str(key))
        values = read_table(value, STRATEGY, path, faults, required=("name",))
        if not _MAGIC.fullmatch(str(key)):
            faults.add(path, str(key), "expected a magic number as the key")
        elif int(key) in strategies:
            faults.add(path, str(key), "expected each magic number once")
        elif "name" in values:
            strategies[int(key)] = Strategy(**values)
    return strategies


def read_alerts(table: Mapping[str, Any], faults: Faults) -> AlertSettings:
    return AlertSettings(**read_table(table.get("alerts", {}), ALERTS, "alerts", faults))


def read_analysis(table: Mapping[str, Any], faults: Faults) -> AnalysisSettings:
    return AnalysisSettings(**read_table(table.get("analysis", {}), ANALYSIS, "analysis", faults))


def read_sizing(table: Mapping[str, Any], faults: Faults) -> SizingSettings:
    return SizingSettings(**read_table(table.get("sizing", {}), SIZING, "sizing", faults))


def read_stream(table: Mapping[str, Any], faults: Faults) -> StreamSettings:
    return StreamSettings(**read_table(table.get("stream", {}), STREAM, "stream", faults))


def read_notify(table: Mapping[str, Any], faults: Faults) -> NotifySettings:
    return NotifySettings(**read_table(table.get("notify", {}), NOTIFY, "notify", faults))


def read_desk(table: Mapping[str, Any], faults: Faults) -> DeskSettings:
    desk = DeskSettings(**read_table(table.get("desk", {}), DESK, "desk", faults))
    if desk.security_protocol.startswith("SASL"):
        for key in ("sasl_mechanism", "sasl_username"):
            if not getattr(desk, key) and not faults.at(path := child("desk", key)):
                faults.add(path, "", f"expected one, since security_protocol is {desk.security_protocol}")
    return desk


def tables(table: Mapping[str, Any], key: str, faults: Faults) -> list[Any]:
    """The list of tables under `key`; empty where it is not given or no list."""
    raw = table.get(key, [])
    if isinstance(raw, list):
        return raw
    faults.add(key, raw, f"expected double brackets, [[{key}]]" if isinstance(raw, Mapping) else f"expected [[{key}]]")
    return []


def unique(names: Sequence[str | None], path: str, faults: Faults) -> None:
    """Record each name that an earlier item of the list at `path` has already."""
    for index, name in enumerate(names):
        first = names.index(name)
        if name is not None and first < index:
            faults.add(
                child(item(path, index), "name"), name, f"expected a name of its own: {item(path, first)} has this one"
            )


def _terminal(raw: object, path: str, faults: Faults, default: TerminalSettings) -> TerminalSettings:
    """The terminal; a day of its own goes before its pack's, and that before [day]."""
    values = read_table(raw, TERMINAL, path, faults)
    values.pop("pack_levels", None)
    if "day" in values:
        values["day"] = _day(default.day, values["day"], child(path, "day"), faults)
    elif "pack" in values:
        values["day"] = packs.read(values["pack"]).day(default.day)
    return replace(default, **values)


def _day(base: DaySettings, raw: object, path: str, faults: Faults) -> DaySettings:
    """`base` with the keys that `raw` gives."""
    values = read_table(raw, DAY, path, faults)
    if "reset" in values:
        values["reset_minute"] = values.pop("reset")
    return replace(base, **values)
