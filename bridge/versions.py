"""The versions that matter when something went wrong."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Mapping

PACKAGES = {"plimsoll": "plimsoll", "PySide6 and Qt": "PySide6-Essentials", "pyqtgraph": "pyqtgraph", "numpy": "numpy",
            "MetaTrader5": "MetaTrader5"}  # fmt: skip


def versions() -> Mapping[str, str]:
    """By name, the program first; "not installed" where a package is not there."""
    found = {name: _of(package) for name, package in PACKAGES.items()}
    return {
        "plimsoll": found.pop("plimsoll"), "Python": platform.python_version(), **found,
        "SQLite": sqlite3.sqlite_version, "OS": platform.platform(),
    }  # fmt: skip


def lines() -> list[str]:
    """One a line."""
    return [f"{name} {found}" for name, found in versions().items()]


def _of(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 -- slow to import

    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
