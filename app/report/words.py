"""Figures, times and texts as a report shows them; every text of a broker's or a config's is escaped here."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

from app.words import plain
from monitors.measures import Unit
from monitors.metrics import METRICS
from monitors.zones import Zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {Unit.SECONDS: "s", Unit.R: "R", Unit.POINTS: "points"}
EXACT = 10_000
"""Below it four digits say enough."""
THIN, MINUS, NONE = "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}", "\N{EN DASH}"


def text(given: object) -> str:
    """Any text as HTML shows it: one line, nothing of it markup."""
    return html.escape(plain(str(given)), quote=True)


def money(amount: float, digits: int, *, signed: bool = False) -> str:
    """Thin thousands, a true minus; with a sign where it is a profit, none on nought."""
    rounded = round(amount, digits) + 0.0
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + f"{abs(rounded):,.{digits}f}".replace(",", THIN)


def percent(share: float, *, signed: bool = False) -> str:
    """Two digits and a percent sign."""
    return f"{money(share, 2, signed=signed)}{THIN}%"


def measured(metric: str, value: float, digits: int) -> str:
    """A metric's value in its unit; of one that no longer is measured the bare number."""
    known = METRICS.get(metric)
    if known is not None and known.unit is Unit.MONEY:
        return money(value, digits)
    if known is not None and known.unit is Unit.PERCENT:
        return percent(value)
    unit = f"{THIN}{UNITS[known.unit]}" if known is not None and known.unit in UNITS else ""
    return f"{value:.4g}".replace("-", MINUS) + unit if abs(value) < EXACT else money(value, 0) + unit


def tone(amount: float) -> str:
    """The class of a profit's colour; the sign beside it says the same."""
    return "gain" if amount > 0 else "loss" if amount < 0 else ""


class Times:
    """Wall times of a broker's clock; UTC where its zone is not known."""

    def __init__(self, zone: str) -> None:
        try:
            self._zone = Zone(zone)
        except ValueError:
            self._zone = Zone("UTC")
        self.name = self._zone.name

    def wall(self, utc_ms: int) -> datetime:
        """The clock's reading, without a zone."""
        return (_EPOCH + timedelta(milliseconds=self._zone.to_wall_ms(utc_ms))).replace(tzinfo=None)

    def midnight_ms(self, day: str, after: int = 0) -> int:
        """When a day begins, given as 2026-03-02, or the one so many days after it; UTC epoch ms."""
        wall = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=after)
        return self._zone.to_utc_ms((wall - _EPOCH) // timedelta(milliseconds=1))

    def offset(self, utc_ms: int) -> str:
        """UTC+2 and the like."""
        minutes = self._zone.offset_ms(utc_ms) // 60_000
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{MINUS if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}" if minutes else "UTC"


def lasted(milliseconds: int) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    minutes, seconds = divmod(max(0, milliseconds) // 1_000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
