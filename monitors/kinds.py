"""The closed sets of the vocabulary: sides, margin modes, and what a deal was."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Which way a position or an order points."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for buy, -1 for sell."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> Side:
        """The side that closes this one."""
        return Side.SELL if self is Side.BUY else Side.BUY


class MarginMode(StrEnum):
    """Whether a symbol holds one net position or many."""

    NETTING = "netting"
    HEDGING = "hedging"


class Entry(IntEnum):
    """What a deal did to a position (MT5's DEAL_ENTRY values)."""

    IN = 0
    OUT = 1
    INOUT = 2
    OUT_BY = 3


class DealKind(StrEnum):
    """Trade, money moved from outside, or a booking of the broker's."""

    TRADE = "trade"
    TRANSFER = "transfer"
    CREDIT = "credit"
    BOOKING = "booking"


class DealReason(IntEnum):
    """Who caused a deal (MT5's DEAL_REASON values)."""

    CLIENT = 0
    MOBILE = 1
    WEB = 2
    EXPERT = 3
    STOP_LOSS = 4
    TAKE_PROFIT = 5
    STOP_OUT = 6
    ROLLOVER = 7
    VARIATION_MARGIN = 8
    SPLIT = 9
