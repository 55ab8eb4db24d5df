"""What `plimsoll doctor` finds of the machine itself: disk, libraries, the instance, and nothing that it waits for."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.checks.doctor import Finding, State
from app.checks.machine import FULL_MB, MEGABYTE, TIGHT_MB, WAL_MENDED, _within, libraries, machine_findings
from app.instance.control import FILE, Listener
from app.store.folder import held
from bridge.clock import SystemClock
from monitors.settings import Config
from tests.builders import rule


def of(findings: list[Finding], check: str) -> Finding:
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def test_a_data_folder_that_cannot_be_written_fails_and_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    found = of(machine_findings(Config(), Path("/proc/plimsoll"), SystemClock()), "data folder")
    assert found.state is State.FAILED
    assert "app.data_dir" in found.remedy


@pytest.mark.parametrize("deeper", ["", "deeper"])
def test_a_data_folder_that_is_a_file_fails_as_a_start_does(tmp_path: Path, deeper: str) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    found = of(machine_findings(Config(), tmp_path / "data" / deeper, SystemClock()), "data folder")
    assert (found.state, "app.data_dir" in found.remedy) == (State.FAILED, True)
    assert found.found.endswith("a file is in the way")


def test_armed_without_rules_is_warned_of(tmp_path: Path) -> None:
    config = Config(source="config.toml", armed=True)
    found = of(machine_findings(config, tmp_path, SystemClock()), "config")
    assert (found.state, "nothing can trip" in found.found, bool(found.remedy)) == (State.WARNING, True, True)
    assert of(machine_findings(replace(config, armed=False), tmp_path, SystemClock()), "config").state is State.OK


@pytest.mark.parametrize(("count", "said"), [(1, "1 rule,"), (2, "2 rules,")])
def test_rules_are_counted_in_words_that_fit(tmp_path: Path, count: int, said: str) -> None:
    config = Config(source="config.toml", rules=(rule(),) * count)
    assert said in of(machine_findings(config, tmp_path, SystemClock()), "config").found


def test_a_look_at_the_data_folder_leaves_nothing_there(tmp_path: Path) -> None:
    findings = machine_findings(Config(), tmp_path / "data" / "deeper", SystemClock())
    assert of(findings, "data folder").state is State.OK
    assert of(findings, "disk speed").state is State.OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("free_mb", "state"),
    [(FULL_MB - 1, State.FAILED), (FULL_MB, State.WARNING), (TIGHT_MB - 1, State.WARNING), (TIGHT_MB, State.OK)],
)
def test_a_disk_that_is_all_but_full_fails_and_a_tight_one_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: State
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_mb * MEGABYTE))
    found = of(machine_findings(Config(), tmp_path, SystemClock()), "disk space")
    assert (found.state, bool(found.remedy)) == (state, state is not State.OK)


def test_a_running_instance_is_seen_and_no_fault(tmp_path: Path) -> None:
    instance = Listener(tmp_path, lambda _: {"ok": True})
    try:
        found = of(machine_findings(Config(), tmp_path, SystemClock()), "instance")
    finally:
        instance.close()
    assert (found.state, found.found.endswith("answers")) == (State.OK, True)


def test_an_instance_that_does_not_answer_is_named_by_its_process(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"port": 1, "secret": "", "pid": os.getpid()}), encoding="utf-8")
    with held(tmp_path):
        found = of(machine_findings(Config(), tmp_path, SystemClock()), "instance")
    assert found.state is State.FAILED
    assert f"process {os.getpid()}" in found.found
    assert "plimsoll stop" in found.remedy


def test_what_an_instance_that_was_killed_left_behind_is_no_instance(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"port": 1, "secret": "", "pid": os.getpid()}), encoding="utf-8")
    assert of(machine_findings(Config(), tmp_path, SystemClock()), "instance").state is State.OK


def test_an_old_sqlite_is_warned_of_and_no_failure() -> None:
    found = of(libraries(), "sqlite")
    old = tuple(map(int, sqlite3.sqlite_version.split("."))) < WAL_MENDED
    assert found.state is (State.WARNING if old else State.OK)


def test_a_look_that_hangs_is_given_up() -> None:
    over = threading.Event()
    try:
        assert _within(over.wait, lambda: False, 0.05) is False
    finally:
        over.set()
