"""The risk page: drawdowns, distances, margin, and the two calculations that a person asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from monitors.book import Book
from monitors.model import NotApplicable, Unknown
from monitors.ports import Frame
from tests import frames, pages
from tests.ui.conftest import Opener
from ui import text, theme
from ui.pages.risk import RiskPage
from ui.panels.distances import NEAREST, points_of
from ui.panels.fields import Number


def shown(opened: Opener, frame: Frame) -> RiskPage:
    window = opened(frame)
    window.show_page("Risk")
    return cast("RiskPage", window.page)


def typed(field: Number, words: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def test_three_drawdowns_stand_with_their_depth_and_their_course(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    rows = [row.texts for row in page.falls.table.source.rows]
    assert rows[0][:5] == ("Day's peak", "2\u202f553.45", "2.55\u202f%", "2\u202f683.10", "2.68\u202f%")
    assert rows[1][0] == "Week's peak *"
    assert rows[2][7] == "100\u202f%"
    assert "Regained" in page.falls.table.source.rows[2].tip(7)
    assert page.falls.table.source.rows[0].tip(7).endswith("still open")
    assert page.falls.foot.full.startswith(
        "recovery factor 0.03 · size by your rule 59\u202f% of full · * reconstructed"
    )


def test_the_trend_names_the_rule_that_it_reaches_first(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    assert (
        page.underwater.time.full
        == "At this trend Daily loss 4\u202f000: reduce in 1\u202fh 43\u202fmin · 1\u202f446.55 USD away"
    )
    assert "the record is 96 minutes long" in page.underwater.trend.toolTip()
    away = NotApplicable("equity rises")
    calm = tuple(replace(one, trend_minutes=away) for one in pages.distances())
    view = replace(frames.full(), analysis=replace(pages.analysis(), distances=calm))
    assert shown(opened, frames.frame(view)).underwater.time.full == "No limit at this trend · equity rises"


def test_the_binding_rule_is_named_and_every_rule_has_its_row(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    assert page.distances.binding.full == "Binding: Daily loss 4\u202f000: reduce · 1\u202f446.55 USD away"
    rows = page.distances.table.source.rows
    assert rows[0].texts[1:] == (
        "Daily loss 4\u202f000: reduce", "2\u202f553.45", "1\u202f446.55", "1.48\u202f%", "\u2212413 EURUSD",
        "1\u202fh 43\u202fmin",
        "34\u202fmin 26\u202fs to 6\u202fh 53\u202fmin",
    )  # fmt: skip
    assert rows[1].texts[3:5] == ("6.52\u202f%", text.DASH)
    assert rows[1].tip(4) == "no move of equity leads there"


def test_points_are_those_of_the_chosen_symbol(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    page.distances.symbol.setFocus()
    QTest.keyClicks(page.distances.symbol, "X")
    assert page.distances.symbol.currentText() == "XAUUSD"
    assert page.distances.table.source.rows[0].texts[5] == "+723"
    nearest = pages.distances()[0]
    assert points_of(nearest, NEAREST) == pytest.approx(("EURUSD", nearest.points["EURUSD"]))
    assert points_of(replace(nearest, points={"EURUSD": None}), "EURUSD") is None


def test_margin_names_the_brokers_lines_and_what_pendings_would_need(opened: Opener) -> None:
    rows = shown(opened, frames.analysed_frame()).margin.rows
    said = {name: row.figure.full for name, row in rows.items()}
    assert said == {
        "Margin level": "143.3\u202f%",
        "Used margin": "68\u202f000.00",
        "Free margin": "29\u202f446.55",
        "Cushion": "30.2\u202f%",
        "Margin call": "100\u202f% · 29\u202f446.55 away",
        "Stop-out": "50\u202f% · 63\u202f446.55 away",
        "If pendings fill": "135.6\u202f% · 71\u202f870.27 used",
    }


def test_margin_that_cannot_be_told_is_a_dash_with_its_reason(opened: Opener) -> None:
    why = Unknown("a margin rate is missing")
    margin = replace(pages.margin(), now=replace(pages.margin().now, level_pct=why), if_filled=None, lines=())
    view = replace(frames.full(), analysis=replace(pages.analysis(), margin=margin))
    rows = shown(opened, frames.frame(view)).margin.rows
    assert rows["Margin level"].figure.full == text.DASH
    assert "a margin rate is missing" in rows["Margin level"].toolTip()
    assert (rows["Stop-out"].figure.full, rows["If pendings fill"].figure.full) == ("none", "no pending orders")


def test_closes_that_free_margin_stand_best_first(opened: Opener) -> None:
    rows = [row.texts for row in shown(opened, frames.analysed_frame()).releases.table.source.rows]
    assert [row[0] for row in rows] == ["GBPJPY", "US500", "EURUSD", "XAUUSD"]
    assert rows[3] == ("XAUUSD", "2.00", "46\u202f825.98", "\u22122\u202f431.38", "19.3")
    assert rows[0][4] == "gains"


def test_another_volume_shows_the_margin_after_it(opened: Opener) -> None:
    card = shown(opened, frames.analysed_frame()).what_if
    assert card.rows["Margin level"].figure.full == "143.3\u202f%"
    typed(card.lots, "1")
    assert card.rows["Used margin"].figure.full == "44\u202f587.01"
    assert card.rows["Margin level"].figure.full == "218.6\u202f%"
    assert card.rows["Open risk"].figure.full == "2\u202f903.24"


def test_a_typed_volume_stays_while_figures_are_redrawn_and_begins_anew_for_another_position(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    typed(page.what_if.lots, "1")
    page.what_if.show_account(frames.full(), 0)
    assert page.what_if.lots.value() == 1.0
    page.what_if.position.setFocus()
    QTest.keyClick(page.what_if.position, Qt.Key.Key_Down)
    assert page.what_if.lots.value() == 3.5
    assert page.what_if.rows["Used margin"].figure.full == "68\u202f000.00"


def test_size_follows_from_risk_factor_and_stop(opened: Opener) -> None:
    card = shown(opened, frames.analysed_frame()).sizing
    assert card.factor.value() == pytest.approx(0.59)
    assert card.why.full == "there is no stop"
    typed(card.entry, "4180")
    typed(card.stop, "4160")
    # 1 % of 97 446.55 x 0.59 = 574.93; a lot loses 2 000
    assert card.lots.text() == "0.28"
    typed(card.factor, "1")
    assert card.lots.text() == "0.48"
    card.show_account(frames.full(), 0)
    assert card.factor.value() == 1.0


def test_a_reset_that_comes_too_near_is_said_with_what_would_help(opened: Opener) -> None:
    page = shown(opened, frames.rolling())
    assert page.rolls.isVisible()
    assert page.rolls.words.full == (
        "Daily loss: at Tue 3, 00:00 the floor goes from 95\u202f000 to 97\u202f623.50; "
        "equity would stand 176.95 under it. Closing 0.15 lots of XAUUSD before keeps it above."
    )
    assert not shown(opened, frames.analysed_frame()).rolls.isVisible()


def test_what_is_only_remembered_is_greyed_with_its_time(opened: Opener) -> None:
    page = shown(opened, frames.remembered())
    for card in (page.falls, page.underwater, page.distances, page.margin, page.releases, page.what_if):
        assert card.remark.text() == "as of 14:26:40"
    assert set(page.distances.table.source.rows[0].colours) == {theme.DARK.faint}


def test_the_risk_of_a_trade_is_the_configs_until_a_person_types_another(opened: Opener) -> None:
    view = frames.full()
    careful = replace(view, analysis=replace(pages.analysis(), risk_pct=0.25))
    card = shown(opened, frames.frame(careful)).sizing
    assert card.risk.value() == 0.25
    typed(card.risk, "2")
    card.symbol.setFocus()
    card.show_account(careful, 0)
    assert card.risk.value() == 2.0


def test_a_typed_factor_stays_while_the_drawdown_moves(opened: Opener) -> None:
    card = shown(opened, frames.analysed_frame()).sizing
    typed(card.factor, "1")
    card.symbol.setFocus()
    moved = replace(pages.analysis(), drawdowns=replace(pages.drawdowns(), size_factor=0.4))
    card.show_account(replace(frames.full(), analysis=moved), 0)
    assert card.factor.value() == 1.0


def test_a_question_that_nobody_asked_follows_what_is_held(opened: Opener) -> None:
    card = shown(opened, frames.analysed_frame()).what_if
    view = frames.full()
    assert view.reading is not None
    assert card.lots.value() == 2.0
    first, *others = view.reading.snapshot.positions
    halved = replace(
        view.reading.snapshot, positions=(replace(first, steps=first.steps // 2, lots=first.lots / 2), *others)
    )
    card.show_account(replace(view, reading=replace(view.reading, snapshot=halved, book=Book(halved))), 0)
    assert card.lots.value() == 1.0


def test_a_trend_that_is_not_known_is_not_called_one_that_reaches_no_limit(opened: Opener) -> None:
    short = Unknown("15 minutes of equity are needed")
    early = tuple(replace(one, trend_minutes=short) for one in pages.distances())
    view = replace(frames.full(), analysis=replace(pages.analysis(), distances=early))
    words = shown(opened, frames.frame(view)).underwater.time.full
    assert words == "Time to a limit unknown: 15 minutes of equity are needed"


def test_the_binding_rule_has_no_colour_while_all_is_calm(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    assert page.distances.table.source.rows[0].colours[1] == theme.DARK.high
    view, (near, *others) = frames.full(), pages.distances()
    calm = (replace(near, value=400.0), *others)
    view = replace(view, analysis=replace(pages.analysis(), distances=calm))
    assert shown(opened, frames.frame(view)).distances.table.source.rows[0].colours[1] == theme.DARK.text


def test_with_nothing_held_no_figure_of_what_was_held_stays(opened: Opener) -> None:
    page, view = shown(opened, frames.analysed_frame()), frames.full()
    assert view.reading is not None
    flat = replace(view.reading.snapshot, positions=())
    lines = tuple(replace(line, room=NotApplicable("no margin is used")) for line in pages.margin().lines)
    found = replace(pages.analysis(), margin=replace(pages.margin(), lines=lines))
    empty = replace(view, reading=replace(view.reading, snapshot=flat, book=Book(flat)), analysis=found, positions=())
    for card in (page.what_if, page.sizing, page.margin):
        card.show_account(empty, 0)
    assert page.what_if.lots.value() == 0.0
    assert (page.sizing.entry.value(), page.sizing.why.full) == (0.0, "no symbol is held")
    assert page.margin.rows["Margin call"].figure.full == "100\u202f%"
