"""A running guard and the commands that reach it; signals, closed streams, and what is left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.test_commands import CONFIG, SCENARIO, Run

ROOT = Path(__file__).resolve().parents[2]
PLIMSOLL = (sys.executable, "-m", "app")
Live = subprocess.Popen[str]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    given = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**given, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "temp")}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "temp").mkdir()
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(data=(tmp_path / "data").as_posix()))
    return path


@pytest.fixture
def guard(config: Path, environ: dict[str, str]) -> Iterator[Live]:
    """`run --headless`, once it has said that it started and what it saw first."""
    started = _begun("run", "--headless", "--config", str(config), environ=environ)
    assert started.stdout is not None
    assert "alert 1 raised" in started.stdout.readline()
    yield started
    if started.poll() is None:
        started.kill()
    started.communicate(timeout=30)


def _begun(*given: str, environ: dict[str, str]) -> Live:
    process = subprocess.Popen([*PLIMSOLL, *given], env=environ, cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.fixture
def plimsoll(config: Path, environ: dict[str, str]) -> Run:
    """A command to the guard: exit code, stdout, stderr."""

    def run(*given: str, typed: str = "") -> tuple[int, str, str]:
        line = [*PLIMSOLL, *given, "--config", str(config)]
        done = subprocess.run(line, env=environ, cwd=ROOT, text=True, input=typed, capture_output=True, timeout=60,
                              check=False)  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_running_guard_is_asked_stopped_reset_and_acknowledged(guard: Live, plimsoll: Run) -> None:
    assert guard.poll() is None
    code, out, _ = plimsoll("status", "--json")
    found = json.loads(out)
    assert (code, found["accounts"][0]["name"], found["alerts"][0]["alert"]) == (0, "main", 1)
    assert plimsoll("acknowledge", "1") == (0, "alert 1 acknowledged\n", "")
    assert plimsoll("acknowledge", "99")[0] == 1
    assert plimsoll("reset") == (1, "", "no account is halted\n")
    assert plimsoll("stop", "--account", "nobody") == (1, "", 'no account "nobody"; there are main\n')
    assert plimsoll("stop")[:2] == (0, "emergency stop latched; plimsoll status says when it is flat\n")
    assert "HALTED (stop): emergency stop by command" in plimsoll("status")[1]
    assert plimsoll("reset", "--yes", "wrong")[0] == 1
    assert plimsoll("reset", typed="wrong\n")[0] == 1
    assert plimsoll("reset")[0] == 1
    assert plimsoll("reset", typed="main\n")[:2] == (0, "main: halt lifted; no level is re-armed by this\n")
    assert plimsoll("stop", "--account", "main")[0] == 0
    assert plimsoll("reset", "--yes", "main")[0] == 0
    assert plimsoll("reset", "--account", "main", "--yes", "main") == (1, "", "main is not halted\n")


def test_a_held_loosening_is_shown_and_let_go_by_the_typed_name_only(guard: Live, plimsoll: Run, config: Path) -> None:
    observing, lines = config.read_text(), guard.stderr
    assert lines is not None
    config.write_text(observing.replace("[app]", '[app]\nmode = "armed"'))
    assert "armed from now on" in lines.readline()
    config.write_text(config.read_text().replace("15000.0", "14000.0"))
    assert guard.stdout is not None
    assert "Margin loosening held until " in guard.stdout.readline()
    asked = 'To loosen that now type the account\'s name ("main"): '
    code, out, err = plimsoll("loosen", typed="wrong\n")
    assert (code, err) == (1, f'{asked}not loosened: "wrong" is not the account\'s name "main"\n')
    assert out.startswith("main: loosening of Margin held until ")
    assert out.endswith(
        "(or confirm: plimsoll loosen); in force: margin.level_pct below 15000 (medium) raise an alert\n"
    )
    assert plimsoll("loosen", typed="main\n")[::2] == (0, asked)
    assert "Margin loosened, confirmed by a person" in guard.stdout.readline()
    assert plimsoll("loosen") == (1, "", "nothing is held\n")


def test_openings_are_typed_and_taken_down(guard: Live, plimsoll: Run, tmp_path: Path) -> None:
    typed = ("--balance", "10500", "--equity", "10400.5", "--day-high", "10600", "--week-high", "10700",
             "--high-water", "11000")  # fmt: skip
    said = "balance 10500.00, equity 10400.50, day-high 10600.00, week-high 10700.00, high-water 11000.00"
    assert plimsoll("opening", "--account", "main", *typed) == (0, f"main: taken: {said}\n", "")
    told = f"file:{tmp_path / 'data' / 'journal.db'}?mode=ro"
    with closing(sqlite3.connect(told, uri=True)) as journal:
        rows = [json.loads(body) for (body,) in journal.execute("SELECT body FROM event WHERE event = 'opening'")]
    assert [row["high_water"] for row in rows] == [11_000.0]
    assert plimsoll("opening", "--account", "main") == (
        2, "", "nothing typed: give --balance, --equity, --day-high, --week-high, --high-water\n"
    )  # fmt: skip
    assert plimsoll("opening", "--account", "main", "--equity", "10400", "--week-high", "10300") == (
        2, "", ("--week-high 10300.00: found less than --equity 10400.00; expected at least that, "
                "for a high counts everything since\n")
    )  # fmt: skip
    assert plimsoll("opening", "--account", "nobody", "--equity", "1") == (
        1, "", 'no account "nobody"; there are main\n'
    )  # fmt: skip
    assert guard.poll() is None


def test_a_second_instance_on_one_data_folder_is_refused_and_the_first_goes_on(
    guard: Live, plimsoll: Run, tmp_path: Path
) -> None:
    code, out, err = plimsoll("run", "--headless", "--for", "1")
    assert (code, out) == (1, "")
    assert err == (f"a Plimsoll is already running on {tmp_path / 'data'}; it runs without a window: "
                   "plimsoll status tells how it is, plimsoll stop stops it\n")  # fmt: skip
    assert guard.poll() is None
    assert plimsoll("status")[0] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_the_guard_in_order_and_leaves_only_its_data(guard: Live, tmp_path: Path, number: int) -> None:
    guard.send_signal(number)
    _, err = guard.communicate(timeout=30)
    assert (guard.returncode, err) == (0, "")
    assert sorted(p.name for p in (tmp_path / "data").iterdir()) == [
        "audit.head",
        "crashes",
        "history.db",
        "identity",
        "instance.lock",
        "journal.db",
        "logs",
    ]


def test_after_a_kill_nobody_answers_and_the_next_start_recovers(guard: Live, plimsoll: Run) -> None:
    guard.kill()
    guard.communicate(timeout=30)
    assert plimsoll("status")[0] == 1
    code, out, err = plimsoll("run", "--headless", "--for", "0.5")
    assert (code, err) == (0, "")
    assert "recovered" in out


def test_a_mode_that_changes_while_the_guard_runs_is_said_once(guard: Live, config: Path) -> None:
    observing, lines = config.read_text(), guard.stderr
    assert lines is not None
    config.write_text(observing.replace("[app]", '[app]\nmode = "armed"'))
    assert f"{config}: armed from now on: rules may close positions\n" in lines
    config.write_text(observing)
    assert f"{config}: observing from now on: rules send nothing\n" in lines
    guard.send_signal(signal.SIGTERM)
    assert "from now on" not in guard.communicate(timeout=30)[1]


def test_a_guard_whose_lines_nobody_reads_goes_on(guard: Live, plimsoll: Run) -> None:
    assert guard.stdout is not None
    guard.stdout.close()
    assert plimsoll("stop")[0] == 0
    assert plimsoll("status")[0] == 0
    guard.send_signal(signal.SIGINT)
    assert guard.wait(timeout=30) == 0
    assert guard.stderr is not None
    assert "the guard goes on without them" in guard.stderr.read()
    guard.stdout = None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_the_demo_leaves_no_folder_behind(config: Path, environ: dict[str, str], tmp_path: Path, number: int) -> None:
    demo = _begun("demo", environ=environ)
    assert list((tmp_path / "temp").iterdir())
    demo.send_signal(number)
    demo.communicate(timeout=30)
    assert demo.returncode == 0
    assert list((tmp_path / "temp").iterdir()) == []


def shell(line: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What bash makes of a line in which $P is the command."""
    bash, given = shutil.which("bash") or "bash", {**environ, "P": f"{sys.executable} -m app"}
    return subprocess.run([bash, "-c", line], env=given, cwd=ROOT, text=True, capture_output=True, timeout=60,
                          check=False)  # fmt: skip


@pytest.mark.parametrize("line", ["$P check --config {c} | head -1", "$P --help | head -1", "$P simulate {s} | head -1",
                                  "$P simulate {s} >&-", "$P check --config {c} >&- 2>&- <&-",
                                  "$P run --headless --for 0.5 --config {c} | head -1"])  # fmt: skip
def test_a_stdout_that_is_closed_early_is_no_traceback(
    config: Path, environ: dict[str, str], tmp_path: Path, line: str
) -> None:
    (tmp_path / "s.toml").write_text(SCENARIO)
    done = shell(line.format(c=config, s=tmp_path / "s.toml"), environ)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_under_stdout_is_told_and_exits_1(config: Path, environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SCENARIO)
    for line in (f"$P check --config {config} >/dev/full", f"$P simulate {tmp_path / 's.toml'} >/dev/full"):
        done = shell(line, environ)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "No space left on device" in done.stderr


def test_a_reset_with_stdin_closed_is_refused(guard: Live, plimsoll: Run, config: Path,
                                              environ: dict[str, str]) -> None:  # fmt: skip
    assert plimsoll("stop")[0] == 0
    done = shell(f"$P reset --config {config} <&-", environ)
    assert (done.returncode, "not reset" in done.stderr) == (1, True)
    assert guard.poll() is None


def test_a_picture_is_drawn_without_a_display(config: Path, environ: dict[str, str], tmp_path: Path) -> None:
    seen = tmp_path / "seen.png"
    line = [*PLIMSOLL, "demo", "--for", "1", "--screenshot", str(seen)]
    done = subprocess.run(line, env=environ, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
    assert (done.returncode, seen.read_bytes()[:4]) == (0, b"\x89PNG")
    assert done.stderr.splitlines() == ["no display: drawing off the screen", f"picture written to {seen}"]
