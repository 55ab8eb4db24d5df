"""The firms' plans as they come: whole files, the floors of the table, and what they add to a config."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
import tomli

from app.config import ConfigError, from_table, packs
from app.config.packs import FOLDER, Pack
from app.explain import sentences
from app.plan_words import plan_sentences
from monitors.days import Calendar
from monitors.floors import (
    Conduct,
    DailyLoss,
    Limit,
    MaximumLoss,
    Measured,
    Share,
    Stand,
    Trail,
    daily_floor,
    maximum_floor,
)
from monitors.settings import Config, DaySettings

PROMISED = ("e8-one", "ftmo-1-step", "ftmo-2-step", "fundednext-stellar-1-step", "fundednext-stellar-2-step",
            "fundednext-stellar-lite", "the5ers-high-stakes")  # fmt: skip
INITIAL, B, E, H, HC = 100_000.0, 103_000.0, 104_000.0, 105_000.0, 107_000.0
AFTER_A_WHILE = Stand(initial=INITIAL, balance=B, equity=E, peak=E, eod_high=H, closed_high=HC, live_high=109_000.0)
START = "100,000.00"
KEPT = "; money paid out does not lower it"
FROM = "at least the initial 100,000.00,"
ONE = {"at": 150.0, "severity": "medium", "action": "alert"}


def under(pack: str = "ftmo-2-step", rules: list[dict[str, Any]] | None = None, **changes: Any) -> Config:
    """A config whose only account is under that plan."""
    terminal = {"name": "challenge", "login": 7, "initial_balance": INITIAL, "pack": pack} | changes
    return from_table({"terminal": [terminal], "rule": rules or []}, source="c")


def faults(**changes: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        under(**changes)
    return [str(fault) for fault in caught.value.faults]


def test_every_promised_plan_is_there() -> None:
    assert packs.names() == PROMISED


@pytest.mark.parametrize("name", PROMISED)
def test_every_pack_is_whole_and_says_where_it_was_read_and_when(name: str) -> None:
    raw, pack = tomli.loads((FOLDER / f"{name}.toml").read_text("utf-8")), packs.read(name)
    assert set(raw) <= {field.name for field in fields(Pack)}
    for table, of in (("daily", pack.daily), ("maximum", pack.maximum), ("conduct", pack.conduct)):
        assert of is not None
        assert set(raw[table]) <= {field.name for field in fields(of)}
    assert pack.source.startswith("https://")
    assert pack.checked == date(2026, 11, 22)
    assert all(note.text and note.about for note in pack.note)
    Calendar(pack.day(DaySettings()), "UTC").day_start_ms(0)


@pytest.mark.parametrize(
    ("name", "daily", "for_good", "zone"),
    [
        ("ftmo-2-step", B - 5_000, 90_000.0, "Europe/Prague"),
        ("ftmo-1-step", B - 3_000, H - 10_000, "Europe/Prague"),
        ("fundednext-stellar-2-step", B - 5_000, 90_000.0, "server"),
        ("fundednext-stellar-1-step", B - 3_000, 94_000.0, "server"),
        ("fundednext-stellar-lite", B - 4_000, 92_000.0, "server"),
        ("the5ers-high-stakes", 0.95 * E, 90_000.0, "server"),
        ("e8-one", 0.97 * B, INITIAL, "server"),
    ],
)
def test_the_floors_of_each_plan_are_those_of_the_table(name: str, daily: float, for_good: float, zone: str) -> None:
    pack = packs.read(name)
    assert pack.daily is not None
    assert pack.maximum is not None
    assert daily_floor(pack.daily, AFTER_A_WHILE) == pytest.approx(daily)
    assert maximum_floor(pack.maximum, AFTER_A_WHILE) == pytest.approx(for_good)
    assert pack.day(DaySettings(week_starts=6)) == DaySettings(zone=zone, reset_minute=0, week_starts=6)


def test_a_pack_adds_its_rules_for_its_own_account_behind_the_users() -> None:
    own = {"name": "R", "metric": "margin.level_pct", "when": "below", "levels": [ONE]}
    config = under(rules=[own])
    assert [(rule.name, rule.metric) for rule in config.rules] == [
        ("R", "margin.level_pct"),
        ("FTMO 2-step: daily loss", "firm.daily_used_pct"),
        ("FTMO 2-step: maximum loss", "firm.max_used_pct"),
        ("FTMO 2-step: coming reset", "firm.reset_room"),
    ]
    for rule in config.rules[1:]:
        assert rule.covers("challenge")
        assert not rule.covers("another")
        assert rule.floors == packs.read("ftmo-2-step").floors(INITIAL)
        assert rule.why
        assert rule.do
    daily, _, reset = config.rules[1:]
    assert [(one.at, one.severity, one.response.name) for one in daily.levels] == [
        (50.0, "medium", "alert"), (80.0, "high", "alert"), (95.0, "critical", "close_all"),
    ]  # fmt: skip
    assert [(one.at, one.severity, one.response.name) for one in reset.levels] == [
        (1_000.0, "medium", "alert"), (0.0, "high", "alert"),
    ]  # fmt: skip


def test_a_pack_sets_the_day_of_its_account_unless_that_has_one_of_its_own() -> None:
    assert under().terminals[0].day == DaySettings(zone="Europe/Prague")
    assert under(day={"zone": "UTC"}).terminals[0].day == DaySettings(zone="UTC")
    table = {"day": {"zone": "UTC", "reset": "17:00"}, "terminal": [{"initial_balance": 5, "pack": "e8-one"}]}
    assert from_table(table, source="c").terminals[0].day == DaySettings(zone="server")


def test_the_ladder_of_a_pack_can_be_another() -> None:
    config = under(pack_levels=[{"at": 70, "severity": "critical", "action": "emergency_stop"}])
    for rule in config.rules[:2]:
        assert [(one.at, one.response.name) for one in rule.levels] == [(70.0, "emergency_stop")]
    assert [one.at for one in config.rules[2].levels] == [1_000.0, 0.0]


def test_a_rule_of_the_users_on_a_plan_is_judged_against_the_plan_of_each_account_it_covers() -> None:
    rule = {"name": "R", "metric": "firm.daily_room", "when": "below", "levels": [ONE]}
    first = {"name": "a", "login": 1, "initial_balance": INITIAL, "pack": "ftmo-2-step"}
    second = {"name": "b[1]", "login": 2, "initial_balance": INITIAL, "pack": "e8-one"}
    config = from_table({"terminal": [first, second, {"name": "c", "login": 3}], "rule": [rule]}, source="c")
    mine = [one for one in config.rules if one.name == "R"]
    assert [one.floors and one.floors.plan for one in mine] == ["FTMO 2-step", "E8 One"]
    assert [[one.covers(name) for name in ("a", "b[1]", "c")] for one in mine] == [
        [True, False, False], [False, True, False],
    ]  # fmt: skip


def test_equal_plans_have_equal_digests_and_another_plan_another() -> None:
    assert under().digest == under().digest
    assert len({under(name).digest for name in PROMISED}) == len(PROMISED)


@pytest.mark.parametrize("given", [0, 0.0, None])
def test_a_pack_wants_the_initial_balance(given: float | None) -> None:
    changes = {} if given is None else {"initial_balance": given}
    with pytest.raises(ConfigError) as caught:
        from_table({"terminal": [{"pack": "ftmo-2-step"} | changes]}, source="c")
    (fault,) = caught.value.faults
    assert str(fault) == (
        "c: terminal[0].initial_balance: found 0.0, expected the balance that FTMO 2-step began with: "
        "its limits are taken of it"
    )


def test_a_pack_that_is_none_is_refused_with_those_there_are() -> None:
    (fault,) = faults(pack="ftmo")
    assert fault.startswith('c: terminal[0].pack: found "ftmo", expected one of "e8-one", ')
    assert all(f'"{name}"' in fault for name in PROMISED)


def test_a_rule_named_like_a_packs_own_is_refused() -> None:
    rule = {"name": "FTMO 2-step: daily loss", "metric": "margin.level_pct", "when": "below", "levels": [ONE]}
    (fault,) = faults(rules=[rule])
    assert fault.startswith("c: rule[0].name: found")


def explained(pack: str, **changes: Any) -> list[str]:
    """What `--explain` says of the plan itself."""
    title = packs.read(pack).title
    return [line.removeprefix(f"{title}: ") for line in sentences(under(pack, **changes), explain=True)
            if line.startswith(f"{title}: ")]  # fmt: skip


E8 = f"the highest closed balance, {FROM} less 6 % of the initial {START} (6,000.00), and never above {START}{KEPT}"


@pytest.mark.parametrize(
    ("pack", "daily", "for_good", "word"),
    [
        ("ftmo-2-step", "the balance at 00:00 Europe/Prague less 5 % of the initial 100,000.00 (5,000.00)",
         "90,000.00, the initial 100,000.00 less 10 % of it", "at or below"),
        ("ftmo-1-step", "the balance at 00:00 Europe/Prague less 3 % of the initial 100,000.00 (3,000.00)",
         f"the highest balance at a reset, {FROM} less 10 % of the initial 100,000.00 (10,000.00){KEPT}",
         "below"),
        ("the5ers-high-stakes", "the higher of balance and equity at 00:00 on the broker's clock less 5 % of that",
         "90,000.00, the initial 100,000.00 less 10 % of it", "at or below"),
        ("e8-one", "the balance at 00:00 on the broker's clock less 3 % of that", E8, "at or below"),
    ],
)  # fmt: skip
def test_a_plan_is_told_in_money_with_what_ends_the_account(pack: str, daily: str, for_good: str, word: str) -> None:
    lines = explained(pack)
    assert lines[0] == f"the daily floor is {daily}: equity at or below it ends the account."
    assert lines[1] == f"the floor for good is {for_good}: equity {word} it ends the account."


def test_a_plan_in_words_has_its_source_its_date_its_doubts_and_what_is_not_judged() -> None:
    lines = explained("ftmo-1-step")
    source = packs.read("ftmo-1-step").source
    assert f"equity counts floating profit, swap and commission. Source: {source}, checked 2026-11-22." in lines
    assert any(line.startswith("not confirmed: that the daily floor is") for line in lines)
    assert "not judged by Plimsoll: no day may bring more than 50 % of the profit." in lines
    assert "not judged by Plimsoll: at least 4 trading days." in explained("ftmo-2-step")


def test_a_day_of_the_terminals_own_is_said_with_and_without_the_explanation() -> None:
    said = ("FTMO 2-step: its day begins at 00:00 in Europe/Prague, yet the terminal has a day of its own, "
            "and that is what is judged by.")  # fmt: skip
    for explain in (True, False):
        assert said in sentences(under(day={"zone": "UTC"}), explain=explain)
        assert said not in sentences(under(), explain=explain)


def test_the_explanation_says_why_each_rule_is_there_and_what_to_do() -> None:
    own = {"name": "R", "metric": "margin.level_pct", "when": "below", "levels": [ONE], "why": "W.", "do": "D."}
    told = sentences(under(rules=[own]), explain=True)
    assert told[told.index("R: why: W.") :][:2] == ["R: why: W.", "R: what to do: D."]
    assert "R: why: W." not in sentences(under(rules=[own]))
    assert "; under the plan FTMO 2-step." in told[1]


@pytest.mark.parametrize(
    ("conduct", "said"),
    [
        (Conduct(min_days=4, news_min=2), "at least 4 trading days; no orders within 2 minutes of high-impact news"),
        (Conduct(flat_weekend=True, symbol_lots=5), "nothing held over the weekend; at most 5 lots of one symbol"),
        (Conduct(stop_within_s=60), "a stop on every position within 60 s"),
        (Conduct(), None),
    ],
)
def test_whatever_a_plan_asks_besides_its_floors_is_said_not_to_be_judged(conduct: Conduct, said: str | None) -> None:
    terminal = under().terminals[0]
    lines = plan_sentences(terminal, replace(packs.read("ftmo-2-step"), conduct=conduct))
    unjudged = [line.removeprefix("FTMO 2-step: not judged by Plimsoll: ") for line in lines if "not judged" in line]
    assert unjudged == ([f"{said}."] if said else [])


def test_floors_that_no_pack_has_can_be_told_as_well() -> None:
    """The arithmetic of the futures firms, and a day measured from its highest equity."""
    futures = replace(
        packs.read("e8-one"),
        daily=DailyLoss(anchor=Measured.PEAK, limit=Limit(amount=250.0, of=Share.MONEY)),
        maximum=MaximumLoss(trail=Trail.LIVE_EQUITY, limit=Limit(amount=2_500.0, of=Share.MONEY), lock=100.0),
    )
    first, second, *_ = plan_sentences(under("e8-one").terminals[0], futures)
    assert "the highest equity since 00:00 on the broker's clock less 250.00:" in first
    assert (
        "the highest equity ever, at least the initial 100,000.00, less 2,500.00, and never above 100,100.00" in second
    )
    assert plan_sentences(under("e8-one").terminals[0], replace(futures, daily=None, maximum=None))[0].startswith(
        "E8 One: equity counts"
    )


def test_two_accounts_under_one_plan_are_told_apart_by_name() -> None:
    accounts = [
        {"name": name, "login": login, "initial_balance": initial, "pack": "ftmo-2-step"}
        for name, login, initial in (("one", 1, 200_000.0), ("two", 2, 50_000.0))
    ]
    lines = sentences(from_table({"terminal": accounts}, source="test"), explain=True)
    assert any(line.startswith('FTMO 2-step of "two": the floor for good is 45,000.00') for line in lines)
