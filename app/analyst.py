"""What is computed of one account beyond its rules' metrics: for whoever shows it, some times a second."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from app.archive.archivist import Archivist
from app.consents import offers
from app.guard import Guard
from app.memory import trip_key
from app.month import Month
from app.widest import widest
from monitors.advice import Habits, habits
from monitors.analysis import Analysis
from monitors.booked import Booked, Starts, booked
from monitors.days import Calendar
from monitors.distance import ResetRoll, distances
from monitors.drawdown_view import drawdowns
from monitors.exposure_view import Rebalancing, exposure
from monitors.margin_view import margin
from monitors.model import Instrument
from monitors.own_profit import apart
from monitors.positions import lines
from monitors.reading import Reading
from monitors.reset_roll import rolls
from monitors.responses.rebalancing import rebalancing
from monitors.results import display_rate, results
from monitors.settings import Level, Rule
from monitors.trend import slopes, volatility
from monitors.unattended import Unattended, standing, unattended

EVERY_S = 0.25
PLANS_EVERY_S = 5.0
"""Closes that would help are searched for, which takes longer than measuring: less often, and when the book changes."""
HALF_AN_HOUR = 1
"""The trend over thirty minutes, of those that are kept."""


@dataclass(frozen=True, slots=True)
class _Planned:
    of: object
    at_s: float
    closes: tuple[Rebalancing, ...]
    rolls: tuple[ResetRoll, ...]


class Analyst:
    """Reads the guard and changes nothing in it; what a second can wait for is computed once for several frames."""

    def __init__(self, guard: Guard, history: Archivist) -> None:
        self._guard = guard
        self._dealings = history.dealings
        self._month = Month(guard.terminal, guard.shared.clock, partial(history.booked, guard.settings.name))
        self._whose: tuple[str, int] | None = None
        self._latest: Analysis | None = None
        self._done_s = -EVERY_S
        self._booked: tuple[object, Booked, dict[str, Habits]] | None = None
        self._planned: _Planned | None = None
        self._specs: dict[str, Instrument] = {}
        """Of every symbol seen so far, since what was traded may be held no more."""

    def analysis(self, reading: Reading | None) -> Analysis | None:
        """Of this reading, or of one a moment ago; None while nothing is seen.

        While a close is on its way nothing is computed: the next beat is due as soon as its answer is there.
        """
        if reading is None:
            self._latest = None
            return None
        account, now_s = reading.snapshot.account, self._guard.shared.clock.monotonic()
        if self._whose != (account.server, account.login):
            self._whose = account.server, account.login
            self._latest = self._booked = self._planned = None
        due = now_s - self._done_s >= EVERY_S and not self._guard.executor.under_way
        if self._latest is None or due:
            self._latest, self._done_s = self._analysed(reading), now_s
        return self._latest

    def _analysed(self, reading: Reading) -> Analysis:
        config, rules, snapshot = self._guard.config, self._guard.ladder.rules, reading.snapshot
        calendar = Calendar(self._guard.day, snapshot.broker_zone)
        realized, known = self._realized(reading, calendar)
        differing, uncomputed = apart(reading)
        record, currency = self._guard.sight.record, config.analysis.currency
        trends, planned = slopes(record), self._plans(reading, calendar)
        return Analysis(
            taken_ms=snapshot.taken_ms,
            results=results(reading, realized, config.strategies, apart=differing, uncomputed=uncomputed,
                            display_currency=currency, display_rate=display_rate(snapshot, currency)),
            drawdowns=drawdowns(reading, config.sizing, trends),
            risk_pct=config.sizing.risk_pct,
            exposure=exposure(reading, config.strategies, config.analysis, planned.closes),
            positions=lines(reading, config.strategies, known),
            margin=margin(reading),
            distances=distances(reading, rules, self._tripped, volatility(record), trends[HALF_AN_HOUR].per_hour),
            unattended=self._unattended(reading),
            rolls=planned.rolls,
        )  # fmt: skip

    def _plans(self, reading: Reading, calendar: Calendar) -> _Planned:
        """The closes that limits and the coming reset want, as of a few seconds ago."""
        now_s, held, rules = self._guard.shared.clock.monotonic(), reading.book.holding, self._guard.ladder.rules
        before = self._planned
        if before is None or before.of != (held, rules) or now_s - before.at_s >= PLANS_EVERY_S:
            next_ms = calendar.next_day_ms(reading.snapshot.taken_ms)
            before = _Planned((held, rules), now_s, rebalancing(reading, rules), rolls(reading, rules, next_ms))
            self._planned = before
        return before

    def _unattended(self, reading: Reading) -> Unattended:
        """What this machine's end would leave, and the backstops that would change that."""
        memory, rules = self._guard.keeper.memory, self._guard.ladder.rules
        spreads = widest(memory.spreads, self._guard.now.sighting.moment_ms)
        return unattended(reading, rules, tuple(
            standing(reading, one.rule, one.level, spreads, agreed=one.agreed, stands=one.alert is not None)
            for one in offers(rules, memory)
        ))  # fmt: skip

    def _tripped(self, rule: Rule, level: Level, position: int | None) -> bool:
        return trip_key(rule.name, level.at, position) in self._guard.keeper.memory.trips

    def _realized(self, reading: Reading, calendar: Calendar) -> tuple[Booked, dict[str, Habits]]:
        """What was booked and how each strategy's trades went, made anew when a deal came or a reset passed."""
        snapshot, config = reading.snapshot, self._guard.config
        self._specs.update(snapshot.instruments)
        account, now = snapshot.account, snapshot.taken_ms
        starts = Starts(day_ms=calendar.day_start_ms(now), week_ms=calendar.week_start_ms(now),
                        month_ms=calendar.month_start_ms(now))  # fmt: skip
        whose, first_ms = (account.server, account.login), min(starts.month_ms, starts.week_ms)
        since_ms = self._month.since_ms(account, first_ms)
        of = starts, since_ms, self._dealings.changes(*whose), reading.book.holding, config.digest
        if self._booked is None or self._booked[0] != of:
            deals, closed = self._dealings.deals(*whose, first_ms), self._dealings.trades(*whose)
            found = booked(deals, closed, starts, config.strategies, held=snapshot.positions, since_ms=since_ms)
            self._booked = of, found, habits(closed, config.strategies, self._specs)
        return self._booked[1], self._booked[2]
