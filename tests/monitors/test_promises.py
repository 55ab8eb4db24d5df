"""The last look at a request before it leaves: every promise that it could break, and what was broken all the same."""

from __future__ import annotations

from typing import Any

import pytest

from monitors.kinds import Entry, Side
from monitors.promises import broken, opened
from tests.builders import deal, position

HELD = position(7, lots=1.0)
SANE: dict[str, Any] = {"side": Side.SELL, "steps": 60, "durable": True, "in_flight": False}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"side": Side.BUY}, "a buy was about to enlarge position 7"),
        ({"steps": 101}, "101 steps were about to be closed of the 100 of position 7"),
        ({"steps": 0}, "0 steps were about to be closed of the 100 of position 7"),
        ({"steps": 61}, "position 7 was about to be closed below what the plan leaves of it"),
        ({"in_flight": True}, "a second request for position 7 was about to be sent"),
        ({"durable": False}, "a request was about to be sent that is not on disk"),
    ],
)
def test_a_request_that_would_break_a_promise_is_named(changes: dict[str, Any], says: str) -> None:
    assert broken(HELD, 40, **(SANE | changes)) == says


def test_all_of_a_position_may_go_where_the_plan_leaves_none() -> None:
    assert broken(HELD, 0, **(SANE | {"steps": 100})) == ""


@pytest.mark.parametrize("entry", [Entry.IN, Entry.INOUT])
def test_a_deal_of_ours_that_opened_something_is_found(entry: Entry) -> None:
    mine = deal(502, entry=entry, comment="plimsoll 0000ab 1f")
    assert opened((deal(), mine), "0000ab") == "deal 502 of ours opened 1 EURUSD"


@pytest.mark.parametrize(
    "other",
    [
        deal(entry=Entry.OUT, comment="plimsoll 0000ab 1f"),
        deal(entry=Entry.IN, comment="plimsoll 0000cd 1f"),
        deal(entry=Entry.IN, comment="by hand"),
    ],
    ids=["a close", "another instance's", "a person's"],
)
def test_closes_and_what_others_opened_are_none_of_ours(other: Any) -> None:
    assert opened((other,), "0000ab") == ""
