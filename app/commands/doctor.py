"""`plimsoll doctor`: everything that could keep the guard from acting, each finding with its remedy."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from app.attachments import attachment
from app.checks.doctor import Finding, State, failed, terminal_findings
from app.checks.machine import libraries, machine_findings
from app.commands import BAD_INPUT, DONE, FAILED, written
from app.commands.where import config_path
from app.config import ConfigError, load
from app.main import data_folder
from app.words import plain
from bridge.attach import Attachment
from bridge.clock import SystemClock
from bridge.examine import CallFacts, ClockFacts, Examination, calls_timed, clock_found, examined
from bridge.port import TerminalError
from bridge.simulator import addressed
from bridge.simulator.launch import launched
from monitors.settings import Config, TerminalSettings

T = TypeVar("T")
TERMINAL_S, CLOCK_S = 10.0, 20.0
"""How long a terminal may take to answer all calls, and to fetch the bars that show its broker's clock."""


def run(args: argparse.Namespace) -> int:
    """Exit 1 where something failed, 2 where the config did."""
    try:
        config = load(config_path(args.config), os.environ)
    except ConfigError as error:
        _told([failed("config", str(error), "plimsoll check says the same"), *libraries()], as_json=args.json)
        return BAD_INPUT
    found = checked(config)
    _told(found, as_json=args.json)
    return FAILED if any(finding.state is State.FAILED for finding in found) else DONE


def checked(config: Config) -> list[Finding]:
    """All findings, the machine's first; every terminal is asked at the same time."""
    folder = data_folder(config)
    found = machine_findings(config, folder, SystemClock())
    with ThreadPoolExecutor(max_workers=max(1, len(config.terminals))) as pool:
        for findings in pool.map(lambda settings: _examined(config, settings, folder), config.terminals):
            found += findings
    return found


def _examined(config: Config, settings: TerminalSettings, folder: Path) -> list[Finding]:
    seen: Examination | TerminalError
    calls: CallFacts | TerminalError
    clock: ClockFacts | TerminalError
    ticking = SystemClock()
    try:
        with _reachable(settings, folder) as where:
            end_s = ticking.monotonic() + TERMINAL_S
            seen = examined(where, TERMINAL_S)
            calls = _or_why(lambda: calls_timed(where, max(0.1, round(end_s - ticking.monotonic(), 1))))
            clock = _or_why(lambda: clock_found(where, CLOCK_S))
    except TerminalError as error:
        seen = calls = clock = error
    return terminal_findings(settings, config.poll_ms, seen, calls, clock)


def _or_why(look: Callable[[], T]) -> T | TerminalError:
    """What is found, or why it is not: the rest stands all the same."""
    try:
        return look()
    except TerminalError as error:
        return error


@contextmanager
def _reachable(settings: TerminalSettings, folder: Path) -> Iterator[Attachment]:
    """The terminal of the config; a simulated one that runs with the program only is started for the look."""
    where = attachment(settings, folder)
    if settings.backend != "simulator" or settings.path or addressed.running(Path(where.path)):
        yield where
        return
    with tempfile.TemporaryDirectory(prefix="plimsoll-doctor-") as place:
        file = Path(place) / "simulator.json"
        with launched(file):
            yield replace(where, path=str(file))


def _told(findings: Sequence[Finding], *, as_json: bool) -> None:
    if as_json:
        written(msgspec.json.format(msgspec.json.encode(findings), indent=1).decode())
        return
    for finding in findings:
        name = f"{finding.terminal}: {finding.check}" if finding.terminal else finding.check
        written(plain(f"{finding.state:8} {name}: {finding.found}"))
        if finding.remedy and finding.state is not State.OK:
            written(plain(f"         -> {finding.remedy}"))
    counts = {state: sum(finding.state is state for finding in findings) for state in (State.FAILED, State.WARNING)}
    written(f"{counts[State.FAILED]} failed, {counts[State.WARNING]} warnings, {len(findings)} looked at")
