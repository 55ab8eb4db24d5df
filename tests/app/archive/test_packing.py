"""Blocks give back what was packed, exactly, and a torn one says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.archive.packing import Unpackable, pack, unpack

NUMBERS = st.integers(-(2**61), 2**61)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 3)), min_size=1, max_size=50))
def test_what_is_packed_comes_back_exactly(rows: list[tuple[int, int, int]]) -> None:
    columns = np.array(rows, dtype=np.int64).T
    assert np.array_equal(unpack(pack(columns)), columns)


def test_a_minute_of_quiet_costs_next_to_nothing() -> None:
    quiet = np.stack([1_772_409_600_000 + 100 * np.arange(600), np.full(600, 1_000_000)])
    assert len(pack(quiet)) < 60


@given(st.binary(max_size=200))
def test_bytes_that_are_no_block_are_known_as_none(data: bytes) -> None:
    with pytest.raises(Unpackable):
        unpack(data)


def test_a_block_that_was_cut_off_is_known_as_none() -> None:
    block = pack(np.stack([np.arange(500), np.arange(500) ** 2]))
    for length in range(len(block)):
        with pytest.raises(Unpackable):
            unpack(block[:length])
