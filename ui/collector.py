"""Garbage is collected in the window's thread alone, and so that nobody waits for it."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

COLLECT_MS = 1_000
FIRST, FULL, WHOLE = 5, 60, 3_600
"""Beats of that: when the program stands, and how often all younger, and all there is, are looked through."""


class Collector(QObject):
    """Collects on a timer of the GUI thread; a collection in a worker thread may delete Qt objects there.

    What outlives a full collection is left alone for up to an hour: to look through all of a started program takes
    0.1 s, through what came since 0.005 s.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self.beat)
        self._timer.start()
        self._beats = 0

    def beat(self) -> None:
        """Collect what is due."""
        self._beats += 1
        young, middle, _ = gc.get_threshold()
        counts = gc.get_count()
        if self._beats % WHOLE == 0:
            gc.unfreeze()
        if self._beats == FIRST or self._beats % FULL == 0:
            gc.collect()
            gc.freeze()
        elif counts[1] > middle:
            gc.collect(1)
        elif counts[0] > young:
            gc.collect(0)
