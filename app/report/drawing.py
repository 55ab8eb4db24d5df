"""Equity over drawdown as one inline SVG, responses numbered on the curve; a gap in the data is one in the curve."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.report.words import THIN, money, percent, shortened, text
from monitors.day_figures import GRAVE, SAME, held, stretches
from monitors.day_report import Report
from monitors.model import Floats
from monitors.wall import Times
from monitors.zones import HOUR_MS

WIDTH, LEFT, RIGHT = 918, 0, 848
TOP, FLOOR, DEEP, BOTTOM, HEIGHT = 10, 240, 278, 366, 392
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LINES = 5
LABELS = 7
LONG_MS = 26 * HOUR_MS
"""A day, the longest that there is."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map of values to pixels."""

    low: float
    high: float
    at_low: float
    at_high: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.at_low + (value - self.low) / span * (self.at_high - self.at_low)


def picture(report: Report, times: Times) -> str:
    """The drawing; empty where no equity was recorded."""
    if not np.isfinite(report.equity.last).any():
        return ""
    curve, digits = report.equity, report.whose.digits
    drawn = np.concatenate([curve.low, curve.high, curve.balance, report.without])
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    pad = (high - low) * 0.06 or abs(high) * 0.001 or 1.0
    x = Scale(report.since_ms, report.until_ms, LEFT, RIGHT)
    y = Scale(low - pad, high + pad, FLOOR, TOP)
    deepest = float(np.nanmax(report.falls.pct))
    down = Scale(0.0, max(deepest * 1.15, 0.1), DEEP, BOTTOM)
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Equity and drawdown">', _GRADIENTS]
    across = np.array([x(float(t)) for t in curve.time_ms])
    parts += _area(across, curve.last, y, FLOOR, "url(#e)") + _area(across, report.falls.pct, down, DEEP, "url(#d)")
    parts += _grid(x, report, times)
    parts += [_rule(y(v), money(v, 0 if y.high - y.low >= LINES else digits)) for v in ticks(y.low, y.high)]
    parts += [_rule(down(v), percent(-v)) for v in ticks(0.0, down.high, 3)]
    parts += _limits(report, y, digits) + _without(report, across, y)
    parts += _line(across, curve.balance, y, "balance") + _line(across, curve.last, y, "equity")
    parts += _line(across, report.falls.pct, down, "down")
    where = int(np.nanargmax(report.falls.pct))
    parts += _labels(report, across, y, digits)
    parts.append(f'<text x="0" y="{DEEP - 10}" class="strong">Drawdown from the highest of the range</text>')
    if deepest > 0:
        at = f"{times.wall(int(curve.time_ms[where])):{'%H:%M' if one_day(report) else '%d %b %H:%M'}}"
        parts.append(f'<circle cx="{across[where]:.1f}" cy="{down(deepest):.1f}" r="4" class="deepest"/>')
        parts.append(_text(across[where], down(deepest) + 16, f"{percent(-deepest)} at {at}", "down"))
    parts += _numbered(report, x, y, across)
    return "".join([*parts, "</svg>"])


def ticks(low: float, high: float, count: int = LINES) -> list[float]:
    """About `count` round values within a range."""
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * s for s in STEPS if power * s >= raw * 0.999)
    first = math.ceil(low / step)
    return [round(n * step, 10) for n in range(first, math.floor(high / step) + 1)]


def one_day(report: Report) -> bool:
    """Whether its times need no day."""
    return report.until_ms - report.since_ms <= LONG_MS


def _grid(x: Scale, report: Report, times: Times) -> list[str]:
    span = report.until_ms - report.since_ms
    parts = []
    for n in range(LABELS):
        at = report.since_ms + span * n // (LABELS - 1)
        wall = times.wall(at)
        shown = f"{wall:%H:%M}" if one_day(report) else f"{wall:%d %b}"
        anchor = "start" if n == 0 else "end" if n == LABELS - 1 else "middle"
        parts.append(f'<path d="M{x(at):.1f} {TOP}V{BOTTOM}" class="grid"/>')
        parts.append(f'<text x="{x(at):.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{shown}</text>')
    return parts


def _rule(y: float, label: str) -> str:
    return f'<path d="M{LEFT} {y:.1f}H{RIGHT}" class="grid"/><text x="{RIGHT + 8}" y="{y + 4:.1f}">{label}</text>'


def _path(across: Floats, values: Floats, scale: Scale) -> str:
    return "L".join(f"{a:.1f} {scale(float(v)):.1f}" for a, v in zip(across, values, strict=True))


def _line(across: Floats, values: Floats, scale: Scale, name: str) -> list[str]:
    return [f'<path d="M{_path(across[run], values[run], scale)}" class="{name}"/>' for run in stretches(values)]


def _area(across: Floats, values: Floats, scale: Scale, base: int, fill: str) -> list[str]:
    parts = []
    for run in stretches(values):
        curve, first, last = _path(across[run], values[run], scale), across[run][0], across[run][-1]
        parts.append(f'<path d="M{first:.1f} {base}L{curve}L{last:.1f} {base}Z" fill="{fill}"/>')
    return parts


def _limits(report: Report, y: Scale, digits: int) -> list[str]:
    """A dashed line where a level of equity tripped, named; one that lies outside the picture is left out."""
    found = {(a.threshold, a.rule): a for a in report.alerts if a.metric == "equity" and a.threshold is not None}
    parts = []
    for (at, rule), alert in found.items():
        if y.low < at < y.high:
            tint = "limit grave" if alert.severity in GRAVE else "limit"
            parts.append(f'<path d="M{LEFT} {y(at):.1f}H{RIGHT}" class="{tint}"/>')
            shown = shortened(money(at, digits))
            caption = text(rule if shown.replace(THIN, " ") in rule.replace(THIN, " ") else f"{rule} {shown}")
            parts.append(f'<text x="{LEFT + 4}" y="{y(at) - 5:.1f}" class="{tint}">{caption}</text>')
    return parts


def _without(report: Report, across: Floats, y: Scale) -> list[str]:
    """Equity had nothing been closed: dashed where it is known and another, a dotted straight line up to there."""
    found = held(report)
    parts = []
    for pair in found.bridges:
        columns = list(pair)
        parts.append(f'<path d="M{_path(across[columns], report.without[columns], y)}" class="bridge"/>')
    return parts + _line(across, found.known, y, "without")


def _labels(report: Report, across: Floats, y: Scale, digits: int) -> list[str]:
    """The highest and the last equity by their figures."""
    curve = report.equity
    top, end = int(np.nanargmax(curve.high)), int(np.flatnonzero(np.isfinite(curve.last))[-1])
    high, last = float(curve.high[top]), float(curve.last[end])
    labels = [_text(across[top], y(high) - 6, f"highest {money(high, digits)}", "strong")]
    without = report.without[end]
    other = bool(np.isfinite(without)) and bool(abs(without - last) > SAME)
    above = -8 if not other or last >= without else 16
    labels.append(_text(across[end], y(last) + above, f"{'as it was ' * bool(other)}{money(last, digits)}",
                        "equity-text"))  # fmt: skip
    if other:
        below = 8 - above
        labels.append(_text(across[end], y(without) + below, f"without rules {money(without, digits)}",
                            "without-text"))  # fmt: skip
    return labels


def _text(x: float, y: float, shown: str, name: str) -> str:
    anchor = "start" if x < 120 else "end" if x > RIGHT - 120 else "middle"  # noqa: PLR2004 -- half a label's width
    return f'<text x="{x:.1f}" y="{max(y, 12):.1f}" text-anchor="{anchor}" class="{name}">{shown}</text>'


def _numbered(report: Report, x: Scale, y: Scale, across: Floats) -> list[str]:
    """A numbered disc where each response was planned; what stands too close is moved up."""
    parts, taken = [], list[tuple[float, float]]()
    seen = np.flatnonzero(np.isfinite(report.equity.last))
    for number, response in enumerate(report.responses, 1):
        at = x(response.planned_ms)
        nearest = seen[np.abs(across[seen] - at).argmin()]
        height = y(float(report.equity.last[nearest]))
        while any(abs(at - a) < 18 and abs(height - h) < 18 for a, h in taken) and height > TOP + 18:  # noqa: PLR2004 -- a disc
            height -= 18
        taken.append((at, height))
        parts.append(f'<circle cx="{at:.1f}" cy="{height:.1f}" r="9" class="disc"/>')
        parts.append(f'<text x="{at:.1f}" y="{height + 4:.1f}" text-anchor="middle" class="on-disc">{number}</text>')
    return parts


# Opaque, since Qt's PDF knows no gradient that is half transparent: they lie under the grid.
_GRADIENTS = (
    '<defs><linearGradient id="e" x1="0" x2="0" y1="0" y2="1"><stop stop-color="#D3E3F2"/>'
    '<stop offset="1" stop-color="#FFFFFF"/></linearGradient>'
    '<linearGradient id="d" x1="0" x2="0" y1="0" y2="1"><stop stop-color="#FBF5F4"/>'
    '<stop offset="1" stop-color="#E9C1BC"/></linearGradient></defs>'
)
