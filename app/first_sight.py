"""An account first seen in the middle of a challenge: the firm's own figures are asked for, once."""

from __future__ import annotations

from app.alerts import AlertBook
from app.halting import Halting
from app.memory import Memory
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.settings import TerminalSettings

WHY = "first seen in the middle of a challenge: openings and highs are what was seen then, not what the firm counts"


class FirstSight:
    """Of one account. The question stands until figures are typed; it changes nothing that is judged."""

    def __init__(self, settings: TerminalSettings, halting: Halting, alerts: AlertBook) -> None:
        self._settings = settings
        self._halting = halting
        self._alerts = alerts

    def watch(self, reading: Reading, memory: Memory, *, first: bool) -> None:
        """`first`: nothing was remembered of the account before this reading."""
        settings, account = self._settings, reading.snapshot.account
        initial = settings.initial_balance
        under_way = bool(reading.snapshot.positions) or account.money(account.balance - initial) != 0
        if first and initial > 0 and not settings.high_water and under_way:
            do = f"Type them: plimsoll opening --account {settings.name} --high-water … --balance … --equity …"
            memory.asked = self._halting.alarm("Opening figures", "opening", WHY, do, Severity.MEDIUM)

    def answered(self, memory: Memory) -> None:
        """A person has typed figures."""
        if memory.asked is not None:
            self._alerts.clear(memory.asked, None)
            memory.asked = None
