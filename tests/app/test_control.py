"""The control port: only who knows the secret is answered, and nothing said to it ends it."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from app.instance.answers import answerer
from app.instance.control import FILE, Listener, NotRunning, Silent, ask
from app.store.folder import FolderError, FolderTaken, held
from monitors.ports import Acknowledge, Command, EmergencyStop, Opening, Reset
from tests.frames import calm


class Worker:
    """Stands for the loop: keeps what was posted and answers by `result`."""

    def __init__(self) -> None:
        self.posted: list[Command] = []
        self.result: bool | Exception | None = True

    def post(self, command: Command) -> Future[bool]:
        self.posted.append(command)
        done: Future[bool] = Future()
        if isinstance(self.result, Exception):
            done.set_exception(self.result)
        elif self.result is None:
            done.cancel()
        else:
            done.set_result(self.result)
        return done


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def folder(tmp_path: Path, worker: Worker) -> Iterator[Path]:
    listener = Listener(tmp_path, answerer(calm, worker.post))
    yield tmp_path
    listener.close()


def say(folder: Path, sent: bytes) -> bytes:
    """Bytes as they are; everything that comes back until the other side hangs up."""
    port = json.loads((folder / FILE).read_bytes())["port"]
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        try:
            connection.sendall(sent)
            while part := connection.recv(65_536):
                received += part
        except ConnectionError:
            pass
    return received


def test_the_status_tells_every_account(folder: Path) -> None:
    answer = ask(folder, verb="status")
    assert answer["ok"]
    assert [a["name"] for a in answer["status"]["accounts"]] == [a.name for a in calm().accounts]


def test_verbs_become_commands(folder: Path, worker: Worker) -> None:
    name = calm().accounts[0].name
    ask(folder, verb="stop")
    ask(folder, verb="stop", account=name)
    ask(folder, verb="reset", account=name)
    ask(folder, verb="acknowledge", alert=3)
    assert worker.posted[:2] == [EmergencyStop(by="command"), EmergencyStop(name, by="command")]
    ask(folder, verb="opening", account=name, figures={"equity": 9_900.0, "high_water": 12_000})
    assert worker.posted[2:4] == [Reset(name, by="command"), Acknowledge(3, by="command")]
    assert worker.posted[4:] == [Opening(account=name, equity=9_900.0, high_water=12_000.0, by="command")]


def test_an_unknown_account_is_told_with_those_that_are_there(folder: Path, worker: Worker) -> None:
    answer = ask(folder, verb="stop", account="nobody")
    assert not answer["ok"]
    assert calm().accounts[0].name in answer["why"]
    assert worker.posted == []


@pytest.mark.parametrize("request_", [{"verb": "fly"}, {}, {"verb": ["stop"]}, {"verb": "acknowledge", "alert": "x"},
                                      {"verb": "stop", "account": 7}, {"verb": "stop", "more": 1},
                                      {"verb": "opening", "figures": {"worst": 1.0}}])  # fmt: skip
def test_what_is_not_understood_is_refused_with_a_reason(
    folder: Path, worker: Worker, request_: dict[str, Any]
) -> None:
    answer = ask(folder, **request_)
    assert (answer["ok"], answer["why"].split(":")[0]) == (False, "not understood")
    assert worker.posted == []


GARBAGE = [b"", b"\n", b"\x00\xff\xfe\n", b"[1,2]\n", b"null\n", b"x" * 200_000, b'{"verb":"status"}\n',
           b'{"verb":"status","secret":"wrong"}\n', b'{"verb":"stop","secret":null}\n',
           b'{"verb":"stop","secret":"\\ud800"}\n', b'{"verb":"stop","secret":"' + "é".encode() + b'"}\n']  # fmt: skip


@pytest.mark.parametrize("sent", GARBAGE, ids=lambda sent: repr(sent[:30]))
def test_garbage_and_wrong_secrets_are_hung_up_on_and_the_next_one_is_served(
    folder: Path, worker: Worker, sent: bytes
) -> None:
    assert say(folder, sent) == b""
    assert ask(folder, verb="status")["ok"]
    assert worker.posted == []


def test_a_client_that_says_nothing_keeps_nobody_waiting_for_long(folder: Path, worker: Worker) -> None:
    port = json.loads((folder / FILE).read_bytes())["port"]
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
    assert ask(folder, verb="stop")["ok"]
    for connection in idle:
        connection.close()
    assert len(worker.posted) == 1


@pytest.mark.parametrize(("result", "why"), [(OSError("disk"), "it failed: OSError: disk"), (None, "Plimsoll is end")])
def test_a_command_that_failed_or_came_too_late_is_told(
    folder: Path, worker: Worker, result: Exception | None, why: str
) -> None:
    worker.result = result
    answer = ask(folder, verb="stop")
    assert not answer["ok"]
    assert answer["why"].startswith(why)


def test_a_long_answer_arrives_whole(tmp_path: Path) -> None:
    listener = Listener(tmp_path, lambda _: {"ok": True, "long": "x" * 1_000_000})
    assert len(ask(tmp_path, verb="status")["long"]) == 1_000_000
    listener.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_only_this_user_can_read_the_secret(folder: Path) -> None:
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_behind_and_then_nobody_answers(tmp_path: Path, worker: Worker) -> None:
    listener = Listener(tmp_path, answerer(calm, worker.post))
    listener.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NotRunning, match="no running Plimsoll"):
        ask(tmp_path, verb="status")


def test_one_that_holds_the_folder_and_does_not_answer_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"port": 1, "secret": "s", "pid": 4711}')
    with held(tmp_path), pytest.raises(Silent, match=r"\(process 4711\) does not answer; end that process") as caught:
        ask(tmp_path, verb="status")
    assert caught.value.pid == 4711
    with pytest.raises(NotRunning, match="no running Plimsoll"):
        ask(tmp_path, verb="status")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": "x"}', '{"port": 1, "secret": "s"}', '{"port": 99999999}'])
def test_a_file_that_an_instance_left_when_it_was_killed_is_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(NotRunning):
        ask(tmp_path, verb="status")


def test_a_data_folder_has_one_holder_at_a_time(tmp_path: Path) -> None:
    place = tmp_path / "new" / "daten ü"
    with held(place), pytest.raises(FolderTaken, match="already running"), held(place):
        pass
    with held(place):
        pass


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match=r"file: .*choose a data folder"), held(tmp_path / "file"):
        pass
