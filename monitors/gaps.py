"""What a gap in every price would do: the market opens elsewhere and no stop is filled in between."""

from __future__ import annotations

import numpy as np

from monitors.legs import NO_RATE, net_lots
from monitors.model import Unknown, Value
from monitors.reading import Reading


def gap_loss(reading: Reading, gap_pct: float) -> Value:
    """Loss if every symbol gaps by `gap_pct` of its price against its net position, account currency.

    What is held both ways cancels; a loss is converted at the side MetaTrader 5 uses for losses.
    """
    book = reading.book
    if not book.symbols:
        return 0.0
    net = net_lots(book)
    quotes = [book.snapshot.quotes[name] for name in book.symbols]
    price = np.array([q.bid if lots >= 0 else q.ask for q, lots in zip(quotes, net.tolist(), strict=True)])
    units = np.abs(net) * book.contract * price
    lost = float(np.where(net == 0, 0.0, units * book.rates[3]).sum()) * gap_pct / 100
    return lost if lost == lost else Unknown(NO_RATE)  # noqa: PLR0124 -- the quickest test for NaN
