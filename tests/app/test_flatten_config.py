"""What a stop makes out in a config that is broken: the data folder and every terminal that can be read at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import lenient
from monitors.settings import TerminalSettings

GOOD = """
[app]
data_dir = "here"
[[terminal]]
name = "one"
backend = "simulator"
login = 7
[[terminal]]
name = "two"
server = "Demo"
path = 'C:\\MT5\\terminal64.exe'
"""
ONE = TerminalSettings(name="one", backend="simulator", login=7)
TWO = TerminalSettings(name="two", server="Demo", path="C:\\MT5\\terminal64.exe")
BROKEN = [
    "", "[[rule]]\nname =", 'x = "', "[app", "[[rule]]\nlevels = [\n", "\x00\x01", "[strategies]\n1 = 2\n1 = 3",
    "[[rule]]\nname = 7\nwhen = 'sideways'",
]  # fmt: skip


def made(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("first", [True, False])
def test_whatever_is_broken_elsewhere_folder_and_terminals_are_made_out(
    tmp_path: Path, broken: str, first: bool
) -> None:
    path = made(tmp_path, f"{broken}\n{GOOD}" if first else f"{GOOD}\n{broken}\n")
    assert lenient.data_dir(path, {}) == "here"
    assert lenient.terminals(path, {}) == (ONE, TWO)


def test_a_line_that_is_broken_within_a_terminal_costs_that_line_only(tmp_path: Path) -> None:
    path = made(tmp_path, GOOD.replace('backend = "simulator"', "backend = simulator"))
    assert lenient.terminals(path, {}) == (TerminalSettings(name="one", login=7), TWO)


def test_a_value_that_makes_no_sense_is_as_if_it_were_not_given(tmp_path: Path) -> None:
    path = made(tmp_path, GOOD.replace("login = 7", 'login = "seven"'))
    assert lenient.terminals(path, {})[0] == TerminalSettings(name="one", backend="simulator")


def test_the_environment_is_heard(tmp_path: Path) -> None:
    environ = {"PLIMSOLL_TERMINAL__0__LOGIN": "8", "PLIMSOLL_APP__DATA_DIR": "there", "PLIMSOLL_NOWHERE": "1"}
    path = made(tmp_path, GOOD)
    assert lenient.data_dir(path, environ) == "there"
    assert lenient.terminals(path, environ)[0].login == 8


@pytest.mark.parametrize("text", ["", "terminal = 7", "[terminal]\nname = 'x'", "app = []"])
def test_where_no_terminal_can_be_made_out_it_is_the_default_one(tmp_path: Path, text: str) -> None:
    assert lenient.terminals(made(tmp_path, text), {}) == (TerminalSettings(),)
    assert lenient.data_dir(tmp_path / "config.toml", {}) == ""
    assert lenient.terminals(None, {}) == (TerminalSettings(),)
