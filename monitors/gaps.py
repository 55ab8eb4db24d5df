"""What a gap in every price would do: the market opens elsewhere and no stop is filled in between."""

from __future__ import annotations

from monitors.legs import NO_RATE, loss_of_all
from monitors.model import Unknown, Value
from monitors.reading import Reading


def gap_loss(reading: Reading, gap_pct: float) -> Value:
    """Loss if every symbol gaps by `gap_pct` of its price against its net position, account currency.

    What is held both ways cancels; a loss is converted at the side MetaTrader 5 uses for losses.
    """
    if not reading.book.symbols:
        return 0.0
    lost = float(loss_of_all(reading.book).sum()) * gap_pct / 100
    return lost if lost == lost else Unknown(NO_RATE)  # noqa: PLR0124 -- the quickest test for NaN
