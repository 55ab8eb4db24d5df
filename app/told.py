"""What was done last, in words: all that was closed of one episode together, not the last order of it."""

from __future__ import annotations

from monitors.model import Instrument
from monitors.outcomes import Request

TOGETHER_MS = 60_000
"""What belongs to no episode, as a person's stop does, is one deed while no longer than this lies between two sends."""


class Told:
    """The deed that is under way, and which positions it reached."""

    def __init__(self) -> None:
        self._episode: int | None = None
        self._sent_ms = 0
        self._whole: dict[int, bool] = {}
        """Of each position whether nothing is left of it."""

    def outcome(self, request: Request, instrument: Instrument) -> str:
        """The words for it, once `request` has come this far."""
        if not request.filled:
            return f"{request.symbol}: {request.state}"
        apart = request.episode is None and abs(request.sent_ms - self._sent_ms) > TOGETHER_MS
        if request.episode != self._episode or apart:
            self._whole = {}
        self._episode, self._sent_ms = request.episode, request.sent_ms
        for position, held in zip(request.positions, (request.held, request.by_held), strict=False):
            self._whole[position] = request.filled >= held
        if len(self._whole) == 1:
            return f"closed {instrument.lots(request.filled):.{instrument.volume_digits}f} {request.symbol}"
        done = "closed" if all(self._whole.values()) else "cut"
        return f"{done} {len(self._whole)} positions"
