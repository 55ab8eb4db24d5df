"""A rate, a pause that grows, and bounds: nothing waits for ever and nothing floods."""

from __future__ import annotations

from app.push.message import Entry
from app.push.outbox import FIRST_S, LONGEST_S, MINUTE_S, STALE_S, WAITING, Outbox
from monitors.ports import Severity


def entry(number: int, severity: Severity = Severity.HIGH, *states: str) -> Entry:
    return Entry(key=("main", number), severity=severity, what="R", states=states or ("raised",),
                 at="2026-03-02T08:00:00.000Z")  # fmt: skip


def test_the_first_goes_at_once_and_more_than_the_rate_wait_for_the_minute() -> None:
    outbox = Outbox(2)
    for n, now_s in enumerate((100.0, 101.0)):
        outbox.put(entry(n), now_s)
        assert outbox.wait_s(now_s) == 0.0
        outbox.taken(now_s)
    assert outbox.wait_s(102.0) is None
    outbox.put(entry(3), 102.0)
    outbox.put(entry(4), 103.0)
    assert outbox.wait_s(103.0) == 100.0 + MINUTE_S - 103.0
    assert outbox.wait_s(160.0) == 0.0
    assert [one.key[1] for one in outbox.entries()] == [3, 4], "together in one"


def test_after_a_failure_the_pause_doubles_up_to_its_bound_and_ends_with_a_success() -> None:
    outbox, pauses = Outbox(60), []
    outbox.put(entry(1), 0.0)
    for _ in range(10):
        outbox.refused(0.0)
        pauses.append(outbox.wait_s(0.0))
    assert pauses[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert pauses[-1] == LONGEST_S
    outbox.taken(1.0)
    outbox.put(entry(2), 1.0)
    assert outbox.wait_s(1.0) == 0.0


def test_what_cannot_be_delivered_is_let_go_and_counted() -> None:
    outbox = Outbox(6)
    outbox.put(entry(1), 0.0)
    outbox.put(entry(2), 10.0)
    assert outbox.wait_s(STALE_S) == 0.0
    assert ([one.key[1] for one in outbox.entries()], outbox.dropped) == ([2], 1)
    outbox.taken(STALE_S)
    assert outbox.dropped == 0


def test_where_too_much_waits_the_mildest_goes() -> None:
    outbox = Outbox(6)
    outbox.put(entry(0, Severity.CRITICAL), 0.0)
    for n in range(1, WAITING + 5):
        outbox.put(entry(n), 0.0)
    kept = [one.key[1] for one in outbox.entries()]
    assert (len(kept), kept[0], outbox.dropped) == (WAITING, 0, 5)


def test_an_alert_that_waits_is_merged_with_what_becomes_of_it() -> None:
    outbox = Outbox(6)
    outbox.put(entry(1, Severity.CRITICAL), 0.0)
    outbox.put(entry(1, Severity.CRITICAL, "cleared"), 1.0)
    assert [one.states for one in outbox.entries()] == [("raised", "cleared")]
