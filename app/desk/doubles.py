"""Which numbers of a run have come: told from those that come once more, and from those that are missing."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict

RUNS = 10_000
"""So many starts of machines are remembered, those heard of last."""


class Came:
    """Numbers as ranges: they come in order nearly always, and then there is one range."""

    def __init__(self) -> None:
        self._first: list[int] = []
        self._last: list[int] = []

    def take(self, number: int) -> bool:
        """False where it came before."""
        place = bisect_right(self._first, number) - 1
        if place >= 0 and number <= self._last[place]:
            return False
        after = place + 1
        joins_before = place >= 0 and self._last[place] == number - 1
        joins_after = after < len(self._first) and self._first[after] == number + 1
        if joins_before and joins_after:
            self._last[place] = self._last.pop(after)
            del self._first[after]
        elif joins_before:
            self._last[place] = number
        elif joins_after:
            self._first[after] = number
        else:
            self._first.insert(after, number)
            self._last.insert(after, number)
        return True

    @property
    def missing(self) -> int:
        """How many between the first and the last have not come."""
        pairs = zip(self._first[1:], self._last[:-1], strict=True)
        return sum(first - last - 1 for first, last in pairs)


class Doubles:
    """By machine and run."""

    def __init__(self, runs: int = RUNS) -> None:
        self._most = runs
        self._runs: OrderedDict[tuple[str, str], Came] = OrderedDict()

    def take(self, machine: str, run: str, number: int) -> bool:
        """False where this one came before."""
        came = self._runs.setdefault((machine, run), Came())
        self._runs.move_to_end((machine, run))
        if len(self._runs) > self._most:
            self._runs.popitem(last=False)
        return came.take(number)

    @property
    def missing(self) -> int:
        """Of all runs that are remembered."""
        return sum(came.missing for came in self._runs.values())
