"""The stop process on a book that is partly hedged: legs go by each other, and after a kill none is sent twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitors.kinds import Entry
from tests.app.flat_stand import Served, closing, served

OPPOSITE = """
[[position]]
id = 4
symbol = "EURUSD"
side = "sell"
volume = 0.20
open = 1.10000
"""
HELD = {1: 0.3, 2: 0.2, 3: 0.1, 4: 0.2}


@pytest.fixture
def hedged(tmp_path: Path) -> Iterator[Served]:
    """Position 4 is two thirds of a hedge of position 1."""
    with served(tmp_path, more=OPPOSITE) as made:
        yield made


def closed(on: Served) -> dict[int, float]:
    """Lots that requests of ours took from each position; nothing was opened or turned."""
    found: dict[int, float] = defaultdict(float)
    for deal in on.deals():
        assert deal.entry in (Entry.OUT, Entry.OUT_BY)
        found[deal.position_id] = round(found[deal.position_id] + deal.volume, 2)
    return found


def test_a_partly_hedged_book_goes_by_each_other_first_and_the_rest_by_itself(hedged: Served) -> None:
    with closing(hedged) as (process, heard):
        assert process.wait(30) == 0, heard.lines
    assert not hedged.positions()
    assert closed(hedged) == HELD
    pairs = [request for request in hedged.requests().values() if request.by]
    assert [({r.position, r.by}, r.steps) for r in pairs] == [({1, 4}, 20)]
    assert sorted(d.position_id for d in hedged.deals() if d.entry == Entry.OUT_BY) == [1, 4]


@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4])
def test_killed_in_the_middle_of_a_close_by_neither_leg_is_sent_twice(hedged: Served, lines: int) -> None:
    hedged.happen(do="no_answer", executed=True, late_s=1.0, times=4)
    with closing(hedged) as (process, heard):
        heard.until(lambda said: len(said) >= lines)
        process.kill()
        process.wait()
    with closing(hedged, seconds=12) as (process, heard):
        code = process.wait(40)
    requests = hedged.requests().values()
    taken = Counter[int]()
    for request in requests:
        taken.update(dict.fromkeys(request.positions, request.steps))
    assert all(steps <= round(100 * HELD[position]) for position, steps in taken.items()), "more was asked than is held"
    assert all(lots <= HELD[position] for position, lots in closed(hedged).items())
    blocked = {position for request in requests if request.open for position in request.positions}
    assert {p.ticket for p in hedged.positions()} <= blocked, "an intent that may have been sent waits for its minute"
    assert (code == 0) is not bool(hedged.positions())
