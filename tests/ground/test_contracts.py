"""Each import contract is seen to fail once, by name, on the import that it forbids."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
FLOORS = ("app", "bridge", "monitors", "ui")

LAYERS = "app > ui | bridge > monitors"
PURE = "monitors imports itself, numpy and the standard library"
WINDOWLESS = "bridge knows no window"
ONE_DOOR = "only bridge/metatrader.py imports MetaTrader5"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The four floors with nothing on them but the door to the terminal, under the project's own contracts."""
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for floor in FLOORS:
        (tmp_path / floor).mkdir()
        (tmp_path / floor / "__init__.py").touch()
    (tmp_path / "bridge" / "metatrader.py").write_text("import MetaTrader5\n")
    (tmp_path / "monitors" / "pnl.py").write_text("import numpy\n")
    return tmp_path


def test_the_skeleton_itself_keeps_every_contract(skeleton: Path) -> None:
    done = lint(skeleton)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


def test_the_project_keeps_every_contract() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("monitors", "bridge", LAYERS),
        ("monitors", "ui", LAYERS),
        ("monitors", "app", LAYERS),
        ("bridge", "ui", LAYERS),
        ("ui", "bridge", LAYERS),
        ("bridge", "app", LAYERS),
        ("ui", "app", LAYERS),
        ("monitors", "MetaTrader5", PURE),
        ("monitors", "PySide6.QtCore", PURE),
        ("monitors", "msgspec", PURE),
        ("monitors", "platformdirs", PURE),
        ("monitors", "pyarrow.parquet", PURE),
        ("monitors", "pyqtgraph", PURE),
        ("monitors", "sqlite_utils", PURE),
        ("monitors", "tomli", PURE),
        ("bridge", "PySide6.QtCore", WINDOWLESS),
        ("bridge", "pyqtgraph", WINDOWLESS),
        ("app", "MetaTrader5", ONE_DOOR),
        ("bridge", "MetaTrader5", ONE_DOOR),
        ("monitors", "MetaTrader5", ONE_DOOR),
        ("ui", "MetaTrader5", ONE_DOOR),
    ],
)
def test_a_forbidden_import_breaks_its_contract(skeleton: Path, module: str, imported: str, contract: str) -> None:
    (skeleton / module / "offender.py").write_text(f"import {imported}\n")
    done = lint(skeleton)
    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in done.stdout
