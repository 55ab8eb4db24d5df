"""A symbol as the broker lists it: its contract, its steps, what may be done with it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from monitors.instruments import WITHOUT_PRICE, CalcMode, Terms

FILL_FOK, FILL_IOC, FILL_BOC = 1, 2, 4
EXE_REQUEST, EXE_INSTANT, EXE_MARKET, EXE_EXCHANGE = range(4)
TRADE_DISABLED, TRADE_LONG_ONLY, TRADE_SHORT_ONLY, TRADE_CLOSE_ONLY, TRADE_FULL = range(5)
ORDER_MODE_CLOSEBY = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A symbol's terms. Volumes in lots, swaps and levels in points unless `swap_mode` says otherwise.

    `margin_currency` empty: the base currency for the modes that know no price, else the profit currency.
    `hedged_margin` None: the contract size, so that a covered pair costs one lot.
    """

    name: str
    base: str
    profit: str
    digits: int = 5
    contract_size: float = 100_000.0
    mode: CalcMode = CalcMode.FOREX
    margin_currency: str = ""
    volume_min: float = 0.01
    volume_step: float = 0.01
    volume_max: float = 100.0
    volume_limit: float = 0.0
    tick_size: float = 0.0
    tick_price: float = 0.0
    margin_initial: float = 0.0
    margin_rate_long: float = 1.0
    margin_rate_short: float = 1.0
    hedged_margin: float | None = None
    hedged_use_leg: bool = False
    face_value: float = 0.0
    filling: int = FILL_FOK | FILL_IOC
    exemode: int = EXE_MARKET
    trade_mode: int = TRADE_FULL
    order_mode: int = 127
    expiration_mode: int = 15
    stops_level: int = 0
    freeze_level: int = 0
    swap_mode: int = 1
    swap_long: float = 0.0
    swap_short: float = 0.0
    swap_triple_day: int = 3
    commission_per_lot: float = 0.0
    description: str = ""
    path: str = ""
    terms: Terms = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        terms = Terms(
            mode=self.mode,
            contract_size=self.contract_size,
            tick_size=self.tick,
            tick_price=self.tick_worth,
            margin_initial=self.margin_initial,
            face_value=self.face_value,
        )
        object.__setattr__(self, "terms", terms)

    @property
    def point(self) -> float:
        return round(10.0**-self.digits, self.digits)

    @property
    def tick(self) -> float:
        """The smallest step of the price."""
        return self.tick_size or self.point

    @property
    def tick_worth(self) -> float:
        """What a tick of one lot is worth in profit currency."""
        return self.tick_price or self.contract_size * self.tick

    @property
    def margin_in(self) -> str:
        """The margin currency."""
        return self.margin_currency or (self.base if self.mode in WITHOUT_PRICE else self.profit)

    @property
    def hedged(self) -> float:
        return self.contract_size if self.hedged_margin is None else self.hedged_margin

    def steps(self, lots: float) -> int | None:
        """Lots as a whole number of volume steps; None where it is none, or no number."""
        if not math.isfinite(lots):
            return None
        steps = round(lots / self.volume_step)
        return steps if math.isclose(steps * self.volume_step, lots, rel_tol=1e-9, abs_tol=1e-9) else None

    def lots(self, steps: int) -> float:
        return round(steps * self.volume_step, 8)

    def rounded(self, price: float) -> float:
        return round(price, self.digits)
