"""Beats of an account's history, folded one after another."""

from __future__ import annotations

import numpy as np

from monitors.history import History, fold
from monitors.path import EquityPath
from tests.builders import DAY_MS, NOW_MS, WEEK_MS

DAY = 86_400_000


def path(*rows: tuple[int, float]) -> EquityPath:
    """Moments and the equity at them."""
    return EquityPath(np.array([t for t, _ in rows], dtype=np.int64), np.array([e for _, e in rows]))


def beat(before: History, equity: float, *rows: tuple[int, float], now_ms: int = NOW_MS, balance: float = 10_000.0,
         booked: float = 0.0) -> History:  # fmt: skip
    """The history after one more beat."""
    return fold(before, path=path(*rows), equity=equity, balance=balance, now_ms=now_ms, day_ms=DAY_MS, week_ms=WEEK_MS,
                booked=booked)  # fmt: skip
