"""A position's last hour: in its favour, a point every fifteen seconds, gone with it."""

from __future__ import annotations

from monitors.kinds import Side
from monitors.lately import KEPT, STEP_S, Lately
from tests.builders import position


def test_both_sides_are_told_in_their_favour() -> None:
    lately = Lately()
    lately.note([position(1, open=1.1, price=1.2), position(2, side=Side.SELL, open=1.1, price=1.2)], 0.0)
    (one,), (other,) = lately.view[1], lately.view[2]
    assert (round(one, 9), round(other, 9)) == (0.1, -0.1)


def test_a_point_every_step_and_an_hour_at_most() -> None:
    lately = Lately()
    for tick in range(4 * (KEPT + 10)):
        lately.note([position(1, open=0.0, price=float(tick))], tick * STEP_S / 4)
    assert len(lately.view[1]) == KEPT
    assert lately.view[1][-1] - lately.view[1][-2] == 4.0


def test_what_was_handed_out_stays_and_what_is_closed_is_forgotten() -> None:
    lately = Lately()
    lately.note([position(1), position(2)], 0.0)
    before = lately.view
    lately.note([position(2)], STEP_S)
    assert set(before) == {1, 2}
    assert {p: len(way) for p, way in lately.view.items()} == {2: 2}
