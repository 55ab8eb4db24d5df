"""What is installed is what was meant: the packages, their data, the command, the right things on the right system."""

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
import tomli
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomli.loads((ROOT / "pyproject.toml").read_text())


def test_the_wheel_holds_the_four_floors(pyproject: dict[str, Any]) -> None:
    wheel = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["app", "bridge", "monitors", "ui"]
    assert all((ROOT / package / "__init__.py").is_file() for package in wheel["packages"])


def test_the_default_config_and_the_assets_lie_beside_the_packages_when_installed(pyproject: dict[str, Any]) -> None:
    carried = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried == {"assets": "assets", "config.toml": "config.toml"}
    assert all((ROOT / name).exists() for name in carried)


def test_the_command_plimsoll_leads_to_a_function(pyproject: dict[str, Any]) -> None:
    (name, value), *others = pyproject["project"]["scripts"].items()
    assert not others
    assert callable(EntryPoint(name=name, value=value, group="console_scripts").load())


@pytest.mark.parametrize(("system", "wanted"), [("win32", True), ("linux", False), ("darwin", False)])
def test_metatrader5_is_asked_for_on_windows_alone(pyproject: dict[str, Any], system: str, wanted: bool) -> None:
    (package,) = (r for r in map(Requirement, pyproject["project"]["dependencies"]) if r.name == "MetaTrader5")
    assert package.marker is not None
    assert package.marker.evaluate({"sys_platform": system}) is wanted


def test_each_interpreter_from_3_11_to_3_14_and_no_other_is_admitted(pyproject: dict[str, Any]) -> None:
    admitted = Requirement(f"python{pyproject['project']['requires-python']}").specifier
    tried = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
    assert [version for version in tried if version in admitted] == ["3.11", "3.12", "3.13", "3.14"]
