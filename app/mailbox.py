"""The newest frame for whoever draws; older ones are dropped, and alerts travel in every frame, so none is."""

from __future__ import annotations

from collections.abc import Callable

from monitors.ports import Frame


class Mailbox:
    """One slot, written by the worker and read by the window; assignment of one reference needs no lock."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self.arrived: Callable[[Frame], None] = lambda _: None
        """Told of each, in the worker's thread: it must not wait for anything."""

    def put(self, frame: Frame) -> None:
        """Replace what is there."""
        self._frame = frame
        self.arrived(frame)

    def newest(self) -> Frame | None:
        """The latest frame; None before the first beat."""
        return self._frame
