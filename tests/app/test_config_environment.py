"""Values from the environment: where they land, how they are read, and which names are refused."""

from __future__ import annotations

import pytest

from app.config import ConfigError, from_table
from app.config.sections import ROOT
from monitors.settings import Config, Strategy

RULE = {
    "name": "R",
    "metric": "margin.level_pct",
    "when": "below",
    "levels": [
        {"at": 150.0, "severity": "medium", "action": "alert"},
        {"at": 120.0, "severity": "critical", "action": "close_all"},
    ],
}


def read(**variables: str) -> Config:
    """A config with one rule and these variables."""
    environ = {f"PLIMSOLL_{name}": value for name, value in variables.items()}
    return from_table({"rule": [RULE]}, source="test", environ={"PATH": "/bin", "PLIMSOLL": "x"} | environ)


def refused(**variables: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(**variables)
    return [str(fault) for fault in caught.value.faults]


def test_the_environment_comes_before_the_file() -> None:
    table = {"app": {"mode": "armed", "poll_ms": 50}, "terminal": [{"login": 1}]}
    config = from_table(table, source="test", environ={"PLIMSOLL_APP__MODE": "observe"})
    assert not config.armed
    assert config.poll_ms == 50
    assert table["app"] == {"mode": "armed", "poll_ms": 50}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"C:\Terminal\terminal64.exe", r"C:\Terminal\terminal64.exe"),
        (r"'C:\Terminal'", r"C:\Terminal"),
        ("", ""),
        ("2026-03-02", "2026-03-02"),
        ('a"\nname = "b', 'a"\nname = "b'),
        ("1\nname = 2", "1\nname = 2"),
    ],
    ids=["a bare path", "TOML text", "nothing", "a date", "no TOML", "more than a value"],
)
def test_a_value_is_toml_where_it_parses_and_else_text(value: str, expected: str) -> None:
    assert read(APP__DATA_DIR=value).data_dir == expected


def test_a_time_of_day_needs_no_quotes() -> None:
    assert read(DAY__RESET="17:30").day.reset_minute == 1050


def test_items_of_lists_are_reached_by_number() -> None:
    config = read(RULE__0__REARM="5", RULE__0__LEVELS__1__AT="110", RULE__0__ACCOUNTS='["a", "b"]')
    assert config.rules[0].rearm == 5.0
    assert config.rules[0].levels[1].at == 110.0
    assert config.rules[0].accounts == ("a", "b")


def test_what_is_not_there_yet_is_made() -> None:
    config = read(
        TERMINAL__0__LOGIN="1001",
        TERMINAL__0__DAY__ZONE="Europe/Prague",
        TERMINAL__1__NAME="second",
        STRATEGIES__7001__NAME="London",
        APP__MODE="observe",
    )
    assert [(t.name, t.login, t.day.zone) for t in config.terminals] == [
        ("main", 1001, "Europe/Prague"),
        ("second", 0, "server"),
    ]
    assert config.strategies == {7001: Strategy(name="London")}


def test_a_whole_comes_before_its_parts() -> None:
    assert read(STREAM__PORT="9000", STREAM="{ enabled = true, port = 1 }").stream.port == 9000


LOST = "found a name that leads nowhere, expected "
CAPITALS = LOST + "a path in capitals, such as PLIMSOLL_APP__MODE"
INDEX = LOST + "a number from 0 to 1 after rule"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("APP__MODE", "arm", 'found "arm", expected one of "observe", "armed"; did you mean "armed"?'),
        ("APP__POLL_MS", "fast", 'found "fast", expected a whole number from 10 to 60000'),
        ("APP__MOD", "x", 'found an unknown key, expected one of data_dir, mode, poll_ms; did you mean "mode"?'),
        ("LOG", "x", f"found an unknown key, expected one of {', '.join(sorted(ROOT))}"),
        ("APP", "armed", 'found "armed", expected a table'),
        ("app__mode", "armed", CAPITALS),
        ("APP__", "x", CAPITALS),
        ("", "x", CAPITALS),
        ("RULE__2__REARM", "5", INDEX),
        ("RULE__X__REARM", "5", INDEX),
        ("RULE__0__NAME__X", "5", LOST + 'a path of the config: rule[0].name holds "R"'),
    ],
)
def test_a_variable_that_makes_no_sense_is_refused_by_its_name(name: str, value: str, expected: str) -> None:
    assert refused(**{name: value}) == [f"environment: PLIMSOLL_{name}: {expected}"]


def test_what_a_variable_breaks_elsewhere_is_named_there() -> None:
    (found,) = refused(RULE__0__LEVELS__0__AT="100")
    assert found.startswith("test: rule[0].levels[1].at: found 120.0, expected a number below the 100.0 ")


def test_faults_of_file_and_environment_come_together() -> None:
    with pytest.raises(ConfigError) as caught:
        from_table({"app": {"poll_ms": 1}}, source="c", environ={"PLIMSOLL_STREAM__PORT": "0", "PLIMSOLL_X": "1"})
    assert [(fault.file, fault.key) for fault in caught.value.faults] == [
        ("environment", "PLIMSOLL_X"),
        ("c", "app.poll_ms"),
        ("environment", "PLIMSOLL_STREAM__PORT"),
    ]
