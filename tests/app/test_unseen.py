"""An account that is not seen is told as it was last, or as unknown; never as empty."""

from __future__ import annotations

from app.commands.remote import _lines
from app.instance.answers import status
from app.stopping.flattening import CLOSING
from monitors.ports import Acknowledge, Link
from monitors.zones import zone
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Make, Stand, frame
from tests.builders import NOW_MS


def told(stand: Stand) -> str:
    return "\n".join(_lines(status(stand.engine.frame())))


def test_what_was_seen_last_stays_and_is_told_as_past(make: Make) -> None:
    stand = make(MARGIN_RULE)
    stand.terminal.hold(plain())
    stand.beat(3)
    seen = frame(stand)
    stand.terminal.down = "no answer"
    stand.beat(120)
    view = frame(stand)
    assert view.link is Link.BLIND
    assert (view.account, view.positions, view.as_of_ms) == (seen.account, seen.positions, NOW_MS + 200)
    assert view.price_digits == seen.price_digits
    (one,) = status(stand.engine.frame())["accounts"]
    assert (one["positions"], one["equity"], one["metrics"]["margin.level_pct"]) == (1, 10_000.0, None)
    assert f"as of {one['as_of']}: equity 10000.00, margin level 1000.00 %, 1 positions" in told(stand)


def test_after_a_start_without_an_answer_figures_are_unknown_and_not_zero(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain())
    stand.beat(3)
    stand.terminal.down = "no answer"
    stand.restart()
    stand.beat(3)
    (one,) = status(stand.engine.frame())["accounts"]
    assert (one["positions"], one["equity"], one["margin"]) == (None, None, None)
    assert f"equity, margin level and positions unknown since {one['as_of']}" in told(stand)
    assert "0 positions" not in told(stand)


def test_another_accounts_last_figures_are_not_shown_for_this_one(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain())
    stand.beat(3)
    frame(stand)
    stand.guard.keeper.login = 1002
    stand.terminal.down = "no answer"
    stand.beat(120)
    assert frame(stand).account is None


def test_times_keep_the_brokers_clock_while_it_is_unseen(make: Make) -> None:
    stand = make()
    stand.terminal.zone = "Asia/Tokyo"
    stand.beat(2)
    seen = frame(stand)
    assert seen.broker_offset_s == zone("Asia/Tokyo").offset_ms(NOW_MS) // 1000 == 9 * 3600
    stand.terminal.down = "no answer"
    stand.beat(120)
    assert frame(stand).broker_offset_s == seen.broker_offset_s
    assert frame(stand).next_reset_ms == seen.next_reset_ms


def test_that_the_stop_process_closes_is_not_said_once_it_is_over(make: Make) -> None:
    stand = make()
    stand.beat(2)
    stand.guard.executor.last_said = CLOSING
    assert not stand.guard.stop.closing
    assert frame(stand).last_action == ""
    stand.guard.executor.last_said = "closed 1 PLAIN"
    assert frame(stand).last_action == "closed 1 PLAIN"


def test_the_alarm_about_an_unseen_account_can_be_acknowledged(make: Make) -> None:
    stand = make()
    stand.beat(2)
    stand.terminal.down = "no answer"
    stand.beat(120)
    assert "alert -1 critical main: No data from main, active, NOT acknowledged\n  no answer" in told(stand)
    assert stand.engine.obey(Acknowledge(-1))
    assert "alert -1 critical main: No data from main, active, acknowledged" in told(stand)
