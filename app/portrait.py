"""One account as the window draws it: figures, levels with their distance, the halt, and the record over time."""

from __future__ import annotations

from collections.abc import Mapping

from app.analyst import Analyst
from app.archive.archivist import Archivist
from app.guard import Guard
from app.memory import tripped
from app.presence import BLIND_S
from app.report.words import measured, shortened
from app.stopping.flattening import CLOSING
from monitors.analysis import Analysis
from monitors.days import Calendar
from monitors.gate import HaltKind
from monitors.lately import Lately
from monitors.metrics import METRICS, value
from monitors.model import Instrument, Snapshot, Unknown, Value
from monitors.ports import AccountFrame, HaltView, LevelView
from monitors.reading import Reading
from monitors.series import Series
from monitors.settings import Level, Rule
from monitors.trail import TrailRecord
from monitors.zones import zone

SHOWN = (
    "pnl.today", "pnl.today_pct", "drawdown.daily", "drawdown.daily_pct", "drawdown.max", "drawdown.max_pct",
    "margin.level_pct", "exposure.total", "exposure.hhi", "risk.open_pct",
)  # fmt: skip


CLOSING_MS = 5_000


class Portrait:
    """Keeps the account's record and makes its frames; reads the guard and changes nothing in it."""

    def __init__(self, guard: Guard, history: Archivist) -> None:
        self._guard = guard
        self._analyst = Analyst(guard, history)
        self._series = Series()
        self._whose: tuple[str, int] | None = None
        """Whose record it is."""
        self._trails: dict[str, TrailRecord] = {}
        self._lately = Lately()
        self._recorded = 0, 0.0
        """When the last point was taken: UTC epoch ms, monotonic seconds."""
        self._last: Snapshot | None = None
        """The latest one that was trusted: what is drawn, as past, while nothing is seen."""
        self._zone = guard.settings.clock
        """The broker's, as last seen."""
        self._specs: Mapping[str, Instrument] = {}
        self._digits: tuple[dict[str, int], dict[str, int]] = {}, {}
        """Of volumes and of prices by symbol, as long as the specifications stay what they are."""
        self._default = {name: Rule(name=name, metric=name, when="above", levels=()) for name in SHOWN}

    def frame(self) -> AccountFrame:
        """The account now, without its analysis."""
        guard, now, now_ms = self._guard, self._guard.now, self._guard.shared.clock.utc_ms()
        snapshot, reading = now.snapshot, now.reading
        shown = self._known(reading)
        self._zone = snapshot.broker_zone if snapshot else self._zone
        metrics = self._metrics(reading)
        self._record(reading, metrics)
        levels, history = self._levels(reading), guard.keeper.memory.history
        volume_digits, price_digits = self._digits_of(shown)
        can_stop, why_not = _can_stop(guard, snapshot)
        named = shown or snapshot
        return AccountFrame(
            name=guard.settings.name,
            login=named.account.login if named else guard.settings.login,
            server=named.account.server if named else guard.settings.server,
            mode="observe" if not guard.config.armed else "read-only" if guard.rivals.reason else "armed",
            mode_reason=guard.rivals.reason or guard.shared.lost,
            link=guard.link,
            reason=now.sighting.reason,
            as_of_ms=shown.taken_ms if shown else history.seen_ms if history else None,
            account=shown.account if shown else None,
            positions=shown.positions if shown else (),
            orders=shown.orders if shown else (),
            metrics=metrics,
            levels=tuple(levels),
            halt=halt_view(guard),
            held=guard.commitment.held,
            series=self._series.view(),
            position_states=guard.executor.states(),
            volume_digits=volume_digits,
            price_digits=price_digits,
            last_action=guard.keeper.trouble or _last_said(guard),
            next_trip=_next_trip(levels, shown.account.digits if shown else 2),
            can_stop=can_stop,
            cannot_stop_reason=why_not,
            broker_offset_s=zone(self._zone).offset_ms(now_ms) // 1000 if self._zone else 0,
            next_reset_ms=Calendar(guard.day, self._zone).next_day_ms(now_ms) if self._zone else None,
            tick_age_s=reading.silence_s if reading else None,
            reading=reading,
            rules=guard.ladder.rules,
            trails={name: trail.view() for name, trail in self._trails.items()},
            lately=self._lately.view,
            call_ms=now.sighting.call_ms,
            order_took=guard.executor.took.view(),
        )

    def analysis(self) -> Analysis | None:
        """What belongs to the frame beyond that; apart, so that the rest is drawn where this fails."""
        return self._analyst.analysis(self._guard.now.reading)

    def _known(self, reading: Reading | None) -> Snapshot | None:
        """The reading's snapshot, else the last one there was of this account."""
        if reading is not None:
            self._last = reading.snapshot
        elif self._last is not None:
            account, keeper = self._last.account, self._guard.keeper
            if (account.server, account.login) != (keeper.server, keeper.login):
                self._last = None
        return self._last

    def _metrics(self, reading: Reading | None) -> dict[str, Value]:
        if reading is None:
            return {name: Unknown(self._guard.now.sighting.reason or "nothing has been read yet") for name in SHOWN}
        return {name: value(reading, rule) for name, rule in self._default.items()}

    def _record(self, reading: Reading | None, metrics: dict[str, Value]) -> None:
        """One point a frame, so that chart and cards show one equity; a gap where nothing can be trusted."""
        now_ms, now_s = self._guard.shared.clock.utc_ms(), self._guard.shared.clock.monotonic()
        if reading is None:
            if self._guard.now.blind:
                self._series.gap(now_ms / 1000)
            return
        account = reading.snapshot.account
        if self._whose != (account.server, account.login):
            self._whose = account.server, account.login
            self._series, self._trails, self._lately = Series(), {}, Lately()
        before_ms, before_s = self._recorded
        if now_s - before_s > BLIND_S:  # this program slept or stood still: what happened meanwhile nobody saw
            self._series.gap(before_ms / 1000)
        self._recorded = now_ms, now_s
        self._series.append(now_ms / 1000, account.equity, account.balance, _number(metrics["drawdown.max_pct"]),
                            _number(metrics["margin.level_pct"]))  # fmt: skip
        self._lately.note(reading.snapshot.positions, now_s)
        found = self._guard.ladder.values
        self._trails = {rule.name: self._trails.get(rule.name, TrailRecord()) for rule in self._guard.ladder.rules}
        for name, trail in self._trails.items():
            trail.append(now_ms, _number(found.get(name, Unknown("not judged"))))

    def _levels(self, reading: Reading | None) -> list[LevelView]:
        guard, memory = self._guard, self._guard.keeper.memory

        def view(rule: Rule, level: Level) -> LevelView:
            now = guard.ladder.values.get(rule.name) if reading else None
            return LevelView(
                rule=rule.name, metric=rule.metric, when=rule.when, at=level.at, severity=level.severity,
                action=level.response.name, tripped=tripped(memory, rule.name, level.at),
                value=Unknown("not judged") if now is None else now, unit=METRICS[rule.metric].unit,
                line_equity=_line(rule, level.at, reading),
            )  # fmt: skip

        return [view(rule, level) for rule in guard.ladder.rules for level in rule.levels]

    def _digits_of(self, snapshot: Snapshot | None) -> tuple[dict[str, int], dict[str, int]]:
        specs = snapshot.instruments if snapshot else {}
        if specs != self._specs:
            self._specs = specs
            self._digits = {s: i.volume_digits for s, i in specs.items()}, {s: i.digits for s, i in specs.items()}
        return self._digits


def _next_trip(levels: list[LevelView], digits: int) -> str:
    """The level that is nearest, by its share of the way from calm; empty where none can be told."""
    nearest: tuple[float, LevelView] | None = None
    for level in levels:
        if level.tripped or not isinstance(level.value, float) or not level.at:
            continue
        apart = abs(level.value - level.at) / max(abs(level.at), abs(level.value))
        if nearest is None or apart < nearest[0]:
            nearest = apart, level
    if nearest is None:
        return ""
    return f"{nearest[1].rule} {shortened(measured(nearest[1].metric, nearest[1].at, digits))}"


def _number(found: Value) -> float:
    return found if isinstance(found, float) else float("nan")


def _line(rule: Rule, at: float, reading: Reading | None) -> float | None:
    """The equity at which the level stands, for those that are a line on the equity chart."""
    find = METRICS[rule.metric].line
    return None if reading is None or find is None else find(reading, rule, at)


def halt_view(guard: Guard) -> HaltView | None:
    """The halt in force with what its stop has reached."""
    halt = guard.halting.halt
    if halt is None:
        return None
    progress = _progress(guard, halt.since_ms) if halt.kind is HaltKind.STOP else ""
    return HaltView(kind=halt.kind, reason=halt.reason, since_ms=halt.since_ms, until_ms=halt.until_ms,
                    flat=guard.halting.flat, progress=progress)  # fmt: skip


def _progress(guard: Guard, since_ms: int) -> str:
    """How far an emergency stop came; a few seconds pass before what is left needs a person."""
    if guard.halting.flat:
        return "flat: no positions, no pending orders"
    if guard.now.reading is None:
        return "NOT flat: the account cannot be seen; act in MT5"
    snapshot = guard.now.reading.snapshot
    left = f"{len(snapshot.positions)} positions and {len(snapshot.orders)} orders left"
    if guard.shared.clock.utc_ms() - since_ms < CLOSING_MS and not guard.executor.refusing:
        return f"closing: {left}"
    return f"NOT flat: {left}; act in MT5"


def _last_said(guard: Guard) -> str:
    """What was done last; that a stop process closes is said only while it does."""
    said = guard.executor.last_said
    return "" if said == CLOSING and (guard.halting.flat or not guard.stop.closing) else said


def _can_stop(guard: Guard, snapshot: Snapshot | None) -> tuple[bool, str]:
    """Whether pressing the stop makes sense now, and what stands in its way where something does.

    Where nobody answers it does: it latches, and closes as soon as somebody can be reached.
    """
    if snapshot is None:
        return True, "latches now, closes once back"
    if not snapshot.terminal.connected:
        return False, guard.now.sighting.reason or "not connected"
    if not snapshot.terminal.algo_allowed:
        return False, "algo trading is off in MT5"
    if snapshot.terminal.api_disabled:
        return False, "the Python API may not trade"
    if not snapshot.account.trade_allowed or not snapshot.account.trade_expert:
        return False, "the login may not trade"
    return True, ""
