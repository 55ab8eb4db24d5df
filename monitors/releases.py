"""What closing each position whole would free and realise, its part of a hedge closed along with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.book import NOISE_LOTS, Book
from monitors.model import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Columns of length n, in the order of the book's positions; account currency.

    `along` is how many lots of the opposite leg are closed with the position: those that it alone covers, because a
    hedge of which only one leg is closed may need more margin than before. `freed` is margin before calibration, NaN
    where a rate is missing.
    """

    along: Floats
    freed: Floats
    realized: Floats


def released(book: Book) -> Released:
    """Margin freed by each position alone, and the profit with swap that its close realises (RULES: margin)."""
    long, short = book.legs
    own = np.where(book.long, long[book.symbol], short[book.symbol])
    opposite = np.where(book.long, short[book.symbol], long[book.symbol])
    rest = np.maximum(0.0, own - book.lots)
    along = np.minimum(own, opposite) - np.minimum(rest, opposite)
    along = np.where(along < NOISE_LOTS, 0.0, along)
    left = opposite - along
    now = book.margin_by_symbol(long, short)
    after = book.margin_of(book.symbol, np.where(book.long, rest, left), np.where(book.long, left, rest))
    gains = book.by_leg(book.profit)
    of_opposite = np.where(book.long, gains[1][book.symbol], gains[0][book.symbol])
    share = np.divide(along, opposite, out=np.zeros_like(along), where=opposite > 0)
    return Released(along=along, freed=now[book.symbol] - after, realized=book.profit + share * of_opposite)


def hedged_pairs(book: Book, order: list[int]) -> list[tuple[int, int]]:
    """Opposite positions of one symbol, matched one by one in `order` (indices) until one side is used up."""
    waiting: dict[int, list[int]] = {}
    left = {i: float(book.lots[i]) for i in order}
    found: list[tuple[int, int]] = []
    for i in order:
        other = waiting.setdefault(int(book.symbol[i]), [])
        while other and bool(book.long[other[0]]) is not bool(book.long[i]) and left[i] > NOISE_LOTS:
            matched = min(left[i], left[other[0]])
            found.append((other[0], i))
            left[i] -= matched
            left[other[0]] -= matched
            if left[other[0]] <= NOISE_LOTS:
                other.pop(0)
        if left[i] > NOISE_LOTS:
            other.append(i)
    return found
