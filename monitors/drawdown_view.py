"""The drawdowns of day, week and all time, what equity tends to, and the size that the rule for it gives."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.drawdown import missed, money, percent, regained_pct
from monitors.history import History, Period
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import SizingSettings
from monitors.sizing import size_factor


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownLine:
    """One drawdown: how deep now, and the deepest of its period with when; money and unitised percent, times UTC ms."""

    name: str
    depth: Value
    depth_pct: Value
    deepest: Value
    deepest_pct: Value
    start_ms: int | None
    """When the deepest began: its peak."""
    trough_ms: int | None
    end_ms: int | None
    """When it was regained; None while it is still open."""
    length_s: Value
    """From its peak to where it was regained, or to now."""
    recovered_pct: Value
    reconstructed: bool = False
    """Openings or peaks were rebuilt from deals and bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Robust slope of equity over the last minutes, account currency an hour."""

    minutes: int
    per_hour: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownView:
    lines: tuple[DrawdownLine, ...]
    trends: tuple[Trend, ...]
    recovery_factor: Value
    """Net profit over the maximum drawdown."""
    size_factor: Value
    """1 for full size; what the config's table gives at the present drawdown."""


def drawdowns(reading: Reading, sizing: SizingSettings, trends: tuple[Trend, ...]) -> DrawdownView:
    """The drawdowns of a reading, each from the highest equity of its period (RULES: drawdown).

    All of it is unknown while the balance is unexplained. The size factor stands at the drawdown from the all-time
    high; the recovery factor divides realised profit by the deepest drawdown of equity, as MetaTrader's tester does.
    """
    history, now = reading.history, reading.snapshot.taken_ms
    return DrawdownView(
        lines=(
            _line(reading, "Day", history.day, now, reconstructed=history.day.reconstructed),
            _line(reading, "Week", history.week, now, reconstructed=history.week.reconstructed),
            _line(reading, "All time", history, now, reconstructed=False),
        ),
        trends=trends,
        recovery_factor=_recovery_factor(reading),
        size_factor=size_factor(sizing, _known(reading, percent(reading, history.peak))),
    )


def _known(reading: Reading, value: Value) -> Value:
    return Unknown(reading.unexplained) if reading.unexplained else value


def _line(reading: Reading, name: str, of: Period | History, now: int, *, reconstructed: bool) -> DrawdownLine:
    fall, peak = of.fall, of.peak
    deepest: Value = of.deepest if peak is not None else missed(reading)
    deepest_pct: Value = of.deepest_pct if peak is not None else missed(reading)
    recovered: Value = regained_pct(reading, peak, of.deepest) if peak is not None else missed(reading)
    return DrawdownLine(
        name=name,
        depth=_known(reading, money(reading, peak)),
        depth_pct=_known(reading, percent(reading, peak)),
        deepest=_known(reading, deepest),
        deepest_pct=_known(reading, deepest_pct),
        start_ms=fall.start_ms if fall else None,
        trough_ms=fall.trough_ms if fall else None,
        end_ms=fall.regained_ms if fall else None,
        length_s=_known(reading, missed(reading) if peak is None else _length_s(of, now)),
        recovered_pct=_known(reading, recovered),
        reconstructed=reconstructed,
    )


def _length_s(of: Period | History, now: int) -> Value:
    fall = of.fall
    if fall is None:
        return Unknown("when it began was not seen") if of.deepest > 0 else NotApplicable("nothing fell")
    if fall.start_ms is None:
        return Unknown("when it began was not seen")
    return ((now if fall.regained_ms is None else fall.regained_ms) - fall.start_ms) / 1000


def _recovery_factor(reading: Reading) -> Value:
    history = reading.history
    if history.deepest <= 0:
        return NotApplicable("nothing fell")
    paid_in = history.initial if history.paid_in is None else history.paid_in
    return _known(reading, (history.balance - paid_in) / history.deepest)
