"""How long the terminal has been saying nothing new."""

from __future__ import annotations

from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Value
from monitors.reading import Reading
from monitors.settings import Rule


def silence_s(reading: Reading, _rule: Rule) -> Value:
    """Seconds since any quote of what is held last changed; with nothing held no quote is watched."""
    return reading.silence_s if reading.snapshot.positions else NotApplicable("nothing is held, so no quote is watched")


METRICS = (Metric(name="terminal.silence_s", unit=Unit.SECONDS, measure=silence_s, hard=False),)
