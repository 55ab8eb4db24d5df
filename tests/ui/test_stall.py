"""A window whose worker does not answer: it says so, rings, greys what it shows, and can still stop."""

from __future__ import annotations

import select
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from monitors.ports import Frame, Link
from tests import frames
from tests.ui.conftest import Mailbox
from ui import theme
from ui.alarm_window import AlarmWindow, Words, read
from ui.main_window import MainWindow
from ui.vigil import Stall, Vigil

FAINT = QColor(theme.DARK.faint)


@dataclass(slots=True)
class Hand:
    """A clock that goes when it is told to, and what rang."""

    now_s: float = 50.0
    rings: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now_s

    def utc_ms(self) -> int:
        return round(1_000 * self.now_s)

    def ring(self) -> None:
        self.rings.append(self.now_s)

    def vigil(self, poll_ms: int = 100, *, stops_apart: bool = True) -> Vigil:
        return Vigil(self, poll_ms, self.ring, stops_apart=stops_apart)

    def live(self, vigil: Vigil, seconds: float, number: int | None = 1) -> Stall | None:
        """Look four times a second for so long, no new frame coming."""
        stall = vigil.look(number)
        for _ in range(round(seconds * 4)):
            self.now_s += 0.25
            stall = vigil.look(number)
        return stall


def test_frames_that_come_are_no_stall() -> None:
    hand = Hand()
    vigil = hand.vigil()
    assert not any(hand.live(vigil, 2, number) for number in range(20))
    assert hand.rings == []


def test_no_frame_for_two_seconds_is_a_stall_that_rings_every_five() -> None:
    hand = Hand()
    vigil = hand.vigil()
    assert hand.live(vigil, 2) is None
    assert hand.live(vigil, 0.25) is not None
    stall = hand.live(vigil, 10.75)
    assert stall is not None
    assert stall.seconds == pytest.approx(13.0)
    assert hand.rings == pytest.approx([52.25, 57.25, 62.25])


def test_ten_polls_are_waited_for() -> None:
    hand = Hand()
    vigil = hand.vigil(poll_ms=1_000)
    assert hand.live(vigil, 10) is None
    assert hand.live(vigil, 0.25) is not None


def test_the_first_frame_may_take_ten_seconds() -> None:
    hand = Hand()
    vigil = hand.vigil()
    assert hand.live(vigil, 10, None) is None
    assert hand.live(vigil, 0.25, None) is not None


def test_who_has_answered_hears_no_more_until_it_happens_again() -> None:
    hand = Hand()
    vigil = hand.vigil()
    hand.live(vigil, 3)
    vigil.answer()
    assert hand.live(vigil, 60) is not None
    assert len(hand.rings) == 1
    assert hand.live(vigil, 1, 2) is None
    stall = hand.live(vigil, 3, 2)
    assert stall is not None
    assert not stall.answered
    assert len(hand.rings) == 2


def test_a_machine_that_slept_is_no_stall() -> None:
    hand = Hand()
    vigil = hand.vigil()
    hand.live(vigil, 1)
    hand.now_s += 8 * 3_600
    assert hand.live(vigil, 0.5) is None
    assert hand.live(vigil, 2) is not None


def test_a_worker_that_has_ended_is_a_stall_at_once() -> None:
    hand = Hand()
    vigil = hand.vigil()
    hand.live(vigil, 1)
    vigil.ended("OSError: no disk")
    stall = vigil.look(1)
    assert stall is not None
    assert stall.why == "OSError: no disk"
    assert len(hand.rings) == 1


class Stalling:
    """A shown window, its mailbox and its clock."""

    def __init__(self, mailbox: Mailbox, frame: Frame, *, stops_apart: bool = True) -> None:
        self.hand, self.mailbox = Hand(), mailbox
        mailbox.frame = frame
        self.vigil = self.hand.vigil(stops_apart=stops_apart)
        self.window = MainWindow(mailbox, mailbox.sent.append, vigil=self.vigil)
        self.window.show()
        QApplication.processEvents()

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            self.hand.now_s += 0.25
            self.window.watch()

    def next(self) -> None:
        """A frame comes."""
        assert self.mailbox.frame is not None
        self.mailbox.frame = replace(self.mailbox.frame, number=self.mailbox.frame.number + 1)
        self.window.poll()

    def close(self) -> None:
        self.window.leave()
        self.window.deleteLater()
        QApplication.processEvents()


@pytest.fixture
def stalling(qapp: QApplication, mailbox: Mailbox) -> Iterator[Stalling]:
    made = Stalling(mailbox, frames.warning())
    yield made
    made.close()


def shade(label: QLabel) -> QColor:
    return label.palette().color(QPalette.ColorRole.WindowText)


def test_a_stalled_window_says_so_and_greys_every_figure(stalling: Stalling) -> None:
    stalling.wait(3)
    window = stalling.window
    assert window.stalled.isVisible()
    assert window.stalled.headline.text() == "NOT WATCHING"
    assert window.stalled.sentence.full == (
        "The worker has not answered for 3\u202fs. Look at MT5. The figures are old; no rule acts. · Click to silence"
    )
    assert all(shade(row.figure) == FAINT for row in window.monitor.account._rows.values())
    assert window.monitor.gauge.arc.word == "LAST KNOWN"
    assert window.header.link.text() == "Not watching"
    assert window.monitor.automation._rows["Mode"].figure.full == "ARMED · STALLED"
    assert window.monitor.positions.remark.text().startswith("as of")
    assert window.monitor.alerts.rows[0].line.full.startswith("was ")


def test_the_age_counts(stalling: Stalling) -> None:
    stalling.wait(75)
    assert "for 1\u202fmin 15\u202fs." in stalling.window.stalled.sentence.full


def test_frames_that_return_take_it_all_back(stalling: Stalling) -> None:
    stalling.wait(3)
    stalling.next()
    window = stalling.window
    assert not window.stalled.isVisible()
    assert shade(window.monitor.account._rows["Equity"].figure) != FAINT
    assert window.header.link.text() == "MT5 connected"


def test_an_account_chosen_during_a_stall_is_grey_too(stalling: Stalling) -> None:
    stalling.mailbox.frame = replace(frames.three_accounts(), number=9)
    stalling.window.poll()
    stalling.wait(3)
    stalling.window.select_account("Swing")
    assert stalling.window.header.link.text() == "Not watching"


def test_a_click_silences_and_says_no_more_how_to(stalling: Stalling) -> None:
    stalling.wait(3)
    QTest.mouseClick(stalling.window.stalled, Qt.MouseButton.LeftButton)
    stalling.wait(30)
    assert len(stalling.hand.rings) == 1
    assert stalling.window.stalled.answered
    assert "silence" not in stalling.window.stalled.sentence.full


def test_a_worker_that_has_ended_says_why(stalling: Stalling) -> None:
    stalling.vigil.ended("OSError: no disk")
    stalling.window.watch()
    assert stalling.window.stalled.sentence.full.startswith("The worker has ended (OSError: no disk). Look at MT5, ")


def test_a_hidden_window_rings_as_well(stalling: Stalling) -> None:
    stalling.window.hide()
    stalling.wait(3)
    assert len(stalling.hand.rings) == 1


@pytest.mark.parametrize("apart", [True, False])
def test_the_stop_is_live_in_a_stall_where_a_process_of_its_own_carries_it_out(
    mailbox: Mailbox, qapp: QApplication, *, apart: bool
) -> None:
    blind = Stalling(mailbox, frames.blind(), stops_apart=apart)
    assert not blind.window.monitor.stop.button.live
    blind.wait(3)
    assert blind.window.monitor.stop.button.live is apart
    blind.close()


def test_what_the_stop_process_says_stays_until_it_is_clicked_away(stalling: Stalling) -> None:
    window = stalling.window
    window.notice.say("STOP PROCESS", "Funded 100k: latched by the stop process")
    stalling.next()
    assert window.notice.isVisible()
    QTest.mouseClick(window.notice, Qt.MouseButton.LeftButton)
    assert not window.notice.isVisible()


def test_a_link_that_is_stalled_is_nothing_the_engine_says() -> None:
    assert all(view.link is not Link.STALLED for make in frames.ALL.values() for view in make().accounts)


WORDS = (
    b'{"headline": "PLIMSOLL HAS ENDED", "since_ms": 1, "guarded": "Positions on <b>A</b> are NOT guarded.", '
    b'"cause": "It was killed.", "remedies": ["Look at MT5.", "plimsoll stop"]}'
)


@pytest.fixture
def alarm(qtbot: QtBot) -> Iterator[AlarmWindow]:
    made = AlarmWindow()
    yield made
    made.close()
    made.deleteLater()
    QApplication.processEvents()


def test_the_alarm_window_says_what_it_was_told_on_top_of_everything(alarm: AlarmWindow) -> None:
    alarm.show_words(read(WORDS))
    assert alarm.isVisible()
    assert alarm.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert alarm.headline.text() == "PLIMSOLL HAS ENDED"
    assert alarm.guarded.text() == "Positions on <b>A</b> are NOT guarded."
    assert [label.text() for label in alarm.remedies if label.isVisible()] == ["1.  Look at MT5.", "2.  plimsoll stop"]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in alarm.findChildren(QLabel))
    assert alarm.since.text().startswith("since ")


def test_new_words_replace_the_old_and_fit(alarm: AlarmWindow) -> None:
    alarm.show_words(read(WORDS))
    before = alarm.height()
    alarm.show_words(replace(read(WORDS), cause="word " * 60))
    assert alarm.height() > before


def test_the_button_says_that_it_was_seen(alarm: AlarmWindow, qtbot: QtBot) -> None:
    alarm.show_words(read(WORDS))
    with qtbot.waitSignal(alarm.seen):
        QTest.mouseClick(alarm.button, Qt.MouseButton.LeftButton)
    assert not alarm.isVisible()


HELD = """
import socket, sys
print("main  latched", flush=True)
code = socket.create_connection(("127.0.0.1", int(sys.argv[1]))).recv(1)
print("main  flat: no positions, no pending orders")
sys.exit(int(code))
"""


class Held:
    """A command in the place of `plimsoll stop`, which ends with the code that it is told, and not before."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(20)
        self.command = (sys.executable, "-c", HELD, str(self.door.getsockname()[1]))
        self.lines: list[socket.socket] = []

    def come(self) -> None:
        """Wait until it has been started."""
        self.lines.append(self.door.accept()[0])

    def end(self, code: int) -> None:
        self.lines[-1].sendall(str(code).encode())

    def another(self) -> bool:
        """Whether it was started once more."""
        return bool(select.select([self.door], [], [], 0)[0])

    def close(self) -> None:
        for line in (*self.lines, self.door):
            line.close()


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.close()


def pressed(alarm: AlarmWindow) -> None:
    QTest.mousePress(alarm.stop.button, Qt.MouseButton.LeftButton)


def keyed(alarm: AlarmWindow) -> None:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(alarm.button, Qt.Key.Key_X, held)


@pytest.mark.parametrize("strike", [pressed, keyed])
@pytest.mark.parametrize(("code", "word"), [(0, "LATCHED"), (1, "NOT FLAT")])
def test_the_alarm_windows_stop_starts_the_stop_once_and_says_what_became_of_it(
    alarm: AlarmWindow, qtbot: QtBot, held: Held, strike: Callable[[AlarmWindow], None], code: int, word: str
) -> None:
    alarm.show_words(replace(read(WORDS), stop=held.command))
    assert alarm.stop.word.text() == "READY"
    with qtbot.waitSignal(alarm.stop.heard):
        strike(alarm)
    held.come()
    assert alarm.stop.word.text() == "STOPPING"
    assert alarm.stop.line.text() == "main  latched"
    strike(alarm)
    assert not held.another()
    with qtbot.waitSignal(alarm.stop.ended):
        held.end(code)
    assert alarm.stop.word.text() == word
    assert alarm.stop.line.text().startswith("main  flat: no positions, no pending orders")
    assert not held.another()


def test_a_stop_that_cannot_be_started_sends_a_person_to_mt5(alarm: AlarmWindow) -> None:
    alarm.show_words(replace(read(WORDS), stop=("/no/such/python", "stop")))
    pressed(alarm)
    assert alarm.stop.word.text() == "NOT STOPPED"
    assert alarm.stop.line.text().endswith("act in MT5.")
    assert not alarm.stop.running


def test_without_a_command_there_is_no_stop_and_the_keys_never_begin_on_one(alarm: AlarmWindow, held: Held) -> None:
    alarm.show_words(read(WORDS))
    assert not alarm.stop.isVisible()
    keyed(alarm)
    assert alarm.stop.word.text() == ""
    alarm.show_words(replace(read(WORDS), stop=held.command))
    assert alarm.focusWidget() is alarm.button
    assert alarm.stop.line.height() >= alarm.stop.line.heightForWidth(alarm.stop.line.width())


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"remedies": []}', b'{"remedies": 1}'])
def test_words_that_are_none_are_refused(line: bytes) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        assert isinstance(read(line), Words)
