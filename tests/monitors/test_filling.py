"""Filling modes that a close tries, best first."""

from __future__ import annotations

import pytest

from monitors.filling import choices
from tests.builders import instrument

FOK, IOC, RETURN = 0, 1, 2
REQUEST, INSTANT, MARKET, EXCHANGE = 0, 1, 2, 3


@pytest.mark.parametrize(
    ("mask", "execution", "expected"),
    [
        (1, MARKET, (FOK,)),
        (2, MARKET, (IOC,)),
        (3, MARKET, (IOC, FOK)),
        (0, MARKET, (FOK, IOC)),
        (4, MARKET, (FOK, IOC)),
        (0, EXCHANGE, (RETURN, IOC, FOK)),
        (1, EXCHANGE, (FOK, RETURN, IOC)),
        (2, EXCHANGE, (IOC, RETURN, FOK)),
        (3, INSTANT, (IOC, FOK, RETURN)),
        (0, REQUEST, (RETURN, IOC, FOK)),
    ],
)
def test_a_close_would_rather_fill_in_part_than_not_at_all(
    mask: int, execution: int, expected: tuple[int, ...]
) -> None:
    assert choices(instrument(filling_mask=mask, execution=execution)) == expected
