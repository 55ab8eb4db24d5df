"""Equity over drawdown as one inline SVG, responses numbered on the curve; a gap in the data is one in the curve."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.report.facts import Report
from app.report.words import Times, money, percent
from monitors.model import Floats

WIDTH, LEFT, RIGHT = 918, 0, 848
TOP, FLOOR, DEEP, BOTTOM, HEIGHT = 10, 240, 278, 366, 392
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LINES = 5
LABELS = 7


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
    """The drawing; a range without a point is an empty frame with a sentence."""
    seen = np.isfinite(report.equity.last)
    if not seen.any():
        return '<p class="none">No equity was recorded in this range.</p>'
    curve, digits = report.equity, report.whose.digits
    low = float(min(np.nanmin(curve.low), np.nanmin(curve.balance)))
    high = float(max(np.nanmax(curve.high), np.nanmax(curve.balance)))
    pad = (high - low) * 0.06 or abs(high) * 0.001 or 1.0
    x = Scale(report.since_ms, report.until_ms, LEFT, RIGHT)
    y = Scale(low - pad, high + pad, FLOOR, TOP)
    deepest = float(np.nanmax(report.falls.pct))
    down = Scale(0.0, max(deepest * 1.15, 0.1), DEEP, BOTTOM)
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Equity and drawdown">', _GRADIENTS]
    parts += _grid(x, report, times)
    parts += [_rule(y(v), money(v, 0 if y.high - y.low >= LINES else digits)) for v in ticks(y.low, y.high)]
    parts += [_rule(down(v), percent(-v)) for v in ticks(0.0, down.high, 3)]
    across = np.array([x(float(t)) for t in curve.time_ms])
    parts += _area(across, curve.last, y, FLOOR, "url(#e)")
    parts += _line(across, curve.balance, y, "balance") + _line(across, curve.last, y, "equity")
    parts += _area(across, report.falls.pct, down, DEEP, "url(#d)") + _line(across, report.falls.pct, down, "down")
    where = int(np.nanargmax(report.falls.pct))
    parts += _labels(report, across, y, digits)
    parts.append(f'<text x="0" y="{DEEP - 10}" class="strong">Drawdown from the highest of the range</text>')
    if deepest > 0:
        at = f"{times.wall(int(curve.time_ms[where])):%d %b %H:%M}"
        parts.append(f'<circle cx="{across[where]:.1f}" cy="{down(deepest):.1f}" r="4" class="deepest"/>')
        parts.append(_text(across[where], down(deepest) + 16, f"{percent(-deepest)} at {at}", "down strong"))
    parts += _numbered(report, x, y, across)
    return "".join([*parts, "</svg>"])


def ticks(low: float, high: float, count: int = LINES) -> list[float]:
    """About `count` round values within a range."""
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * s for s in STEPS if power * s >= raw * 0.999)
    first = math.ceil(low / step)
    return [round(n * step, 10) for n in range(first, math.floor(high / step) + 1)]


def _grid(x: Scale, report: Report, times: Times) -> list[str]:
    span = report.until_ms - report.since_ms
    parts = []
    day_long = span <= 2 * 86_400_000
    for n in range(LABELS):
        at = report.since_ms + span * n // (LABELS - 1)
        wall = times.wall(at)
        shown = f"{wall:%H:%M}" if day_long else f"{wall:%d %b}"
        anchor = "start" if n == 0 else "end" if n == LABELS - 1 else "middle"
        parts.append(f'<path d="M{x(at):.1f} {TOP}V{BOTTOM}" class="grid"/>')
        parts.append(f'<text x="{x(at):.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{shown}</text>')
    return parts


def _rule(y: float, label: str) -> str:
    return f'<path d="M{LEFT} {y:.1f}H{RIGHT}" class="grid"/><text x="{RIGHT + 8}" y="{y + 4:.1f}">{label}</text>'


def _runs(values: Floats) -> list[slice]:
    """The stretches without a gap."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], np.isfinite(values), [False]]).astype(int)))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _path(across: Floats, values: Floats, scale: Scale) -> str:
    return "L".join(f"{a:.1f} {scale(float(v)):.1f}" for a, v in zip(across, values, strict=True))


def _line(across: Floats, values: Floats, scale: Scale, name: str) -> list[str]:
    return [f'<path d="M{_path(across[run], values[run], scale)}" class="{name}"/>' for run in _runs(values)]


def _area(across: Floats, values: Floats, scale: Scale, base: int, fill: str) -> list[str]:
    parts = []
    for run in _runs(values):
        curve, first, last = _path(across[run], values[run], scale), across[run][0], across[run][-1]
        parts.append(f'<path d="M{first:.1f} {base}L{curve}L{last:.1f} {base}Z" fill="{fill}"/>')
    return parts


def _labels(report: Report, across: Floats, y: Scale, digits: int) -> list[str]:
    """The highest and the last equity by their figures."""
    curve = report.equity
    top, end = int(np.nanargmax(curve.high)), int(np.flatnonzero(np.isfinite(curve.last))[-1])
    high, last = float(curve.high[top]), float(curve.last[end])
    return [
        _text(across[top], y(high) - 6, f"highest {money(high, digits)}", "strong"),
        _text(across[end], y(last) - 8, money(last, digits), "equity-text strong"),
    ]


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


_GRADIENTS = (
    '<defs><linearGradient id="e" x1="0" x2="0" y1="0" y2="1"><stop stop-color="#0A64B4" stop-opacity=".18"/>'
    '<stop offset="1" stop-color="#0A64B4" stop-opacity="0"/></linearGradient>'
    '<linearGradient id="d" x1="0" x2="0" y1="0" y2="1"><stop stop-color="#B52F20" stop-opacity=".05"/>'
    '<stop offset="1" stop-color="#B52F20" stop-opacity=".3"/></linearGradient></defs>'
)
