"""The time from the start of the process to the first painted window, beside a bare PySide6 and pyqtgraph window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Timer

from bridge.clock import SystemClock

LONGEST_S = 60.0
SCRIPT = "tests.bench.first_paint"
ROOT = Path(__file__).resolve().parents[2]


def measure(runs: int) -> dict[str, list[float]]:
    """Seconds of each start, the two kinds in turn so that both meet the same machine; `bare` and `plimsoll`."""
    took: dict[str, list[float]] = {"bare": [], "plimsoll": []}
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        for which in took:
            once(which, folder)  # bytecode is compiled, the file cache fills
        for _ in range(runs):
            for which, found in took.items():
                found.append(once(which, folder))
    return took


def once(which: str, folder: str) -> float:
    """Seconds from starting the process until it says that its window was painted; RuntimeError where it never does."""
    # Bytecode is kept, as in an installation, but in the benchmark's own folder.
    kept = {"PYTHONPYCACHEPREFIX": f"{folder}/bytecode", "PYTHONDONTWRITEBYTECODE": ""}
    stopwatch, there = SystemClock(), {**os.environ, **kept, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": folder}
    began = stopwatch.monotonic()
    with subprocess.Popen([sys.executable, "-m", SCRIPT, which], cwd=ROOT, env=there, stdout=subprocess.PIPE,
                          text=True) as process:  # fmt: skip
        late = Timer(LONGEST_S, process.kill)
        late.start()
        said = process.stdout.readline() if process.stdout else ""
        took = stopwatch.monotonic() - began
        process.wait()
        late.cancel()
        late.join()
    if said.strip() != "painted":
        raise RuntimeError(f"{which}: the window was never painted")
    return took


def ratio(took: dict[str, list[float]]) -> float:
    """Our median over the bare window's."""
    return median(took["plimsoll"]) / median(took["bare"])
