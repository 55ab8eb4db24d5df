"""If this machine dies now: one line, its colour, and the window in which a person agrees to the stops."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from monitors.backstop import Backstop, Stop
from monitors.model import NotApplicable, Unknown
from monitors.ports import AccountFrame, Consent, Link
from monitors.unattended import Standing, Unattended
from tests import frames, pages
from tests.builders import position
from tests.ui.conftest import Mailbox, Opener
from ui import theme
from ui.backstop import ConsentWindow
from ui.pages.risk import RiskPage
from ui.panels.unattended import UnattendedStrip

BARE = Stop(position=position(7, "EURUSD"), planned=1.09, loss=1_000.0)
LEFT = Stop(
    position=position(8, "XAUUSD", stop=1_990.0), planned=1_990.0, loss=math.inf, why="the rule does not cover it"
)
PLAN = Backstop(stops=(BARE,), before=math.inf, worst=1_000.0, room=1_200.0)
OFFER = Standing(rule="Daily drawdown", metric="drawdown.daily_pct", at=3.0, within=5.0, terms="the terms",
                 agreed=False, stands=True, plan=PLAN)  # fmt: skip
FITS = Unattended(worst=480.0, bare=0, room=500.0, rule="Daily loss", at=5.0, pendings=0)


def leaving(found: Unattended, **changes: object) -> AccountFrame:
    view = replace(frames.full(), analysis=replace(pages.analysis(), unattended=found))
    return replace(view, **changes)  # type: ignore[arg-type]


def strip_of(opened: Opener, view: AccountFrame) -> UnattendedStrip:
    window = opened(frames.frame(view))
    window.show_page("Risk")
    return cast("RiskPage", window.page).unattended


def consent(strip: UnattendedStrip) -> ConsentWindow:
    strip.preview.click()
    assert strip.window_ is not None
    return strip.window_


@pytest.mark.parametrize(
    ("found", "shade", "words"),
    [
        (FITS, "text", "worst case 480.00\N{NO-BREAK SPACE}USD, room 500.00"),
        (replace(FITS, worst=500.01), "high", "worst case 500.01"),
        (replace(FITS, worst=math.inf, bare=2), "critical", "worst case not bounded (2 positions without a stop)"),
        (replace(FITS, room=NotApplicable("no rule limits it")), "high", "no rule limits it"),
        (replace(FITS, worst=0.0, room=NotApplicable("no rule limits it")), "text", "worst case 0.00"),
        (replace(FITS, pendings=2), "text", "2 pending orders may add to it"),
    ],
)
def test_the_line_says_worst_case_and_room_in_the_colour_of_what_they_mean(
    opened: Opener, found: Unattended, shade: str, words: str
) -> None:
    strip = strip_of(opened, leaving(found))
    assert words.replace("\N{NO-BREAK SPACE}", " ") in strip.words.full
    assert strip.words.palette().windowText().color().name() == getattr(theme.colours(), shade).lower()
    assert not strip.preview.isVisible()


def test_what_is_only_remembered_is_no_worst_case_of_now(opened: Opener) -> None:
    strip = strip_of(opened, leaving(FITS, link=Link.BLIND))
    assert "480" not in strip.words.full


def test_the_preview_shows_every_stop_and_one_button_agrees_to_what_it_shows(
    opened: Opener, mailbox: Mailbox, qtbot: QtBot
) -> None:
    strip = strip_of(opened, leaving(replace(FITS, backstops=(OFFER,))))
    assert strip.preview.isVisible()
    shown = consent(strip)
    assert not shown.isModal()
    assert shown.title.text() == "Funded 100k: Daily drawdown at 3\u202f%, kept within 5\u202f%: not agreed"
    assert [row.texts for row in shown.table.source.rows] == [
        ("7", "EURUSD  ▲ buy 1.00", "—", "1.09000", "1\u202f000.00")
    ]
    assert shown.sum.text() == "Worst case 1\u202f000.00 USD, room 1\u202f200.00 USD"
    assert "in a gap it is filled beyond its price" in shown.warning.text()
    assert not mailbox.sent
    shown.agree.click()
    assert mailbox.sent == [Consent("Funded 100k", ("the terms",))]
    qtbot.waitUntil(lambda: not shown.isVisible())


def test_what_is_agreed_needs_no_button_and_what_is_left_alone_or_missing_is_said(opened: Opener) -> None:
    short = Backstop(stops=(replace(BARE, loss=1_300.0),), before=2_000.0, worst=1_300.0, room=1_200.0)
    strip = strip_of(opened, leaving(replace(FITS, backstops=(replace(OFFER, agreed=True, plan=short),))))
    shown = consent(strip)
    assert (shown.agree.isEnabled(), shown.agree.text()) == (False, "Agreed")
    assert shown.sum.text().endswith("100.00 USD more than the room")
    bare = Backstop(stops=(LEFT,), before=math.inf, worst=math.inf, room=1_200.0)
    unknown = replace(OFFER, plan=Unknown("no equity leads there"))
    shown.show_account(leaving(replace(FITS, backstops=(replace(OFFER, plan=bare), unknown))))
    (row,) = shown.table.source.rows
    assert row.texts[3:] == ("left alone", "not bounded")
    assert row.tip(3) == "the rule does not cover it"
    assert shown.sum.text() == "Worst case not bounded, room 1\u202f200.00 USD\nno equity leads there"


def test_an_open_preview_follows_the_account(opened: Opener) -> None:
    strip = strip_of(opened, leaving(replace(FITS, backstops=(OFFER,))))
    shown = consent(strip)
    strip.show_account(leaving(replace(FITS, backstops=(OFFER,)), link=Link.BLIND), 0)
    assert not shown.agree.isEnabled()
    assert "nothing known" in shown.title.text()
