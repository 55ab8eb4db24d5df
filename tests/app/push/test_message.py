"""What is worth a message, and how it is put."""

from __future__ import annotations

from typing import Any

import pytest

from app.events import Event, event
from app.push.message import Entry, Worth, compose
from monitors.masking import masked
from monitors.ports import Severity
from tests.builders import NOW_MS


def alert(number: int = 1, state: str = "raised", severity: str = "high", **more: Any) -> Event:
    facts = {"value": 118.25, "threshold": 120.0, **more}
    return event(NOW_MS + 1_000 * number, "alert", "main", alert=number, episode=None, rule="Margin level",
                 metric="margin.level_pct", severity=severity, state=state, **facts)  # fmt: skip


def told(worth: Worth, *events: Event) -> list[Entry]:
    return [entry for each in events if (entry := worth.entry(each))]


@pytest.mark.parametrize(("severity", "worth"), [("medium", 0), ("high", 1), ("extreme", 1)])
def test_the_mildest_severity_that_is_told_is_the_configs(severity: str, worth: int) -> None:
    assert len(told(Worth(Severity.HIGH), alert(severity=severity))) == worth


def test_a_critical_alert_that_climbs_is_told_though_the_filter_let_it_pass() -> None:
    worth = Worth(Severity.EXTREME)
    first = alert(severity="critical")
    again = alert(severity="critical", state="escalated", stage=2)
    (entry,) = told(worth, first, again, again | {"state": "cleared"})[:1]
    assert "not acknowledged, told again (2)" in entry.line
    assert len(told(worth, alert(state="acknowledged", severity="critical"))) == 1, "what was told has its end told"


def test_the_end_of_an_alert_is_told_once_of_each_kind() -> None:
    worth = Worth(Severity.HIGH)
    told(worth, alert())
    ends = [alert(state=state) for state in ("acknowledged", "acknowledged", "cleared", "cleared")]
    assert [entry.states for entry in told(worth, *ends)] == [("acknowledged",), ("cleared",)]
    told(worth, alert(state="escalated", stage=1))
    assert len(told(worth, alert(state="acknowledged"))) == 1, "seen anew after it was told again"


def test_the_end_of_one_that_was_not_told_is_not_told() -> None:
    worth = Worth(Severity.HIGH)
    assert not told(worth, alert(severity="low"), alert(severity="low", state="cleared"))


def test_halts_and_blindness_are_as_grave_as_a_critical_alert() -> None:
    halt, lifted = (event(NOW_MS, name, "main", scope="account", reason="limit") for name in ("halt", "reset"))
    blind = event(NOW_MS, "blind", "main", reason="no answer")
    assert [e.severity for e in told(Worth(Severity.CRITICAL), halt, lifted, blind)] == [Severity.CRITICAL] * 3
    assert not told(Worth(Severity.EXTREME), halt, blind)
    assert not told(Worth(Severity.LOW), event(NOW_MS, "intent", "main", request=1))


def test_one_alert_is_a_line_with_value_and_level() -> None:
    entries = told(Worth(Severity.LOW), alert())
    assert compose(entries, 0, masked) == (
        "Plimsoll: high alert", "08:00:01Z main: Margin level (high) 118.25, level 120, raised",
    )  # fmt: skip


def test_many_are_the_gravest_three_and_a_count_of_the_others() -> None:
    grave = [alert(n, severity="critical") for n in (4, 9)]
    mild = [alert(n) for n in (1, 2, 3, 5, 6, 7, 8, 10)]
    title, body = compose(told(Worth(Severity.LOW), *grave, *mild), 0, masked)
    lines = body.splitlines()
    assert title == "Plimsoll: 10 alerts, worst critical"
    assert [line[:9] for line in lines[:3]] == ["08:00:09Z", "08:00:04Z", "08:00:10Z"]
    assert lines[3:] == ["and 7 more: 7 high"]


def test_what_happened_to_one_alert_before_it_could_be_said_is_one_line() -> None:
    raised, cleared = told(Worth(Severity.LOW), alert(), alert(state="cleared", value=130.0))
    both = cleared.after(raised)
    assert both.line.endswith("Margin level (high) 130, level 120, raised, cleared")


def test_logins_and_what_drives_a_console_do_not_leave() -> None:
    worth = Worth(Severity.LOW)
    entry = worth.entry(event(NOW_MS, "blind", "FTMO 51023381",
                              reason="another account is logged in: 51099911\n\x1b[2J"))  # fmt: skip
    assert entry is not None
    _, body = compose([entry], 0, lambda text: masked(text, logins=[51023381]))
    assert body == "08:00:00Z FTMO ••••3381: another account is logged in: ••••9911  [2J, no data"
