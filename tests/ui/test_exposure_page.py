"""The exposure page: its figures, its pictures, its positions by score, and what a rule would close."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitors.exposure_view import CurrencyLine
from monitors.model import NotApplicable, Unknown
from monitors.ports import AccountFrame, Frame, Severity
from monitors.positions import PositionLine
from monitors.responses.alert import Alert
from monitors.responses.reduce import Reduce
from monitors.settings import Level, Rule
from tests import frames, pages
from tests.frame_parts import BOOK
from tests.ui import crowd
from tests.ui.conftest import Opener
from ui import text, theme
from ui.pages.exposure import ExposurePage
from ui.panels.legs import step
from ui.panels.panel import elided

LEFT = Qt.MouseButton.LeftButton


def shown(opened: Opener, frame: Frame) -> ExposurePage:
    window = opened(frame)
    window.show_page("Exposure")
    return cast("ExposurePage", window.page)


def with_exposure(**changes: Any) -> AccountFrame:
    view = frames.full()
    exposure = replace(pages.exposure(), **changes)
    return replace(view, analysis=replace(pages.analysis(), exposure=exposure))


def test_the_strip_states_six_figures_each_with_its_limit(opened: Opener) -> None:
    found = shown(opened, frames.analysed_frame()).figures.figures
    assert {name: (one.number.full, one.under.full) for name, one in found.items()} == {
        "Gross exposure": ("1\u202f431\u202f168 USD", "4 positions, 4 symbols"),
        "Leverage": ("14.7\u202f:\u202f1", "limit 20\u202f:\u202f1"),
        "Largest share": ("58.5\u202f%", "XAUUSD, limit 65\u202f%"),
        "Largest currency leg": ("859\u202f%", "XAU, of equity"),
        "Open risk to stops": ("4.32\u202f%", "of equity, limit 6\u202f%"),
        "If every stop is hit": ("93\u202f233.31 USD", "2\u202f766.69 under Daily loss"),
    }
    assert found["If every stop is hit"].icon.isVisible()
    assert not found["Leverage"].icon.isVisible()


def test_what_is_not_known_is_a_dash_with_its_reason_and_never_zero(opened: Opener) -> None:
    why = Unknown("a conversion rate is missing")
    view = with_exposure(total=why, leverage=why, open_risk=why, if_stopped=why, hhi=why, gap_loss=why)
    page = shown(opened, frames.frame(view))
    for name in ("Gross exposure", "Leverage", "Open risk to stops", "If every stop is hit"):
        figure = page.figures.figures[name]
        assert (figure.number.full, figure.under.full) == (text.DASH, "a conversion rate is missing")
        assert "a conversion rate is missing" in figure.toolTip()
    assert page.shares.hhi.full == "unknown: a conversion rate is missing"
    assert text.DASH in page.legs.gap.text()


def test_an_account_that_was_never_read_shows_dashes(opened: Opener) -> None:
    page = shown(opened, frames.warning())
    assert {one.number.full for one in page.figures.figures.values()} == {text.DASH}
    assert page.ranking.empty.isVisible()


def test_currencies_sum_to_nothing_or_it_is_said(opened: Opener) -> None:
    assert shown(opened, frames.analysed_frame()).legs.sum.full == "Sums to 0: every long leg has a short one."
    lone = (CurrencyLine(currency="EUR", net=1_000.0, one_pct=10.0),)
    page = shown(opened, frames.frame(with_exposure(currencies=lone)))
    assert page.legs.sum.full == "Sums to 1\u202f000.00 USD"


@pytest.mark.parametrize(("most", "mark"), [(836_980.0, 400_000.0), (5.0, 2.0), (0.0, 1.0), (99_999.0, 40_000.0)])
def test_the_scale_of_currencies_has_round_marks(most: float, mark: float) -> None:
    assert step(most) == mark


def test_the_heat_map_is_signed_and_a_missing_pair_is_a_dash_and_no_zero(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    assert page.heat.remark.text() == "largest +0.31 of 0.70"
    assert page.heat.map._rows[0][1] == -0.46
    signed = [list(row) for row in pages.exposure().signed]
    signed[0][1] = signed[1][0] = np.nan
    page = shown(opened, frames.frame(with_exposure(signed=tuple(tuple(row) for row in signed))))
    assert np.isnan(page.heat.map._rows[0][1])
    page.heat.map.grab()


def test_no_correlations_are_said_with_their_reason(opened: Opener) -> None:
    gone = with_exposure(correlations=None, signed=(), largest_correlation=NotApplicable("one symbol is held"))
    page = shown(opened, frames.frame(gone))
    assert page.heat.map.words == "one symbol is held"
    assert page.heat.remark.text().startswith(f"largest {text.DASH}")


def test_many_symbols_show_the_largest_and_say_how_many_are_not_drawn(opened: Opener) -> None:
    page = shown(opened, crowd.frame(1))
    room = page.heat.map.room
    assert 6 <= room < crowd.SYMBOLS
    page.heat.show_account(crowd.frame(1).accounts[0], 0)
    assert page.heat.sub.full == f"largest {room} of {crowd.SYMBOLS}, M15, 5 days"


def test_positions_stand_by_score_with_their_range(opened: Opener) -> None:
    rows = shown(opened, frames.analysed_frame()).ranking.table.source.rows
    assert [row.texts[0] for row in rows] == ["GBPJPY", "US500", "XAUUSD", "EURUSD"]
    gold = rows[2]
    assert gold.texts[6:9] == ("\u22122\u202f431.38", "\u22120.48\u202fR", "\u22123\u202f128.00")
    assert gold.texts[11:13] == ("230\u202f%", "1\u202f:\u202f1.78")
    assert gold.colours[11] == theme.DARK.high
    assert rows[0].colours[11] == theme.DARK.soft


def test_a_position_without_a_stop_that_was_seen_has_a_dash_and_the_reason(opened: Opener) -> None:
    why = Unknown("no stop was ever seen")
    line: PositionLine = replace(pages.position_lines()[0], r=why, best_r=why, worst_r=why)
    view = replace(frames.full(), analysis=replace(pages.analysis(), positions=(line,)))
    row = shown(opened, frames.frame(view)).ranking.table.source.rows[0]
    assert row.texts[7] == text.DASH
    assert row.tip(7) == "unknown: no stop was ever seen"


def test_the_nearest_rule_is_asked_about_first_and_a_click_asks_about_another(opened: Opener) -> None:
    plan = shown(opened, frames.analysed_frame()).plan
    assert plan.question.full == "If equity fell to 96\u202f000 on this book"
    rows = [row.texts for row in plan.table.source.rows]
    assert rows[0][1:] == ("Before, at equity 96\u202f000.00 USD", "", "", "", "68\u202f000.00", "141.2\u202f%")
    assert rows[1][1:] == (
        "XAUUSD  ▼ sell",
        "2.00  →  1.00",
        "1.00",
        "23\u202f412.99",
        "44\u202f587.01",
        "215.3\u202f%",
    )
    assert rows[-1][1:] == ("After all 4", "", "3.75", "34\u202f000.00", "34\u202f000.00", "282.4\u202f%")
    QTest.mouseClick(plan.list.rows[1], LEFT)
    assert plan.question.full == "If XAUUSD share met 65\u202f% on this book"
    assert plan.plan is not None
    assert [close.symbol for close in plan.plan.closes] == ["XAUUSD", "EURUSD"]
    assert plan.list.rows[1].isChecked()


def test_the_chosen_rule_stays_chosen_while_it_is_there(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    QTest.mouseClick(page.plan.list.rows[3], LEFT)
    view = frames.full()
    turned = replace(view, analysis=replace(pages.analysis(), distances=pages.distances()[::-1]))
    page.plan.show_account(turned, 0)
    assert page.plan.list.selected == ("Margin level", 120.0)
    fewer = replace(view, analysis=replace(pages.analysis(), distances=pages.distances()[:1]))
    page.plan.show_account(fewer, 0)
    assert page.plan.list.selected == ("Daily loss", 4_000.0)


def test_a_rule_that_only_tells_shows_the_closes_that_satisfy_its_limit(opened: Opener) -> None:
    view = frames.full()
    silent = tuple(
        replace(rule, levels=(replace(rule.levels[0], response=Alert()),)) if rule.name == "XAUUSD share" else rule
        for rule in view.rules
    )
    plan = shown(opened, frames.frame(replace(view, rules=silent))).plan
    QTest.mouseClick(plan.list.rows[1], LEFT)
    assert plan.plan is not None
    assert [(close.symbol, close.before, close.after) for close in plan.plan.closes] == [("XAUUSD", 2.0, 1.9)]


@pytest.mark.parametrize("height", [720, 800, 1_000])
def test_the_sum_of_a_plan_stays_in_sight_under_whole_rows(opened: Opener, height: int) -> None:
    window = opened(frames.analysed_frame(), 1_280, height)
    window.show_page("Exposure")
    QApplication.processEvents()
    plan = cast("ExposurePage", window.page).plan
    table, whole = plan.table, plan.summed.sum
    assert whole.source.rows[0].texts[1] == "After all 4"
    assert whole.visibleRegion().boundingRect() == whole.rect()
    assert whole.height() == table.verticalHeader().defaultSectionSize()
    assert table.viewport().height() % whole.height() == 0
    assert table.isRowHidden(len(table.source.rows) - 1), "it stands there once"
    assert [table.columnWidth(n) for n in range(7)] == [whole.columnWidth(n) for n in range(7)]


def test_a_remembered_account_is_greyed_with_its_time_and_plans_nothing(opened: Opener) -> None:
    page = shown(opened, frames.remembered())
    assert page.legs.remark.text() == page.ranking.remark.text() == "as of 14:26:40"
    figure = page.figures.figures["Gross exposure"].number
    assert figure.palette().color(QPalette.ColorRole.WindowText) == QColor(theme.DARK.faint)
    assert set(page.ranking.table.source.rows[0].colours) == {theme.DARK.faint}
    assert page.plan.plan is None
    assert page.plan.question.full == "No plan while nothing is seen"


def test_the_nearest_rule_that_acts_is_asked_about_while_nobody_chose(opened: Opener) -> None:
    telling, *others = pages.distances()
    found = replace(pages.analysis(), distances=(replace(telling, action="alert"), *others))
    plan = shown(opened, frames.frame(replace(frames.full(), analysis=found))).plan
    assert plan.list.selected == ("XAUUSD share", 65.0)
    plan.show_account(frames.full(), 0)
    assert plan.list.selected == ("Daily loss", 4_000.0)
    QTest.mouseClick(plan.list.rows[2], LEFT)
    plan.show_account(frames.full(), 0)
    assert plan.list.selected == ("Max drawdown", 10.0)


def test_a_rule_on_single_positions_plans_for_the_nearest_of_them_alone(opened: Opener) -> None:
    halve = Level(at=80.0, severity=Severity.HIGH, response=Reduce(percent=50.0))
    rule = Rule(name="Given back", metric="position.given_back_pct", when="above", levels=(halve,))
    near = replace(pages.distances()[0], rule=rule.name, metric=rule.metric, at=80.0, position=BOOK[1].identifier)
    view = replace(frames.full(), rules=(rule,), analysis=replace(pages.analysis(), distances=(near,)))
    plan = shown(opened, frames.frame(view)).plan.plan
    assert plan is not None
    assert [close.position for close in plan.closes] == [BOOK[1].identifier]


def test_with_nothing_held_no_scale_is_drawn_and_no_pair_is_counted(opened: Opener) -> None:
    none = NotApplicable("fewer than two symbols are held one way")
    page = shown(opened, frames.frame(with_exposure(symbols=(), currencies=(), signed=(), largest_correlation=none)))
    for bars in (page.legs.bars, page.shares.bars):
        drawn = bars.grab().toImage()
        shades = {drawn.pixel(x, y) for x in range(0, drawn.width(), 2) for y in range(drawn.height())}
        assert len(shades) == 1
    assert page.heat.sub.full == "M15, 5 days"


def test_a_long_name_has_its_room_beside_the_bars_or_an_ellipsis(opened: Opener) -> None:
    short, long, absurd = "EUR", "GER40.cash", "A" * 40
    lines = tuple(CurrencyLine(currency=name, net=1_000.0, one_pct=10.0) for name in (short, long, absurd))
    bars = shown(opened, frames.frame(with_exposure(currencies=lines))).legs.bars
    assert elided(long, bars.name_px) == long
    assert elided(absurd, bars.name_px).endswith("…")
    assert bars.name_px < bars.width() / 2
