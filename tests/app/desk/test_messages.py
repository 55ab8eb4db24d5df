"""What comes in is held against the contract: whatever is not of it is refused, and nothing else happens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk import messages
from app.desk.messages import BadMessage, encoded
from app.desk.picturing import alarms, held, pictured
from monitors.model import NotApplicable, Unknown, Value
from monitors.overview import nearest
from monitors.ports import Link
from tests import frames
from tests.app.desk.parts import raw, state, told

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("made", list(frames.ALL), ids=str)
def test_every_account_of_every_frame_comes_through_as_it_was(made: str) -> None:
    frame = frames.ALL[made]()
    for place, view in enumerate(frame.accounts):
        sent = state(frame=frame, place=place)
        came = messages.state(encoded(sent))
        assert came == sent
        shown = pictured(came)
        assert (shown.name, shown.machine) == (f"{view.name} @ pc-1", "pc-1")
        assert (shown.login, shown.server, shown.mode, shown.link) == (view.login, view.server, view.mode, view.link)
        assert (shown.halt is None) == (view.halt is None)
        if view.account:
            assert shown.account is not None
            assert (shown.account.equity, shown.account.currency) == (view.account.equity, view.account.currency)
        before, after = nearest(view.levels), nearest(shown.levels)
        assert (before is None) == (after is None)
        if before and after:
            assert (before.share, before.left, before.level.rule) == (after.share, after.left, after.level.rule)


def test_what_is_not_known_is_sent_with_its_reason() -> None:
    view = frames.funded()
    metrics: dict[str, Value] = {"pnl.today": Unknown("blind"), "margin.level_pct": NotApplicable("no margin is used")}
    shown = pictured(state(frame=frames.frame(replace(view, metrics=metrics))))
    assert shown.metrics == {"pnl.today": Unknown("blind"), "margin.level_pct": Unknown("no margin is used")}
    assert pictured(state(frame=frames.frame(replace(view, metrics={})))).metrics["pnl.today"] == Unknown(
        "its machine does not say"
    )


def test_alerts_that_wait_come_worst_first_and_with_the_name_at_the_desk() -> None:
    found = alarms(state())
    assert {alert.account for alert in found} == {"Funded 100k @ pc-1"}
    ranks = [alert.severity.rank for alert in found]
    assert ranks
    assert ranks == sorted(ranks, reverse=True)


def test_what_is_held_comes_with_the_rate_of_the_display() -> None:
    found = held(state(place=1))
    assert found.rate == 1.16108
    assert found.legs


SPOILED: dict[str, dict[str, Any]] = {
    "another version": {"version": 2},
    "no machine": {"machine": ""},
    "a number below one": {"number": 0},
    "a link that there is not": {"link": "fine"},
    "equity that is text": {"money": {**raw(state())["money"], "equity": "much"}},
    "equity beyond all numbers": {"money": {**raw(state())["money"], "equity": 1e300}},
    "a severity that there is not": {"limit": {**raw(state())["limit"], "severity": "bad"}},
    "a name without end": {"account": "x" * 300},
    "a moment beyond all time": {"at_ms": 10**18},
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED.keys())
def test_a_state_that_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        messages.state(msgspec.json.encode({**raw(state()), **change}))


@pytest.mark.parametrize(
    "spoiled",
    [{"event": "x"}, {"event": "alert"}, {"at": 5}, {"event": "plan", "closes": 5, "rule": "x"}, {"account": None}],
    ids=str,
)
def test_an_event_that_cannot_be_said_is_refused(spoiled: dict[str, Any]) -> None:
    found = raw(told(1))
    event = {**found["event"], **spoiled}
    if spoiled == {"event": "x"}:
        event = {"event": "x"}
    with pytest.raises(BadMessage):
        messages.told(msgspec.json.encode({**found, "event": event}))


@pytest.mark.parametrize("data", [None, b"", b"\xff\xfe", b"{", b"[" * 100_000, b'{"a":1}' + b" " * 300_000])
def test_what_is_no_json_is_refused(data: bytes | None) -> None:
    for read in (messages.told, messages.state):
        with pytest.raises(BadMessage):
            read(data)


def test_what_is_larger_than_a_message_is_not_even_read() -> None:
    room = b" " * messages.LARGEST
    for read, fit in ((messages.told, encoded(told(1))), (messages.state, encoded(state()))):
        with pytest.raises(BadMessage, match="more than a message holds"):
            read(fit + room)


@given(key=st.sampled_from(sorted(raw(state()))), value=JSON)
def test_any_value_in_any_place_is_a_state_or_refused(key: str, value: object) -> None:
    try:
        found = messages.state(msgspec.json.encode({**raw(state()), key: value}))
    except BadMessage:
        return
    assert pictured(found).link in Link


@given(key=st.text(max_size=8) | st.sampled_from(["at", "event", "account", "reason"]), value=JSON,
       name=st.sampled_from(["alert", "plan", "outcome", "flow", "opening", "protect", "blind", "other"]))  # fmt: skip
def test_any_event_is_words_or_refused(key: str, value: object, name: str) -> None:
    found = raw(told(1))
    try:
        messages.told(msgspec.json.encode({**found, "event": {**found["event"], "event": name, key: value}}))
    except BadMessage:
        return
