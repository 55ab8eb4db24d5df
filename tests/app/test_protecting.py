"""Stops at the broker: only with consent and while all is well, one at a time, claimed once the broker shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.config import from_table
from bridge.port import Awaited, ProtectOrder, Receipt, TerminalError
from monitors.gate import HaltKind
from monitors.model import TerminalState
from monitors.ports import Consent, EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

LEVEL: dict[str, Any] = {"at": 9_900.0, "severity": "high", "action": "backstop", "within": 9_000.0}
RULE = rule("equity", "below", LEVEL)
FALLEN = 0.999
"""A lot of PLAIN has lost 100 there, and the level is reached; room is 900."""
STOP = 0.990
"""900 below it."""


def fallen(make: Make, *more: dict[str, Any], agreed: bool = True, **options: Any) -> Stand:
    """An account at the level, with one position that has no stop."""
    stand = make(RULE, *more, **options)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    if agreed:
        assert stand.engine.obey(Consent())
    stand.terminal.bid = FALLEN
    return stand


def states(stand: Stand) -> list[str]:
    return [told["state"] for told in stand.of("protect")]


def sent(stand: Stand) -> list[ProtectOrder]:
    return stand.terminal.protected


def test_a_stop_is_set_and_claimed_once_the_broker_shows_it(make: Make) -> None:
    stand = fallen(make)
    stand.beat(4)
    assert stand.terminal.positions[1].stop == STOP
    assert [(e["position"], e["stop"], e["target"], e["state"], e["retcode"]) for e in stand.of("protect")] == [
        (1, STOP, 0.0, "sent", None), (1, STOP, 0.0, "done", 10009),
    ]  # fmt: skip
    stand.beat(40)
    assert len(sent(stand)) == 1


def test_a_yes_alone_claims_nothing(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.protecting = lambda _: Receipt(retcode=10009)
    stand.beat(40)
    assert states(stand) == ["sent"]
    stand.beat(60)
    assert states(stand) == ["sent", "unknown"]
    assert len(sent(stand)) == 1
    stand.terminal.protecting = lambda _: None
    stand.beat(620)
    assert states(stand) == ["sent", "unknown", "refused", "sent", "done"]


def test_without_consent_nothing_is_sent_and_the_alert_says_what_would_be(make: Make) -> None:
    stand = fallen(make, agreed=False)
    stand.beat(20)
    assert not sent(stand)
    (alert,) = stand.engine.frame().alerts
    assert alert.do.startswith("1 stop to set: worst case 900.00 within room 900.00. Nothing is sent yet; to agree: ")
    assert "plimsoll backstop --account main" in alert.do
    assert stand.engine.obey(Consent("main"))
    stand.beat(4)
    assert states(stand) == ["sent", "done"]
    assert [e["within"] for e in stand.of("consent")] == [9_000.0]


def test_consent_outlives_a_kill_and_ends_with_a_change_of_the_level(make: Make) -> None:
    stand = fallen(make)
    stand.restart()
    stand.beat(4)
    assert stand.terminal.positions[1].stop == STOP
    stand.terminal.hold(plain(2))
    changed = rule("equity", "below", LEVEL | {"at": LEVEL["at"] + 1.0})
    for config in (from_table(stand.table | {"rule": [changed]}, source="test"), stand.config):
        stand.engine.configure(config)
        stand.beat(20)
        assert stand.terminal.positions[2].stop == 0.0


def test_consent_names_what_was_shown_and_is_worth_nothing_for_anything_else(make: Make) -> None:
    stand = fallen(make, agreed=False)
    assert not stand.engine.obey(Consent("main", ("what another config said",)))
    assert not stand.engine.obey(Consent("nobody"))
    stand.beat(10)
    assert not sent(stand)


def test_consent_that_the_disk_does_not_take_is_none(make: Make) -> None:
    stand = fallen(make, agreed=False)
    stand.engine.shared.journal.close()
    assert not stand.engine.obey(Consent("main"))
    assert not stand.guard.keeper.memory.consents


def test_observing_sets_nothing(make: Make) -> None:
    stand = fallen(make, armed=False)
    stand.beat(20)
    assert not sent(stand)
    assert "only watches" in stand.engine.frame().alerts[0].do


def test_a_new_position_gets_its_stop_and_one_that_lost_its_own_gets_it_back(make: Make) -> None:
    stand = fallen(make)
    stand.beat(4)
    stand.terminal.hold(plain(2, lots=0.5))
    stand.beat(10)
    assert stand.terminal.positions[2].stop > 0
    assert states(stand) == ["sent", "done"] * 2
    stand.beat(700)
    stand.terminal.hold(replace(stand.terminal.positions[2], stop=0.0))
    stand.beat(20)
    assert stand.terminal.positions[2].stop > 0


def test_a_position_is_changed_once_a_minute_at_most(make: Make) -> None:
    stand = fallen(make)
    stand.beat(4)
    for _ in range(5):
        stand.terminal.hold(replace(stand.terminal.positions[1], stop=0.0))
        stand.beat(100)
    assert len(sent(stand)) == 1
    stand.beat(110)
    assert len(sent(stand)) == 2


def test_stops_go_out_one_by_one_and_paced(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.hold(plain(2), plain(3), plain(4))
    stand.beat(20)
    at = [e["at"] for e in stand.of("protect", state="sent")]
    assert len(at) == 4
    assert len(set(at)) == 4


def test_a_target_is_sent_along(make: Make) -> None:
    stand = make(RULE)
    stand.terminal.hold(plain(1, target=1.05))
    stand.beat(2)
    stand.engine.obey(Consent())
    stand.terminal.bid = FALLEN
    stand.beat(4)
    assert [order.target for order in sent(stand)] == [1.05]
    assert stand.terminal.positions[1].target == 1.05


def test_no_stop_is_ever_loosened(make: Make) -> None:
    stand = make(RULE)
    stand.terminal.hold(plain(1, stop=0.995))
    stand.beat(2)
    stand.engine.obey(Consent())
    stand.terminal.bid = FALLEN
    stand.beat(20)
    assert not sent(stand)


@pytest.mark.parametrize("halt", list(HaltKind))
def test_a_stop_or_a_fault_sets_nothing_and_a_rules_halt_goes_on(make: Make, halt: HaltKind) -> None:
    stand = fallen(make)
    if halt is HaltKind.STOP:
        stand.terminal.answer = lambda _: Receipt(retcode=10018)
        stand.engine.obey(EmergencyStop())
    elif halt is HaltKind.FAULT:
        stand.guard.halting.fault("a test", None)
    else:
        now_ms = stand.clock.utc_ms()
        stand.guard.halting.by_rule("a test", "reset", stand.terminal.look(0), now_ms=now_ms, next_day_ms=0)
    stand.beat(20)
    assert bool(sent(stand)) is (halt is HaltKind.RULE)


def test_a_reset_after_a_fault_ends_the_backstop_of_that_episode(make: Make) -> None:
    stand = fallen(make)
    stand.guard.halting.fault("a test", None)
    stand.beat(10)
    stand.engine.obey(Reset())
    stand.beat(10)
    assert not sent(stand)


def test_where_trading_is_forbidden_nothing_is_sent_and_why_is_said_once(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.state = TerminalState(connected=True, algo_allowed=False)
    stand.beat(40)
    assert not sent(stand)
    assert [e["reason"] for e in stand.of("denied")] == ["algo trading is off in the terminal"]
    stand.terminal.state = TerminalState(connected=True, algo_allowed=True)
    stand.beat(10)
    assert states(stand) == ["sent", "done"]


def test_nothing_is_sent_while_the_account_is_not_seen(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.down = "gone"
    stand.beat(20)
    assert not sent(stand)


def test_a_position_that_is_being_closed_is_left_alone(make: Make) -> None:
    closing = rule("drawdown.max", "above", {"at": 50.0, "severity": "high", "action": "close_all"})
    stand = fallen(make, closing)
    stand.terminal.answer = lambda _: Receipt(retcode=10018)
    stand.beat(20)
    assert stand.terminal.sent
    assert not sent(stand)


def test_nothing_is_sent_that_the_journal_has_not_taken(make: Make) -> None:
    stand = fallen(make, agreed=False)
    stand.beat(4)
    stand.engine.obey(Consent())
    reading = stand.guard.now.reading
    assert reading is not None
    stand.guard.keeper.ok = False
    stand.guard.backstops.tend(reading)
    assert not sent(stand)
    stand.guard.keeper.ok = True
    stand.engine.shared.journal.close()
    stand.guard.backstops.tend(reading)
    assert not sent(stand)
    assert not stand.guard.keeper.ok
    assert not stand.guard.keeper.memory.protections


@pytest.mark.parametrize("retcode", [10016, 10029])
def test_a_refusal_is_tried_again_later_at_a_new_price_and_a_person_is_told_at_the_third(
    make: Make, retcode: int
) -> None:
    stand = fallen(make)
    stand.terminal.protecting = lambda _: Receipt(retcode=retcode)
    stand.beat(5)
    assert states(stand) == ["sent", "refused"]
    stand.terminal.bid = 0.998
    stand.beat(300)
    assert 3 <= len(sent(stand)) < 6
    alarms = [view for view in stand.engine.frame().alerts if view.rule == "Backstop"]
    assert [view.active for view in alarms] == [True]
    assert "PLAIN: a protective stop could not be set" in alarms[0].why
    stand.terminal.protecting = lambda _: None
    stand.beat(310)
    assert states(stand)[-1] == "done"
    assert [v.active for v in stand.engine.frame().alerts if v.rule == "Backstop"] == [False]


def test_no_changes_is_no_refusal(make: Make) -> None:
    stand = fallen(make)

    def answer(order: ProtectOrder) -> Receipt:
        stand.terminal.stand(order)
        return Receipt(retcode=10025)

    stand.terminal.protecting = answer
    stand.beat(5)
    assert states(stand) == ["sent", "done"]


@pytest.mark.parametrize("receipt", [Receipt(retcode=None), Receipt(retcode=10012), Receipt(retcode=4711)])
def test_what_is_unclear_is_settled_by_what_the_broker_shows(make: Make, receipt: Receipt) -> None:
    stand = fallen(make)
    stand.terminal.protecting = lambda _: receipt
    stand.beat(30)
    assert (states(stand), len(sent(stand))) == (["sent", "unknown"], 1)
    stand.terminal.stand(sent(stand)[0])
    stand.beat(2)
    assert states(stand) == ["sent", "unknown", "done"]


def test_what_never_left_is_refused_and_tried_again(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.protecting = lambda _: Receipt(retcode=None, error=-2, text="the position has changed since")
    stand.beat(5)
    assert states(stand) == ["sent", "refused"]
    stand.terminal.protecting = lambda _: None
    stand.beat(20)
    assert states(stand)[-1] == "done"


def test_a_terminal_that_raises_leaves_it_unclear(make: Make) -> None:
    stand = fallen(make)

    def broken(_: ProtectOrder) -> Receipt:
        raise TerminalError("no")

    stand.terminal.protecting = broken
    stand.beat(5)
    assert states(stand) == ["sent", "unknown"]


def test_one_on_its_way_is_not_sent_again_and_nothing_else_goes_out_meanwhile(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.hold(plain(2))
    stand.terminal.protecting = lambda _: Awaited(7)
    stand.beat(100)
    assert (states(stand), len(sent(stand))) == (["sent"], 1)
    stand.terminal.stand(sent(stand)[0])
    stand.terminal.receipts[7] = Receipt(retcode=10009)
    stand.terminal.protecting = lambda _: None
    stand.beat(10)
    assert states(stand) == ["sent", "done"] * 2


def test_killed_after_the_send_nothing_goes_out_twice(make: Make) -> None:
    stand = fallen(make)

    def dying(order: ProtectOrder) -> Receipt:
        stand.terminal.stand(order)
        raise KeyboardInterrupt

    stand.terminal.protecting = dying
    with pytest.raises(KeyboardInterrupt):
        stand.beat(4)
    stand.restart()
    stand.beat(20)
    assert (states(stand), len(sent(stand))) == (["sent", "done"], 1)


def test_killed_before_it_left_it_goes_out_once_its_absence_is_sure(make: Make) -> None:
    stand = fallen(make)

    def dying(_: ProtectOrder) -> Receipt:
        raise KeyboardInterrupt

    stand.terminal.protecting = dying
    with pytest.raises(KeyboardInterrupt):
        stand.beat(4)
    stand.terminal.protecting = lambda _: None
    stand.restart()
    stand.beat(590)
    assert len(sent(stand)) == 1
    stand.beat(30)
    assert states(stand) == ["sent", "unknown", "refused", "sent", "done"]


def test_a_position_that_is_gone_meanwhile_ends_it(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.protecting = lambda _: Receipt(retcode=10009)
    stand.beat(4)
    stand.terminal.positions.clear()
    stand.beat(2)
    assert states(stand) == ["sent", "gone"]
    assert not stand.guard.keeper.memory.protections


def test_the_nearest_of_several_levels_is_set(make: Make) -> None:
    second = RULE | {"name": "nearer", "levels": [LEVEL | {"within": 9_500.0}]}
    stand = fallen(make, second)
    stand.beat(6)
    assert stand.terminal.positions[1].stop == 0.995
    assert states(stand) == ["sent", "done"]


def test_the_widest_spread_of_a_day_keeps_a_stop_away_and_is_remembered(make: Make) -> None:
    near = rule("equity", "below", LEVEL | {"within": 9_899.0})
    stand = make(near)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.guard.keeper.memory.spreads["PLAIN"][stand.clock.utc_ms() // 3_600_000 - 20] = 0.002
    stand.guard.keeper.memory.spreads["PLAIN"][stand.clock.utc_ms() // 3_600_000 - 25] = 0.009
    stand.guard.keeper.save()
    stand.restart()
    stand.engine.obey(Consent())
    stand.terminal.bid = FALLEN
    stand.beat(10)
    assert stand.terminal.positions[1].stop == 0.997
    (alert,) = stand.engine.frame().alerts
    assert alert.do.startswith("No stop to set: worst case 200.00, room 1.00.")


def test_a_withdrawal_that_trips_the_level_sets_nothing(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.bid = 1.0
    stand.terminal.balance -= 200.0
    stand.beat(20)
    assert not sent(stand)


@pytest.mark.parametrize(
    "levels",
    [
        ({"at": 9_950.0, "severity": "medium", "action": "reduce", "percent": 50.0}, LEVEL),
        (LEVEL | {"at": 9_950.0}, {"at": 9_900.0, "severity": "critical", "action": "reduce", "percent": 50.0}),
    ],
    ids=["severer", "milder"],
)
def test_a_backstop_stands_beside_the_level_that_closes_in_the_same_beat(
    make: Make, levels: tuple[dict[str, Any], ...]
) -> None:
    stand = make(rule("equity", "below", *levels))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.engine.obey(Consent())
    stand.terminal.bid = FALLEN
    stand.beat(20)
    assert [order.lots for order in stand.terminal.sent] == [0.5]
    assert stand.terminal.positions[1].stop > 0


def test_without_consent_a_backstop_keeps_no_milder_level_from_closing(make: Make) -> None:
    milder = {"at": 9_950.0, "severity": "medium", "action": "reduce", "percent": 50.0}
    stand = make(rule("equity", "below", milder, LEVEL))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = FALLEN
    stand.beat(20)
    assert [order.lots for order in stand.terminal.sent] == [0.5]
    assert not sent(stand)
