"""How long the terminal has been saying nothing new."""

from __future__ import annotations

from monitors.measures import Metric, Unit
from monitors.model import Value
from monitors.reading import Reading
from monitors.settings import Rule


def silence_s(reading: Reading, _rule: Rule) -> Value:
    """Seconds since any quote last changed."""
    return reading.silence_s


METRICS = (Metric(name="terminal.silence_s", unit=Unit.SECONDS, measure=silence_s, hard=False),)
