"""`python -m tests.bench.ticks`: equity and every position through a beat's ticks; milliseconds of the processor."""

from __future__ import annotations

import json
from dataclasses import replace
from time import thread_time

import numpy as np

from monitors.beat import Beat
from monitors.book import Book
from monitors.excursions import Excursion, followed
from monitors.model import Conversion, Floats, Snapshot
from tests.bench.beats import START_MS, percentile
from tests.bench.market import POSITIONS, SYMBOLS, TICKS, Market

BEATS, WARM = 1_000, 50
PAIR = "X01USD"
"""Its ticks convert every symbol that is quoted in dollars: the account is made to be in its base currency."""


def measure(positions: int, beats: int, *, converted: bool) -> tuple[Floats, Floats]:
    """Milliseconds of each beat's path, and of path and excursions together; `converted`: through a moving pair."""
    market = Market(positions, START_MS)
    earlier, known = Book(_seen(market, converted=converted)), dict[int, Excursion]()
    paths, wholes = [], []
    for _ in range(beats + WARM):
        now = _seen(market, converted=converted)
        began = thread_time()
        book = Book(now)
        book.follows(earlier)
        beat = Beat(book=book, earlier=earlier)
        beat.path().equity.min()
        between = thread_time()
        known, _ = followed(known, beat)
        paths.append(1000 * (between - began))
        wholes.append(1000 * (thread_time() - began))
        earlier = book
    return np.array(paths[WARM:]), np.array(wholes[WARM:])


def _seen(market: Market, *, converted: bool) -> Snapshot:
    seen = market.step()
    if not converted:
        return seen
    return replace(seen, account=replace(seen.account, currency=PAIR[:3]),
                   conversions={"USD": Conversion(symbol=PAIR, inverse=True)})  # fmt: skip


def main() -> None:
    """Measure and print."""
    found = {
        f"{name}, {positions} positions": {
            part: {f"p{share}": percentile(times, share) for share in (50, 99)}
            for part, times in zip(
                ("path", "path and excursions"), measure(positions, BEATS, converted=moves), strict=True
            )
        }
        for positions in (POSITIONS, 10 * POSITIONS)
        for name, moves in (("fixed rates", False), ("one moving pair", True))
    }
    print(json.dumps({"symbols": SYMBOLS, "ticks": TICKS, "beats": BEATS, **found}, indent=2))


if __name__ == "__main__":
    main()
