"""The process that owns one terminal: what it understands, what it says of a broken call, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psutil
import pytest

from bridge import wire
from bridge.attach import Attachment
from bridge.children import environment
from bridge.clock import SystemClock
from bridge.host import BAD_INPUT, Host, serve
from bridge.lane import HOST
from bridge.port import CloseOrder, Receipt
from bridge.session import Session
from bridge.simulator.face.module import as_module
from monitors.kinds import Side
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, World

PATIENCE_S = 20.0
ATTACHMENT = Attachment(name="main", backend="mt5", path="C:\\nowhere\\terminal64.exe", clock="UTC")
ATTACH = wire.Attach(wire.VERSION, ATTACHMENT)
NOISY = """
import os
print("a library says something", flush=True)
os.write(1, b"and so does its C\\n")
def shutdown(): pass
"""
HANGING = """
import os, time
open(os.environ["HANGING_AT"], "w").close()
time.sleep(1_000)
"""
PARENT = """
import json, subprocess, sys
from bridge.children import spawn
child = spawn(json.loads(sys.argv[1]), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdin.write(sys.argv[2].encode() + b"\\n")
child.stdin.flush()
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def world() -> World:
    made = World(EURUSD)
    made.quote("EURUSD", 1.10000, 1.10010)
    made.open("EURUSD", BUY, 0.3)
    return made


@pytest.fixture
def mt5(world: World) -> Recorder:
    return Recorder(as_module(world.exchange.backend("main")))


@pytest.fixture
def host(world: World, mt5: Recorder) -> Host:
    """In this process, with a session whose answers can be spoiled."""
    made = Host(ATTACHMENT, world.clock)
    made._session = Session(mt5, world.clock, "UTC")
    return made


def close(mt5: Recorder, *, login: int = 0) -> wire.Send:
    mt5.mt5.initialize()
    (held,), account = mt5.mt5.positions_get(), mt5.mt5.account_info()
    order = CloseOrder(ticket=held.ticket, symbol="EURUSD", side=Side.SELL, lots=0.1, held=held.volume,
                       filling=1, magic=0, comment="c", identifiers=(held.identifier,))  # fmt: skip
    return wire.Send(5, order, login or account.login, account.server)


@contextmanager
def running(*path: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A host in a process of its own, with these folders on its path."""
    env = environment()
    env["PYTHONPATH"] = os.pathsep.join((*map(str, path), env["PYTHONPATH"]))
    with subprocess.Popen(HOST, env=env | variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as child:  # fmt: skip
        try:
            yield child
        finally:
            child.kill()


def told(child: subprocess.Popen[bytes], message: wire.Attach | wire.Request) -> wire.Reply:
    assert child.stdin
    assert child.stdout
    child.stdin.write(wire.line(message))
    child.stdin.flush()
    return wire.reply(child.stdout.readline())


def package(folder: Path, text: str) -> Path:
    """A folder in which the package is this text."""
    (folder / "MetaTrader5.py").write_text(text)
    return folder


def test_a_look_brings_what_a_session_sees_and_where_its_ticks_end(host: Host, world: World) -> None:
    seen = host.answer(wire.Look(3, 0, frozenset({"EURUSD"}), {}))
    assert isinstance(seen, wire.Looked)
    assert (seen.number, seen.cold, list(seen.cursors)) == (3, frozenset(), ["EURUSD"])
    world.after(0.5)
    world.quote("EURUSD", 1.2, 1.2001)
    again = [host.answer(wire.Look(4, 0, frozenset({"EURUSD"}), seen.cursors)) for _ in range(2)]
    assert [found.seen.ticks["EURUSD"][1] for found in again if isinstance(found, wire.Looked)] == [[1.2], [1.2]], \
        "the cursor is the asker's: a look that never arrived is lost with nothing in it"  # fmt: skip


def test_ticks_of_a_symbol_that_is_not_warm_are_not_asked_for(host: Host, mt5: Recorder) -> None:
    seen = host.answer(wire.Look(3, 0, frozenset(), {}))
    assert isinstance(seen, wire.Looked)
    assert seen.cold == {"EURUSD"}
    assert not mt5.named("copy_ticks_from")
    assert host.answer(wire.WarmUp(4, "EURUSD")) == wire.Done(4)
    assert mt5.named("copy_ticks_from")


def test_bars_are_those_of_a_session_in_utc(host: Host, world: World) -> None:
    now_ms = world.clock.utc_ms()
    said = host.answer(wire.ReadBars(3, "EURUSD", 5, now_ms - 300_000, now_ms))
    assert isinstance(said, wire.BarsOut)
    assert (said.number, said.time_ms, said.close) == (3, [now_ms], [1.1])
    assert len(wire.unpack_bars(said)) == 1


def test_bars_that_do_not_come_are_a_failure(host: Host, mt5: Recorder) -> None:
    mt5.nothing("copy_rates_range", -1, "Call failed")
    assert isinstance(host.answer(wire.ReadBars(3, "EURUSD", 5, 0, 1)), wire.Failed)


def test_an_accepted_close_comes_with_the_brokers_records(host: Host, mt5: Recorder) -> None:
    answered = host.answer(close(mt5))
    assert isinstance(answered, wire.Answered)
    assert answered.receipt.retcode == 10009
    assert answered.receipt.records
    assert [p.lots for p in answered.receipt.records.positions] == [pytest.approx(0.2)]
    assert [d.lots for d in answered.receipt.records.deals if d.closes] == [0.1]


def test_what_is_held_is_read_before_the_deals_so_that_a_strangers_deal_between_is_not_ours(
    host: Host, mt5: Recorder
) -> None:
    asked = close(mt5)
    mt5.calls.clear()
    host.answer(asked)
    names = [name for name, _ in mt5.calls]
    after = [name for name in names[names.index("order_send") + 1 :] if name != "symbol_info"]
    assert after == ["positions_get", "history_deals_get", "history_deals_get"]


def test_an_answer_without_an_order_brings_no_records(host: Host, mt5: Recorder) -> None:
    asked, send = close(mt5), mt5.mt5.order_send

    class Answer:
        retcode, order, comment = 10009, 0, "done"

    def nameless(request: Any) -> Any:
        send(request)
        return Answer

    mt5.answers["order_send"] = nameless
    answered = host.answer(asked)
    assert isinstance(answered, wire.Answered)
    assert (answered.receipt.retcode, answered.receipt.records) == (10009, None)


def test_records_that_cannot_be_had_hide_no_answer(host: Host, mt5: Recorder) -> None:
    asked = close(mt5)
    mt5.nothing("history_deals_get", -1)
    answered = host.answer(asked)
    assert isinstance(answered, wire.Answered)
    assert (answered.receipt.retcode, answered.receipt.records) == (10009, None)


def explode(*_: Any, **__: Any) -> Any:
    raise OSError("the pipe broke in its hands")


def test_a_send_that_raises_after_it_left_is_unclear(host: Host, mt5: Recorder) -> None:
    asked = close(mt5)
    mt5.answers["order_send"] = explode
    answered = host.answer(asked)
    assert answered == wire.Answered(5, Receipt(retcode=None, error=0, text="OSError: the pipe broke in its hands"))


def test_a_send_whose_answer_cannot_be_read_is_unclear(host: Host, mt5: Recorder) -> None:
    asked = close(mt5)
    mt5.answers["order_send"] = lambda *_: object()
    answered = host.answer(asked)
    assert isinstance(answered, wire.Answered)
    assert (answered.receipt.retcode, answered.receipt.error) == (None, 0)


@pytest.mark.parametrize("function", ["account_info", "positions_get", "symbol_info_tick"])
def test_a_send_that_fails_before_it_leaves_has_failed_and_nothing_left(
    host: Host, mt5: Recorder, function: str
) -> None:
    asked = close(mt5)
    mt5.nothing(function, -10001, "IPC send failed")
    answered = host.answer(asked)
    assert isinstance(answered, wire.Failed)
    assert "IPC send failed" in answered.reason
    assert not mt5.named("order_send")


def test_a_send_for_another_account_than_is_logged_in_does_not_leave(host: Host, mt5: Recorder) -> None:
    answered = host.answer(close(mt5, login=999))
    assert isinstance(answered, wire.Answered)
    assert (answered.receipt.retcode, answered.receipt.error) == (None, -2)
    assert not mt5.named("order_send")


def test_a_cancel_for_another_account_does_not_leave_either(host: Host, mt5: Recorder) -> None:
    answered = host.answer(wire.Cancel(1, 5, 999, "Demo"))
    assert isinstance(answered, wire.Answered)
    assert answered.receipt.error == -2
    assert not mt5.named("order_send")


def test_a_look_that_breaks_is_an_answer_and_the_next_one_is_tried(host: Host, mt5: Recorder) -> None:
    mt5.answers["positions_get"] = explode
    failed = host.answer(wire.Look(3, 0, frozenset(), {}))
    assert isinstance(failed, wire.Failed)
    assert "the pipe broke" in failed.reason
    del mt5.answers["positions_get"]
    assert isinstance(host.answer(wire.Look(4, 0, frozenset(), {})), wire.Looked)


def test_records_of_an_account_that_changed_meanwhile_are_none(host: Host, mt5: Recorder) -> None:
    mt5.mt5.initialize()
    genuine, asked = mt5.mt5.account_info(), []

    class Other:
        login, server = 999, genuine.server

    def switched() -> Any:
        asked.append(1)
        return genuine if len(asked) == 1 else Other

    mt5.answers["account_info"] = switched
    answered = host.answer(wire.Read(3, 0))
    assert isinstance(answered, wire.Failed)
    assert "changed while it was read" in answered.reason


def conversation(*lines: bytes) -> tuple[int, list[wire.Reply]]:
    sink = BytesIO()
    code = serve(BytesIO(b"".join(lines)), sink, SystemClock())
    return code, [wire.reply(text) for text in sink.getvalue().splitlines(keepends=True)]


@pytest.mark.parametrize(
    "first",
    [wire.line(wire.Attach(wire.VERSION + 1, ATTACHMENT)), wire.line(wire.FindClock(1)), b"", b"GET /\n"],
    ids=["another version", "no greeting", "nothing", "nonsense"],
)
def test_who_does_not_speak_this_version_is_refused(first: bytes) -> None:
    code, said = conversation(first, wire.line(wire.FindClock(1)))
    assert code == BAD_INPUT
    assert [type(one) for one in said] == [wire.Failed]


@pytest.mark.parametrize(
    "line",
    [b'{"type":"eval","number":1,"code":"1"}\n', wire.line(ATTACH), b"\xff\n",
     wire.line(wire.Cancel(1, 2, 3, "")).replace(b"}", b',"more":1}')],
    ids=["another message", "a second greeting", "no text", "another field"],
)  # fmt: skip
def test_a_line_that_is_no_request_ends_the_conversation(line: bytes) -> None:
    code, said = conversation(wire.line(ATTACH), line, wire.line(wire.FindClock(1)))
    assert code == BAD_INPUT
    assert not any(isinstance(one, wire.Clocked) for one in said)


def test_requests_are_answered_until_they_end() -> None:
    code, said = conversation(wire.line(ATTACH), *(wire.line(wire.FindClock(n)) for n in (1, 2)))
    assert code == 0
    assert [type(one) for one in said] == [wire.Hello, wire.Failed, wire.Failed]
    assert [one.number for one in said[1:]] == [1, 2]  # type: ignore[union-attr]  # both Failed


def test_what_the_package_prints_is_no_answer(tmp_path: Path) -> None:
    with running(package(tmp_path, NOISY)) as child:
        assert told(child, ATTACH) == wire.Hello(wire.VERSION)
        answered = told(child, wire.Read(7, 0))
        assert isinstance(answered, wire.Failed)
        assert (answered.number, "terminal" in answered.reason) == (7, True)


def test_the_end_of_its_input_ends_it(tmp_path: Path) -> None:
    with running(package(tmp_path, NOISY)) as child:
        told(child, ATTACH)
        assert child.stdin
        child.stdin.close()
        assert child.wait(PATIENCE_S) == 0


def test_a_lane_that_hung_up_meanwhile_is_no_error(tmp_path: Path) -> None:
    with running(package(tmp_path, NOISY)) as child:
        assert child.stdin
        assert child.stdout
        child.stdout.close()
        child.stdin.write(wire.line(ATTACH) + wire.line(wire.Read(1, 0)))
        child.stdin.flush()
        assert child.wait(PATIENCE_S) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Windows binds it to a job, no other system does")
def test_it_dies_with_its_parent_even_while_it_hangs_in_a_call(tmp_path: Path) -> None:
    fifo = tmp_path / "hanging"
    os.mkfifo(fifo)
    env = environment()
    env["PYTHONPATH"] = os.pathsep.join((str(package(tmp_path, HANGING)), env["PYTHONPATH"]))
    line = wire.line(ATTACH).decode().rstrip()
    command = [sys.executable, "-c", PARENT, json.dumps(HOST), line]
    with subprocess.Popen(command, env=env | {"HANGING_AT": str(fifo)}, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        hanging = psutil.Process(int(parent.stdout.readline()))
        fifo.open("rb").close()  # opens when the other side does: it is in the call now
        assert hanging.is_running()
        parent.kill()
        gone, _ = psutil.wait_procs([hanging], timeout=PATIENCE_S)
        assert gone
