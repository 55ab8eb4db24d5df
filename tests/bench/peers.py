"""Run in an environment of their own: how long empyrical and quantstats take for the drawdowns of a stored record."""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import empyrical
import numpy as np
import pandas as pd
import quantstats


def main(path: str) -> None:
    """Print seconds and the deepest drawdown of each as JSON; `path` holds equity, one value a second."""
    warnings.simplefilter("ignore")
    equity = np.load(path)
    prices = pd.Series(equity, index=pd.date_range("2026-01-01", periods=len(equity), freq="s"))
    returns = prices.pct_change(fill_method=None).fillna(0.0)
    found = {}
    measures: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("empyrical.max_drawdown", lambda: empyrical.max_drawdown(returns)),
        ("quantstats.max_drawdown", lambda: quantstats.stats.max_drawdown(prices)),
        ("quantstats.to_drawdown_series", lambda: quantstats.stats.to_drawdown_series(returns).min()),
    )
    for name, measure in measures:
        began = time.perf_counter()
        deepest = float(measure())
        found[name] = {"s": round(time.perf_counter() - began, 3), "deepest_pct": round(-100 * deepest, 6)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
