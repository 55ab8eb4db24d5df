"""What may be put on the shelf, and until when: never a critical alert, never without an end (after ISA-18.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitors.ports import AlertView
from monitors.zones import MINUTE_MS

LONGEST_MIN = 480.0
"""A trading session; then a person has to say so again."""


def shelved(view: AlertView, known: Iterable[AlertView]) -> AlertView:
    """A new occurrence, on the shelf where those of its level before it are."""
    ends = [a.shelved_until_ms for a in known if a.place == view.place and a.shelved_until_ms is not None]
    return replace(view, shelved_until_ms=max(ends)) if ends and view.shelvable else view


def over(view: AlertView, now_ms: int) -> bool:
    """Whether its time on the shelf is over; one that would lie there longer than allowed met a clock set back."""
    until_ms = view.shelved_until_ms
    return until_ms is not None and not now_ms < until_ms <= now_ms + LONGEST_MIN * MINUTE_MS
