"""The data folder and the terminals of a config that may be broken anywhere else: an edit must not keep a stop away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli

from app.config.faults import Faults
from app.config.sections import TERMINAL
from app.config.sources import overlay
from monitors.settings import TerminalSettings

_HEADER = re.compile(r"^[ \t]*(?=\[)", re.MULTILINE)
_WANTED = ("backend", "path", "login", "server", "clock")


def data_dir(path: Path | None, environ: Mapping[str, str]) -> str:
    """`app.data_dir` alone, empty where none can be made out."""
    app = _table(path, environ).get("app")
    found = app.get("data_dir") if isinstance(app, Mapping) else ""
    return found if isinstance(found, str) else ""


def terminals(path: Path | None, environ: Mapping[str, str]) -> tuple[TerminalSettings, ...]:
    """Every terminal that can be made out, with its name and what leads to it; the default one where there is none."""
    listed = _table(path, environ).get("terminal")
    raw = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return tuple(_terminal(one) for one in raw) or (TerminalSettings(),)


def _terminal(raw: Mapping[str, Any]) -> TerminalSettings:
    """Keys that make no sense are as if they were not given."""
    given: dict[str, Any] = {}
    for key in ("name", *_WANTED):
        if key in raw:
            try:
                given[key] = TERMINAL[key](raw[key])
            except Exception:  # noqa: BLE001, S112 -- whatever is wrong with it, the terminal has to be stopped
                continue
    return TerminalSettings(**given)


def _table(path: Path | None, environ: Mapping[str, str]) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace") if path else ""
    except OSError:
        text = ""
    try:
        table = tomli.loads(text)
    except (ValueError, RecursionError):
        table = _pieces(text)
    return overlay(table, environ, Faults("stop"))


def _pieces(text: str) -> dict[str, Any]:
    """[app] and each [[terminal]] read by itself, and where that fails line by line."""
    table: dict[str, Any] = {"terminal": []}
    for piece in _HEADER.split(text):
        header, _, body = piece.partition("\n")
        if re.match(r"\[\s*app\s*\]", header):
            table["app"] = _lines(body)
        elif re.match(r"\[\[\s*terminal\s*\]\]", header):
            table["terminal"].append(_lines(body))
    return table


def _lines(body: str) -> dict[str, Any]:
    try:
        return tomli.loads(body)
    except (ValueError, RecursionError):
        found: dict[str, Any] = {}
        for line in body.splitlines():
            try:
                found |= tomli.loads(line)
            except (ValueError, RecursionError):
                continue
        return found
