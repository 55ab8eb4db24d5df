"""Broken configs: every fault is named with its key or line, all of them at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.config import THIS_VERSION, ConfigError, from_table, load
from app.config.names import ACTIONS, THRESHOLDS, Catalogue

BROKEN = sorted(Path(__file__).with_name("broken_configs").glob("*.toml"))
MARK = "#> "


def faults_of(path: Path) -> list[str]:
    """What is wrong with a file, a line each, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    lines = [str(fault) for fault in caught.value.faults]
    assert str(caught.value).splitlines() == lines
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def rule(**changes: object) -> dict[str, object]:
    """A rule without a fault, with changes."""
    levels = [{"at": 150.0, "severity": "medium", "action": "alert"}]
    return {"name": "R", "metric": "margin.level_pct", "when": "below", "levels": levels} | changes


def faults_in(table: dict[str, object], catalogue: Catalogue = THIS_VERSION) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        from_table(table, source="c", catalogue=catalogue)
    return [str(fault) for fault in caught.value.faults]


def test_there_are_enough_broken_configs() -> None:
    assert len(BROKEN) >= 30


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_config_names_every_fault_and_nothing_else(path: Path) -> None:
    expected = [line.removeprefix(MARK) for line in path.read_text("utf-8").splitlines() if line.startswith(MARK)]
    found = faults_of(path)
    assert len(found) == len(expected), found
    for line, pattern in zip(found, expected, strict=True):
        # "…" stands for a list that grows with the program
        assert re.fullmatch(re.escape(pattern).replace("…", ".*"), line), line


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "file: found an empty file, expected at least one [[rule]]"),
        (b"\n# only a comment\n", "file: found an empty file, expected at least one [[rule]]"),
        (b"\x7fELF\x00\x00\x01", "file: found binary data, expected a config in TOML"),
        ("[app]".encode("utf-16"), "file: found UTF-16 text, expected UTF-8: save it again with that encoding"),
        ("# a\n# für\n".encode("latin-1"), "line 2: found a byte that is not UTF-8, expected UTF-8 text"),
    ],
    ids=["empty", "comments only", "binary", "UTF-16", "Latin-1"],
)
def test_a_file_that_is_no_config_is_one_clear_line(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    assert faults_of(path) == [expected]


def test_a_missing_file_and_a_folder_are_one_clear_line(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "none.toml") == ["file: found no such file, expected a config in TOML"]
    (found,) = faults_of(tmp_path)
    assert re.fullmatch("file: found [^,]+, expected a config that can be read", found)


@pytest.mark.parametrize("content", ["a = " + "[" * 100_000, "a = " + "9" * 5000], ids=["deep", "long"])
def test_a_file_that_defeats_the_parser_is_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(content)
    assert len(faults_of(path)) == 1


def test_what_a_config_says_never_breaks_the_line() -> None:
    found = faults_in({"app": {"mode": "a\nb\u2028c\x1b[31m"}, "o\ndd": 1})
    assert [line.splitlines() for line in found] == [[line] for line in found]
    assert all(line.isprintable() for line in found)


@pytest.mark.parametrize("zone", ["", "/etc/localtime", "../UTC", "Europe", "a\0b", "x" * 5000])
def test_a_zone_that_is_none_is_refused_whatever_it_would_open(zone: str) -> None:
    (found,) = faults_in({"day": {"zone": zone}})
    assert 'expected "server" or a time zone such as "Europe/Prague"' in found


def test_a_number_that_python_will_not_write_out_is_refused_all_the_same() -> None:
    (found,) = faults_in({"app": {"poll_ms": 16**5000}})
    assert found == "c: app.poll_ms: found a number of more than 64 bits, expected a whole number from 10 to 60000"


def test_a_fault_in_a_scenario_is_named_by_its_whole_path() -> None:
    with pytest.raises(ConfigError) as caught:
        from_table({"rule": [rule(rearm=-1)]}, source="s.toml", under="config.")
    assert str(caught.value) == "s.toml: config.rule[0].rearm: found -1, expected a number of at least 0"


@pytest.mark.parametrize("metric", sorted(THRESHOLDS))
def test_a_metric_that_this_version_lacks_is_said_to_be_lacking(metric: str) -> None:
    metrics = {name: found for name, found in THIS_VERSION.metrics.items() if name != metric}
    catalogue = Catalogue(metrics=metrics, responses=THIS_VERSION.responses)
    (found,) = faults_in({"rule": [rule(metric=metric)]}, catalogue)
    assert found.startswith(f'c: rule[0].metric: found "{metric}", not measured by this version; expected one of ')


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_that_this_version_lacks_is_said_to_be_lacking(action: str) -> None:
    responses = {name: found for name, found in THIS_VERSION.responses.items() if name != action}
    catalogue = Catalogue(metrics=THIS_VERSION.metrics, responses=responses)
    level = {"at": 1.0, "severity": "low", "action": action, "factor": 0.5}
    (found,) = faults_in({"rule": [rule(levels=[level])]}, catalogue)
    assert found.startswith(f'c: rule[0].levels[0].action: found "{action}", not an action of this version; ')


def test_a_secret_in_a_faulty_address_is_not_repeated() -> None:
    found = faults_in({"notify": {"urls": ["tgram:secret"]}}) + faults_in({"notify": {"urls": "tgram://secret"}})
    assert "secret" not in "".join(found)


def test_everything_wrong_with_a_level_is_listed_at_once() -> None:
    level = {"at": 120.0, "severity": "mediu", "action": "reduce", "order": "x", "percent": 500.0}
    found = faults_in({"rule": [rule(levels=[level])]})
    assert [fault.split(": ")[1] for fault in found] == [
        f"rule[0].levels[0].{key}" for key in ("severity", "order", "percent")
    ]


def test_a_halt_of_a_million_years_is_a_mistake() -> None:
    level = {"at": 120.0, "severity": "critical", "action": "halt", "until": 1e12}
    (fault,) = faults_in({"rule": [rule(levels=[level])]})
    assert "a year at most" in fault
