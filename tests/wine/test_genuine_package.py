"""The genuine package under Wine: what the bridge relies on, and the host process where no terminal is."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Final

import pytest

from bridge import wire
from bridge.attach import Attachment
from bridge.clock import SystemClock
from bridge.lane import Lane
from bridge.metatrader import START_IT
from bridge.port import CloseOrder
from bridge.simulator.face.module import as_module
from bridge.supervisor import LOOK_S
from monitors.kinds import Side
from tests.bridge.simulator.face_support import StandIn
from tests.wine import inside
from tests.wine.environment import Lacking, Wine, seen_by_windows, wine

pytestmark = [
    pytest.mark.wine,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        os.environ.get("PLIMSOLL_WINE") != "1",
        reason="downloads 80 MB, keeps 900 MB in the cache folder: PLIMSOLL_WINE=1 ./run pytest -m wine",
    ),
]

START_S: Final = 60.0
"""For Wine and a Python in it to start on a busy machine."""
ANSWER_S: Final = 10.0
Start = Callable[..., subprocess.Popen[bytes]]

ORDER: Final = CloseOrder(
    ticket=7,
    symbol="EURUSD",
    side=Side.SELL,
    lots=0.1,
    held=0.1,
    filling=1,
    magic=7,
    comment="plimsoll 1",
    identifiers=(7,),
)
REQUESTS: Final[tuple[Callable[[int], wire.Request], ...]] = (
    lambda number: wire.Read(number, 0),
    lambda number: wire.Look(number, 0, frozenset(), {}),
    lambda number: wire.Send(number, ORDER, 1, "Broker-Demo"),
    lambda number: wire.Cancel(number, 7, 1, "Broker-Demo"),
    lambda number: wire.WarmUp(number, "EURUSD"),
    wire.FindClock,
)

NEW: Final = (0, "")
LOST: Final = (-10004, "No IPC connection")
LONG: Final = "'x' * 30"
BIG: Final = "<built-in function order_send> returned a result with an exception set"


def invalid(name: str) -> tuple[int, str]:
    return -2, f'Invalid "{name}" argument'


# Arguments are checked before the connection: without a terminal, -10004 says that they passed.
CALLS: Final[tuple[tuple[str, str, tuple[int, str]], ...]] = (
    # structures
    ("mt5.Tick(range(8)).time_msc", "5", NEW),
    ("hasattr(mt5.Tick, '_fields'), hasattr(mt5.Tick, '_replace')", "(False, False)", NEW),
    ("picklable(mt5.Tick(range(8)))", "False", NEW),
    ("mt5.__version__", "'5.0.6231'", NEW),
    # nothing there is an error and None, in the three shapes that differ from function to function
    ("mt5.account_info()", "None", LOST),
    ("mt5.terminal_info()", "None", LOST),
    ("mt5.positions_get()", "None", LOST),
    ("mt5.orders_get()", "None", LOST),
    ("mt5.history_deals_get(1, 1700000000)", "None", LOST),
    ("mt5.symbol_info('EURUSD')", "None", LOST),
    ("mt5.symbol_info_tick('EURUSD')", "None", LOST),
    ("mt5.copy_ticks_from('EURUSD', 1700000000, 4096, 1)", "None", LOST),
    ("mt5.copy_rates_from_pos('EURUSD', 16385, 0, 10)", "None", LOST),
    ("mt5.order_calc_margin(0, 'EURUSD', 1.0, 1.1)", "None", LOST),
    ("mt5.order_calc_profit(0, 'EURUSD', 1.0, 1.1, 1.2)", "None", LOST),
    ("mt5.symbol_select('EURUSD', True)", "False", LOST),
    ("mt5.version()", "(0, 0, '')", LOST),
    ("mt5.shutdown()", "True", (1, "Success")),
    # what the session sends passes every check, and what a slip in one field comes to
    ("closed(mt5)", f"Receipt(retcode=None, order=0, error={LOST[0]}, text={LOST[1]!r}, records=None)", LOST),
    ("cancelled(mt5)", f"Receipt(retcode=None, order=0, error={LOST[0]}, text={LOST[1]!r}, records=None)", LOST),
    ("mt5.order_send(request())", "None", LOST),
    ("mt5.order_check(request())", "None", LOST),
    ("mt5.order_send(request(volume=1))", "None", invalid("volume")),
    ("mt5.order_send(request(volume=1.0))", "None", LOST),
    ("mt5.order_send(request(volume=np.float64(1)))", "None", LOST),
    ("mt5.order_send(request(volume=np.float32(1)))", "None", invalid("volume")),
    ("mt5.order_send(request(price=None))", "None", invalid("price")),
    ("mt5.order_send(request(price=float('nan')))", "None", LOST),
    ("mt5.order_send(request(deviation=10.0))", "None", invalid("deviation")),
    ("mt5.order_send(request(position=np.int64(7)))", "None", invalid("position")),
    ("mt5.order_send(request(comment='x' * 29))", "None", LOST),
    (f"mt5.order_send(request(comment={LONG}))", "None", invalid("comment")),
    (f"mt5.order_send(request(symbol={LONG}))", "None", invalid("symbol")),
    ("mt5.order_send(request(magic=2**64 - 1))", "None", LOST),
    ("mt5.order_send(request(magic=-1))", f"SystemError: {BIG}", invalid("magic")),
    ("mt5.order_send(request(type_filing=1))", "None", LOST),
    ("mt5.order_send()", "None", (-2, "Invalid number of arguments")),
    ("mt5.order_send(request=request(volume=1))", "None", LOST),
    # what a mistyped or missing keyword comes to
    ("mt5.positions_get(Symbol='EURUSD')", "None", LOST),
    ("mt5.positions_get(ticket=7)", "None", LOST),
    ("mt5.positions_get('EURUSD')", "None", (-2, "Unnamed arguments not allowed")),
    ("mt5.positions_get(symbol=None)", "None", invalid("symbol")),
    ("mt5.positions_get(ticket=7.0)", "None", invalid("ticket")),
    ("mt5.symbols_get(group=5)", "False", invalid("group")),
    ("mt5.history_deals_get(1, np.int64(1700000000))", "None", (-2, "Invalid arguments")),
    ("mt5.initialize(timeout='1500')", "False", invalid("timeout")),
    ("mt5.initialize(r'C:\\nowhere\\terminal64.exe', timeout=1500)", "False",
     (-10003, r"IPC initialize failed, Process create failed 'C:\nowhere\terminal64.exe'")),
)  # fmt: skip


@pytest.fixture(scope="module")
def machine() -> Iterator[Wine]:
    """Wine with the package in it; at the end nothing runs there."""
    try:
        with wine() as made:
            yield made
    except Lacking as lacking:
        pytest.skip(str(lacking))
    assert made.running() == []


@pytest.fixture
def terminal(machine: Wine) -> Iterator[Path]:
    """A program of the terminal's name, which never opens the pipe."""
    program = machine.program.with_name("terminal64.exe")
    shutil.copy(machine.program, program)
    yield program
    program.unlink()


@pytest.fixture
def start(machine: Wine) -> Iterator[Start]:
    """Starts Windows programs, and ends those that the test did not."""
    begun: list[subprocess.Popen[bytes]] = []

    def run(*words: str, program: Path | None = None) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen(machine.command(*words, program=program), stdin=PIPE, stdout=PIPE, stderr=PIPE))
        return begun[-1]

    yield run
    for process in begun:
        process.kill()
    machine.end()
    for process in begun:
        process.communicate()


def say(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin
    process.stdin.write(line)
    process.stdin.flush()


def heard(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The next line, which comes within so many seconds."""
    assert process.stdout
    assert process.stderr
    if not select.select([process.stdout], [], [], seconds)[0]:
        pytest.fail(f"no line within {seconds} s")
    return process.stdout.readline() or pytest.fail(f"it ended: {process.stderr.read().decode()}")


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """The exit code after its input is closed, and what it complained of."""
    _, complaint = process.communicate(timeout=ANSWER_S)
    return process.returncode, complaint.decode()


def host(start: Start, path: str = "") -> subprocess.Popen[bytes]:
    """A host that has said hello."""
    process = start("-m", "bridge.host")
    say(process, wire.line(wire.Attach(wire.VERSION, Attachment(name="main", backend="mt5", path=path))))
    assert isinstance(wire.reply(heard(process, START_S)), wire.Hello)
    return process


def test_the_genuine_package_checks_arguments_as_the_bridge_relies_on_and_the_face_likewise(start: Start) -> None:
    process = start("-m", "tests.wine.inside")
    face = as_module(StandIn())
    for call, shown, last_error in CALLS:
        say(process, json.dumps(call).encode() + b"\n")
        expected = {"shown": shown, "last_error": list(last_error)}
        assert (call, json.loads(heard(process, START_S))) == (call, expected)
        assert (call, inside.answer(face, call)) == (call, expected)
    assert ended(process) == (0, "")


def test_initialize_without_a_terminal_fails_at_once(start: Start) -> None:
    process = start("-m", "tests.wine.inside")
    say(process, b'"mt5.last_error()"\n')
    assert json.loads(heard(process, START_S)) == {"shown": "(0, '')", "last_error": [0, ""]}
    clock = SystemClock()
    began = clock.monotonic()
    say(process, b'"mt5.initialize()"\n')
    answer = json.loads(heard(process, ANSWER_S))
    assert clock.monotonic() - began < 1
    assert answer == {"shown": "False", "last_error": [-10003, "IPC initialize failed, MetaTrader 5 x64 not found"]}
    assert ended(process) == (0, "")


def test_a_host_without_a_terminal_says_so_with_the_remedy_and_ends_with_its_input(machine: Wine, start: Start) -> None:
    process = host(start)
    for number, asked in enumerate(REQUESTS, 1):
        say(process, wire.line(asked(number)))
        answer = wire.reply(heard(process, LOOK_S))
        assert answer == wire.Failed(number, "no terminal found", START_IT)
    assert ended(process) == (0, "")
    assert machine.emptied(ANSWER_S)


def test_a_terminal_that_its_user_closed_is_not_started(machine: Wine, start: Start, terminal: Path) -> None:
    path = seen_by_windows(terminal)
    process = host(start, path)
    say(process, wire.line(REQUESTS[0](1)))
    answer = wire.reply(heard(process, LOOK_S))
    assert answer == wire.Failed(1, f"the terminal is closed: {path}", START_IT)
    assert not [line for line in machine.running() if terminal.name in line]
    assert ended(process) == (0, "")
    assert machine.emptied(ANSWER_S)


def test_a_host_that_is_killed_leaves_nothing_behind(machine: Wine, start: Start) -> None:
    process = host(start)
    process.kill()
    process.wait(ANSWER_S)
    assert machine.emptied(ANSWER_S)


def test_a_host_stuck_in_initialize_is_killed_at_its_deadline(machine: Wine, start: Start, terminal: Path) -> None:
    mute = start("-c", "import sys; print(flush=True); sys.stdin.read()", program=terminal)
    heard(mute, START_S)
    lane = Lane(Attachment(name="main", backend="mt5"), SystemClock(), LOOK_S, machine.command("-m", "bridge.host"))
    try:
        lane.ask("records", REQUESTS[0])
        outcome = inside.fetched(lane, "records")
    finally:
        lane.close()
    assert outcome.sent
    assert outcome.trouble
    assert outcome.trouble.reason == f"the terminal gave no answer within {LOOK_S:.0f} s"
    assert ended(mute) == (0, "")
    assert machine.emptied(ANSWER_S)


def test_on_windows_a_lane_starts_its_host_hears_it_and_ends_it(machine: Wine, start: Start) -> None:
    process = start("-m", "tests.wine.inside")
    say(process, json.dumps("told_by_lane()").encode() + b"\n")
    assert json.loads(heard(process, START_S))["shown"] == repr(wire.Failed(1, "no terminal found", START_IT))
    assert len(machine.running()) == 1
    assert ended(process) == (0, "")


def test_on_windows_a_child_ends_with_the_process_that_started_it_however_that_ends(
    machine: Wine, start: Start
) -> None:
    process = start("-m", "tests.wine.inside")
    say(process, json.dumps("stuck_child()").encode() + b"\n")
    assert json.loads(heard(process, START_S))["shown"] == "None"
    assert len(machine.running()) == 2
    process.kill()
    process.wait(ANSWER_S)
    assert machine.emptied(ANSWER_S)
