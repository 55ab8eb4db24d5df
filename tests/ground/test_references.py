"""PySide6 hands back None and True without losing a reference to either."""

import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement
from packaging.version import Version
from PySide6.QtCore import QObject, Signal

ROOT = Path(__file__).resolve().parents[2]
CALLS = 10_000
NOISE = 100


class Bell(QObject):
    """The least that has a method which answers None and a signal whose emission answers True."""

    rung = Signal()


BELL = Bell()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal here: there is nothing to lose")
@pytest.mark.parametrize(
    ("call", "answer"),
    [(partial(BELL.setObjectName, "bell"), None), (BELL.rung.emit, True)],
    ids=["a method's None", "a signal's True"],
)
def test_ten_thousand_calls_lose_no_reference(call: Callable[[], object], answer: object) -> None:
    """PySide6 6.12.0 lost one a call on Python 3.11, and the interpreter aborted when none was left."""
    assert call() is answer
    gc.collect()
    before = sys.getrefcount(answer)
    for _ in range(CALLS):
        call()
    assert abs(sys.getrefcount(answer) - before) < NOISE


def test_the_release_that_loses_them_is_refused() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text())["project"]
    (wanted,) = (r for r in map(Requirement, project["dependencies"]) if r.name == "PySide6-Essentials")
    assert Version("6.12.0") not in wanted.specifier
    assert Version("6.11.3") in wanted.specifier


def test_the_lock_holds_another_release() -> None:
    locked = tomli.loads((ROOT / "uv.lock").read_text())["package"]
    versions = [package["version"] for package in locked if package["name"] == "pyside6-essentials"]
    assert versions
    assert "6.12.0" not in versions
