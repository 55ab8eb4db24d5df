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
    assert row.texts == ("XAUUSD", "\u22122\u202f431.38", "+210.00", "+600.00", "+1\u202f310.00", "11 of 18")
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
