"""An account at the broker: its money, its terms and its permissions."""

from __future__ import annotations

from dataclasses import dataclass

NETTING, HEDGING = 0, 2
SO_PERCENT, SO_MONEY = 0, 1


@dataclass(slots=True, kw_only=True)
class Account:
    """Money in account currency. `stop_out` 0: the broker never closes by itself; in percent or money by `so_mode`."""

    login: int
    currency: str = "USD"
    leverage: int = 100
    balance: float = 0.0
    credit: float = 0.0
    margin_mode: int = HEDGING
    so_mode: int = SO_PERCENT
    margin_call: float = 0.0
    stop_out: float = 0.0
    digits: int = 2
    limit_orders: int = 200
    limit_positions: int = 0
    fifo_close: bool = False
    trade_allowed: bool = True
    trade_expert: bool = True
    password: str | None = None
    name: str = "Trader"
    server: str = "Simulated-Demo"
    company: str = "Simulated Broker"

    @property
    def hedging(self) -> bool:
        return self.margin_mode == HEDGING

    def rounded(self, money: float) -> float:
        """To the currency's digits: a broker books cents."""
        return round(money, self.digits) + 0.0
