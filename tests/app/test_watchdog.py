"""What the watchdog makes of a heartbeat, on a clock wound by hand; and its process, for the ends it must see."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.spawn import start
from app.watchdog.__main__ import INSTANCE, LOG, Watchdog, stopping
from app.watchdog.alarm import Bell
from app.watchdog.notice import CAUSES, HEADLINES, REMEDIES, STOP, STOP_HERE, remedies, sentence
from app.watchdog.plaque import Plaque
from app.watchdog.pulse import BYE, End, Judge, Pulse, Trouble, read

ARMED = Pulse(window=1, worker=1, armed=True, accounts=("Funded",))
Told = list[dict[str, object]]


class Hand:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def utc_ms(self) -> int:
        return round(1_000 * self.now_s)


class Board(Plaque):
    """A plaque without a process: what it shows, and whether a person has seen it."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: Told = []
        self.up = False

    def show(self, **words: object) -> None:
        self.shown.append(words)
        self.up = True

    def waits(self) -> bool:
        return self.up

    def withdraw(self) -> None:
        self.up = False


class Kennel:
    """A watchdog, fed a pulse and asked twice a second."""

    def __init__(self, folder: Path, board: Board | None, worker_s: float = 5.0) -> None:
        self.clock, self.folder, self.board, self.rings = Hand(), folder, board, 0
        self.dog = Watchdog(Judge(worker_s, self.clock.monotonic()), self.clock, folder, board, Bell(self._rang))
        self.window, self.worker = 1, 1

    def _rang(self) -> None:
        self.rings += 1

    def live(self, seconds: float, *, speaks: bool = True, window: bool = True, worker: bool = True,
             answered: bool = False) -> bool:  # fmt: skip
        """Let time go by, with what is alive counting on; False where the watchdog had nothing left to do."""
        for _ in range(round(seconds / 0.5)):
            self.clock.now_s += 0.5
            self.window += window
            self.worker += worker
            pulse = Pulse(window=self.window, worker=self.worker, armed=True, answered=answered, accounts=("Funded",))
            if not self.dog.step(pulse if speaks else None):
                return False
        return True

    @property
    def log(self) -> list[str]:
        file = self.folder / LOG
        return [line.split(" ", 1)[1] for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def kennel(tmp_path: Path, board: Board) -> Kennel:
    made = Kennel(tmp_path, board)
    made.live(1)
    return made


@pytest.fixture(autouse=True)
def no_player(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sound in a test: none of the players is on the path."""
    monkeypatch.setenv("PATH", "")


def headlines(board: Board) -> list[object]:
    return [words["headline"] for words in board.shown]


def test_all_is_well_for_an_hour_and_nothing_is_said(kennel: Kennel, board: Board) -> None:
    assert kennel.live(3_600)
    assert (kennel.log, board.shown, kennel.rings) == ([], [], 0)


@pytest.mark.parametrize(("dead", "trouble"), [({"speaks": False}, Trouble.SILENT), ({"worker": False}, Trouble.WORKER),
                                               ({"window": False}, Trouble.WINDOW)])  # fmt: skip
def test_what_stands_still_for_five_seconds_is_alarmed_once_and_withdrawn_by_itself(
    kennel: Kennel, board: Board, dead: dict[str, bool], trouble: Trouble
) -> None:
    kennel.live(5, **dead)
    assert not board.up
    kennel.live(20, **dead)
    assert headlines(board) == [HEADLINES[trouble]]
    assert kennel.log == [sentence(trouble, ARMED)]
    assert kennel.rings == 4
    kennel.live(1)
    assert not board.up
    assert kennel.log[1:] == ["Plimsoll answers again."]
    kennel.live(60)
    assert len(board.shown) == 1


def test_a_seen_alarm_rings_no_more_until_the_next_episode(kennel: Kennel, board: Board) -> None:
    kennel.live(6, speaks=False)
    board.up = False
    rang = kennel.rings
    kennel.live(60, speaks=False)
    assert kennel.rings == rang
    kennel.live(1)
    kennel.live(6, speaks=False)
    assert kennel.rings == rang + 1
    assert len(board.shown) == 2


def test_the_alarm_says_since_when(kennel: Kennel, board: Board) -> None:
    last_ms = kennel.clock.utc_ms()
    kennel.live(6, speaks=False)
    assert board.shown[0]["since_ms"] == last_ms


def test_a_slow_worker_has_twenty_polls(tmp_path: Path, board: Board) -> None:
    slow = Kennel(tmp_path, board, worker_s=20.0)
    slow.live(1)
    slow.live(19, worker=False)
    assert not board.up
    slow.live(2, worker=False)
    assert headlines(board) == [HEADLINES[Trouble.WORKER]]


def test_a_worker_that_has_not_begun_has_half_a_minute(tmp_path: Path, board: Board) -> None:
    early = Kennel(tmp_path, board)
    early.worker = 0
    early.live(29, worker=False)
    assert not board.up
    early.live(3, worker=False)
    assert headlines(board) == [HEADLINES[Trouble.WORKER]]


def test_a_stall_that_a_person_has_seen_in_the_window_is_not_alarmed_again(kennel: Kennel, board: Board) -> None:
    kennel.live(20, worker=False, answered=True)
    assert board.shown == []


def test_without_a_window_none_is_missed(kennel: Kennel, board: Board) -> None:
    for worker in range(10, 60):
        kennel.clock.now_s += 0.5
        kennel.dog.step(Pulse(window=None, worker=worker, armed=True))
    assert board.shown == []


def test_a_machine_that_slept_is_no_alarm(kennel: Kennel, board: Board) -> None:
    kennel.clock.now_s += 8 * 3_600
    assert kennel.live(4, speaks=False)
    kennel.live(60)
    assert board.shown == []


def test_after_a_silence_the_counters_have_their_time_again(kennel: Kennel, board: Board) -> None:
    kennel.live(6, speaks=False, window=False, worker=False)
    kennel.live(2, window=False, worker=False)
    assert headlines(board) == [HEADLINES[Trouble.SILENT]]


def test_a_frozen_program_that_dies_is_another_alarm(kennel: Kennel, board: Board) -> None:
    kennel.live(6, speaks=False)
    board.up = False
    assert kennel.dog.step(End.BROKEN)
    assert headlines(board) == [HEADLINES[Trouble.SILENT], HEADLINES[Trouble.DIED]]


def test_a_death_is_shown_until_a_person_has_seen_it(kennel: Kennel, board: Board) -> None:
    assert kennel.dog.step(End.BROKEN)
    assert kennel.live(60, speaks=False)
    board.up = False
    assert not kennel.live(1, speaks=False)


def test_a_death_is_shown_no_longer_once_plimsoll_runs_again(kennel: Kennel, board: Board) -> None:
    (kennel.folder / INSTANCE).write_text("the dead one's")
    assert kennel.dog.step(End.BROKEN)
    assert kennel.live(5, speaks=False)
    (kennel.folder / "fresh").write_text("the next one's")
    (kennel.folder / "fresh").replace(kennel.folder / INSTANCE)
    assert not kennel.live(1, speaks=False)
    assert kennel.log[-1] == "Plimsoll runs again."
    assert not board.up


def test_without_a_display_a_death_is_a_line_and_a_bell_and_the_end(tmp_path: Path) -> None:
    headless = Kennel(tmp_path, None)
    headless.live(1)
    assert not headless.dog.step(End.BROKEN)
    assert headless.rings == 1
    assert headless.log == [sentence(Trouble.DIED, ARMED)]


def test_a_goodbye_is_silent_and_takes_an_alarm_with_it(kennel: Kennel, board: Board) -> None:
    kennel.live(6, speaks=False)
    assert not kennel.dog.step(End.BYE)
    assert not board.up
    assert len(kennel.log) == 1


def test_a_log_that_cannot_be_written_keeps_no_alarm_back(tmp_path: Path, board: Board) -> None:
    away = Kennel(tmp_path / "no such folder", board)
    away.dog.step(End.BROKEN)
    assert board.up


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"null", b'{"worker": 1}', b'{"accounts": 1}', b"\xff"])
def test_a_line_that_is_no_pulse_is_none(line: bytes) -> None:
    assert read(line) is None


def test_a_pulse_crosses_the_pipe_as_it_is() -> None:
    assert read(ARMED.line()) == ARMED


def test_every_trouble_has_its_words() -> None:
    for words in (HEADLINES, CAUSES, REMEDIES):
        assert set(words) == set(Trouble)


@pytest.mark.parametrize("trouble", Trouble)
def test_a_window_with_a_stop_says_so_and_the_log_has_none(trouble: Trouble) -> None:
    assert STOP_HERE in remedies(trouble)
    assert STOP in REMEDIES[trouble]
    assert len(remedies(trouble)) == len(REMEDIES[trouble])


def test_the_alarm_carries_the_stop_of_the_program_that_is_watched(kennel: Kennel, board: Board) -> None:
    kennel.live(6, window=False)
    assert board.shown[-1]["stop"] == stopping(kennel.folder, None)
    assert stopping(kennel.folder, kennel.folder / "a b.toml")[-5:] == (
        "stop", "--data", str(kennel.folder), "--config", str(kennel.folder / "a b.toml"))  # fmt: skip


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """The watchdog's own process, without a display."""
    begun: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        begun.append(start("app.watchdog", str(tmp_path), "100"))
        return begun[0]

    yield begin
    for one in begun:
        with suppress(OSError):
            if one.stdin:
                one.stdin.close()
        one.kill()
        one.wait()


def test_the_process_says_a_death_and_ends(process: Callable[[], subprocess.Popen[bytes]], tmp_path: Path) -> None:
    dog = process()
    assert dog.stdin is not None
    dog.stdin.write(ARMED.line())
    dog.stdin.close()
    assert dog.wait(20) == 0
    assert sentence(Trouble.DIED, ARMED) in (tmp_path / LOG).read_text()


def test_the_process_ends_in_silence_after_a_goodbye(
    process: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    dog = process()
    assert dog.stdin is not None
    dog.stdin.write(ARMED.line() + BYE)
    assert dog.wait(20) == 0
    assert not (tmp_path / LOG).exists()


def test_the_watchdog_needs_neither_numpy_nor_qt_while_all_is_well() -> None:
    found = (
        "import sys, app.watchdog; print([m for m in ('numpy', 'PySide6', 'msgspec', 'sqlite3') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", found], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == "[]\n"
