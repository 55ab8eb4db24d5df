"""Figures and texts as a report shows them; every text of a broker's or a config's is made harmless here."""

from __future__ import annotations

import html
import re

from app.words import plain
from monitors.lots import decimals
from monitors.measures import Unit
from monitors.metrics import METRICS

UNITS = {Unit.SECONDS: "s", Unit.R: "R", Unit.POINTS: "points"}
EXACT = 10_000
"""Below it four digits say enough."""
THIN, MINUS, NONE = "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}", "\N{EN DASH}"


def text(given: object) -> str:
    """Any text as HTML shows it: one line, nothing of it markup."""
    return html.escape(lined(str(given)), quote=True)


def lined(words: str) -> str:
    """One line of plain text, its thin spaces kept."""
    return THIN.join(map(plain, words.split(THIN)))


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


def lots(amount: float) -> str:
    """To hundredths at least: the archive does not keep a symbol's step."""
    return money(amount, decimals(amount))


def tone(amount: float) -> str:
    """The class of a profit's colour; the sign beside it says the same."""
    return "gain" if amount > 0 else "loss" if amount < 0 else ""


def shortened(shown: str) -> str:
    """A limit without decimals that say nothing."""
    return re.sub(r"\.0+(?!\d)", "", shown)


def lasted(milliseconds: int) -> str:
    """m:ss, or h:mm:ss from an hour on."""
    minutes, seconds = divmod(max(0, milliseconds) // 1_000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
