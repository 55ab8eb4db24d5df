"""Secrets of the config, the keyring and the environment are used, and lie nowhere that somebody might pass on."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from app.archive.putting import archivist
from app.cli import main
from app.commands import TOLD
from app.config import ConfigError, load
from app.engine import Engine
from app.main import Program, World
from app.operations.logbook import LOG
from app.operations.recording import recorded
from app.push.targets import store
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.crashes import CRASHES
from bridge.simulator.clock import VirtualClock
from tests.app.push.service import Service
from tests.app.push.vault import BACKEND
from tests.app.scripted import START, ScriptedTerminal, plain

LOGIN = "51023381"
SECRETS = ("canary-of-config", "canary-of-keyring", "canary-of-environment", "canary-of-password")
CONFIG = """
[[terminal]]
name = "main"
backend = "simulator"
login = 51023381
[[rule]]
name = "Floor"
metric = "equity"
when = "below"
levels = [{{ at = 9500.0, severity = "critical", action = "alert" }}]
[notify]
urls = ["json://me:canary-of-password@{host}/canary-of-config", "keyring:phone"]
"""


def never() -> World:
    raise AssertionError


def fail(words: str) -> NoReturn:
    raise RuntimeError(words)


def engine_of(program: Program, terminal: ScriptedTerminal, clock: VirtualClock, say: Callable[[str], None]) -> Engine:
    folder = program.folder
    return Engine(program.config, clock, Journal(folder / "journal.db"), SpareJournal(folder / "emergency.jsonl"),
                  lambda _: terminal, program.sinks, say=say, history=archivist(folder, clock, say),
                  push=program.push)  # fmt: skip


def alarmed(engine: Engine, terminal: ScriptedTerminal, clock: VirtualClock) -> None:
    """A critical alert is raised."""
    engine.start()
    terminal.hold(plain(1))
    for bid in (1.0, 1.0, 0.99, 0.99):
        terminal.bid = bid
        engine.beat()
        engine.frame()
        clock.advance_to(clock.utc_ms() + 100)
    assert engine.shared.alerts.standing("main", "Floor")


def everything_goes_wrong(engine: Engine, file: Path, host: str, say: Callable[[str], None]) -> None:
    """A config with its secret in a broken line and one of the environment, a crash, a careless line of the log."""
    file.write_text(file.read_text().replace('", "keyring', ', "keyring'))
    with pytest.raises(ConfigError) as refused:
        load(file, {})
    engine.audit.refused(str(refused.value))
    with pytest.raises(ConfigError) as astray:
        load(None, {"PLIMSOLL_NOTIFY__URLS": f"json://{SECRETS[2]}", "PLIMSOLL_NOTIFY__URLS__0": "x"})
    engine.audit.refused(str(astray.value))
    with pytest.raises(RuntimeError) as ended:
        fail(f"json://{host}/{SECRETS[0]} password={SECRETS[3]} login {LOGIN}")
    assert CRASHES.write(ended.value)
    say(f"token={SECRETS[1]}, Authorization: Basic {SECRETS[2]}")


def exported(folder: Path, out: Path) -> None:
    for command in (["audit", "export", "--format", "jsonl", "--out", f"{out}/a.jsonl"],
                    ["audit", "export", "--out", f"{out}/a.csv"], ["report", "--out", f"{out}/r.html"]):  # fmt: skip
        assert main([*command, "--data", str(folder)]) == 0


@pytest.mark.timeout(400)
def test_no_log_report_export_or_event_holds_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKEND)
    monkeypatch.setenv("VAULT", str(tmp_path / "vault.json"))
    folder, out, file, clock = tmp_path / "data", tmp_path / "out", tmp_path / "config.toml", VirtualClock(START)

    def say(text: str) -> None:
        LOG.info("%s", text)

    with Service("refuse") as service:
        host = service.url.removeprefix("json://")
        file.write_text(CONFIG.format(host=host))
        store("phone", f"json://{host}/canary-of-keyring")
        program = Program(load(file, {"PLIMSOLL_NOTIFY__URLS__2": f"json://{host}/canary-of-environment"}), never,
                          folder, say)  # fmt: skip
        with recorded(program, say, TOLD):
            terminal = ScriptedTerminal(clock, login=int(LOGIN))
            engine = engine_of(program, terminal, clock, say)
            alarmed(engine, terminal, clock)
            for _ in range(3):
                assert service.asked.acquire(timeout=120)
            assert program.push.close(60)
            everything_goes_wrong(engine, file, host, say)
            engine.beat()
            engine.close()
    used = " ".join(service.paths)
    assert all(secret in used for secret in SECRETS[:3]), "they were really there"
    assert base64.b64encode(f"me:{SECRETS[3]}".encode()).decode() in used
    out.mkdir()
    exported(folder, out)
    text = (out / "a.jsonl").read_text()
    assert '"event":"push"' in text
    assert "error=503" in text
    told = capfd.readouterr()
    found = {"stdout": told.out.encode(), "stderr": told.err.encode()}
    found |= {str(path): path.read_bytes() for where in (folder, out) for path in where.rglob("*") if path.is_file()}
    assert {"plimsoll.log", "journal.db", "history.db", "r.html"} <= {Path(name).name for name in found}
    assert any("crash-" in name for name in found)
    assert [(name, secret) for name, held in found.items() for secret in SECRETS if secret.encode() in held] == []
    kept = [held for name, held in found.items() if "logs" in name or "crash" in name]
    assert not any(LOGIN.encode() in held for held in kept)
