"""Every event as one line a person can read."""

from __future__ import annotations

import pytest

from app.words import plain, words

AT = "2026-03-02T08:00:05.000Z"
LINES = [
    ({"event": "alert", "alert": 2, "state": "raised", "rule": "Margin", "severity": "high", "value": 120.5,
      "threshold": 150.0},
     "alert 2 raised: Margin (high), now 120.5, level 150"),
    ({"event": "alert", "alert": 2, "state": "cleared", "rule": "Blind", "severity": "high", "value": None,
      "threshold": None},
     "alert 2 cleared: Blind (high), now not applicable"),
    ({"event": "plan", "rule": "Margin", "closes": [{"position": 1, "symbol": "A", "volume": 0.4}]},
     "plan for Margin: close 0.4 A of #1"),
    ({"event": "plan", "rule": "Share", "closes": []}, "plan for Share: close nothing"),
    ({"event": "intent", "request": 1, "side": "sell", "volume": 0.4, "symbol": "A", "position": 9},
     "request 1: sell 0.4 A to close #9"),
    ({"event": "outcome", "request": 1, "state": "done", "retcode": 10009, "filled": 0.4},
     "request 1 done: 0.4 filled, code 10009"),
    ({"event": "outcome", "request": 1, "state": "unknown", "retcode": None, "filled": 0.0},
     "request 1 unknown: 0 filled, no answer"),
    ({"event": "denied", "position": 9, "reason": "observing"}, "not sent for #9: observing"),
    ({"event": "flow", "kind": "withdrawal", "amount": -500.0}, "withdrawal -500"),
    ({"event": "started", "config": "abc"}, "started with config abc"),
    ({"event": "recovered", "unresolved": []}, "recovered; unsettled requests: none"),
    ({"event": "recovered", "unresolved": [3, 4]}, "recovered; unsettled requests: 3, 4"),
    ({"event": "halt", "scope": "account", "reason": "stop by click"}, "halt: stop by click"),
    ({"event": "reset", "scope": "account", "reason": "a person"}, "reset: a person"),
    ({"event": "blind", "reason": "no connection"}, "blind: no connection"),
    ({"event": "sighted", "reason": "data is back"}, "sighted: data is back"),
    ({"event": "opening", "balance": 10_000.0, "day_high": 10_050.5},
     "a person typed: balance 10000.00, day high 10050.50"),
    ({"event": "protect", "position": 9, "symbol": "A", "stop": 1.5, "target": 0.0, "state": "sent", "retcode": None},
     "stop of A 9 to 1.5: sent"),
    ({"event": "protect", "position": 9, "symbol": "A", "stop": 1.5, "target": 0.0, "state": "refused",
      "retcode": 10016}, "stop of A 9 to 1.5: refused (10016)"),
    ({"event": "consent", "rule": "Daily", "threshold": 3.0, "within": 5.0},
     "a person agreed to the backstop of Daily within 5"),
    ({"event": "cancel", "order": 5, "symbol": "A", "state": "done"}, "pending order 5 A: cancel done"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "line"), LINES, ids=[line for _, line in LINES])
def test_an_event_is_one_line(told: dict[str, object], line: str) -> None:
    assert words({"at": AT, "account": "main", **told}) == f"08:00:05Z  main  {line}"


def test_what_a_broker_writes_cannot_break_the_line_or_drive_the_terminal() -> None:
    told = words({"at": AT, "account": "main", "event": "denied", "position": 1, "reason": "a\nb\x1b[2Jc\u202ed"})
    assert told.isprintable()
    assert plain("a\nb\x1b") == "a b "
