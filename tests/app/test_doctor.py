"""`plimsoll doctor`: every state that keeps the guard from acting is found, with its remedy, and it never hangs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.checks.doctor import Finding, State, terminal_findings
from app.cli import main
from bridge.examine import CallFacts, ClockFacts, Examination, SymbolFacts
from bridge.port import TerminalError
from bridge.simulator.launch import launched
from monitors.settings import TerminalSettings
from tests.bridge.standin.installation import PACKAGES, installed

SETTINGS = TerminalSettings(name="main", login=1001, server="Broker-Demo")
SYMBOL = SymbolFacts(
    symbol="EURUSD", flagged=("FOK", "IOC"), closes_with=("IOC", "FOK"), execution="market", trade_mode="full",
    volume_min=0.01, volume_step=0.01, volume_max=100.0,
)  # fmt: skip
SEEN = Examination(
    package="5.0.6231", name="MetaTrader 5", build=5260, path=r"C:\MetaTrader 5", data_path=r"C:\Data",
    company="Broker", login=1001, server="Broker-Demo", kind="demo", margin_mode="hedging", trade_allowed=True,
    trade_expert=True, algo_trading=True, api_disabled=False, connected=True, ping_ms=40.0, positions=1,
    symbols=(SYMBOL,), latency_ms={"account_info": 0.2, "positions_get": 0.3},
)  # fmt: skip
CALLS = CallFacts(latency_ms={"symbols_get": 150.0})
CLOCK = ClockFacts(zone="Europe/Athens", certain=True, why="60 of 60 weekends", offset_s=7200)
CONFIG = """
[app]
data_dir = "{data}"
[[terminal]]
name = "main"
backend = "{backend}"
path = '{path}'
login = {login}
clock = "{clock}"
[[rule]]
name = "Margin"
metric = "margin.level_pct"
when = "below"
levels = [{{ at = 150.0, severity = "medium", action = "alert" }}]
"""
Run = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture
def doctor(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Exit code and findings on a config of one terminal."""

    def run(backend: str = "simulator", path: str = "", login: int = 51023381,
            clock: str = "") -> tuple[int, list[dict[str, Any]]]:  # fmt: skip
        data = (tmp_path / "data").as_posix()
        text = CONFIG.format(data=data, backend=backend, path=path, login=login, clock=clock)
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        code = main(["doctor", "--json"])
        return code, json.loads(capfd.readouterr().out)

    return run


def of(findings: list[Finding], check: str) -> Finding:
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def about(
    seen: Examination = SEEN,
    clock: ClockFacts | TerminalError = CLOCK,
    settings: TerminalSettings = SETTINGS,
    calls: CallFacts | TerminalError = CALLS,
) -> list[Finding]:
    return terminal_findings(settings, 100, seen, calls, clock)


def test_where_nothing_is_wrong_nothing_is_warned_of() -> None:
    assert {finding.state for finding in about()} == {State.OK}


FAULTS: list[tuple[str, dict[str, Any], State]] = [
    ("account", {"login": 1002}, State.FAILED),
    ("account", {"server": "Other-Live"}, State.FAILED),
    ("connected", {"connected": False}, State.FAILED),
    ("algo trading", {"algo_trading": False}, State.FAILED),
    ("python api", {"api_disabled": True}, State.FAILED),
    ("account may trade", {"trade_allowed": False}, State.FAILED),
    ("programs may trade", {"trade_expert": False}, State.FAILED),
    ("closing EURUSD", {"symbols": (replace(SYMBOL, trade_mode="disabled"),)}, State.FAILED),
    ("closing EURUSD", {"symbols": (replace(SYMBOL, fault="no volume step"),)}, State.FAILED),
    ("closing EURUSD", {"symbols": (replace(SYMBOL, flagged=("BOC",), closes_with=("FOK", "IOC")),)}, State.WARNING),
    ("latency", {"latency_ms": {"positions_get": 101.0}}, State.WARNING),
]


@pytest.mark.parametrize(("check", "changed", "state"), FAULTS)
def test_each_obstacle_is_one_finding_with_a_remedy(check: str, changed: dict[str, Any], state: State) -> None:
    findings = about(replace(SEEN, **changed))
    bad = [finding for finding in findings if finding.state is not State.OK]
    assert [(finding.check, finding.state) for finding in bad] == [(check, state)]
    assert bad[0].remedy
    assert bad[0].terminal == "main"


def test_return_closes_where_the_broker_flags_no_other_filling_mode() -> None:
    symbol = replace(SYMBOL, flagged=(), closes_with=("RETURN", "IOC", "FOK"), execution="exchange")
    assert of(about(replace(SEEN, symbols=(symbol,))), "closing EURUSD").state is State.OK


def test_an_account_that_may_be_any_is_warned_of_with_the_login_to_write_down() -> None:
    found = of(about(settings=TerminalSettings(name="main")), "account")
    assert found.state is State.WARNING
    assert "login = 1001" in found.remedy


@pytest.mark.parametrize(
    "calls", [replace(CALLS, faults=("no answer to copy_ticks_from",)), TerminalError("no answer within 9.1 s")]
)
def test_a_call_that_no_beat_waits_for_is_warned_of_where_it_is_not_answered(calls: CallFacts | TerminalError) -> None:
    (bad,) = [finding for finding in about(calls=calls) if finding.state is not State.OK]
    assert (bad.check, bad.state, bool(bad.remedy)) == ("latency, other calls", State.WARNING, True)
    assert "no answer" in bad.found


CLOCKS: list[tuple[str, ClockFacts | TerminalError, State]] = [
    ("", replace(CLOCK, certain=False), State.WARNING),
    ("", replace(CLOCK, zone="", certain=False, why="no bars"), State.FAILED),
    ("", TerminalError("no answer within 20 s"), State.FAILED),
    ("Europe/Athens", replace(CLOCK, certain=False), State.OK),
    ("Europe/Athens", TerminalError("no answer within 20 s"), State.OK),
    ("Europe/London", CLOCK, State.WARNING),
]


@pytest.mark.parametrize(("said", "seen", "state"), CLOCKS)
def test_the_brokers_clock_is_held_against_the_config(
    said: str, seen: ClockFacts | TerminalError, state: State
) -> None:
    found = of(about(clock=seen, settings=replace(SETTINGS, clock=said)), "broker's clock")
    assert found.state is state
    assert bool(found.remedy) == (state is not State.OK)


def test_a_terminal_that_cannot_be_seen_is_that_finding_alone() -> None:
    error = TerminalError("the terminal is closed", "start it")
    (found,) = terminal_findings(SETTINGS, 100, error, error, error)
    assert (found.state, found.found, found.remedy) == (State.FAILED, "the terminal is closed", "start it")


def test_a_simulated_terminal_that_runs_with_the_program_only_is_started_for_the_look(doctor: Run) -> None:
    code, findings = doctor()
    assert code == 0
    assert {"terminal", "account", "algo trading", "latency"} <= {
        f["check"] for f in findings if f["terminal"] == "main"
    }
    assert all(f["state"] != "failed" for f in findings)
    others = next(f["found"] for f in findings if f["check"] == "latency, other calls")
    assert all(name in others for name in ("symbols_get", "order_calc_margin", "order_calc_profit", "copy_ticks_from"))


def test_a_simulated_terminal_with_a_path_that_does_not_run_is_no_terminal(doctor: Run, tmp_path: Path) -> None:
    code, findings = doctor(path=str(tmp_path / "none.json"))
    (failed,) = [f for f in findings if f["state"] == "failed"]
    assert (code, failed["terminal"], failed["check"]) == (1, "main", "terminal")
    assert "not running" in failed["found"]
    assert failed["remedy"]


def test_a_simulated_terminal_that_runs_is_the_one_looked_at(doctor: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.toml"
    scenario.write_text('[scenario]\nlength_s = 60\n[account]\nlogin = 77\n[[symbol]]\nname = "A"\n', encoding="utf-8")
    with launched(tmp_path / "simulator.json", scenario=scenario):
        code, findings = doctor(path=str(tmp_path / "simulator.json"), login=77)
    assert code == 0
    assert next(f["found"] for f in findings if f["check"] == "account").startswith("77 on ")


def test_a_login_that_the_terminal_does_not_have_fails(doctor: Run) -> None:
    code, findings = doctor(login=4)
    assert code == 1
    assert "51023381" in next(f["remedy"] for f in findings if f["state"] == "failed")


def test_metatrader_without_its_package_is_one_clear_finding(doctor: Run) -> None:
    code, findings = doctor(backend="mt5")
    (failed,) = [f for f in findings if f["state"] == "failed"]
    assert code == 1
    assert "Windows only" in failed["found"]
    assert failed["remedy"]


def test_metatrader_that_runs_is_examined(doctor: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PACKAGES))
    with installed(tmp_path / "mt5") as path:
        code, findings = doctor(backend="mt5", path=str(path), clock="new-york-close")
    assert code == 0, findings
    assert [f["found"] for f in findings if f["check"] == "package"] == ["MetaTrader5 5.0.6231"]


def test_metatrader_that_its_user_closed_is_found_closed_and_not_started(
    doctor: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PACKAGES))
    path = tmp_path / "terminal64.exe"
    path.touch()
    code, findings = doctor(backend="mt5", path=str(path))
    (failed,) = [f for f in findings if f["state"] == "failed"]
    assert (code, failed["found"]) == (1, f"the terminal is closed: {path}")
    assert not (tmp_path / "started").exists()


def test_a_broken_config_exits_two_with_what_is_wrong(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text("[app]\nmode = 'armd'\n", encoding="utf-8")
    assert main(["doctor"]) == 2
    told = capfd.readouterr()
    assert "armd" in told.out
    assert "Traceback" not in told.out + told.err


def test_a_person_reads_the_state_first_and_the_remedy_below(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = CONFIG.format(data="data", backend="mt5", path="", login=5, clock="")
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert main(["doctor"]) == 1
    lines = capfd.readouterr().out.splitlines()
    where = next(i for i, line in enumerate(lines) if line.startswith("failed   main: terminal: "))
    assert lines[where + 1].startswith("         -> ")
    assert lines[-1].startswith("1 failed, ")
