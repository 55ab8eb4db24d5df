"""Whether an account is seen: slow, uncertain, blind, and back."""

from __future__ import annotations

import numpy as np

from monitors.ports import Link, Severity
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Make


def test_a_terminal_slower_than_a_beat_stays_live_and_nothing_is_judged_twice(make: Make) -> None:
    stand = make(MARGIN_RULE)
    stand.terminal.hold(plain())
    stand.beat(3)
    stand.terminal.slow = True
    links = []
    for _ in range(13):
        stand.beat()
        links.append(stand.guard.link)
    assert set(links[:8]) == {Link.LIVE}
    assert stand.of("plan") == []
    assert links[-1] is Link.UNCERTAIN
    assert stand.guard.now.sighting.reason == "the terminal has not answered yet"


def test_a_terminal_that_never_answers_again_is_blind_after_ten_seconds_and_seen_when_it_does(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain())
    stand.beat(2)
    stand.terminal.slow = True
    stand.beat(90)
    assert stand.of("blind") == []
    stand.beat(20)
    assert [e["reason"] for e in stand.of("blind")] == ["the terminal has not answered yet"]
    stand.terminal.slow = False
    stand.beat()
    assert stand.guard.link is Link.LIVE
    assert len(stand.of("sighted")) == 1


def test_one_that_has_not_answered_at_all_is_waited_for_and_not_taken_for_live(make: Make) -> None:
    stand = make()
    stand.terminal.slow = True
    stand.beat(2)
    assert stand.guard.link is Link.WAITING


def test_a_doubt_about_the_brokers_clock_is_an_alert_that_stands_until_it_is_gone(make: Make) -> None:
    stand = make()
    stand.terminal.doubt = "the newest tick is 60 min in the future"
    stand.beat(3)
    (alert,) = stand.engine.frame().alerts
    assert (alert.rule, alert.active, alert.severity) == ("Broker's clock", True, Severity.MEDIUM)
    assert alert.why == stand.terminal.doubt
    stand.terminal.doubt = ""
    stand.beat()
    assert not stand.engine.frame().alerts[0].active


def test_time_in_which_the_program_stood_still_is_a_gap_in_the_record(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain())
    for pause_s in (0.1, 0.1, 5.0, 20.0, 0.1):
        stand.beat(seconds=pause_s)
        stand.engine.frame()
    series = stand.engine.frame().accounts[0].series
    assert series is not None
    assert int(np.isnan(series.column("equity")).sum()) == 1
