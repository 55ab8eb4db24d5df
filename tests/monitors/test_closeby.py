"""Which wishes are joined so that two legs close each other, and what settles such a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitors.closeby import paired
from monitors.gate import Circumstances, Denial, Source, Wish, admit
from monitors.kinds import Entry, MarginMode, Side
from monitors.model import Deal, Snapshot
from monitors.outcomes import Settlement, State, settle
from tests.builders import NOW_MS, deal, instrument, position, reading, request, snapshot

SPEC = instrument(close_by=True)
LONG, SHORT, THIRD = position(1, lots=2.0), position(2, side=Side.SELL, lots=1.5), position(3, side=Side.SELL, lots=0.3)
HELD = snapshot(LONG, SHORT, THIRD, instruments={"EURUSD": SPEC})
BOTH = request(position=1, by=2, steps=150, held=200, by_held=150, state=State.UNKNOWN)
FIRST, SECOND = position(1, lots=0.5), None


def wish(number: int, target: int = 0, **changes: Any) -> Wish:
    return replace(Wish(position=number, target=target, source=Source.STOP), **changes)


def joined(*wishes: Wish, seen: Snapshot = HELD, **more: Any) -> list[tuple[int, int]]:
    return [(w.position, w.by) for w in paired(wishes, seen, **more)]


def test_the_legs_with_the_largest_overlap_go_first_and_the_rest_waits_for_them() -> None:
    assert joined(wish(1), wish(2), wish(3)) == [(1, 2)]


@pytest.mark.parametrize(("long", "short", "pairs"), [
    (50, 0, [(1, 2)]), (51, 0, [(1, 0), (2, 0)]), (0, 1, [(1, 0), (2, 0)]), (0, 0, [(1, 2)]),
])  # fmt: skip
def test_they_are_joined_only_where_neither_goes_below_its_target(
    long: int, short: int, pairs: list[tuple[int, int]]
) -> None:
    assert joined(wish(1, long), wish(2, short)) == pairs


@pytest.mark.parametrize("seen", [
    replace(HELD, account=replace(HELD.account, margin_mode=MarginMode.NETTING)),
    replace(HELD, account=replace(HELD.account, fifo_close=True)),
    replace(HELD, instruments={"EURUSD": instrument()}),
], ids=["netting", "oldest first", "not allowed"])  # fmt: skip
def test_where_the_account_or_the_symbol_allows_none_each_goes_by_itself(seen: Snapshot) -> None:
    assert joined(wish(1), wish(2), seen=seen) == [(1, 0), (2, 0)]


def test_they_are_not_joined_where_less_than_the_least_volume_would_be_left_of_the_larger() -> None:
    coarse = replace(HELD, instruments={"EURUSD": replace(SPEC, volume_min=0.6)})

    assert joined(wish(1), wish(2), seen=coarse) == [(1, 0), (2, 0)]
    around = Circumstances(armed=True, halt=None, reading=reading(coarse), now_ms=NOW_MS, lots_at_reset=9.0)
    assert admit(wish(1, by=2), around) == Denial(
        reason="closing them by each other would leave less than the broker's least volume"
    )


def test_they_are_not_joined_where_no_order_could_close_what_is_still_to_go() -> None:
    coarse = replace(HELD, instruments={"EURUSD": replace(SPEC, volume_min=0.3)})

    assert joined(wish(1, 20), wish(2), seen=coarse) == [(1, 2)]
    assert joined(wish(1, 30), wish(2), seen=coarse) == [(1, 0), (2, 0)]
    assert joined(wish(1, 50), wish(2), seen=coarse) == [(1, 2)]


def test_barred_waiting_and_unlike_wishes_are_not_joined() -> None:
    assert joined(wish(1), wish(2), barred={"EURUSD"}) == [(1, 0), (2, 0)]
    assert joined(wish(1), wish(2), waiting={2}) == [(1, 0), (2, 0)]
    assert joined(wish(1), wish(2, source=Source.RULE)) == [(1, 0), (2, 0)]


def test_a_leg_waits_until_the_last_fill_of_the_other_is_shown() -> None:
    assert joined(wish(1), wish(3), waiting={1}, unseen={1}) == [(1, 0)]


@pytest.mark.parametrize(("asked", "reason"), [
    (wish(1, by=9), "the position it was to be closed by is gone"),
    (wish(2, by=3), "the two positions cannot be closed by each other"),
    (wish(1, 51, by=2), "closing them by each other would close more than is wanted"),
    (wish(1, by=2, by_target=1), "closing them by each other would close more than is wanted"),
])  # fmt: skip
def test_the_gate_admits_no_pair_that_does_not_fit(asked: Wish, reason: str) -> None:
    around = Circumstances(armed=True, halt=None, reading=reading(HELD), now_ms=NOW_MS, lots_at_reset=9.0)
    assert admit(asked, around) == Denial(reason=reason)


def test_the_gate_admits_a_pair_only_where_neither_leg_is_in_flight_and_counts_it_once() -> None:
    around = Circumstances(armed=True, halt=None, reading=reading(HELD), now_ms=NOW_MS, lots_at_reset=1.5)
    assert admit(wish(1, by=2), around) is HELD.positions[0], "1.50 lots, however much the longer leg still wants"
    for busy in (1, 2):
        denied = admit(wish(1, by=2), replace(around, in_flight=frozenset({busy})))
        assert denied == Denial(reason="an earlier request for it is not settled")
    waits = reading(replace(HELD, closing=frozenset({2})))
    assert admit(wish(1, by=2), replace(around, reading=waits)) == Denial(
        reason="a close order for it waits at the broker"
    )


def out(ticket: int, of: int, lots: float = 1.5, **changes: Any) -> Deal:
    return deal(ticket, position=of, lots=lots, entry=Entry.OUT_BY, comment=BOTH.tag, **changes)


def test_the_deals_of_both_legs_prove_it_and_that_of_one_is_waited_for() -> None:
    assert settle(BOTH, [out(501, 1), out(502, 2)], LONG, SPEC, 0.0, by=SHORT) == Settlement(
        state=State.DONE, filled=150
    )
    assert settle(BOTH, [out(501, 1)], LONG, SPEC, 59.0, by=SHORT) is None
    assert settle(BOTH, [out(501, 1)], LONG, SPEC, 60.0, by=SHORT) == Settlement(state=State.DONE, filled=150)


def test_both_legs_changed_prove_it_and_one_that_was_stopped_out_does_not() -> None:
    assert settle(BOTH, [], FIRST, SPEC, 0.0, by=SECOND) == Settlement(state=State.DONE, filled=150)
    assert settle(BOTH, [], LONG, SPEC, 0.0, by=None) is None
    assert settle(BOTH, [], LONG, SPEC, 60.0, by=SHORT) == Settlement(state=State.REFUSED, filled=0)


def test_an_ordinary_close_of_an_expert_is_not_taken_for_it_nor_the_other_way_round() -> None:
    bare = deal(501, lots=1.5, entry=Entry.OUT)
    assert settle(BOTH, [bare, replace(bare, ticket=502, position=2)], LONG, SPEC, 0.0, by=SHORT) is None
    alone = request(state=State.UNKNOWN)
    by = replace(bare, lots=0.5, entry=Entry.OUT_BY)
    assert settle(alone, [by], position(lots=0.5), SPEC, 0.0) is None


def test_while_an_order_waits_silence_proves_nothing_and_a_split_is_no_close() -> None:
    alone = request(state=State.UNKNOWN)
    assert settle(alone, [], position(), SPEC, 99.0, waiting=True) is None
    split = deal(501, entry=Entry.IN, lots=1.0, reason=9)
    assert settle(alone, [split], position(lots=0.5), SPEC, 1.0) is None
