"""Thinning keeps every low and every high, and a step without a point has none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.archive.levels import LEVELS, thinned
from tests.app.archive.parts import DAY, points

ROWS = st.lists(st.tuples(st.integers(0, 400_000), st.integers(-(10**9), 10**9)), min_size=1, max_size=60)


@given(ROWS, st.sampled_from([1_000, 10_000, 60_000]), st.integers(0, 50))
def test_the_extremes_of_every_step_stay(rows: list[tuple[int, int]], step_ms: int, below: int) -> None:
    rows.sort(key=lambda row: row[0])
    thin = thinned(points([DAY + at for at, _ in rows], [cents for _, cents in rows], below), step_ms)
    steps = {at // step_ms for at, _ in rows}
    assert [(int(at) - DAY) // step_ms for at in thin[0]] == sorted(steps)
    for at, last, under, over, _ in thin.T.tolist():
        inside = [cents for when, cents in rows if (DAY + when) // step_ms == at // step_ms]
        assert (last - under, last + over, last) == (min(inside) - below, max(inside), inside[-1])


@given(ROWS)
def test_thinning_in_stages_is_thinning_at_once(rows: list[tuple[int, int]]) -> None:
    rows.sort(key=lambda row: row[0])
    whole = points([DAY + at for at, _ in rows], [cents for _, cents in rows])
    assert np.array_equal(thinned(thinned(thinned(whole, 1_000), 10_000), 60_000), thinned(whole, 60_000))


def test_each_level_goes_into_the_next() -> None:
    for finer, coarser in pairwise(LEVELS[1:]):
        assert coarser.step_ms % finer.step_ms == 0
        assert coarser.block_ms % finer.block_ms == 0
    assert all(level.block_ms % max(1, level.step_ms) == 0 for level in LEVELS)
