"""The commands as a user types them: what they print, and how they end on bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from app.cli import main

COMMANDS = (
    "demo",
    "run",
    "simulate",
    "check",
    "doctor",
    "drill",
    "status",
    "acknowledge",
    "reset",
    "loosen",
    "stop",
    "opening",
    "report",
    "push",
    "export",
    "backup",
    "restore",
)
CONFIG = """
[app]
data_dir = "{data}"
[[terminal]]
name = "main"
backend = "simulator"
login = 51023381
[[rule]]
name = "Margin"
metric = "margin.level_pct"
when = "below"
levels = [{{ at = 15000.0, severity = "medium", action = "alert" }}]
"""
SCENARIO = """
[scenario]
length_s = 2
[[symbol]]
name = "A"
[[position]]
id = 1
symbol = "A"
side = "buy"
volume = 1.0
open = 1.0
"""
FAULTY = """
[scenario]
length_s = -1
strat = 2
[account]
margin_mode = "both"
[[symbol]]
name = "A"
[[position]]
id = 1
symbol = "B"
side = "long"
volume = 1.0
open = 1.0
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home without a display: no config lies anywhere."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


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


@pytest.fixture
def config(tmp_path: Path) -> str:
    place = tmp_path / "mit Leerzeichen äöü"
    place.mkdir()
    text = CONFIG.format(data=(tmp_path / "daten ü").as_posix())
    (place / "plimsoll.toml").write_bytes(text.replace("\n", "\r\n").encode())
    return str(place / "plimsoll.toml")


def test_the_version_is_the_packages(plimsoll: Run) -> None:
    code, out, err = plimsoll("--version")
    lines = out.splitlines()
    assert (code, err, lines[0]) == (0, "", f"plimsoll {version('plimsoll')}")
    names = ("Python 3.", "PySide6 and Qt 6.", "pyqtgraph 0.", "numpy 2.", "MetaTrader5 ", "SQLite 3.", "OS ")
    assert all(line.startswith(name) for line, name in zip(lines[1:], names, strict=True))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(plimsoll: Run, command: str) -> None:
    code, out, err = plimsoll(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: plimsoll {command}")


def test_the_root_lists_every_command(plimsoll: Run) -> None:
    code, out, _ = plimsoll("--help")
    assert code == 0
    assert all(f"    {command} " in out for command in COMMANDS)


BAD = [
    (("nonsense",), "nonsense"),
    (("run",), "--headless"),
    (("simulate",), "SCENARIO.toml"),
    (("simulate", "x.toml", "--seed", "x"), "--seed: found 'x'"),
    (("simulate", "nowhere.toml"), "nowhere.toml: cannot be read"),
    (("acknowledge",), "N"),
    (("opening", "--balance", "1"), "--account"),
    (("opening", "--account", "main", "--balance", "nan"), "--balance: found 'nan'"),
    (("opening", "--account", "main", "--day-high", "-5"), "--day-high"),
    (("acknowledge", "x"), "N: found 'x'"),
    (("report",), "--out"),
    (("report", "--out", "nowhere/r.html"), "--out nowhere/r.html: expected a file"),
    (("report", "--out", "r.html", "--from", "monday"), "--from: found 'monday', expected a day"),
    (("export", "history", "--out", "h.csv", "--from", "monday"), "--from: found 'monday', expected a day"),
    (("report", "--out", "r.html", "--data", "nowhere"), "history.db: there is no archive"),
    (("backup", "--out", "nowhere/b.zip"), "--out nowhere/b.zip: expected a file"),
    (("backup", "--out", "history.db"), "--out history.db: found the name of a file that Plimsoll keeps itself"),
    (("report", "--out", "journal.db-wal"), "--out journal.db-wal: found the name of a file"),
    (("audit", "export", "--out", "./audit.head"), "--out audit.head: found the name of a file"),
    (("demo", "--screenshot", "instance.lock"), "--screenshot instance.lock: found the name of a file"),
    (("backup", "--out", "b.zip", "--data", "nowhere"), "nowhere: nothing to back up"),
    (("restore", "nowhere.zip"), "nowhere.zip: found no such file"),
    (("demo", "--for", "0"), "--for: found '0', expected seconds"),
    (("demo", "--for", "nan"), "--for: found 'nan'"),
    (("demo", "--for", "1e300"), "--for: found '1e300'"),
    (("demo", "--speed", "-1"), "--speed: found '-1', expected a speed"),
    (("demo", "--seed", "-5"), "--seed: found '-5'"),
    (("demo", "--ticks", "EURUSD"), "--ticks EURUSD: expected SYMBOL=FILE"),
    (("demo", "--ticks", "FOO=x"), "--ticks FOO=x: expected SYMBOL=FILE"),
    (("demo", "--ticks", "EURUSD=nowhere.csv"), "nowhere.csv: cannot be read"),
    (("demo", "--screenshot", "nowhere/x.png"), "--screenshot nowhere/x.png: expected a file"),
    (("check", "--config", "nowhere.toml"), "nowhere.toml: file: found no such file"),
    (("--config", "nowhere.toml", "check"), "nowhere.toml: file: found no such file"),
    (("--config", "nowhere.toml"), "nowhere.toml: file: found no such file"),
    (("run", "--headless", "--config", "nowhere.toml"), "nowhere.toml: file: found no such file"),
    (("run", "--headless"), "no MetaTrader 5 here: its package runs on Windows only"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "told"), BAD, ids=[" ".join(given) for given, _ in BAD])
def test_bad_input_is_told_in_one_line_and_exits_2(plimsoll: Run, given: tuple[str, ...], told: str) -> None:
    code, out, err = plimsoll(*given)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err


TICKS = [
    (b"", "is empty"),
    (b"PAR1 but no more", "cut off"),
    (b"<DATE>\t<TIME>\t<BID>\t<ASK>\n", "holds no ticks"),
    (b"<DATE>\t<TIME>\t<BID>\t<ASK>\n2026.03.02\t08:0", "line 2: found"),
    (b"my,own,table\n", "line 1: found 'my,own,table'"),
    (b"\xff\xfe\x00\x01", "neither Parquet nor text"),
]


@pytest.mark.parametrize(("content", "told"), TICKS, ids=[told for _, told in TICKS])
def test_a_tick_file_that_is_none_is_named_with_what_would_be(
    plimsoll: Run, tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "ticks").write_bytes(content)
    code, _, err = plimsoll("demo", "--ticks", "EURUSD=ticks")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("ticks: ")
    assert told in err
    assert "Parquet" in err or "should be" in err


def test_one_symbol_takes_one_tape(plimsoll: Run, tmp_path: Path) -> None:
    (tmp_path / "t").write_text("<DATE>\t<TIME>\t<BID>\t<ASK>\n2026.03.02\t08:00:00.000\t1.1\t1.2\n")
    code, _, err = plimsoll("demo", "--ticks", "EURUSD=t", "--ticks", "EURUSD=t")
    assert (code, "EURUSD twice" in err) == (2, True)


def test_every_fault_of_a_scenario_is_told_at_once(plimsoll: Run, tmp_path: Path) -> None:
    (tmp_path / "faulty.toml").write_text(FAULTY)
    code, out, err = plimsoll("simulate", "faulty.toml")
    assert (code, out) == (2, "")
    keys = [line.split(": ")[1] for line in err.splitlines()]
    assert keys[:3] == ["scenario.length_s", "scenario.strat", "account.margin_mode"]
    assert keys[3:] == ["position[1].symbol", "position[1].side"]


def test_a_faulty_config_inside_a_scenario_is_named_with_its_place(plimsoll: Run, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SCENARIO + '[config.app]\nmode = "wrong"\n')
    code, _, err = plimsoll("simulate", "s.toml")
    assert (code, "s.toml: config.app.mode: found" in err) == (2, True)


@pytest.mark.parametrize("seed", ["1", "7"])
def test_a_scenario_prints_an_object_a_line_and_the_same_every_time(plimsoll: Run, tmp_path: Path, seed: str) -> None:
    (tmp_path / "s.toml").write_text(SCENARIO)
    first, second = plimsoll("simulate", "s.toml", "--seed", seed), plimsoll("simulate", "s.toml", "--seed", seed)
    assert first == second
    assert first[0] == 0
    assert [json.loads(line)["event"] for line in first[1].splitlines()] == ["started", "end"]


def test_without_a_config_check_says_so(plimsoll: Run) -> None:
    code, out, err = plimsoll("check")
    assert (code, err) == (0, "")
    assert out.startswith("no config file; these are the defaults")


def test_check_explains_a_plan_and_tells_a_program_the_same(plimsoll: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('[[terminal]]\nname = "c"\ninitial_balance = 100000\npack = "ftmo-2-step"\n', "utf-8")
    code, out, err = plimsoll("check", "--config", str(path), "--explain")
    assert (code, err) == (0, "")
    floor = "FTMO 2-step: the daily floor is the balance at 00:00 Europe/Prague less 5 % of the initial 100,000.00"
    assert floor in out
    assert floor not in plimsoll("check", "--config", str(path))[1]
    code, out, err = plimsoll("check", "--config", str(path), "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert [(plan["account"], plan["pack"], plan["checked"]) for plan in told["plans"]] == [
        ("c", "ftmo-2-step", "2026-11-22")
    ]
    assert told["plans"][0]["sentences"][0].startswith(floor)
    assert [rule["metric"] for rule in told["rules"]] == [
        "firm.daily_used_pct", "firm.max_used_pct", "firm.reset_room",
    ]  # fmt: skip
    assert all(rule["sentences"] and rule["why"] and rule["do"] for rule in told["rules"])


def test_a_config_with_windows_line_ends_under_a_path_with_umlauts_is_read(plimsoll: Run, config: str) -> None:
    code, out, err = plimsoll("check", "--config", config)
    assert (code, err) == (0, "")
    assert out.startswith(f"{config}: no fault")


def test_the_environment_is_heard_and_its_faults_are_named(
    plimsoll: Run, config: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLIMSOLL_APP__MODE", "armed")
    assert "Armed: rules may close positions." in plimsoll("check", "--config", config)[1]
    monkeypatch.setenv("PLIMSOLL_APP__MOD", "armed")
    code, _, err = plimsoll("check", "--config", config)
    assert (code, "PLIMSOLL_APP__MOD" in err) == (2, True)


def test_the_window_without_config_and_display_says_what_to_do_in_two_lines(plimsoll: Run) -> None:
    code, out, err = plimsoll()
    assert (code, out, err.count("\n")) == (1, "", 2)
    assert "plimsoll demo" in err


UNHEARD = [("status",), ("status", "--json"), ("acknowledge", "1"), ("acknowledge", "-1"), ("stop",), ("reset",),
           ("loosen",),
           ("opening", "--account", "main", "--equity", "1"),
           ("reset", "--yes", "main"), ("stop", "--data", "/nowhere")]  # fmt: skip


@pytest.mark.parametrize("given", UNHEARD, ids=" ".join)
def test_where_nothing_runs_a_command_to_it_says_so_in_one_line(plimsoll: Run, given: tuple[str, ...]) -> None:
    code, out, err = plimsoll(*given)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("no running Plimsoll answers for ")


def test_the_guard_runs_headless_for_as_long_as_it_is_told(plimsoll: Run, config: str, tmp_path: Path) -> None:
    code, out, err = plimsoll("run", "--headless", "--for", "8", "--json", "--config", config)
    assert (code, err) == (0, "")
    told = [json.loads(line) for line in out.splitlines()]
    assert [t["event"] for t in told] == ["started", "alert"]
    assert sorted(p.name for p in (tmp_path / "daten ü").iterdir()) == [
        "audit.head", "crashes", "history.db", "identity", "instance.lock", "journal.db", "logs",
    ]  # fmt: skip


def test_a_start_that_finds_a_journal_says_that_it_recovered(plimsoll: Run, config: str) -> None:
    for expected in ("started with config", "recovered; unsettled requests: none"):
        _, out, _ = plimsoll("run", "--headless", "--for", "0.3", "--config", config)
        assert expected in out


def test_the_demo_without_a_display_says_so_and_ends_by_itself(plimsoll: Run) -> None:
    code, out, err = plimsoll("demo", "--for", "0.3")
    assert (code, err) == (0, "no display: running headless; a line per event, Ctrl-C ends\n")
    assert out.count("started with config") == 3


def test_a_data_folder_that_cannot_be_made_is_named(
    plimsoll: Run, config: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PLIMSOLL_APP__DATA_DIR", str(tmp_path / "file" / "x"))
    code, _, err = plimsoll("run", "--headless", "--config", config)
    assert (code, err.count("\n")) == (2, 1)
    assert "choose a data folder that can be written" in err


def test_a_journal_of_something_else_is_refused_and_kept(plimsoll: Run, config: str, tmp_path: Path) -> None:
    (tmp_path / "daten ü").mkdir()
    foreign = tmp_path / "daten ü" / "journal.db"
    foreign.write_text("a shopping list")
    code, _, err = plimsoll("run", "--headless", "--config", config)
    assert (code, err.count("\n"), foreign.read_text()) == (2, 1, "a shopping list")


@pytest.mark.parametrize("size", ["1920", "1920x", "x1080", "10x9", "-1280x800", "99999x800", "wide"])
def test_a_window_of_no_size_is_bad_input(size: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["demo", f"--size={size}"])
    assert left.value.code == 2
