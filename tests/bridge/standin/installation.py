"""A terminal's folder: a program that runs by its name, and a served terminal behind it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.simulator.launch import launched

PACKAGES = Path(__file__).parent
"""What has to be on the path for `import MetaTrader5` to find the stand-in."""
ADDRESS = "simulator.json"


@contextmanager
def installed(folder: Path, *, scenario: Path | None = None) -> Iterator[Path]:
    """The path of a running `terminal64.exe` with a terminal that can be rehearsed with behind it."""
    folder.mkdir(parents=True, exist_ok=True)
    with launched(folder / ADDRESS, scenario=scenario, rehearse=True), program(folder) as path:
        yield path


@contextmanager
def program(folder: Path) -> Iterator[Path]:
    """A process that is called as the terminal's is and does nothing; it ends with whoever started it."""
    path = folder / "terminal64.exe"
    idle = shutil.which("cat") or "cat"  # it waits for its input to end
    shutil.copy(idle, path)
    with subprocess.Popen([idle], executable=path, stdin=subprocess.PIPE):
        yield path


@contextmanager
def package() -> Iterator[None]:
    """Let `import MetaTrader5` find the stand-in, in this process and for as long as this lasts."""
    sys.path.insert(0, str(PACKAGES))
    try:
        yield
    finally:
        sys.path.remove(str(PACKAGES))
        sys.modules.pop("MetaTrader5", None)
