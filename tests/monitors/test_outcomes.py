"""What answers and records mean: the table of retcodes, and what settles a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import DealReason, Entry, Side
from monitors.model import Deal, Position
from monitors.outcomes import (
    ABSENCE_S,
    NOT_SENT,
    RETCODES,
    Meaning,
    Reach,
    Request,
    Retry,
    Settlement,
    State,
    _accepted,
    _refused,
    _unsettled,
    author,
    meaning,
    meant,
    settle,
    tag,
)
from tests.builders import deal, instrument, position, request

SPEC = instrument()
OURS: dict[str, Any] = {"comment": "plimsoll 000000 1"}
UNKNOWN = request(state=State.UNKNOWN)
UNCLEAR = {10008, 10011, 10012, 10023, 10028, 10031}
ACCEPTED = {10009, 10010}


def settled(of: Request, *deals: Deal, held: Position | None, age_s: float = 0.0) -> Settlement | None:
    return settle(of, deals, held, SPEC, age_s)


# ------------------------------------------------------------------------------------------------ the table


def test_every_retcode_of_the_reference_is_there() -> None:
    published = {10004, *range(10006, 10037), *range(10038, 10047)} - {10037, 10005}
    assert set(RETCODES) == published


@pytest.mark.parametrize("code", RETCODES)
def test_a_code_is_one_of_accepted_refused_and_unclear(code: int) -> None:
    found = meaning(code)
    assert found.accepted is (code in ACCEPTED)
    assert found.refused is (code not in ACCEPTED | UNCLEAR)
    assert found.name


def test_the_tables_three_kinds_say_what_they_are() -> None:
    assert _refused("r", Retry.FRESH, 2, Reach.SYMBOL) == Meaning(
        name="r", refused=True, retry=Retry.FRESH, quick=2, reach=Reach.SYMBOL, accepted=False
    )
    assert _refused("r") == Meaning(name="r", refused=True, retry=Retry.NEVER, quick=0, reach=Reach.POSITION)
    assert _accepted("a") == Meaning(name="a", refused=False, retry=Retry.NEVER, quick=0, accepted=True)
    assert _unsettled("u") == Meaning(name="u", refused=False, retry=Retry.NEVER, quick=0, accepted=False)
    assert all(type(flag) is bool for made in (_refused("r"), _accepted("a"), _unsettled("u"))
               for flag in (made.refused, made.accepted))  # fmt: skip


def test_without_any_answer_the_clients_own_error_speaks() -> None:
    assert meant(None, -8) is NOT_SENT[-8]
    assert meant(None, -10_002) == meaning(None)
    assert meant(10_009, -8) == meaning(10_009)


def test_a_deal_names_who_closed_and_an_opening_names_nobody() -> None:
    assert author(deal(comment=tag("0000ab", 31))) == "0000ab"
    assert author(deal(comment=tag("0000ab", 31), entry=Entry.IN)) == ""
    assert author(deal(comment="by hand")) == ""
    assert author(deal(comment="plimsoll 0000abc 1")) == ""


@pytest.mark.parametrize("code", [*UNCLEAR, *ACCEPTED, None, 0, 10000, 10037, -10005, 99_999])
def test_what_is_no_definite_refusal_is_never_sent_again(code: int | None) -> None:
    assert not meaning(code).refused
    assert meaning(code).retry is Retry.NEVER


def test_no_answer_and_a_foreign_code_say_nothing() -> None:
    assert meaning(None).name == "no answer"
    assert meaning(10_999).name == "code 10999"
    assert not meaning(None).accepted


@pytest.mark.parametrize(
    ("code", "retry"),
    [
        (10004, Retry.FRESH),
        (10020, Retry.FRESH),
        (10021, Retry.LATER),
        (10018, Retry.MARKET),
        (10017, Retry.PERMISSION),
        (10026, Retry.PERMISSION),
        (10027, Retry.PERMISSION),
        (10030, Retry.FILLING),
        (10036, Retry.REREAD),
        (10038, Retry.REREAD),
        (10039, Retry.LATER),
        (10013, Retry.NEVER),
    ],
)
def test_a_refusal_says_what_a_retry_needs(code: int, retry: Retry) -> None:
    assert meaning(code).refused
    assert meaning(code).retry is retry


def test_client_errors_after_which_nothing_left_are_few() -> None:
    assert {-2, -8} == set(NOT_SENT)


@pytest.mark.parametrize("state", State)
def test_a_request_is_open_until_its_records_settled_it(state: State) -> None:
    assert request(state=state).open is (state in {State.SENT, State.UNKNOWN})


# ------------------------------------------------------------------------------------------------ our own deals


def test_a_deal_with_our_tag_is_proof_at_once() -> None:
    found = settled(UNKNOWN, deal(lots=0.5, **OURS), held=position(lots=0.5))
    assert found == Settlement(state=State.DONE, filled=50)


def test_a_deal_with_our_order_is_proof_whatever_its_comment() -> None:
    own = replace(UNKNOWN, order=7_501)
    found = settled(own, deal(lots=0.5, comment="[cut]", reason=int(DealReason.CLIENT)), held=position(lots=0.5))
    assert found == Settlement(state=State.DONE, filled=50)


def test_parts_add_up_and_less_than_all_is_partial() -> None:
    first, second = deal(501, lots=0.2, **OURS), deal(502, lots=0.1, **OURS)
    assert settled(UNKNOWN, first, second, held=position(lots=0.7)) == Settlement(state=State.PARTIAL, filled=30)
    third = deal(503, lots=0.2, **OURS)
    assert settled(UNKNOWN, first, second, third, held=position(lots=0.5)) == Settlement(state=State.DONE, filled=50)


def test_more_is_never_said_than_was_asked_for() -> None:
    found = settled(UNKNOWN, deal(lots=0.8, **OURS), held=position(lots=0.2))
    assert found == Settlement(state=State.DONE, filled=50)


@pytest.mark.parametrize(
    "other",
    [
        deal(500, lots=0.5, **OURS),
        deal(501, lots=0.5, position=2, **OURS),
        deal(501, lots=0.5, comment="plimsoll 000000 2"),
    ],
    ids=["not later than the send", "of another position", "of another request"],
)
def test_a_deal_that_is_not_ours_proves_nothing(other: Deal) -> None:
    assert settled(UNKNOWN, other, held=position(lots=1.0)) is None


def test_an_experts_deal_without_comment_counts_once_an_answer_was_unclear() -> None:
    bare = deal(lots=0.5)
    assert settled(UNKNOWN, bare, held=position(lots=0.5)) == Settlement(state=State.DONE, filled=50)
    assert settled(request(), bare, held=position(lots=0.5)) is None
    for other in (replace(bare, comment="another EA"), replace(bare, reason=int(DealReason.CLIENT))):
        assert settled(UNKNOWN, other, held=position(lots=0.5)) is None


# ------------------------------------------------------------------------------------------------ the position itself


def test_a_smaller_position_is_proof_before_its_deal_shows() -> None:
    assert settled(UNKNOWN, held=position(lots=0.5)) == Settlement(state=State.DONE, filled=50)
    assert settled(UNKNOWN, held=position(lots=0.8)) == Settlement(state=State.PARTIAL, filled=20)
    assert settled(replace(UNKNOWN, steps=100), held=None) == Settlement(state=State.DONE, filled=100)


def test_what_others_closed_is_no_proof_of_ours() -> None:
    stop = deal(lots=1.0, reason=int(DealReason.STOP_LOSS), comment="[sl 1.09]")
    assert settled(UNKNOWN, stop, held=None) is None
    assert settled(UNKNOWN, stop, held=None, age_s=60.0) == Settlement(state=State.REFUSED, filled=0)


def test_what_is_missing_beyond_the_others_is_ours() -> None:
    trader = deal(lots=0.3, reason=int(DealReason.CLIENT), comment="by hand")
    assert settled(UNKNOWN, trader, held=position(lots=0.2)) == Settlement(state=State.DONE, filled=50)
    assert settled(UNKNOWN, trader, held=position(lots=0.6)) == Settlement(state=State.PARTIAL, filled=10)
    assert settled(UNKNOWN, trader, held=position(lots=0.7)) is None


def test_a_position_that_others_turned_and_enlarged_proves_nothing() -> None:
    turned = deal(502, lots=2.0, entry=Entry.INOUT, reason=int(DealReason.CLIENT))
    more = replace(turned, ticket=503, lots=0.7, entry=Entry.IN)
    assert settled(UNKNOWN, turned, more, held=position(side=Side.SELL, lots=1.7)) is None


def test_a_bare_deal_of_more_than_was_asked_for_is_not_ours() -> None:
    assert settled(UNKNOWN, deal(lots=0.6), held=position(lots=0.4)) is None


@pytest.mark.parametrize("age_s", [0.0, 30.0, ABSENCE_S - 0.001])
def test_absence_proves_nothing_before_a_minute(age_s: float) -> None:
    assert settled(UNKNOWN, held=position(lots=1.0), age_s=age_s) is None


def test_an_opening_explains_no_smaller_position() -> None:
    opening = deal(lots=0.3, entry=Entry.IN, side=Side.BUY, reason=int(DealReason.CLIENT))
    assert settled(UNKNOWN, opening, held=position(lots=0.5)) == Settlement(state=State.DONE, filled=50)


def test_absence_is_a_refusal_after_a_minute() -> None:
    assert ABSENCE_S == 60.0
    assert settled(UNKNOWN, held=position(lots=1.0), age_s=60.0) == Settlement(state=State.REFUSED, filled=0)


def test_a_position_that_grew_meanwhile_proves_nothing() -> None:
    assert settled(UNKNOWN, held=position(lots=1.5)) is None
    assert settled(UNKNOWN, held=position(lots=1.5), age_s=60.0) == Settlement(state=State.REFUSED, filled=0)


# ------------------------------------------------------------------------------------------------ netting's race


def test_a_close_that_opened_the_opposite_is_said() -> None:
    stop = deal(501, lots=1.0, reason=int(DealReason.STOP_LOSS), comment="[sl 1.09]")
    turned = deal(502, lots=0.5, entry=Entry.INOUT, **OURS)
    opposite = position(side=Side.SELL, lots=0.5)
    assert settled(UNKNOWN, stop, turned, held=opposite) == Settlement(state=State.DONE, filled=50, reversed=True)
    assert settled(UNKNOWN, turned, held=None) == Settlement(state=State.DONE, filled=50, reversed=True)


def test_an_opposite_position_is_a_reversal_even_without_a_deal() -> None:
    opposite = position(side=Side.SELL, lots=0.8)
    assert settled(UNKNOWN, held=opposite) == Settlement(state=State.DONE, filled=50, reversed=True)
    stop = deal(501, lots=1.0, reason=int(DealReason.STOP_LOSS), comment="[sl 1.09]")
    assert settled(UNKNOWN, stop, held=opposite) == Settlement(state=State.DONE, filled=50, reversed=True)
    by_hand = deal(502, lots=0.8, entry=Entry.INOUT, reason=int(DealReason.CLIENT), comment="by hand")
    assert settled(UNKNOWN, stop, by_hand, held=opposite) is None
    late = settled(UNKNOWN, stop, by_hand, held=opposite, age_s=60.0)
    assert late == Settlement(state=State.REFUSED, filled=0, reversed=True)


deals = st.lists(
    st.builds(
        deal,
        st.integers(495, 510),
        lots=st.integers(1, 100).map(lambda n: n / 100),
        comment=st.sampled_from(["plimsoll 000000 1", "plimsoll 000000 2", "", "by hand"]),
        entry=st.sampled_from(Entry),
        position=st.sampled_from([1, 2]),
    ),
    max_size=5,
)


@given(
    deals, st.integers(0, 150), st.integers(1, 100), st.floats(0.0, 59.9), st.sampled_from([State.SENT, State.UNKNOWN])
)
def test_no_records_ever_say_more_than_was_asked_or_a_refusal_too_early(
    booked: list[Deal], held: int, steps: int, age_s: float, state: State
) -> None:
    of = request(steps=steps, state=state)
    now = position(lots=held / 100) if held else None
    found = settled(of, *booked, held=now, age_s=age_s)
    if found is not None:
        assert found.state in {State.DONE, State.PARTIAL} or found.reversed
        assert 0 < found.filled <= steps or found.reversed
        assert (found.state is State.DONE) is (found.filled == steps)
        assert any(d.position == 1 and d.ticket > 500 for d in booked) or held < 100 or found.reversed


def test_a_close_of_ours_that_opened_something_after_a_stop_closed_first_is_a_reversal_and_closed_nothing() -> None:
    stopped = deal(501, reason=DealReason.STOP_LOSS, lots=1.0, comment="[sl 1.08]")
    opened = deal(502, position=77, entry=Entry.IN, lots=1.0, **OURS)

    assert settled(UNKNOWN, stopped, opened, held=None) == Settlement(state=State.REFUSED, filled=0, reversed=True)


# ------------------------------------------------------------------------------------------------ what is long ago


def test_a_deal_from_before_the_send_proves_nothing_though_no_newer_one_was_ever_seen() -> None:
    of = request(state=State.UNKNOWN, retcode=10009, deal_floor=0)
    long_ago = of.since_ms - 1
    opening = deal(1, position=of.position, time_ms=long_ago, entry=Entry.IN, lots=SPEC.lots(of.held))
    bare = deal(2, position=of.position, time_ms=long_ago, reason=DealReason.EXPERT, lots=SPEC.lots(of.steps))
    still = position(of.position, steps=of.held)
    assert settled(of, opening, held=still) is None
    assert settled(of, bare, held=still) is None
    ours = deal(3, position=of.position, time_ms=of.since_ms, order=of.order, lots=SPEC.lots(of.steps), **OURS)
    assert settled(of, opening, ours, held=still) == Settlement(state=State.DONE, filled=of.steps)
