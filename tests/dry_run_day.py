"""A recorded day of the tests' account: a fall in the morning, a gap at noon, a shorter fall in the afternoon."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from app.archive.facts import RISK_FIGURES, Beat, Item, Risk
from app.archive.opening import FILE
from app.archive.store import Store
from app.window.dry_runs import dry_run
from monitors.dry_run import DryRun
from monitors.record import Whose
from monitors.settings import Rule
from tests.frame_parts import NOW_MS

WHOSE = Whose(server="FTMO-Server4", login=51023381, name="Funded 100k", currency="USD", digits=2, zone="Europe/Athens")
DAY_S, EVERY_S = 86_400, 10
MARGIN = 68_000.0
NOON = 46_000, 48_000
"""Seconds from the day's begin in which nobody looked."""


def write(folder: Path, whose: Whose = WHOSE) -> None:
    """The day in an archive of that folder."""
    store = Store(folder / FILE)
    items: list[Item] = []
    for second in range(0, DAY_S, EVERY_S):
        if NOON[0] < second < NOON[1]:
            continue
        at, equity = NOW_MS - 1000 * (DAY_S - second), _equity(second)
        items.append(Beat(whose, at, equity, equity - 5.0, 100_000.0))
        items.append(Risk(whose, at, False, 0, _figures(equity)))
    store.write(items)
    store.close()


def recorded(server: str, login: int, rules: Sequence[Rule]) -> DryRun:
    """What the rules would have done on that day."""
    with TemporaryDirectory(prefix="plimsoll-day-") as folder:
        write(Path(folder), Whose(server, login, WHOSE.name, WHOSE.currency, WHOSE.digits, WHOSE.zone))
        return dry_run(Path(folder), server, login, rules)


def _equity(second: int) -> float:
    fall = 19_500 * math.exp(-(((second - 29_000) / 2_600) ** 2)) + 4_200 * math.exp(-(((second - 66_000) / 900) ** 2))
    return 101_000.0 - fall + 250 * math.sin(second / 1_300) - 3_200 * float(np.clip((second - 70_000) / 16_000, 0, 1))


def _figures(equity: float) -> tuple[float | None, ...]:
    peak = 101_200.0
    known = {
        "equity": equity, "balance": 100_000.0, "floating": equity - 100_000.0, "margin": MARGIN,
        "margin_free": equity - MARGIN, "margin_level_pct": 100 * equity / MARGIN,
        "daily_drawdown": max(100_000.0 - equity, 0.0), "daily_drawdown_pct": max(100_000.0 - equity, 0.0) / 1_000,
        "weekly_drawdown": None, "max_drawdown": peak - equity, "max_drawdown_pct": 100 * (peak - equity) / peak,
        "exposure": 500_000.0, "leverage": 500_000.0 / equity, "hhi": 0.31,
    }  # fmt: skip
    return tuple(known.get(name) for name in RISK_FIGURES)
