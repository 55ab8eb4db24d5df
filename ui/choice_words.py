"""What a person reads where the config has a word of its own: metrics, directions, actions and their keys."""

from __future__ import annotations

import re

from monitors.metrics import METRICS
from monitors.ports import Severity
from ui import text
from ui.words import tr

TIMES = "\u00d7"

CAPTIONS = {
    "name": tr("Name"), "metric": tr("Watches"), "when": tr("Trips when it is"), "confirm": tr("Readings to trip"),
    "rearm": tr("Re-arms by"), "accounts": tr("Accounts"), "symbols": tr("Symbols"), "why": tr("Why it matters"),
    "do": tr("What to do"), "percent": tr("Percent"), "until": tr("Until"), "order": tr("Which first"),
    "max_positions": tr("At most"), "risk_pct": tr("Risk each, %"), "symbol_pct": tr("Share, %"),
    "threshold": tr("Correlation"), "factor": tr("Cut to part"),
    "within": tr("Within"), "scope": tr("Reaches"), "action": tr("Action"), "severity": tr("Severity"), "at": tr("At"),
}  # fmt: skip
_WORDS = {
    "when": {"below": tr("at or below"), "above": tr("at or above")},
    "order": {"largest_loss": tr("largest loss"), "largest_margin": tr("largest margin"),
              "largest_exposure": tr("largest exposure"), "oldest": tr("oldest"), "newest": tr("newest"),
              "least_cost": tr("least cost")},
    "scope": {"account": tr("this account"), "all": tr("every account")},
}  # fmt: skip
DEFAULTS = {"order": _WORDS["order"]["largest_loss"], "scope": _WORDS["scope"]["account"]}
"""What holds where a key is left out."""


def caption(key: str) -> str:
    """The name over a field."""
    return CAPTIONS.get(key, key)


def choice(key: str, value: str) -> str:
    """One of the words that a key may be."""
    if not value:
        return DEFAULTS.get(key, tr("default"))
    if key == "metric":
        return watched(value)
    if key == "action":
        return text.action_name(value)
    if key == "severity":
        return text.severity_name(Severity(value)).capitalize() if value in [*Severity] else value.capitalize()
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
