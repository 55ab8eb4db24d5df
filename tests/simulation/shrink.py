"""A failing story made small: as few things happen in it as still break the same promise."""

from __future__ import annotations

from tests.simulation.run import play
from tests.simulation.story import Happening, Story


def shrunk(story: Story, promise: int, *, tries: int = 400) -> Story:
    """Drop halves, quarters, … single happenings while the same promise stays broken (delta debugging)."""
    kept, size = list(story.happenings), max(len(story.happenings) // 2, 1)
    while size and tries > 0:
        smaller = _without_some(story, kept, size, promise, tries)
        tries -= len(kept) // size + 1
        size = size // 2 if len(smaller) == len(kept) else min(size, max(len(smaller) // 2, 1))
        kept = smaller
    return story.with_only(kept)


def _without_some(story: Story, kept: list[Happening], size: int, promise: int, tries: int) -> list[Happening]:
    at = 0
    while at < len(kept) and tries > 0:
        without = kept[:at] + kept[at + size :]
        tries -= 1
        if breaks(story.with_only(without), promise):
            kept = without
        else:
            at += size
    return kept


def breaks(story: Story, promise: int) -> bool:
    """Whether this story still breaks that promise."""
    return any(breach.promise == promise for breach in play(story).breaches)
