"""`plimsoll push set`, `list` and `test` as a user types them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from app.commands.push import NONE
from tests.app.push.service import Service

ROOT = Path(__file__).resolve().parents[3]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def plimsoll(capfd: pytest.CaptureFixture[str]) -> Run:
    """Exit code, stdout and stderr of a command."""

    def run(*given: str) -> tuple[int, str, str]:
        try:
            code = main(given)
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capfd.readouterr()
        return code, told.out, told.err

    return run


def config(folder: Path, *urls: str) -> str:
    path = folder / "config.toml"
    path.write_text(f"[notify]\nurls = {json.dumps(urls)}\n")
    return str(path)


def test_set_stores_what_a_program_gives_on_stdin_and_shows_nothing_of_it(
    plimsoll: Run, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("tgram://hidden/1\n"))
    code, out, err = plimsoll("push", "set", "phone")
    assert (code, err) == (0, "")
    assert "keyring:phone" in out
    assert "hidden" not in out
    assert json.loads(vault.read_text()) == {"plimsoll/phone": "tgram://hidden/1"}


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [("phone", "hidden\n", "nothing stored"), ("phone", "", "nothing stored"), ("json://hidden", "", "NAME: expected")],
)
def test_set_stores_nothing_that_is_no_address(
    plimsoll: Run, vault: Path, monkeypatch: pytest.MonkeyPatch, name: str, typed: str, said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    code, out, err = plimsoll("push", "set", name)
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert "hidden" not in err
    assert not vault.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals")
def test_set_asks_at_a_terminal_and_echoes_nothing(vault: Path, tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 -- not on Windows
    import tty  # noqa: PLC0415 -- the same

    ours, theirs = pty.openpty()
    tty.setcbreak(ours)  # this end shows what it is sent as it is
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-m", "app", "push", "set", "phone"], env=environ, cwd=tmp_path,
                             stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)  # fmt: skip
    os.close(theirs)
    seen = b""
    while b"not shown" not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, b"tgram://hidden/1\n")
    assert child.wait(60) == 0
    while b"is in the keyring" not in seen:
        seen += os.read(ours, 4096)
    os.close(ours)
    assert b"hidden" not in seen
    assert json.loads(vault.read_text()) == {"plimsoll/phone": "tgram://hidden/1"}


def test_test_says_of_each_target_what_its_service_answered(plimsoll: Run, tmp_path: Path) -> None:
    with Service() as good, Service("refuse") as bad:
        path = config(tmp_path, f"{good.url}/hidden", f"{bad.url}/hidden")
        code, out, err = plimsoll("push", "test", "--config", path)
        assert good.message()["title"] == "Plimsoll: test"
    lines = sorted(out.splitlines())
    assert (code, err) == (1, "")
    assert lines[0].startswith("json://••••: NOT taken: Failed to send JSON POST notification")
    assert lines[1] == "json://••••: taken"


def test_list_sends_nothing(plimsoll: Run, vault: Path, tmp_path: Path) -> None:
    with Service() as service:
        path = config(tmp_path, service.url, "keyring:phone")
        code, out, _ = plimsoll("push", "list", "--json", "--config", path)
        assert service.heard.empty()
    assert not vault.exists()
    assert code == 1
    assert [(row["target"], row["ok"]) for row in json.loads(out)] == [("json://••••", True), ("keyring:phone", False)]


@pytest.mark.parametrize(("command", "code"), [("list", 0), ("test", 1)])
def test_without_targets_the_way_to_one_is_said(plimsoll: Run, tmp_path: Path, command: str, code: int) -> None:
    assert plimsoll("push", command, "--config", config(tmp_path)) == (code, "", f"{NONE}\n")
