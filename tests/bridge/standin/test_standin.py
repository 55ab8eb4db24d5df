"""The stand-in beside the genuine package: attached by a program's path, and told on when it would start one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge import metatrader
from bridge.attach import Attachment
from bridge.port import TerminalError
from tests.bridge.standin.installation import ADDRESS, installed, package, program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has the genuine package")


@pytest.fixture
def mt5() -> Iterator[Any]:
    with package():
        yield importlib.import_module("MetaTrader5")


def test_it_is_found_by_the_packages_name_and_only_for_a_while() -> None:
    with package():
        assert importlib.import_module("MetaTrader5").__author__ == "MetaQuotes Ltd."
    assert "MetaTrader5" not in sys.modules


def test_without_a_path_no_terminal_is_found(mt5: Any) -> None:
    assert mt5.last_error() == (0, "")
    assert not mt5.initialize()
    assert mt5.last_error() == (-10003, "IPC initialize failed, MetaTrader 5 x64 not found")


def test_a_program_that_is_not_there_cannot_be_started(mt5: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "terminal64.exe")
    assert not mt5.initialize(path)
    assert mt5.last_error() == (-10003, f"IPC initialize failed, Process create failed '{path}'")


def test_a_terminal_says_the_folder_it_was_started_from(mt5: Any, tmp_path: Path) -> None:
    with installed(tmp_path) as path:
        assert mt5.initialize(str(path))
        assert (mt5.terminal_info().path, mt5.terminal_info().data_path) == (str(tmp_path), str(tmp_path))
        mt5.shutdown()


def test_an_initialize_on_a_closed_terminal_is_noticed(mt5: Any, tmp_path: Path) -> None:
    with program(tmp_path) as path:
        pass
    assert not mt5.initialize(str(path))
    assert (tmp_path / "started").exists()


def test_the_adapter_never_starts_a_terminal_that_its_user_closed(tmp_path: Path) -> None:
    with package():
        with installed(tmp_path) as path:
            attached = metatrader.attach(Attachment(name="main", backend="mt5", path=str(path)))
            assert attached.opened()
        assert attached.module.account_info() is None
        with pytest.raises(TerminalError, match="is closed"):
            attached.opened()
        attached.module.shutdown()
    assert not (tmp_path / ADDRESS).exists()
    assert not (tmp_path / "started").exists()
