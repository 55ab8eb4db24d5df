"""Promises 9 and 10: money moved trips nothing of performance; one alert an episode, and none before it cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.events import Event
from bridge.simulator.book import DealType
from bridge.simulator.valuation import figures
from tests.simulation.judge import Oracle
from tests.simulation.oracle_commitment import plain
from tests.simulation.story import NAME, Table

if TYPE_CHECKING:
    from tests.simulation.run import Run


class Alerts(Oracle):
    """The life of every alert, from what was told."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.active: dict[tuple[object, ...], Event] = {}
        """By rule, threshold and position."""
        self._acknowledged: set[int] = set()
        self._remembered: set[int] = set()
        """Acknowledged while the disk failed: on it after the first beat that it takes something in."""

    def believed(self, told: Event) -> None:
        if told["event"] != "alert" or told["threshold"] is None:
            return
        key = plain(told["rule"]), told["threshold"], told.get("position")
        if told["state"] == "raised":
            if key in self.active:
                self.breach(10, f"{told['rule']} at {told['threshold']} is raised again before it cleared")
            self.active[key] = told
        elif told["state"] == "cleared":
            self.active.pop(key, None)
            self._hysteresis(told)
        elif told["state"] == "acknowledged":
            (self._remembered if self.run.fate.disk else self._acknowledged).add(told["alert"])

    def _hysteresis(self, told: Event) -> None:
        rule = next((r for r in self.run.base["rule"] if r["name"] == plain(told["rule"])), None)
        value, at = told["value"], told["threshold"]
        if rule is None or value is None:
            return
        beyond = value - at if rule["when"] == "below" else at - value
        if beyond < rule.get("rearm", 0.0) - 1e-6 or beyond == 0.0:
            self.breach(10, f"{told['rule']} clears at {value}, {beyond:g} beyond {at}")

    def beaten(self) -> None:
        if not self.run.fate.disk:
            self._acknowledged |= self._remembered
            self._remembered.clear()

    def killed(self) -> None:
        self._remembered.clear()

    def started(self) -> None:
        """What was acknowledged before a kill is so afterwards; what was cleared on disk may not have been told."""
        if not self._acknowledged and not self.active:
            return
        on_disk = self.run.files.alerts()
        self.active = {key: told for key, told in self.active.items()
                       if on_disk.get(told["alert"], {"active": True})["active"]}  # fmt: skip
        for number in self._acknowledged:
            if number in on_disk and on_disk[number]["acknowledged_ms"] is None and not on_disk[number]["escalated"]:
                self.breach(10, f"alert {number} was acknowledged, and is not after a restart")


class Money(Oracle):
    """Performance by the broker's books: equity less every deposit, withdrawal and credit."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._begin = run.desk.account.balance + run.desk.account.credit
        self._peak = self._lowest = self._highest = self._equity()
        self._last = self._equity()
        self._moving = 0.0
        self._by_flow: dict[tuple[str, float], float] = {}
        self._deals = 0
        """How many there were at the last beat that could see them."""
        self._unseen = self._guessed = False
        """Whether the last beat saw nothing, and whether something was ever traded while nothing was seen."""
        self._watch(run)

    def _watch(self, run: Run) -> None:
        """Every quote counts: peaks and lows lie between two beats."""
        before = run.desk.on_quote

        def quoted(desk: object, line: object) -> None:
            before(desk, line)  # type: ignore[arg-type]
            self._note()

        run.desk.on_quote = quoted

    def reconfigured(self) -> None:
        """A rule that is new today judges the equity as it finds it, whatever made it so."""
        self._by_flow.clear()

    def _moved(self) -> float:
        opening = [d for d in self.desk.book.deals if d.kind in (DealType.BALANCE, DealType.CREDIT)]
        return sum(d.profit for d in opening if d.comment)

    def _equity(self) -> float:
        state = figures(self.desk.market, self.desk.account, self.desk.book)
        return state.equity - self._moved()

    def _note(self) -> None:
        equity = self._equity()
        if equity != equity:  # noqa: PLR0124 -- NaN
            return
        self._peak = max(self._peak, equity)
        self._lowest, self._highest = min(self._lowest, equity), max(self._highest, equity)

    def _settle_flows(self) -> None:
        moved, self._moving = self._moving, 0.0
        if moved:
            self._flowed(moved)

    def beaten(self) -> None:
        self._settle_flows()
        equity = self._equity() + self._moved()
        self._by_flow = {key: moved for key, moved in self._by_flow.items() if equity <= key[1]}
        reading, deals = self.run.engine.guards[NAME].now.reading, len(self.desk.book.deals)
        self._unseen |= reading is None or reading.snapshot.taken_ms < self.run.clock.utc_ms() - 5000
        self._guessed |= self._in_doubt
        if reading is not None:
            self._last, self._deals, self._unseen = equity, deals, False

    @property
    def _in_doubt(self) -> bool:
        """Whether anything was traded in a time that nobody saw: bars do not say what came first."""
        return self._guessed or (self._unseen and len(self.desk.book.deals) != self._deals)

    def stepped(self, seconds: float) -> None:
        self._unseen = True

    def slept(self) -> None:
        self._unseen = True

    def started(self) -> None:
        self._unseen = True

    def _flowed(self, amount: float) -> None:
        """Which levels on equity the money alone brings to where they trip, unless a failing disk left it unjudged."""
        if self.run.fate.disk:
            return
        equity = self._equity() + self._moved()
        for rule in self.run.config.rules:
            for level in rule.levels if rule.metric == "equity" and rule.when == "below" else ():
                if self._last > level.at and equity <= level.at and self._last + amount <= level.at < equity - amount:
                    self._by_flow[rule.name, level.at] = amount

    def believed(self, told: Event) -> None:
        if told["event"] == "flow":
            self._moving += told["amount"]  # all of a beat count together
            return
        self._settle_flows()
        if told["event"] != "alert" or told["state"] != "raised" or told["threshold"] is None:
            return
        self._note()
        rule = next((r for r in self.run.base["rule"] if r["name"] == plain(told["rule"])), None)
        if rule is not None:
            self._judge(rule, told)

    def _judge(self, rule: Table, told: Event) -> None:
        at, slack = told["threshold"], 1.0 + abs(self._begin) * 1e-6
        fallen = {"drawdown.daily": self._begin - self._lowest, "drawdown.max": self._peak - self._lowest,
                  "drawdown.weekly": self._peak - self._lowest}  # fmt: skip
        metric = rule["metric"]
        if metric in fallen and fallen[metric] < at - slack and not self._in_doubt:
            self.breach(9, f"{metric} at {at} trips, and by the books the fall was {fallen[metric]:.2f} at most")
        gained = self._highest - self._begin
        if metric == "pnl.today" and rule["when"] == "above" and gained < at - slack:
            self.breach(9, f"pnl.today at {at} trips, and by the books at most {gained:.2f} were gained")
        if metric == "pnl.today" and rule["when"] == "below" and self._lowest - self._begin > at + slack:
            self.breach(9, f"pnl.today at {at} trips, and by the books {self._lowest - self._begin:.2f} was the worst")
        moved = self._by_flow.get((rule["name"], at))
        alone = (
            moved and told["value"] - moved > at and self._equity() > at
        )  # neither with this money back nor with all
        if metric == "equity" and told["episode"] is not None and alone:
            self.breach(9, f"equity at {at} acts, and money moved alone brought it there")
