"""Every action there is: what it promises of itself, and the plain ones in full."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

import pytest

from monitors.responses import RESPONSES
from monitors.responses.alert import Alert
from monitors.responses.backstop import Backstop, terms
from monitors.responses.base import Plan, Response
from monitors.responses.cancel_pendings import CancelPendings
from monitors.responses.close_all import CloseAll
from monitors.responses.emergency_stop import EmergencyStopResponse
from monitors.responses.halt import Halt
from monitors.settings import Level
from tests.builders import level, order, position, reading, rule, situation, snapshot

PROMISED = {"alert", "reduce", "reduce_risk", "diversify", "close_all", "halt", "cancel_pendings", "emergency_stop",
            "backstop"}  # fmt: skip
HELD = reading(snapshot(position(1, magic=7), position(2, "GBPUSD"), orders=(order(5),)))
OPTIONS = {"percent": 50.0, "symbol_pct": 60.0, "risk_pct": 1.0}


def made(name: str) -> Response:
    """The action with the options that it cannot do without."""
    kind = RESPONSES[name]
    needed = [f.name for f in fields(kind) if f.default is MISSING]  # type: ignore[arg-type]
    needed += ["percent"] if name == "reduce" else []
    return kind(**{option: OPTIONS[option] for option in needed})


def test_every_promised_action_is_there_under_its_own_name() -> None:
    assert set(RESPONSES) >= PROMISED
    assert all(RESPONSES[name].name == name for name in RESPONSES)


@pytest.mark.parametrize("name", RESPONSES)
def test_every_action_has_a_sentence_no_fault_and_acts_unless_it_is_an_alert(name: str) -> None:
    response = made(name)
    assert response.faults(rule(metric="margin.level_pct")) == []
    assert response.sentence()[0].islower()
    assert not response.sentence().endswith(".")
    assert response.acts is (name != "alert")


@pytest.mark.parametrize("name", RESPONSES)
def test_no_action_raises_a_volume_or_names_what_is_not_held(name: str) -> None:
    response = made(name)
    plan = response.plan(situation(HELD, rule("margin.level_pct", "below", level(99_999.0, response))))
    held = {p.identifier: p.steps for p in HELD.snapshot.positions}
    assert all(0 <= target <= held[identifier] for identifier, target in plan.targets.items())


@pytest.mark.parametrize("name", RESPONSES)
def test_every_action_on_a_flat_account_has_no_targets(name: str) -> None:
    assert made(name).plan(situation(reading())).targets == {}


def test_an_alert_does_nothing() -> None:
    assert Alert().plan(situation(HELD)) == Plan()


def test_closing_all_takes_what_the_rule_selects() -> None:
    assert CloseAll().plan(situation(HELD)) == Plan(targets={1: 0, 2: 0})
    assert CloseAll().plan(situation(HELD, rule(magics=(7,)))) == Plan(targets={1: 0})
    assert CloseAll().plan(situation(HELD, rule(symbols=("GBP*",)))) == Plan(targets={2: 0})


def test_an_emergency_stop_takes_everything_and_latches() -> None:
    stopped = Plan(targets={1: 0, 2: 0}, stop=True, cancel_pendings=True)
    assert EmergencyStopResponse().plan(situation(HELD)) == stopped
    assert EmergencyStopResponse().plan(situation(HELD, rule(magics=(7,)))) == stopped


@pytest.mark.parametrize("filters", [{"symbols": ("EUR*",)}, {"magics": (7,)}, {"symbols": ()}])
def test_an_emergency_stop_is_refused_on_a_rule_with_filters(filters: dict[str, Any]) -> None:
    assert [key for key, _ in EmergencyStopResponse().faults(rule(**filters))] == ["action"]


def test_cancelling_pendings_touches_no_position() -> None:
    assert CancelPendings().plan(situation(HELD)) == Plan(cancel_pendings=True)


@pytest.mark.parametrize(("until", "told"), [("reset", "reset"), ("day", "day"), (30, "30"), (0.5, "0.5")])
def test_a_halt_cancels_pendings_touches_no_position_and_says_until_when(until: str | float, told: str) -> None:
    assert Halt(until=until).plan(situation(HELD)) == Plan(halt=told, cancel_pendings=True)
    assert Halt(until=until).faults(rule()) == []
    assert Halt(until=until).sentence()


@pytest.mark.parametrize("until", ["week", "", 0, -5.0, "30"])
def test_a_halt_until_nonsense_is_refused(until: str | float) -> None:
    assert [key for key, _ in Halt(until=until).faults(rule())] == ["until"]


@pytest.mark.parametrize("kind", [CloseAll, CancelPendings, EmergencyStopResponse, Halt])
def test_a_scope_is_the_account_or_all_of_them(
    kind: type[CloseAll | CancelPendings | EmergencyStopResponse | Halt],
) -> None:
    assert kind(scope="all").faults(rule()) == kind().faults(rule()) == []
    assert "every account" in kind(scope="all").sentence()
    assert "every account" not in kind().sentence()
    assert [key for key, _ in kind(scope="galaxy").faults(rule())] == ["scope"]


def test_closing_all_on_every_account_means_nothing_where_single_positions_are_judged() -> None:
    faults = CloseAll(scope="all").faults(rule("position.profit", "below"))
    assert [key for key, _ in faults] == ["scope"]
    assert "judges single positions" in faults[0][1]
    assert CloseAll(scope="all").faults(rule("drawdown.max_pct", "above")) == []


@pytest.mark.parametrize(
    ("metric", "when", "levels", "key"),
    [
        ("exposure.hhi", "above", (level(0.5, Backstop(within=0.9)),), "action"),
        ("pnl.change", "below", (level(-50.0, Backstop(within=-90.0)),), "action"),
        ("pnl.today", "above", (level(50.0, Backstop(within=90.0)),), "action"),
        ("drawdown.daily_pct", "below", (level(3.0, Backstop(within=5.0)),), "action"),
        ("drawdown.daily_pct", "above", (level(3.0, Backstop()),), "within"),
        ("drawdown.daily_pct", "above", (level(3.0, Backstop(within=3.0)),), "within"),
        ("drawdown.daily_pct", "above", (level(3.0, Backstop(within=101.0)),), "within"),
        ("equity", "below", (level(9_000.0, Backstop(within=9_500.0)),), "within"),
        ("equity", "below", (level(9_000.0, Backstop()), level(8_000.0)), None),
        ("firm.max_used_pct", "above", (level(50.0, Backstop(within=90.0)),), None),
        ("drawdown.daily_pct", "above", (level(3.0, Backstop(within=5.0)), level(4.0)), None),
    ],
)
def test_a_backstop_wants_a_line_of_equity_and_room_beyond_its_level(
    metric: str, when: str, levels: tuple[Level, ...], key: str | None
) -> None:
    watching = rule(metric, when, *levels)
    assert [name for name, _ in levels[0].response.faults(watching)] == ([key] if key else [])


def test_a_backstop_closes_nothing_and_keeps_within_the_severest_level_unless_told() -> None:
    one, own = rule("equity", "below", level(9_000.0, Backstop()), level(8_000.0)), Backstop(within=8_500.0)
    assert Backstop().plan(situation(HELD, one)) == Plan()
    assert (Backstop().limit(one), own.limit(one)) == (8_000.0, 8_500.0)
    assert "8500" in own.sentence()


def test_whatever_changes_of_a_level_changes_what_was_agreed_to() -> None:
    own = level(9_000.0, Backstop(within=8_500.0))
    agreed = terms(rule("equity", "below", own), own)
    other = level(9_000.0, Backstop(within=8_400.0))
    assert agreed == terms(rule("equity", "below", level(9_000.0, Backstop(within=8_500.0))), own)
    assert agreed != terms(rule("equity", "below", other), other)
    assert agreed != terms(rule("equity", "below", own, symbols=("EUR*",)), own)
    assert agreed != terms(rule("pnl.today", "below", own, name="equity"), own)
