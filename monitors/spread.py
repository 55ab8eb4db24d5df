"""The spread of what is held, in points."""

from __future__ import annotations

from monitors.measures import Metric, Unit
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


def points(reading: Reading, rule: Rule) -> Value:
    """The widest spread among the symbols of the positions that the rule selects: (ask - bid) / point.

    Unknown where any of their quotes is missing or broken: the widest may be that one.
    """
    snapshot, widest = reading.snapshot, 0.0
    positions = snapshot.positions
    symbols = dict.fromkeys(positions[i].symbol for i in rule.selected(positions))
    for symbol in symbols:
        quote, spec = snapshot.quotes.get(symbol), snapshot.instruments.get(symbol)
        if quote is None or not quote.sane:
            return Unknown(f"{symbol}: the quote is missing or broken")
        if spec is None or not spec.point > 0:
            return Unknown(f"{symbol}: the size of a point is not known")
        widest = max(widest, (quote.ask - quote.bid) / spec.point)
    return widest if symbols else NotApplicable("nothing is held that the rule covers")


METRICS = (Metric(name="spread.points", unit=Unit.POINTS, measure=points, hard=False),)
