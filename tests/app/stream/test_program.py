"""The stream of a whole program: switched on by the config, found by its token, and no condition for the guard."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from websockets.sync.client import connect

from app.cli import main
from app.config import ConfigError, from_table, load
from app.main import Program, demo
from app.stream.server import streaming
from tests.app.stream.parts import free_port, told, until


def program(folder: Path, port: int, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Program:
    """The demo, its stream switched on as its user would."""
    monkeypatch.setenv("PLIMSOLL_STREAM__ENABLED", "true")
    monkeypatch.setenv("PLIMSOLL_STREAM__PORT", str(port))
    monkeypatch.setenv("PLIMSOLL_APP__MODE", "observe")
    return demo({}, 1.0, 1, folder, said.append)


def token_of(folder: Path, capfd: pytest.CaptureFixture[str], *more: str) -> str:
    """What the command prints."""
    assert main(("stream", "token", *more, "--data", str(folder))) == 0
    return capfd.readouterr().out.strip()


def test_the_demo_streams_what_its_engine_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    port = free_port()
    made = program(tmp_path, port, monkeypatch, said)
    assert (made.config.stream.enabled, made.config.armed) == (True, True)
    with streaming(made, said.append):
        worker = Thread(target=made.loop.run)
        worker.start()
        try:
            held = {"Authorization": f"Bearer {token_of(tmp_path, capfd)}"}
            with connect(f"ws://127.0.0.1:{port}/stream?account=Swing", additional_headers=held, proxy=None) as client:
                first = until(client, event="snapshot")
                assert (first["account"], first["mode"], first["currency"]) == ("Swing", "armed", "EUR")
                assert until(client, event="update", kind="pnl")["account"] == "Swing"
                assert [told(client)["seq"] > first["seq"] for _ in range(3)] == [True] * 3
        finally:
            made.loop.stop()
            worker.join()
    own = f"127.0.0.1:{port}"
    assert said[0] == (f"stream: ws://{own}/stream, page http://{own}/; its token: plimsoll stream token --data "
                       f"{tmp_path}")  # fmt: skip
    assert token_of(tmp_path, capfd) not in " ".join(said)


def test_a_port_that_is_taken_is_said_and_the_guard_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        made = program(tmp_path, other.getsockname()[1], monkeypatch, said)
        with streaming(made, said.append):
            assert made.sinks == ()
    assert ["the guard goes on without a stream" in line for line in said] == [True]


def test_the_command_prints_the_token_and_renews_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first = token_of(tmp_path, capfd)
    assert token_of(tmp_path, capfd) == first
    assert token_of(tmp_path, capfd, "--renew") != first
    (tmp_path / "stream.token").write_text("nothing")
    assert main(("stream", "token", "--data", str(tmp_path))) == 1
    assert "stream token --renew" in capfd.readouterr().err
    assert len(token_of(tmp_path, capfd, "--renew")) == 64


def test_the_command_explains_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(("stream", "token", "--help"))
    assert "--renew" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("given", "path"),
    [({"host": "0.0.0.0"}, "stream.host"), ({"origins": ["null"]}, "stream.origins[0]"),  # noqa: S104 -- refused
     ({"origins": ["https://a.example/path"]}, "stream.origins[0]"), ({"origins": "https://a"}, "stream.origins")],
)  # fmt: skip
def test_a_stream_for_other_machines_or_pages_of_nowhere_is_refused(given: dict[str, Any], path: str) -> None:
    with pytest.raises(ConfigError) as refused:
        from_table({"stream": given}, source="test")
    assert [fault.key for fault in refused.value.faults] == [path]


def test_the_stream_is_off_unless_it_is_switched_on() -> None:
    assert not load(None, {}).stream.enabled
