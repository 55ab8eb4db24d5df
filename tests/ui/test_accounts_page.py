"""The page of all accounts: what each card says, the filters, and the way to one account."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitors.ports import Frame, HaltView
from tests import frames
from tests.frame_parts import ALERTS, NOW_MS
from tests.ui.conftest import Mailbox, Opener
from tests.ui.test_room import clipped
from ui import theme
from ui.main_window import MainWindow
from ui.pages.accounts import AccountsPage


def crowd(count: int = 12) -> Frame:
    """So many accounts of every kind; the first has the alerts."""
    kinds = [frames.funded(), frames.calm_account(), frames.observe().accounts[0], frames.blind().accounts[0],
             frames.latched().accounts[0]]  # fmt: skip
    return frames.frame(*(replace(kinds[n % len(kinds)], name="Funded 100k" if not n else f"Account {n}", login=n + 1)
                          for n in range(count)), alerts=ALERTS)  # fmt: skip


@pytest.fixture
def window(opened: Opener) -> MainWindow:
    made = opened(crowd())
    made.show_page("Accounts")
    return made


def page(window: MainWindow) -> AccountsPage:
    found = window.page
    assert isinstance(found, AccountsPage)
    return found


def names(window: MainWindow) -> list[str]:
    return [tile.name for tile in page(window).tiles if not tile.isHidden()]


def test_every_account_has_a_card_and_the_one_with_the_worst_alert_comes_first(window: MainWindow) -> None:
    assert len(names(window)) == 12
    assert names(window)[0] == "Funded 100k"
    first = page(window).tiles[0]
    assert first.alert.full == "Max drawdown above 4\u202f%  +1"
    assert first.mode.text() == "Armed"


def test_a_halted_account_has_something_to_do_and_is_not_green(opened: Opener) -> None:
    halt = HaltView(kind="rule", reason="Daily loss", since_ms=NOW_MS, until_ms=NOW_MS + 5_400_000)
    views = [replace(frames.calm_account(), name=name, halt=halt) for name in ("Passing", "Held")]
    views[1] = replace(views[1], halt=replace(halt, until_ms=None))
    window = opened(frames.frame(*views))
    window.show_page("Accounts")
    tiles = {tile.name: tile for tile in page(window).tiles if not tile.isHidden()}
    assert tiles["Passing"].alert.full == "Halted until 16:02: Daily loss"
    assert tiles["Held"].alert.full == "Halted until you reset it: Daily loss"
    c = theme.colours()
    assert {tile.dot._colour for tile in tiles.values()} == {c.medium}
    assert {chip.dot for chip in window.header.chips} == {c.medium}
    assert all("halted" in chip.accessibleName() for chip in window.header.chips)


@pytest.mark.parametrize(("name", "count"), [
    ("All", 12), ("Need you", 1), ("Armed", 8), ("Halted", 2), ("Observe", 2), ("Not connected", 2),
])  # fmt: skip
def test_a_filter_says_how_many_it_takes_and_shows_those(window: MainWindow, name: str, count: int) -> None:
    one = page(window).filters[name]
    QTest.mouseClick(one, Qt.MouseButton.LeftButton)
    assert len(names(window)) == count
    assert one.text() == f"{name} {count}"


def test_what_is_only_remembered_is_no_figure_of_now(window: MainWindow) -> None:
    QTest.mouseClick(page(window).filters["Not connected"], Qt.MouseButton.LeftButton)
    blind = page(window).tiles[0]
    assert (blind.today.text(), blind.room.text(), blind.mode.text()) == ("no data", "unknown", "Blind")
    assert blind.margin.text().startswith("last known")


@pytest.mark.parametrize("way", ["click", "enter"])
def test_a_card_leads_to_its_account(window: MainWindow, way: str) -> None:
    tile = page(window).tiles[3]
    wanted = tile.name
    if way == "click":
        QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    else:
        tile.setFocus()
        QTest.keyClick(tile, Qt.Key.Key_Return)
    assert window.page is window.monitor
    assert window.windowTitle() == f"Plimsoll: {wanted}"


def test_the_sums_count_what_is_seen_and_name_what_is_not(window: MainWindow) -> None:
    (card,) = [card for card in page(window).sums if not card.isHidden()]
    assert card.title.text() == "USD"
    assert card.counted.full == "10 accounts · 2 without data, not counted"


def test_alt_five_shows_it(opened: Opener) -> None:
    window = opened(crowd(3))
    QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert isinstance(window.page, AccountsPage)


def test_fewer_accounts_leave_no_card_of_before(window: MainWindow, mailbox: Mailbox) -> None:
    mailbox.frame = replace(crowd(2), number=2)
    window.poll()
    assert len(names(window)) == 2


@pytest.mark.parametrize("width", [1_180, 1_280, 1_920])
def test_nothing_on_it_is_cut(opened: Opener, width: int) -> None:
    window = opened(crowd(), width)
    window.show_page("Accounts")
    QApplication.processEvents()
    assert clipped(page(window)) == []
