"""The symbols of the demo's broker: terms, and how each of them moves."""

from __future__ import annotations

from bridge.simulator.generator import Character
from bridge.simulator.listing import Listing
from monitors.instruments import CalcMode

GOLD_RATE = 1.5  # margin of metals and indices against forex at the same leverage


def _pair(base: str, profit: str, name: str, swap_long: float, swap_short: float) -> Listing:
    return Listing(
        name=base + profit,
        base=base,
        profit=profit,
        digits=3 if profit == "JPY" else 5,
        swap_long=swap_long,
        swap_short=swap_short,
        description=name,
        path=f"Forex\\{base}{profit}",
    )


def _leveraged(name: str, base: str, digits: int, size: float, words: str, swaps: tuple[float, float]) -> Listing:
    return Listing(
        name=name,
        base=base,
        profit="USD",
        digits=digits,
        contract_size=size,
        mode=CalcMode.CFDLEVERAGE,
        margin_rate_long=GOLD_RATE,
        margin_rate_short=GOLD_RATE,
        volume_max=50.0,
        swap_long=swaps[0],
        swap_short=swaps[1],
        description=words,
        path=f"CFD\\{name}",
    )


LISTINGS = {
    listing.name: listing
    for listing in (
        _pair("EUR", "USD", "Euro vs US Dollar", -7.4, 3.1),
        _leveraged("XAUUSD", "XAU", 2, 100.0, "Gold vs US Dollar", (-48.0, 22.0)),
        _pair("GBP", "JPY", "Pound Sterling vs Yen", 14.2, -31.0),
        _leveraged("US500", "USD", 1, 10.0, "US 500 Index", (-12.0, -3.5)),
        _pair("USD", "JPY", "US Dollar vs Yen", 9.8, -21.0),
        _pair("GBP", "USD", "Pound Sterling vs US Dollar", -2.9, -1.2),
        _pair("NZD", "USD", "New Zealand Dollar vs US Dollar", -1.8, -0.9),
    )
}

CHARACTERS = {
    "EURUSD": Character(price=1.16240, spread=0.00008, minute_bp=0.9, per_second=1.2),
    "XAUUSD": Character(price=4172.78, spread=0.22, minute_bp=2.4, per_second=2.4, daily_break=True),
    "GBPJPY": Character(price=203.118, spread=0.018, minute_bp=1.3, per_second=1.1),
    "US500": Character(price=6842.1, spread=0.5, minute_bp=1.4, per_second=1.0, daily_break=True),
    "USDJPY": Character(price=154.912, spread=0.009, minute_bp=1.1, per_second=0.9),
    "GBPUSD": Character(price=1.31118, spread=0.00012, minute_bp=1.0, per_second=0.9),
    "NZDUSD": Character(price=0.56120, spread=0.00014, minute_bp=1.0, per_second=0.6),
}
