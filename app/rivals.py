"""Who else acts on this account: another Plimsoll elsewhere, known by its deals, or one here, known by its lock."""

from __future__ import annotations

from collections.abc import Iterable

from app.alerts import AlertBook
from app.instance.single import Claim, Instance
from monitors.model import Deal, Snapshot
from monitors.outcomes import author
from monitors.ports import Clock, Severity
from monitors.settings import TerminalSettings
from monitors.zones import MINUTE_MS

WINDOW_MS = 15 * MINUTE_MS
"""How long a deal of another instance counts as its presence."""
AGAIN_S = 1.0
ELSEWHERE, HERE, UNTOLD = "Another Plimsoll", "Second start", "Account lock"
ELSEWHERE_DO = (
    "Leave one of the two running. This one acts again 15 minutes after the last deal of the other, also where the "
    "other was an earlier data folder of this machine. The emergency stop works meanwhile."
)
HERE_DO = "End one of the two; this one acts as soon as the other has ended. The emergency stop works meanwhile."


class Rivals:
    """Looked at with every trustworthy snapshot; `reason` says why this instance only watches, empty where it acts."""

    def __init__(self, settings: TerminalSettings, instance: Instance, alerts: AlertBook, clock: Clock) -> None:
        self._name = settings.name
        self._own = instance.id
        self._claim = Claim(instance, settings)
        self._alerts = alerts
        self._clock = clock
        self._standing = {rule: number for rule in (ELSEWHERE, HERE, UNTOLD)
                          for number in alerts.standing(settings.name, rule)}  # fmt: skip
        self._tried: tuple[tuple[str, int], float] | None = None
        self._here = ""
        self.reason = ""

    def watch(self, snapshot: Snapshot) -> bool:
        """Whether this instance stands down from now on, having acted until now."""
        acted = not self.reason
        self._lock(snapshot)
        self.reason = self._here or self._elsewhere(snapshot)
        return acted and bool(self.reason)

    def close(self) -> None:
        """Let the account go."""
        self._claim.close()

    def _lock(self, snapshot: Snapshot) -> None:
        """Tried with another account and once a second where it is held by someone else."""
        account, now_s = (snapshot.account.server, snapshot.account.login), self._clock.monotonic()
        if self._tried and self._tried[0] == account and (not self._here or now_s - self._tried[1] < AGAIN_S):
            return
        self._tried, trouble = (account, now_s), ""
        try:
            taken = self._claim.take(*account)
        except OSError as error:  # no proof of another: its deals would show it
            taken, trouble = True, f"{error.filename}: {(error.strerror or str(error)).lower()}"
        self._here = "" if taken else "a Plimsoll on this machine holds this account already: this one only watches"
        self._say(HERE, self._here, HERE_DO)
        self._say(UNTOLD, trouble and f"the account could not be locked: {trouble}",
                  "Make the place writable: until the next start a second Plimsoll is known only by its deals.",
                  Severity.LOW)  # fmt: skip

    def _elsewhere(self, snapshot: Snapshot) -> str:
        """Where both acted, the lower id goes on, so that never both stand down; it says so all the same."""
        seen = authors(snapshot.deals, self._clock.utc_ms() - WINDOW_MS)
        others = sorted(seen - {self._own})
        if not others:
            self._say(ELSEWHERE, "", "")
            return ""
        named = f"another Plimsoll ({', '.join(others)}) acts on this account"
        goes_on = self._own in seen and self._own < others[0]
        reason = f"{named}: this one{' goes on, for its id is the lower' if goes_on else ' only watches'}"
        self._say(ELSEWHERE, reason, ELSEWHERE_DO)
        return "" if goes_on else reason

    def _say(self, rule: str, why: str, do: str, severity: Severity = Severity.CRITICAL) -> None:
        """One alert as long as there is a reason, whatever words it takes; one of the run before goes on or ends."""
        if why and rule not in self._standing:
            self._standing[rule] = self._alerts.raise_(
                account=self._name, rule=rule, metric="rival", value=None, threshold=None, when="above",
                severity=severity, episode=None, why=why, do=do,
            )  # fmt: skip
        elif not why and rule in self._standing:
            self._alerts.clear(self._standing.pop(rule), None)


def authors(deals: Iterable[Deal], since_ms: int) -> set[str]:
    """The instances that carried out deals since then."""
    return {found for deal in deals if deal.time_ms > since_ms and (found := author(deal))}
