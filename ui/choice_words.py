"""What a person reads where the config has a word of its own: metrics, directions, actions and their keys."""

from __future__ import annotations

import re

from monitors.metrics import METRICS
from ui import text

TIMES = "\u00d7"

CAPTIONS = {
    "name": "Name", "metric": "Watches", "when": "Trips when it is", "confirm": "Readings to trip",
    "rearm": "Re-arms by", "accounts": "Accounts", "symbols": "Symbols", "why": "Why it matters",
    "do": "What to do", "percent": "Percent", "until": "Until", "order": "Which first", "max_positions": "At most",
    "risk_pct": "Risk each, %", "symbol_pct": "Share, %", "threshold": "Correlation", "factor": "Cut to part",
    "within": "Within", "scope": "Reaches", "action": "Action", "severity": "Severity", "at": "At",
}  # fmt: skip
_WORDS = {
    "when": {"below": "at or below", "above": "at or above"},
    "order": {"largest_loss": "largest loss", "largest_margin": "largest margin",
              "largest_exposure": "largest exposure", "oldest": "oldest", "newest": "newest",
              "least_cost": "least cost"},
    "scope": {"account": "this account", "all": "every account"},
}  # fmt: skip
DEFAULTS = {"order": "largest loss", "scope": "this account"}
"""What holds where a key is left out."""


def caption(key: str) -> str:
    """The name over a field."""
    return CAPTIONS.get(key, key)


def choice(key: str, value: str) -> str:
    """One of the words that a key may be."""
    if not value:
        return DEFAULTS.get(key, "default")
    if key == "metric":
        return watched(value)
    if key == "action":
        return text.action_name(value)
    if key == "severity":
        return value.capitalize()
    return _WORDS.get(key, {}).get(value, value)


def watched(metric: str) -> str:
    """`Margin level, percent`."""
    known = METRICS.get(metric)
    return metric if known is None else f"{text.metric_name(metric)}, {known.unit.value}"


def prose(words: str) -> str:
    """A sentence of the config with its numbers as the window writes them."""
    words = re.sub(r"(?<=\d),(?=\d{3})", text.THIN, words)
    words = re.sub(r"(?<![\w.])-(?=\d)", text.MINUS, words)
    return re.sub(r"(?<=\d) %", f"{text.THIN}%", re.sub(r"(\d)\.00(?=\D)", r"\1", words))


def opened(words: str) -> str:
    """With a capital at its beginning."""
    return words[:1].upper() + words[1:]
