"""The results page: all accounts together, one account in its parts, and where two arithmetics differ."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from monitors.model import Unknown
from monitors.ports import Frame
from tests import frames, pages
from tests.ui.conftest import Opener
from ui import text
from ui.pages.results import ResultsPage


def shown(opened: Opener, frame: Frame) -> ResultsPage:
    window = opened(frame)
    window.show_page("Results")
    return cast("ResultsPage", window.page)


def test_accounts_are_summed_in_one_currency_and_those_left_out_are_named(opened: Opener) -> None:
    page = shown(opened, frames.desk_frame())
    # 97 446.55 USD and 24 871.15 EUR at 1.16108
    assert page.desk.figures["Equity"].number.full == "126\u202f323.94"
    assert page.desk.figures["Today"].number.full == "+280.94"
    assert page.desk.title.text() == (
        "2 accounts together · in USD · today, week and month are what was booked, without what floats"
    )
    assert page.desk.left_out.full == "· not counted: Gold EA: not seen"


def test_a_sum_that_one_account_does_not_know_is_unknown(opened: Opener) -> None:
    month = shown(opened, frames.desk_frame()).desk.figures["This month"]
    assert month.number.full == text.DASH
    assert "the week&#x27;s deals are not all read" in month.toolTip()


def test_an_account_without_a_rate_or_without_sight_is_in_no_sum(opened: Opener) -> None:
    view, found = frames.full(), pages.analysis()
    apart = replace(found, results=replace(found.results, display_rate=Unknown("the broker has no pair")))
    page = shown(opened, frames.frame(replace(view, analysis=apart)))
    assert page.desk.left_out.full == "· not counted: Funded 100k: the broker has no pair"
    assert page.desk.figures["Equity"].number.full == text.DASH
    assert "not seen" in shown(opened, frames.remembered()).desk.left_out.full


def test_every_division_ends_with_the_account(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    for card in (page.symbols, page.strategies, page.timeframes):
        assert card.table.source.rows[-1].texts[:4] == ("Account", "\u22122\u202f683.45", "+130.00", "+730.00")
    row = page.symbols.table.source.rows[0]
    assert row.texts == ("XAUUSD", "\u22122\u202f431.38", "+210.00", "+600.00", "+1\u202f310.00", "11 of 18",
                         "836\u202f980")  # fmt: skip
    last = page.symbols.table.source.rows[-1]
    assert (last.texts[4], last.tip(4)) == (text.DASH, "unknown: the week's deals are not all read")


def test_every_account_has_a_row_in_its_own_currency(opened: Opener) -> None:
    rows = shown(opened, frames.desk_frame()).accounts.table.source.rows
    assert [row.texts[0] for row in rows] == ["Funded 100k USD", "Swing EUR", "Gold EA USD"]
    assert rows[2].texts[1:] == (text.DASH,) * 5


def test_statistics_stand_by_strategy_and_a_missing_one_says_why(opened: Opener) -> None:
    rows = shown(opened, frames.analysed_frame()).statistics.table.source.rows
    assert rows[0].texts == (
        "All strategies",
        "41",
        "58.5\u202f%",
        "1.62",
        "1\u202f:\u202f1.90",
        "+0.21\u202fR",
        "+1\u202f468.70",
    )
    assert (rows[3].texts[3], rows[3].tip(3)) == (text.DASH, "nothing was lost")


def test_a_profit_that_differs_from_our_own_arithmetic_is_shown(opened: Opener) -> None:
    card = shown(opened, frames.analysed_frame()).apart
    assert card.table.source.rows[0].texts == ("503", "GBPJPY", "+168.41", "+168.47", "\u22120.06")
    assert card.verdict.full == "1 position apart · not compared: US500"
    found = pages.analysis()
    agreed = replace(found, results=replace(found.results, apart=(), uncomputed=()))
    page = shown(opened, frames.frame(replace(frames.full(), analysis=agreed)))
    assert page.apart.verdict.full == "All compared profits agree"


def test_what_all_accounts_hold_together_is_told_by_symbol_and_currency_in_the_tip(opened: Opener) -> None:
    figure = shown(opened, frames.desk_frame()).desk.figures["Gross exposure"]
    # 1 431 168 of exposure in dollars and as much in euro at 1.16108
    assert figure.number.full == "3\u202f092\u202f869"
    assert figure.under.full == "USD \u00b7 net XAU \u22121\u202f808\u202f781"
    assert "EUR: net +878\u202f215" in figure.toolTip()
    assert "US500: 177\u202f348, net \u2212177\u202f348" in figure.toolTip()


def test_exposure_of_all_is_unknown_where_a_symbol_has_no_rate_or_no_account_is_seen(opened: Opener) -> None:
    view, found = frames.full(), pages.analysis()
    bare = replace(found, exposure=replace(found.exposure, unconverted=("COFFEE",)))
    figure = shown(opened, frames.frame(replace(view, analysis=bare))).desk.figures["Gross exposure"]
    assert (figure.number.full, "no rate converts COFFEE" in figure.toolTip()) == (text.DASH, True)
    assert shown(opened, frames.remembered()).desk.figures["Gross exposure"].number.full == text.DASH


def test_each_part_that_is_open_shows_its_exposure_beside_its_result(opened: Opener) -> None:
    page = shown(opened, frames.analysed_frame())
    gross = {line.name: line.gross for line in pages.exposure().strategies}
    rows = {row.texts[0]: row.texts[-1] for row in page.strategies.table.source.rows}
    both = rows.keys() & gross.keys()
    assert both
    assert {name: rows[name] for name in both} == {name: text.number(gross[name], 0) for name in both}
    assert rows["Account"] == text.number(sum(gross.values()), 0)
