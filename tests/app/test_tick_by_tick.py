"""Recorded gold and euro ticks through the real sight: every extreme is plain arithmetic's, however read."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from app.memory import Memory
from app.sight import Sight
from bridge.simulator.clock import EPOCH, VirtualClock, epoch_ms
from monitors.excursions import Excursion
from monitors.settings import DaySettings, TerminalSettings
from tests.app.tapes import FILES, FOLDER, Account50, Tape, TapeTerminal, Told, recompute

BEGIN = epoch_ms(datetime(2014, 5, 2, 12, 26, tzinfo=UTC))
END = BEGIN + 8 * 60_000
"""Round a payrolls release: nearly still before half past, gold at forty ticks a second after it."""
FIGURES = ("best", "worst", "best_points", "worst_points", "under_ms")

pytestmark = pytest.mark.skipif(not all((FOLDER / f).exists() for f in FILES.values()), reason="../shared is not there")


@pytest.fixture(scope="module")
def plan() -> Account50:
    return Account50.plan(Tape.read(BEGIN, END), BEGIN, END)


@pytest.fixture(scope="module")
def expected(plan: Account50) -> tuple[dict[int, Told], list[tuple[int, float]]]:
    return recompute(plan, BEGIN, END)


def watched(plan: Account50, poll_ms: int) -> tuple[dict[int, Excursion], list[tuple[int, float]]]:
    """Every position's last excursion, and the worst equity of every beat with the beat's end."""
    clock = VirtualClock(EPOCH)
    clock.advance_to(BEGIN)
    sight, memory, lows = Sight(TerminalSettings(), TapeTerminal(plan, clock), clock), Memory(), []
    last: dict[int, Excursion] = {}
    for at_ms in range(BEGIN, END + 1, poll_ms):
        clock.advance_to(at_ms)
        seen = sight.read(sight.look(None), memory, DaySettings(zone="UTC")).reading
        assert seen is not None
        assert seen.unexplained is None
        last |= {**seen.closed_excursions, **seen.excursions}
        lows.append((at_ms, seen.low))
    return last, lows


@pytest.mark.parametrize("poll_ms", [100, 10_000], ids=["beats of 100 ms", "beats of 10 s"])
def test_the_extremes_of_fifty_positions_and_of_equity_are_exactly_those_of_a_recomputation(
    plan: Account50, expected: tuple[dict[int, Told], list[tuple[int, float]]], poll_ms: int
) -> None:
    told, path = expected
    last, lows = watched(plan, poll_ms)
    assert len(told) == 50
    assert {n: [asdict(own)[name] for name in FIGURES] for n, own in sorted(last.items())} == {
        n: [asdict(own)[name] for name in FIGURES] for n, own in sorted(told.items())
    }
    assert lows == worst_by_beat(path, poll_ms)


def worst_by_beat(path: list[tuple[int, float]], poll_ms: int) -> list[tuple[int, float]]:
    """The lowest equity of each beat, and where nothing happened in it what stood before."""
    points = iter(path)
    point, stood, lows = next(points, None), path[0][1], []
    for end_ms in range(BEGIN, END + 1, poll_ms):
        within = []
        while point is not None and point[0] <= end_ms:
            within.append(point[1])
            point = next(points, None)
        stood = within[-1] if within else stood
        lows.append((end_ms, stood if end_ms == BEGIN else min(within, default=stood)))
    return lows
