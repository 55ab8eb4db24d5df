"""What sounds and what silence does: it is not acknowledgement, and it ends with what is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bridge.simulator.clock import VirtualClock
from monitors.ports import AlertView, Frame, Severity
from tests import frames
from tests.frame_parts import NOW_MS, alert
from tests.ui.conftest import Mailbox, Opener
from ui.sound import AGAIN_S, Sound, Sounder

CRITICAL = alert(2, "drawdown.max_pct", 4.0, Severity.CRITICAL, when="above", raised_ms=NOW_MS)
HIGH = alert(3, "equity", 97_250.0, Severity.HIGH, raised_ms=NOW_MS)
MEDIUM = alert(4, "exposure.symbol_pct", 50.0, Severity.MEDIUM, raised_ms=NOW_MS)


class Ear:
    """A sounder and what was heard of it."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))
        self.rung = 0
        self.sounder = Sounder(self.clock, self._ring)

    def _ring(self) -> None:
        self.rung += 1

    def hear(self, *alerts: AlertView, seconds: float = 0.2) -> Sound:
        self.clock.advance_to(self.clock.utc_ms() + round(seconds * 1000))
        return self.sounder.hear(Frame(number=1, at_ms=NOW_MS, accounts=(), alerts=alerts))


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_nothing_sounds_without_an_alert_or_for_a_medium_one(ear: Ear) -> None:
    ear.hear()
    assert ear.hear(MEDIUM) == Sound(loud=False, silenced=False)
    assert ear.rung == 0


def test_a_high_one_sounds_once(ear: Ear) -> None:
    for _ in range(3):
        assert not ear.hear(HIGH, seconds=2 * AGAIN_S).loud
    assert ear.rung == 1


def test_a_critical_one_sounds_again_until_it_is_acknowledged(ear: Ear) -> None:
    assert ear.hear(CRITICAL).loud
    assert ear.rung == 1
    ear.hear(CRITICAL, seconds=AGAIN_S - 0.5)
    assert ear.rung == 1
    ear.hear(CRITICAL, seconds=0.6)
    assert ear.rung == 2
    assert not ear.hear(replace(CRITICAL, acknowledged_ms=NOW_MS), seconds=60).loud
    assert ear.rung == 2


def test_one_that_cleared_unseen_sounds_no_more(ear: Ear) -> None:
    ear.hear(CRITICAL)
    assert not ear.hear(replace(CRITICAL, active=False), seconds=60).loud
    assert ear.rung == 1


def test_silence_lasts_until_it_climbs(ear: Ear) -> None:
    ear.hear(CRITICAL)
    ear.sounder.silence()
    assert ear.hear(CRITICAL, seconds=600) == Sound(loud=False, silenced=True)
    assert ear.rung == 1
    assert ear.hear(replace(CRITICAL, stage=1)).loud
    assert ear.rung == 2


def test_something_new_sounds_through_a_silence(ear: Ear) -> None:
    ear.hear(CRITICAL)
    ear.sounder.silence()
    assert ear.hear(CRITICAL, HIGH) == Sound(loud=False, silenced=True)
    assert ear.rung == 2
    assert ear.hear(CRITICAL, HIGH, replace(CRITICAL, number=9)).loud
    assert ear.rung == 3


def test_a_silence_is_forgotten_with_what_it_was_for(ear: Ear) -> None:
    ear.hear(CRITICAL)
    ear.sounder.silence()
    ear.hear()
    assert ear.hear(CRITICAL).loud
    assert ear.rung == 2


def test_ctrl_m_and_a_click_ask_for_silence_and_acknowledge_nothing(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    asked = list[int]()
    window.monitor.alerts.silenced.connect(lambda: asked.append(1))
    window.monitor.alerts.show_sound(Sound(loud=True, silenced=False))
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(window.monitor.alerts.silence, Qt.MouseButton.LeftButton)
    assert asked == [1, 1]
    assert mailbox.sent == []


def test_the_button_says_whether_there_is_anything_to_silence(opened: Opener) -> None:
    alerts = opened(frames.warning()).monitor.alerts
    assert not alerts.silence.isEnabled()
    alerts.show_sound(Sound(loud=True, silenced=False))
    assert (alerts.silence.isEnabled(), alerts.silence.text()) == (True, "Silence")
    alerts.show_sound(Sound(loud=False, silenced=True))
    assert (alerts.silence.isEnabled(), alerts.silence.text()) == (False, "Silenced")
