"""`python -m tests.bench.pages`: redrawing each page for 200 positions, every figure another at each frame."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from time import thread_time
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from monitors.ports import Frame
from tests.bench.beats import percentile
from tests.ui import crowd
from ui import application, theme
from ui.main_window import MainWindow
from ui.pages.menu import PAGES

FRAMES, WARM = 200, 10
SIZE = 1_280, 800
ROWS, CELLS = 30, 12
"""Texts that a page of this size holds about; painted bare for comparison."""


class Box:
    """Where the newest frame lies."""

    frame: Frame | None = None

    def newest(self) -> Frame | None:
        return self.frame


class Bare(QWidget):
    """So many short texts, painted one by one and nothing else."""

    number = 0

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 -- Qt's own name
        painter = QPainter(self)
        painter.setFont(theme.font(12, theme.STRONG))
        for row in range(ROWS):
            for cell in range(CELLS):
                painter.drawText(QPoint(10 + cell * 100, 20 + row * 25), f"{self.number + row * cell:,.2f}")
        painter.end()


def timed(step: Callable[[int], None]) -> dict[str, float]:
    """Milliseconds of the processor for each step and what it had painted."""
    took = []
    for number in range(-WARM, FRAMES):
        began = thread_time()
        step(number)
        QApplication.processEvents()
        took.append(1000 * (thread_time() - began))
    times = np.array(took[WARM:])
    return {"p50_ms": percentile(times, 50), "p99_ms": percentile(times, 99)}


def measure() -> dict[str, Any]:
    """Every page, and the bare texts."""
    box = Box()
    shown = [crowd.frame(number) for number in range(FRAMES + WARM)]
    box.frame = shown[0]
    window = MainWindow(box, lambda _: None)
    window.resize(*SIZE)
    window.show()
    found: dict[str, Any] = {}

    def step(number: int) -> None:
        box.frame = replace(shown[number + WARM], number=step_number())
        window.poll()

    numbers = iter(range(1_000, 1_000_000))

    def step_number() -> int:
        return next(numbers)

    for page in PAGES:
        window.show_page(page)
        found[page] = timed(step)
    window.leave()
    bare = Bare()
    bare.resize(*SIZE)
    bare.show()

    def paint(number: int) -> None:
        bare.number = number
        bare.update()

    found["bare Qt, as many texts"] = timed(paint)
    bare.close()
    return found


if __name__ == "__main__":
    application.prepare(sys.argv[:1], offscreen=True)
    print(json.dumps(measure(), indent=2))
