"""Which filling mode a close may use on a symbol, the one that fills at least something first."""

from __future__ import annotations

from monitors.model import Instrument

FOK, IOC, RETURN = 0, 1, 2
MASK_FOK, MASK_IOC = 1, 2
MARKET_EXECUTION = 2


def choices(instrument: Instrument) -> tuple[int, ...]:
    """ORDER_FILLING values worth trying, best first (MQL5 book: SYMBOL_FILLING_MODE is a mask, this is not).

    A protective close would rather fill in part than not at all, so IOC comes before FOK. RETURN is never
    accepted under market execution.
    """
    flagged = [IOC] * bool(instrument.filling_mask & MASK_IOC) + [FOK] * bool(instrument.filling_mask & MASK_FOK)
    if instrument.execution != MARKET_EXECUTION:
        flagged += [mode for mode in (RETURN, IOC, FOK) if mode not in flagged]
    return tuple(flagged) or (FOK, IOC)
