"""What a strategy's own closed trades say about its stops and targets: calculations, not advice."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from monitors.model import Floats, Instrument
from monitors.settings import Strategy
from monitors.strategies import named
from monitors.trades import Trade

ENOUGH = 30
"""Closed trades that must have been followed before anything is said of a strategy."""
WINNERS = 10
"""Winners among them before anything is said of stops."""
SHARE = 0.8
NOISE = 1e-9
LATE_MS = 60_000
"""A trade first seen later than this after its opening was not followed: its extremes may lie before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How far one strategy's closed trades went, in R, and how long they lost."""

    strategy: str
    reached: tuple[float, ...]
    """The best excursion of each trade with a stop that was followed from its opening, rising."""
    winners: int
    against: float
    """As far as SHARE of the winners went against, a positive number of R; NaN with fewer than WINNERS of them."""
    half: float
    """The median of `reached`."""
    under_ms: float
    """The median time under water."""

    @property
    def trades(self) -> int:
        """How many trades this was learnt from."""
        return len(self.reached)

    @property
    def enough(self) -> bool:
        """Whether anything may be said of it."""
        return self.trades >= ENOUGH

    def reached_pct(self, target_r: float) -> float:
        """The share of trades that went as far as `target_r`, percent."""
        return 100 * (1 - bisect_left(self.reached, target_r - NOISE) / self.trades)


def habits(trades: Iterable[Trade], strategies: Mapping[int, Strategy],
           instruments: Mapping[str, Instrument]) -> dict[str, Habits]:  # fmt: skip
    """By strategy's name, from the trades of which the excursion and the first stop were seen.

    R is the excursion in points over the points from opening to the first stop (RULES: position analytics). A trade
    of a symbol without a specification here has no R and is left out.
    """
    rows: dict[str, list[tuple[float, float, float, bool]]] = {}
    for trade in trades:
        seen, spec = trade.excursion, instruments.get(trade.symbol)
        if seen is None or spec is None or not seen.stop > 0 or seen.since_ms > trade.opened_ms + LATE_MS:
            continue
        risked = trade.side.sign * (trade.open - seen.stop) / spec.point if spec.point > 0 else math.nan
        row = (-seen.worst_points / risked, seen.best_points / risked, seen.under_ms) if risked > 0 else ()
        if row and all(map(math.isfinite, row)):
            rows.setdefault(named(trade.magic, strategies), []).append((*row, trade.net > 0))
    return {name: _habits(name, np.array(found, dtype=float)) for name, found in rows.items()}


def _habits(name: str, rows: Floats) -> Habits:
    """From rows of worst, best, milliseconds under water and 1 for a winner."""
    worst, reached, under, won = rows.T
    against = np.maximum(worst[won > 0], 0.0)
    enough = len(against) >= WINNERS
    return Habits(
        strategy=name, reached=tuple(np.sort(reached).tolist()), winners=len(against),
        against=float(np.quantile(against, SHARE, method="inverted_cdf")) if enough else math.nan,
        half=float(np.median(reached)), under_ms=float(np.median(under)),
    )  # fmt: skip


def too_few(name: str, found: Habits | None) -> tuple[str, ...]:
    """That nothing can be said of the strategy yet; empty where something can."""
    if found is not None and found.enough:
        return ()
    followed = found.trades if found else 0
    return (f"{followed} closed trades of {name} were followed with a stop; from {ENOUGH} on they say something.",)


def sentences(found: Habits, allowed_r: float, target_r: float) -> tuple[str, ...]:
    """What the strategy's trades, of which there are enough, say of one position.

    `allowed_r` is how far the present stop lets it go against, `target_r` how far its target is; NaN without one.
    """
    name = found.strategy
    goal = f"Half of the {found.trades} closed trades of {name} reached {found.half:.2f} R or more; "
    if math.isfinite(target_r):
        goal += f"{found.reached_pct(target_r):.0f} % reached the {target_r:.2f} R of this target."
    else:
        goal += "this position has no target in R."
    if found.winners < WINNERS:
        return (goal,)
    stop = (
        f"{100 * SHARE:.0f} % of the {found.winners} winners of {name} never went beyond {found.against:.2f} R against"
    )
    return (f"{stop}; {_stop(allowed_r)}", goal)


def _stop(allowed_r: float) -> str:
    """What the present stop does."""
    if not math.isfinite(allowed_r):
        return "this position has no stop in R."
    return (
        f"this stop allows {allowed_r:.2f} R." if allowed_r >= 0 else f"this stop keeps {-allowed_r:.2f} R of profit."
    )
