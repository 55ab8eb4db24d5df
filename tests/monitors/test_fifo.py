"""The oldest first: what is wanted of the younger, in what turn, and what the gate says to a younger one."""

from __future__ import annotations

from dataclasses import replace

from monitors.fifo import in_turn, oldest_first, wanted
from monitors.gate import Circumstances, Denial, Source, Wish, admit
from monitors.kinds import Side
from tests.builders import NOW_MS, account, instrument, position, reading, snapshot

OLD, MIDDLE, YOUNG = position(3, lots=0.3, opened_ms=1), position(1, lots=0.4, opened_ms=2), position(2, opened_ms=3)
SHORT = position(4, side=Side.SELL, opened_ms=0)
HELD = snapshot(YOUNG, OLD, MIDDLE, SHORT)
FIFO = replace(HELD, account=replace(account(), fifo_close=True))


def wish(number: int) -> Wish:
    return Wish(position=number, target=0, source=Source.STOP)


def test_the_same_volume_is_taken_from_the_oldest_of_the_same_side() -> None:
    assert wanted({2: 50}, FIFO) == {("EURUSD", Side.BUY): 50}
    assert oldest_first({("EURUSD", Side.BUY): 50}, FIFO) == {3: 0, 1: 20}


def test_the_last_one_is_cut_as_any_reduction_is() -> None:
    coarse = replace(FIFO, instruments={"EURUSD": instrument(volume_min=0.3)})
    assert oldest_first({("EURUSD", Side.BUY): 50}, coarse) == {3: 0, 1: 0}


def test_they_take_turns_by_age_and_elsewhere_all_go() -> None:
    wishes = [wish(2), wish(1), wish(3)]
    assert [w.position for w in in_turn(wishes, FIFO)] == [3]
    assert in_turn(wishes, HELD) == wishes


def test_the_gate_denies_a_younger_one_while_an_older_stands() -> None:
    around = Circumstances(armed=True, halt=None, reading=reading(FIFO), now_ms=NOW_MS, lots_at_reset=9.0)
    reason = "this account closes the oldest EURUSD position first: #3 is older and goes first"
    assert admit(wish(2), around) == Denial(reason=reason)
    assert admit(wish(3), around) is OLD
    assert admit(wish(4), around) is SHORT, "the other side is another matter"
