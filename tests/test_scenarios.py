"""Scenarios from end to end: the project's own, those beside the clone, and the same output every time."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli

from app.events import Event, line
from app.simulate import simulate
from bridge.simulator.events import EXCHANGE_EVENTS
from bridge.simulator.scenario import load
from bridge.simulator.scenario_events import APP_EVENTS
from monitors.responses import RESPONSES
from monitors.responses.ranking import ORDERS
from tests.scenarios.expectations import KEYS, WORDS, alike, faults, stream_faults

ROOT = Path(__file__).resolve().parents[1]
OWN = sorted((ROOT / "tests" / "scenarios").glob("*.toml"))
BESIDE = sorted((ROOT.parent / "shared" / "scenarios").glob("*.toml"))
TWICE = ("killed-between-partial-fills", "plans-of-one-beat-merge", "a-rule-stops-everything", "under-forty-percent")


@cache
def told(path: Path) -> list[dict[str, Any]]:
    """The events of a scenario as a reader of the stream gets them."""
    events: list[Event] = []
    simulate(load(path), events.append, {})
    return [msgspec.json.decode(line(event)) for event in events]


@cache
def table(path: Path) -> dict[str, Any]:
    return tomli.loads(path.read_text(encoding="utf-8"))


def named(paths: list[Path]) -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in paths]


@pytest.mark.parametrize("path", named(OWN))
def test_a_scenario_of_the_project_ends_as_it_expects(path: Path) -> None:
    assert faults(told(path), table(path)) == []


@pytest.mark.parametrize("path", named(BESIDE) or [pytest.param(Path(), id="none")])
def test_a_scenario_beside_the_clone_ends_as_it_expects(path: Path, shared: Path) -> None:
    assert faults(told(path), table(path)) == []


def test_the_scenarios_tell_every_kind_of_event_and_state() -> None:
    events = [event for path in OWN for event in told(path)]
    assert {*KEYS, "end"} <= {event["event"] for event in events}
    for name, states in WORDS.items():
        assert states == {event["state"] for event in events if event["event"] == name}
    assert {event["kind"] for event in events if event["event"] == "flow"} == {"deposit", "withdrawal", "credit"}


def test_the_scenarios_use_every_happening_action_order_and_click() -> None:
    happenings = [event for path in OWN for event in table(path).get("event", [])]
    levels = [level for path in OWN for rule in table(path)["config"].get("rule", []) for level in rule["levels"]]
    assert {event["do"] for event in happenings} == EXCHANGE_EVENTS | APP_EVENTS
    assert {event["what"] for event in happenings if event["do"] == "click"} == {
        "emergency_stop", "reset", "acknowledge", "consent"
    }  # fmt: skip
    assert {level["action"] for level in levels} == set(RESPONSES)
    assert {level["order"] for level in levels if "order" in level} == set(ORDERS)


@pytest.mark.parametrize("name", TWICE)
def test_a_scenario_prints_the_same_bytes_in_two_processes(name: str) -> None:
    def printed(seed: str) -> bytes:
        command = [sys.executable, "-m", "app", "simulate", f"tests/scenarios/{name}.toml"]
        environ = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True).stdout

    first = printed("1")
    assert first.count(b"\n") > 3
    assert printed("2") == first


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ({"balance": 3199.98}, "balance is"),
        ({"halted": True}, "halted is"),
        ({"positions": []}, "held at the end"),
        ({"positions": [{"position": 1, "volume": 1.6, "side": "sell"}]}, "held at the end"),
        ({"counts": [["plan", 2, 9]]}, "1 times plan"),
        ({"event": [{"event": "intent"}, {"event": "plan"}]}, "not in its place"),
        ({"event": [{"event": "plan", "before_s": 10.0}]}, "not in its place"),
        ({"event": [{"event": "outcome", "retcode": None}]}, "not in its place"),
        ({"some": [{"event": "intent", "volume": 0.41}]}, "nowhere"),
        ({"never": [{"event": "intent", "after_s": 10.0}]}, "forbidden"),
    ],
)
def test_the_judge_finds_what_is_not_as_expected(wanted: dict[str, Any], fault: str) -> None:
    path = ROOT / "tests" / "scenarios" / "observe-then-armed.toml"
    events = [event for event in told(path) if event["at"] > "2026-03-02T08:00:19"]
    start = {"scenario": table(path)["scenario"]}
    found = [text for text in faults(events, start | {"expect": wanted}) if text.startswith(fault)]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("index", "change", "fault"),
    [
        (0, {"at": "2026-03-02T08:00:00Z"}, "no time"),
        (1, {"at": "2026-03-02T07:59:59.000Z"}, "time runs back"),
        (2, {"state": "done"}, "no state"),
        (3, {"episode": 9}, "a plan of no episode"),
        (3, {"note": "more"}, "its keys are"),
        (4, {"request": 2}, "request numbers"),
        (5, {"request": 2}, "an outcome of nothing open"),
        (5, {"filled": 0.41}, "more was filled"),
        (5, {"filled": float("inf")}, "no number"),
    ],
)
def test_the_judge_finds_what_no_stream_may_hold(index: int, change: dict[str, Any], fault: str) -> None:
    events = told(ROOT / "tests" / "scenarios" / "a-withdrawal-lowers-the-margin-level.toml")
    events = [event for event in events if event["event"] not in ("flow", "end")]
    assert list(stream_faults(events)) == []
    spoilt = [event | change if place == index else event for place, event in enumerate(events)]
    assert any(fault in text for text in stream_faults(spoilt))


def test_a_second_request_while_one_is_open_is_found() -> None:
    events = told(ROOT / "tests" / "scenarios" / "absent-for-a-minute.toml")
    intent = next(event for event in events if event["event"] == "intent")
    place = events.index(intent) + 1
    found = stream_faults([*events[:place], intent | {"request": 2}, *events[place:]])
    assert any("a second request" in text for text in found)


def test_figures_are_alike_within_half_a_cent_and_truths_are_no_figures() -> None:
    assert alike(1.005, 1.0)
    assert not alike(1.006, 1.0)
    assert not alike(True, 1.0)
    assert not alike(None, 0.0)
