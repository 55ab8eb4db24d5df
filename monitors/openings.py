"""What a person types goes before what was seen or rebuilt: the openings of the day and the highs."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

from monitors.anchors import Anchor
from monitors.history import History
from monitors.ports import Opening


def fit(opening: Opening) -> bool:
    """True where it says anything, and nothing but amounts above 0."""
    figures = opening.typed.values()
    return bool(figures) and all(math.isfinite(figure) and figure > 0 for figure in figures)


def typed(history: History, opening: Opening) -> History:
    """The history with these figures; a high is never below the equity last seen, nor below what the day opened with.

    What was typed counts as reconstructed, and ends what was unknown since a missed reset. Deepest falls seen so far
    stay.
    """
    day, week = history.day, history.week
    if opening.balance is not None:
        day = replace(day, balance=Anchor.at(opening.balance))
    if opening.equity is not None:
        peak = day.peak and day.peak.raised(opening.equity)
        day = replace(day, equity=Anchor.at(opening.equity), peak=peak, reconstructed=True)
    least = max(history.equity, day.equity.money if day.equity else history.equity)

    def high(figure: float) -> Anchor:
        return Anchor.at(max(figure, least))

    if opening.day_high is not None:
        day = replace(day, peak=high(opening.day_high), peak_ms=None, reconstructed=True)
    if opening.week_high is not None:
        week = replace(week, peak=high(opening.week_high), peak_ms=None, reconstructed=True)
    peak = history.peak if opening.high_water is None else high(opening.high_water)
    return replace(history, day=day, week=week, peak=peak)


def kept(rebuilt: History, seen: History, names: Collection[str]) -> History:
    """A rebuilt history with the figures of these names as they were typed into `seen`, which was followed since."""
    day, week = rebuilt.day, rebuilt.week
    if "balance" in names:
        day = replace(day, balance=seen.day.balance)
    if "equity" in names and seen.day.equity is not None:
        day = replace(day, equity=seen.day.equity, peak=day.peak and day.peak.raised(seen.day.equity.money))
    if "day_high" in names:
        day = replace(day, peak=seen.day.peak, peak_ms=seen.day.peak_ms)
    if "week_high" in names:
        week = replace(week, peak=seen.week.peak, peak_ms=seen.week.peak_ms)
    found = replace(rebuilt, day=day, week=week)
    if "high_water" in names:
        found = replace(found, peak=seen.peak, peak_ms=max(rebuilt.peak_ms, seen.peak_ms))
    return found
