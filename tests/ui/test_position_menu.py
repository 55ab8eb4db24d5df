"""Asked of one position: what follows is shown before anything is sent, and only what can be is offered."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, cast

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitors.kinds import Side
from monitors.model import Position
from monitors.ports import AccountFrame, ClosePart, Link, TightenStop
from tests import frames
from tests.builders import position, reading, snapshot
from tests.ui.conftest import Mailbox, Opener
from tests.ui.settling import settle
from ui import text
from ui.asking import Asking
from ui.close_part import RESULT, STAYS, ClosePartWindow
from ui.main_window import MainWindow
from ui.panels.positions import PositionsCard
from ui.tightening import LOSS, STOP, WORST, TightenWindow

Q = TypeVar("Q", ClosePartWindow, TightenWindow)
THIN = "\N{NARROW NO-BREAK SPACE}"


def view(*held: Position, **changes: object) -> AccountFrame:
    """An account that holds these, and whose figures a projection can be made from."""
    seen = snapshot(*held)
    shown = replace(frames.full(), positions=held, account=seen.account, reading=reading(seen))
    return replace(shown, **changes)  # type: ignore[arg-type]


def card(window: MainWindow) -> PositionsCard:
    return window.monitor.positions


def ask(window: MainWindow, kind: type[Q], which: int = 1) -> Q:
    found = card(window).menu.ask(kind, which)
    assert found is not None
    return cast("Q", found)


def rows(asking: Asking) -> dict[str, str]:
    return {name: row.figure.full.replace(THIN, " ") for name, row in asking.rows.items()}


def menu_names(window: MainWindow) -> list[str]:
    return [action.text() for action in card(window).menu.menu.actions() if action.text()]


def test_a_right_click_names_the_position_and_what_can_be_asked(opened: Opener) -> None:
    window = opened(frames.frame(view(position(1), position(2, "XAUUSD"))))
    table = card(window).table
    middle = table.visualRect(table.model().index(1, 0)).center()
    click = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, table.viewport().mapToGlobal(middle))
    QApplication.sendEvent(table.viewport(), click)
    asked = ["Close a part…", "Bring the stop nearer…", "Copy its number"]
    assert menu_names(window) == ["XAUUSD ▲ buy 1.00  #2", *asked]
    heading = card(window).menu.menu.actions()[0]
    assert not heading.isSeparator(), "the words of a section are not drawn under a style sheet"
    assert not heading.isEnabled()
    card(window).menu.menu.actions()[-1].trigger()
    assert QApplication.clipboard().text() == "2"
    card(window).menu.menu.close()


def test_the_keyboard_reaches_the_same(opened: Opener) -> None:
    window = opened(frames.frame(view(position(1), position(2, "XAUUSD"))))
    table = card(window).table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(table.viewport(), asked)
    assert menu_names(window)[0] == "XAUUSD ▲ buy 1.00  #2"
    card(window).menu.menu.close()


def test_half_of_it_is_offered_with_all_that_follows(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.frame(view(position(1, profit=-80.0, swap=-4.0))))
    asking = ask(window, ClosePartWindow)
    shown = rows(asking)
    assert shown[STAYS] == "0.50 lots"
    assert shown[RESULT] == f"{text.MINUS}42.00 USD"
    assert shown["Used margin"] == "1 100.00 → 550.00"
    assert asking.go.text() == "Close 0.50 EURUSD"
    assert mailbox.sent == []
    QTest.mouseClick(asking.go, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [ClosePart(account=frames.full().name, position=1, held=1.0, left=0.5)]
    assert not asking.isVisible()


def test_shares_and_typed_lots_lead_to_the_same_question(opened: Opener) -> None:
    asking = ask(opened(frames.frame(view(position(1)))), ClosePartWindow)
    QTest.mouseClick(asking.shares[100], Qt.MouseButton.LeftButton)
    assert rows(asking)[STAYS] == "nothing"
    asking.lots.setValue(0.3)
    assert asking.go.text() == "Close 0.30 EURUSD"
    assert rows(asking)[STAYS] == "0.70 lots"
    asking.lots.setValue(0.0)
    assert not asking.go.isEnabled()
    assert "leave less than that" in asking.why.text()


def test_the_figures_follow_the_frames_and_a_position_that_is_gone_is_said(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.frame(view(position(1, profit=-80.0))))
    asking = ask(window, ClosePartWindow)
    mailbox.frame = frames.frame(view(position(1, profit=-100.0)), number=2)
    window.poll()
    assert rows(asking)[RESULT] == f"{text.MINUS}50.00 USD"
    mailbox.frame = frames.frame(view(position(2)), number=3)
    window.poll()
    assert (asking.why.text(), asking.go.isEnabled()) == ("The position is gone", False)
    asking.go.click()
    assert mailbox.sent == []


def test_nothing_is_asked_of_an_account_that_is_not_seen_now(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.frame(view(position(1))))
    asking = ask(window, ClosePartWindow)
    mailbox.frame = frames.frame(view(position(1), link=Link.BLIND), number=2)
    window.poll()
    assert not asking.go.isEnabled()


def test_a_question_is_closed_where_another_account_is_shown(opened: Opener, mailbox: Mailbox) -> None:
    first, second = view(position(1)), view(position(1), name="second")
    window = opened(frames.frame(first, second))
    asking = ask(window, ClosePartWindow)
    window.select_account("second")
    settle()
    assert not shiboken6.isValid(asking)


def test_a_stop_is_offered_with_the_loss_that_it_leaves(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.frame(view(position(1, stop=1.09), position(2, "XAUUSD"))))
    asking = ask(window, TightenWindow)
    assert not asking.go.isEnabled(), "it begins where the stop is"
    QTest.mouseClick(asking.half, Qt.MouseButton.LeftButton)
    shown = rows(asking)
    assert shown[STOP] == "1.09000 → 1.09500"
    assert shown[LOSS] == "1 000.00 USD → 500.00 USD"
    assert shown[WORST] == "not bounded → not bounded"
    QTest.mouseClick(asking.go, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [TightenStop(account=frames.full().name, position=1, stop=1.095)]


@pytest.mark.parametrize(("stop", "why"), [(1.08, "only brought nearer"), (1.2, "too near to the price")])
def test_a_stop_that_cannot_be_is_said_and_not_offered(opened: Opener, stop: float, why: str) -> None:
    asking = ask(opened(frames.frame(view(position(1, stop=1.09)))), TightenWindow)
    asking.stop.setValue(stop)
    assert not asking.go.isEnabled()
    assert why in asking.why.text().lower()


@pytest.mark.parametrize(("side", "words"), [(Side.BUY, "or lower"), (Side.SELL, "or higher")])
def test_a_losing_position_without_a_stop_is_asked_for_a_price_in_the_allowed_range(
    opened: Opener, side: Side, words: str
) -> None:
    away = 0.01 if side is Side.BUY else -0.01
    losing = position(1, side=side, open=position(1).price + away, profit=-1_000.0)
    asking = ask(opened(frames.frame(view(losing))), TightenWindow)
    assert (asking.stop.text(), asking.go.isEnabled()) == (text.DASH, False)
    assert asking.why.text().startswith("Type a price: ")
    assert words in asking.why.text()
    asking.stop.setValue(float(asking.why.text().split()[3]))
    assert asking.go.isEnabled(), asking.why.text()


def test_no_enter_sends_anything(opened: Opener, mailbox: Mailbox) -> None:
    asking = ask(opened(frames.frame(view(position(1)))), ClosePartWindow)
    QTest.keyClick(asking, Qt.Key.Key_Return)
    assert mailbox.sent == []
