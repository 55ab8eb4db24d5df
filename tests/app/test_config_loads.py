"""Whole configs: the one that comes with the program, defaults, overrides, digests."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from app.config import THIS_VERSION, from_table, load
from app.config.levels import level_keys
from app.config.rules import RULE
from app.config.sections import APP, DAY, DESK, NOTIFY, ROOT, STRATEGY, STREAM, TERMINAL
from monitors.metrics import METRICS
from monitors.responses import RESPONSES
from monitors.settings import Config, DaySettings, Strategy, TerminalSettings

SHIPPED = Path(__file__).parents[2] / "config.toml"
ONE = {"at": 150.0, "severity": "medium", "action": "alert"}


def read(text: str) -> Config:
    """The config that a text gives."""
    return from_table(tomli.loads(text), source="test")


def one_rule(**changes: object) -> Config:
    """A config with one rule."""
    rule = {"name": "R", "metric": "margin.level_pct", "when": "below", "levels": [ONE]} | changes
    return from_table({"rule": [rule]}, source="test")


def test_the_config_that_comes_with_the_program_has_no_fault_and_sends_nothing() -> None:
    config = load(SHIPPED, {})
    assert not config.armed
    assert {rule.metric for rule in config.rules} >= {
        "margin.level_pct",
        "drawdown.daily_pct",
        "drawdown.weekly_pct",
        "drawdown.max_pct",
    }
    assert all(rule.why and rule.do for rule in config.rules)


def test_the_config_that_comes_with_the_program_spells_out_the_defaults() -> None:
    rules = load(SHIPPED, {}).rules
    spelt = dataclasses.replace(load(SHIPPED, {}), rules=(), digest="", source="")
    assert rules
    assert spelt == dataclasses.replace(load(None, {}), digest="", source="")


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("root", ROOT),
        ("app", APP),
        ("day", DAY),
        ("terminal", TERMINAL),
        ("strategies", STRATEGY),
        ("rule", RULE),
        ("level", ["at", "severity", "action", *{k for name in RESPONSES for k in level_keys(THIS_VERSION, name)}]),
        ("stream", STREAM),
        ("notify", NOTIFY),
        ("desk", DESK),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_key_is_explained_in_the_config_that_comes_with_the_program(table: str, keys: list[str]) -> None:
    text = SHIPPED.read_text("utf-8")
    written = r"^\[+{}\]" if table == "root" else r"\b{} = "
    assert [key for key in keys if not re.search(written.format(key), text, re.MULTILINE)] == []


@pytest.mark.parametrize("name", [*METRICS, *RESPONSES])
def test_every_metric_and_action_is_named_in_the_config_that_comes_with_the_program(name: str) -> None:
    text = SHIPPED.read_text("utf-8")
    assert name in text or (name.endswith("_pct") and name.removesuffix("_pct") in text)


def test_without_a_file_there_is_one_terminal_and_no_rule() -> None:
    config = load(None, {})
    assert config.terminals == (TerminalSettings(name="main", backend="mt5", login=0),)
    assert config.rules == ()
    assert config.source == "defaults"


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + b"[app]\r\npoll_ms = 250\r\n")
    assert load(path, {}).poll_ms == 250


def test_confirmation_stays_open_and_hardness_comes_from_the_metric() -> None:
    assert one_rule().rules[0].confirm is None
    assert one_rule(confirm=3).rules[0].confirm == 3
    assert one_rule().rules[0].hard is True
    assert one_rule(metric="exposure.hhi", when="above", levels=[ONE | {"at": 0.5}]).rules[0].hard is False
    assert one_rule(hard=False).rules[0].hard is False


def test_a_terminal_overrides_the_day_key_by_key() -> None:
    config = read("""
        day = { zone = "Europe/Prague", reset = "01:30", week_starts = "sunday" }
        [[terminal]]
        name = "a"
        [[terminal]]
        name = "b"
        day = { reset = "17:00" }
    """)
    assert [terminal.day for terminal in config.terminals] == [
        DaySettings(zone="Europe/Prague", reset_minute=90, week_starts=6),
        DaySettings(zone="Europe/Prague", reset_minute=1020, week_starts=6),
    ]


def test_a_scenario_brings_its_own_terminal_which_fills_what_is_left_out() -> None:
    own = TerminalSettings(name="main", backend="simulator", login=1001)
    armed = {"app": {"mode": "armed"}, "day": {"reset": "02:00"}}
    expected = dataclasses.replace(own, day=DaySettings(reset_minute=120))
    assert from_table(armed, source="s", terminal=own).terminals == (expected,)
    given = from_table(armed | {"terminal": [{"high_water": 5}]}, source="s", terminal=own).terminals
    assert given == (dataclasses.replace(expected, high_water=5.0),)


def test_strategies_are_known_by_their_magic_number() -> None:
    config = read('[strategies]\n7001 = { name = "London breakout", timeframe = "M15" }\n')
    assert config.strategies == {7001: Strategy(name="London breakout", timeframe="M15")}


def test_equal_configs_have_equal_digests_whatever_their_files_look_like(tmp_path: Path) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text("[app]\npoll_ms = 100\n[stream]\nport = 9000\n[[terminal]]\nhigh_water = 5\n")
    second.write_text("# another\n[[terminal]]\nhigh_water = 5.0\nname = 'main'\n[stream]\nport = 9_000\n")
    assert load(first, {}).digest == load(second, {}).digest
    assert re.fullmatch("[0-9a-f]{12}", load(first, {}).digest)


def test_different_configs_have_different_digests() -> None:
    actions: list[dict[str, object]] = [
        {"action": "alert"},
        {"action": "close_all"},
        {"action": "cancel_pendings"},
        {"action": "halt"},
        {"action": "reduce", "percent": 50},
        {"action": "reduce", "percent": 51},
    ]
    changes: list[dict[str, object]] = [{"levels": [ONE | action]} for action in actions]
    changes += [
        {"levels": [ONE | {"at": 140}]},
        {"levels": [ONE | {"severity": "low"}]},
        {"name": "S"},
        {"rearm": 1},
        {"confirm": 2},
    ]
    assert len({one_rule(**change).digest for change in changes}) == len(changes)


def test_the_digest_is_the_same_in_every_process() -> None:
    """It stands in journals, so it may not depend on how Python hashes text today."""
    code = f"import pathlib, app.config; print(app.config.load(pathlib.Path({str(SHIPPED)!r}), {{}}).digest)"
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=SHIPPED.parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == load(SHIPPED, {}).digest


@pytest.mark.parametrize("clock", ["", "new-york-close", "gmt+2-australia", "Europe/Athens", "Etc/GMT-3", "UTC"])
def test_a_brokers_clock_is_one_of_its_own_kind_or_a_time_zone(clock: str) -> None:
    (terminal,) = read(f'[[terminal]]\nclock = "{clock}"').terminals
    assert terminal.clock == clock


def test_the_scenarios_of_the_house_are_read(shared: Path) -> None:
    for path in sorted(shared.glob("scenarios/*.toml")):
        scenario = tomli.loads(path.read_text("utf-8"))
        terminal = TerminalSettings(login=scenario["account"]["login"])
        assert from_table(scenario["config"], source=path.name, terminal=terminal).rules
