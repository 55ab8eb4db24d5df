"""Promise 16: what the broker's own figures breach for long has its alert, and what is to act then is planned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from app.events import Event
from bridge.simulator.book import DealType
from bridge.simulator.valuation import figures
from monitors.settings import Level, Rule
from tests.simulation.judge import Oracle
from tests.simulation.oracle_alerts import Alerts
from tests.simulation.oracle_alive import Alive
from tests.simulation.oracle_commitment import Committed, plain
from tests.simulation.oracle_plans import Plans, halts_of
from tests.simulation.story import NAME

if TYPE_CHECKING:
    from tests.simulation.run import Run

LONG_S = 40.0
CLOSING = ("close_all", "emergency_stop")


class Missed(Oracle):
    """In the calm, by rule and level, since when it is breached."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._since: dict[tuple[str, float], float] = {}
        self._begin = run.desk.account.balance + run.desk.account.credit
        self._peak = -math.inf
        """The highest equity that a beat saw."""
        self._about: dict[int, set[int]] = {}
        """Episode to what was held when it began."""
        self._newest: tuple[str, str, int] | None = None
        """Rule and moment of the alert raised last, and its episode."""

    def believed(self, told: Event) -> None:
        if told["event"] == "alert" and told["state"] == "raised" and told["episode"] is not None:
            if self._newest and self._newest[:2] == (told["rule"], told["at"]):
                self._about.pop(self._newest[2], None)  # of levels that trip in one beat the severest acts alone
            self._newest = told["rule"], told["at"], told["episode"]
            self._about[told["episode"]] = {*self.desk.book.positions}
        elif told["event"] == "reset" and halts_of(self.run.judge).was in ("stop", "fault"):
            self._about.clear()  # what was held then is left, and no level is re-armed

    def beaten(self) -> None:
        figure = self._figures()
        if self.run.now_s < self.run.story.calm_s + 2:
            return
        for rule in self._oracle(Committed).rules:
            value = figure.get(rule.metric)
            for level in rule.levels:
                key = rule.name, level.at
                slack = abs(level.at) * 1e-3 + 0.01
                far = value is not None and (
                    value < level.at - slack if rule.when == "below" else value > level.at + slack
                )
                if not far or (rule.metric.startswith("drawdown") and self._moved()):
                    self._since.pop(key, None)
                elif self.run.now_s - self._since.setdefault(key, self.run.now_s) > LONG_S:
                    self._judge(rule, level, value)

    def _judge(self, rule: Rule, level: Level, value: float | None) -> None:
        key = rule.name, level.at
        if not self._told(key):
            self._since[key] = self.run.now_s + 1e9
            self.breach(16, f"{rule.metric} is {value:.2f} for long, and nothing says so at {level.at}")
        elif self._idle(rule, level):
            self._since[key] = self.run.now_s + 1e9
            self.breach(
                16, f"{rule.metric} is {value:.2f} for long, and {level.response.name} at {level.at} has no plan"
            )

    def _figures(self) -> dict[str, float | None]:
        desk = self.desk
        state = figures(desk.market, desk.account, desk.book)
        reading = self.run.engine.guards[NAME].now.reading
        if reading and reading.snapshot.taken_ms == self.run.clock.utc_ms():
            self._peak = max(self._peak, state.equity)
        return {"margin.level_pct": state.level if state.margin else None, "equity": state.equity,
                "drawdown.daily": self._begin - state.equity, "drawdown.max": self._peak - state.equity}  # fmt: skip

    def _moved(self) -> bool:
        return any(d.kind in (DealType.BALANCE, DealType.CREDIT) and d.comment for d in self.desk.book.deals)

    def _oracle(self, kind: type) -> Any:
        return next(o for o in self.run.judge.oracles if isinstance(o, kind))

    def _told(self, key: tuple[str, float]) -> bool:
        if any((rule, at) == key for rule, at, _ in self._oracle(Alerts).active):
            return True
        on_disk = self.run.files.alerts().values()  # a kill may have come between disk and telling
        return any(view["active"] and (plain(view["rule"]), view["threshold"]) == key for view in on_disk)

    def _idle(self, rule: Rule, level: Level) -> bool:
        """Whether the severest level that acts closes everything, and nothing of that was ever planned."""
        acting = {at: told for (name, at, _), told in self._oracle(Alerts).active.items()
                  if name == rule.name and told["episode"] is not None}  # fmt: skip
        halted = halts_of(self.run.judge).kind in ("stop", "fault") or not self.run.config.armed
        worst = min(acting, default=None) if rule.when == "below" else max(acting, default=None)
        if halted or worst != level.at or level.response.name not in CLOSING:
            return False
        episode, stuck = acting[level.at]["episode"], self._oracle(Alive).stuck
        held = self.desk.book.positions
        left = [i for i in self._about.get(episode, ()) if i in held and held[i].listing.name not in stuck]
        return bool(left) and not self._oracle(Plans).plans.get(episode)
