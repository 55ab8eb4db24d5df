"""A balance that no deal explains is an alarm once it lasts; margin rules go on meanwhile."""

from __future__ import annotations

from app.alerts import AlertBook
from app.halting import Halting
from monitors.ports import Severity
from monitors.reading import Reading

GRACE_S = 10.0
RULE = "Balance"


class Balance:
    """Watches one account's readings."""

    def __init__(self, account: str, halting: Halting, alerts: AlertBook) -> None:
        """The alarm of the run before goes on, or ends, with what is seen now."""
        self._halting = halting
        self._alerts = alerts
        self._since_s: float | None = None
        self._alert = next(iter(alerts.standing(account, RULE)), None)

    def watch(self, reading: Reading, now_s: float) -> None:
        """Raise the alarm after GRACE_S, clear it when a deal explains the balance."""
        if reading.unexplained is None:
            if self._alert is not None:
                self._alerts.clear(self._alert, None)
            self._since_s = self._alert = None
            return
        self._since_s = now_s if self._since_s is None else self._since_s
        if self._alert is None and now_s - self._since_s >= GRACE_S:
            do = "Profit and drawdown rules wait; look at the deals in MT5."
            self._alert = self._halting.alarm(RULE, "balance", reading.unexplained, do, Severity.HIGH)
