"""The last look at a request before it leaves: every promise that it could break."""

from __future__ import annotations

from typing import Any

import pytest

from monitors.kinds import Side
from monitors.promises import broken
from tests.builders import position

HELD = position(7, lots=1.0)
SANE: dict[str, Any] = {"side": Side.SELL, "steps": 60, "durable": True, "in_flight": False}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"steps": 1}, ""),
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
