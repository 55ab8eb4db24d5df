"""What the window says when it does not know, does not act, or has nothing to show."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from monitors.kinds import Side
from monitors.model import Unknown
from monitors.ports import AccountFrame, HeldView, Link
from tests import frame_parts, frames
from tests.ui.conftest import Mailbox, Opener
from ui import text, theme
from ui.main_window import MainWindow

FAINT = QColor(theme.DARK.faint)


def shade(label: QLabel) -> QColor:
    return label.palette().color(QPalette.ColorRole.WindowText)


def cell(window: MainWindow, row: int, column: int, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> object:
    model = window.monitor.positions.table.source
    return model.data(model.index(row, column), role)


def test_a_level_at_the_end_of_the_gauge_is_written_whole(opened: Opener) -> None:
    view = frames.warning().accounts[0]
    far = tuple(replace(one, at=5_000.0) if one.at == 150.0 else one for one in view.levels)
    arc = opened(frames.frame(replace(view, levels=far))).monitor.gauge.arc
    image = arc.grab().toImage()
    last = [image.pixelColor(x, image.height() - 1).lightness() for x in range(image.width() * 3 // 4, image.width())]
    assert max(last) < 40, "its figure goes on under the edge"


def test_that_nothing_is_judged_is_said_once_a_row(opened: Opener) -> None:
    unknown = tuple(replace(one, value=Unknown("not judged")) for one in frames.blind().accounts[0].levels)
    window = opened(frames.frame(replace(frames.blind().accounts[0], levels=unknown)))
    for row in window.monitor.limits._rows:
        assert [row.why.text(), row.room.text()] == ["unknown: not judged", ""]


def test_a_blind_account_greys_every_figure_and_says_since_when(opened: Opener) -> None:
    window = opened(frames.blind())
    assert all(shade(row.figure) == FAINT for row in window.monitor.account._rows.values())
    assert window.monitor.account.remark.text() == "as of 14:26:40"
    assert window.monitor.gauge.arc.word == "LAST KNOWN"
    assert window.monitor.gauge.arc._greyed
    assert window.monitor.limits.remark.text() == "not judged"
    assert all(shade(row.figure) == FAINT for row in window.monitor.limits._rows if row.isVisible())
    assert window.monitor.automation._rows["Mode"].figure.full == "ARMED · BLIND"
    assert window.monitor.automation._rows["Next trip"].figure.full == "unknown"
    assert window.header.link.text() == "MT5 not connected"
    assert window.monitor.charts.overlay.lost is not None
    assert window.monitor.positions.floating.text() == ""
    assert [cell(window, 0, column) for column in (4, 7)] == [text.DASH, text.DASH]
    assert cell(window, 0, 0, Qt.ItemDataRole.ForegroundRole) == FAINT


def test_a_blind_gauge_remembers_the_terminals_last_figures(opened: Opener) -> None:
    view = frames.blind().accounts[0]
    window = opened(frames.frame(replace(view, metrics={"margin.level_pct": Unknown("no answer")})))
    assert (window.monitor.gauge.arc.figure, window.monitor.gauge.arc.word) == ("143.3", "LAST KNOWN")
    seen = replace(view, link=Link.LIVE, metrics={"margin.level_pct": Unknown("prices are crossed")})
    window = opened(frames.frame(seen))
    assert (window.monitor.gauge.arc.figure, window.monitor.gauge.arc.word) == (text.DASH, "UNKNOWN")


def test_sight_that_returns_takes_the_grey_away(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.blind())
    mailbox.frame = replace(frames.warning(), number=2)
    window.poll()
    assert shade(window.monitor.account._rows["Equity"].figure) != FAINT
    assert window.monitor.charts.overlay.lost is None
    assert window.monitor.stop.button.live


def test_an_account_that_was_never_read_has_unknown_positions_and_not_none(opened: Opener) -> None:
    unread = replace(frames.blind().accounts[0], account=None, positions=(), orders=())
    for link in (Link.BLIND, Link.UNCERTAIN):
        window = opened(frames.frame(replace(unread, link=link)))
        assert window.monitor.positions.empty.text() == "Positions unknown"


def test_an_uncertain_reading_is_labelled(opened: Opener) -> None:
    window = opened(frames.uncertain())
    assert window.header.link.text() == "Reading uncertain"
    assert window.monitor.account.remark.text() == "uncertain"
    assert window.monitor.automation._rows["Mode"].figure.full == "ARMED · UNCERTAIN"


def test_observing_is_said_in_the_header(opened: Opener) -> None:
    window = opened(frames.observe())
    assert window.header.mode.isVisible()
    assert window.header.mode.text() == "OBSERVE: nothing is sent"
    assert not opened(frames.warning()).header.mode.isVisible()


def test_that_another_instance_acts_is_said_in_the_header(opened: Opener) -> None:
    seen = frames.calm()
    reason = "another Plimsoll (0aaaaa) acts on this account: this one only watches"
    watching = replace(seen.accounts[0], mode="read-only", mode_reason=reason)
    window = opened(replace(seen, accounts=(watching, *seen.accounts[1:])))
    assert window.header.mode.isVisible()
    assert window.header.mode.text() == "READ-ONLY: another acts here"
    assert reason in window.header.mode.toolTip()


def test_empty_states_say_so(opened: Opener) -> None:
    nothing = opened(frames.empty())
    assert nothing.monitor.charts.overlay.message == "No readings yet"
    assert not nothing.stop.button.live
    window = opened(frames.no_positions())
    assert window.monitor.positions.empty.isVisible()
    assert window.monitor.positions.empty.text() == "No positions"
    assert window.monitor.positions.remark.text() == "1 pending order"
    assert window.monitor.alerts.empty.isVisible()
    assert window.monitor.gauge.arc.word == "NO POSITIONS"
    assert window.monitor.gauge.arc.figure == text.DASH


def test_an_account_never_read_shows_no_figure(opened: Opener) -> None:
    waiting = AccountFrame(name="New", login=1, server="S", mode="observe", link=Link.WAITING, reason="", as_of_ms=None)
    window = opened(frames.frame(waiting))
    assert all(row.figure.full == text.DASH for row in window.monitor.account._rows.values())
    assert window.monitor.positions.empty.text() == "Waiting for the first reading"


def test_the_brokers_names_are_shown_literally(opened: Opener) -> None:
    name = "<b>X</b>"
    strange = replace(frame_parts.BOOK[0], symbol=name)
    view = replace(frames.funded(), name=name, server=name, positions=(strange,), last_action=name, next_trip=name)
    loud = replace(frame_parts.ALERTS[1], account=name, rule=name, why=name, do=name, threshold=None)
    window = opened(frames.frame(view, alerts=(loud,)))
    assert cell(window, 0, 0) == name
    assert window.monitor.alerts.rows[0].title.text() == name
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in window.findChildren(QLabel))
    for tip in (window.monitor.alerts.rows[0].toolTip(), window.header.chips[0].toolTip()):
        assert name not in tip
        assert "&lt;b&gt;X&lt;/b&gt;" in tip


def test_positions_show_lots_to_the_step_and_prices_to_the_digits(opened: Opener) -> None:
    book = (frame_parts.position(1, "BTCUSD", Side.BUY, 0.125, opened=63_000.5, price=63_100.0, profit=12.4375),)
    view = replace(frames.funded(), positions=book, volume_digits={"BTCUSD": 3}, price_digits={"BTCUSD": 1})
    window = opened(frames.frame(view))
    assert [cell(window, 0, column) for column in range(10)] == [
        "BTCUSD", "▲ buy", "0.125", "63\u202f000.5", "63\u202f100.0", text.DASH, "0.00", "+12.44", text.DASH, "open",
    ]  # fmt: skip


def test_a_limit_that_cannot_be_judged_is_a_dash_with_the_reason_beside_it(opened: Opener) -> None:
    lost = Unknown("prices are crossed")
    view = replace(frames.funded(), levels=frame_parts.levels(lost, 2_553.45, 4.11, 4.32))
    row = opened(frames.frame(view)).monitor.limits._rows[0]
    assert row.figure.text() == text.DASH
    assert row.why.full == "unknown: prices are crossed"
    assert row.why.isVisible()
    assert not row.bar.isVisible()
    assert "prices are crossed" in row.toolTip()


def test_a_position_shows_its_r_where_there_is_room_and_its_range_in_the_tooltip(opened: Opener) -> None:
    window = opened(frames.analysed_frame(), 1_920, 1_080)
    table = window.monitor.positions.table
    gold = table.source.rows[0]
    assert gold.texts[8] == "\u22120.48\u202fR"
    assert not table.isColumnHidden(8)
    assert "Worst \u22123\u202f128.00 (\u22120.62\u202fR)" in gold.tip(0)
    narrow = opened(frames.analysed_frame(), 1_180, 720).monitor.positions.table
    assert narrow.isColumnHidden(8)
    assert "swap \u22127.38" in narrow.source.rows[0].tip(0)


def test_limits_that_are_held_are_a_line_of_the_automation_card_with_the_way_out(opened: Opener) -> None:
    view = frames.warning().accounts[0]
    window = opened(frames.frame(view))
    row = window.monitor.automation._rows["Held"]
    assert not row.isVisible()
    held = HeldView(
        rule="Daily loss", what="above 4 (critical) close every position it covers", until_ms=1_773_093_600_000
    )
    window = opened(frames.frame(replace(view, held=(held,), broker_offset_s=7_200)))
    row = window.monitor.automation._rows["Held"]
    assert row.isVisible()
    assert row.figure.full == "Daily loss until Tue 10, 00:00"
    assert "plimsoll loosen" in row.toolTip()
    window = opened(frames.frame(replace(view, held=(replace(held, until_ms=None), held))))
    assert window.monitor.automation._rows["Held"].figure.full.startswith("2 limits until ")
    window = opened(frames.frame(replace(view, held=(replace(held, until_ms=None),))))
    assert window.monitor.automation._rows["Held"].figure.full == "Daily loss until the next reset"
