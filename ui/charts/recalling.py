"""Which stretch of the past the charts ask the history store for, and the newest answer of each account."""

from __future__ import annotations

import math
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from monitors.ports import AccountFrame
from monitors.stretch import Recall, Recorded, Stretch

BESIDE = 0.5
"""Of the visible span is asked for at each side too, so that panning finds it there."""
COARSER = 1.5
"""A pixel column may be so much narrower than a recorded one."""
MOST_COLUMNS = 8_000
AGAIN_MS = 5_000
"""An account without a record is asked for again so much later: the store may just be brought up to date."""
LONGEST_MS = 20 * 366 * 86_400_000


@dataclass(frozen=True, slots=True)
class _Answer:
    stretch: Stretch
    recorded: Recorded
    came_ms: int

    def serves(self, left_ms: float, right_ms: float, pixel_ms: float, now_ms: int) -> bool:
        """Whether nothing finer or farther is needed for that view."""
        stretch, oldest = self.stretch, self.recorded.oldest_ms
        if stretch.until_ms < right_ms:
            return False
        if oldest is None:
            return now_ms - self.came_ms < AGAIN_MS
        reaches = stretch.since_ms <= max(left_ms, oldest)
        return reaches and stretch.column_ms <= COARSER * pixel_ms + 1


class Recalling(QObject):
    """One question under way at a time; what is asked for meanwhile replaces what waits."""

    came = Signal()
    """Something is known that was not before."""
    _answered = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.recall: Recall | None = None
        """Where to ask; None: there is no past."""
        self._answers: dict[tuple[str, int], _Answer] = {}
        self._running, self._now_ms = False, 0
        self._waiting: Stretch | None = None
        self._answered.connect(self._take)

    def oldest_s(self, view: AccountFrame, begins_s: float) -> float:
        """From when on anything is known of the account, UTC epoch seconds; minus infinity while that may be asked."""
        if self.recall is None:
            return begins_s
        answer = self._answers.get((view.server, view.login))
        oldest_ms = answer.recorded.oldest_ms if answer else None
        return -math.inf if oldest_ms is None else min(begins_s, oldest_ms / 1_000)

    def past(
        self, view: AccountFrame, span_ms: tuple[float, float], *, begins_ms: int, pixels: int, now_ms: int
    ) -> Recorded:
        """What is known by now of the time between two instants, up to where the frame's own rows begin."""
        left_ms, right_ms = span_ms[0], min(span_ms[1], begins_ms)
        self._now_ms = now_ms
        answer = self._answers.get((view.server, view.login))
        pixel_ms = (span_ms[1] - span_ms[0]) / max(1, pixels)
        if left_ms < right_ms and not (answer and answer.serves(left_ms, right_ms, pixel_ms, now_ms)):
            self._ask(_stretch(view, span_ms, begins_ms, pixels))
        return answer.recorded if answer else Recorded()

    def _ask(self, wanted: Stretch) -> None:
        if self._running:
            self._waiting = wanted
        elif self.recall is not None:
            self._running, self._waiting = True, None
            self.recall(wanted).add_done_callback(lambda future: self._tell(wanted, future))

    def _tell(self, wanted: Stretch, future: Future[Recorded]) -> None:
        """In the thread that answers; nobody hears it any more once the window is gone."""
        with suppress(RuntimeError):
            self._answered.emit(wanted, future)

    def _take(self, wanted: Stretch, future: Future[Recorded]) -> None:
        self._running = False
        if future.cancelled():
            return
        recorded = Recorded() if future.exception() else future.result()
        self._answers[wanted.server, wanted.login] = _Answer(wanted, recorded, self._now_ms)
        self.came.emit()
        if self._waiting is not None:
            self._ask(self._waiting)


def _stretch(view: AccountFrame, span_ms: tuple[float, float], begins_ms: int, pixels: int) -> Stretch:
    """The visible time with some at each side, as fine as the pixels are."""
    left_ms, right_ms = span_ms
    width = max(1.0, right_ms - left_ms)
    since = round(max(left_ms - BESIDE * width, begins_ms - LONGEST_MS))
    until = round(min(right_ms + BESIDE * width, begins_ms))
    columns = min(MOST_COLUMNS, math.ceil((until - since) / width * max(1, pixels)))
    return Stretch(server=view.server, login=view.login, since_ms=since, until_ms=until, columns=columns)
