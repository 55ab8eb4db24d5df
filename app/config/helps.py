"""What each key means, as the comments of the config that comes with the program say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

DEFAULT = Path(__file__).parents[2] / "config.toml"
_TABLE = re.compile(r"\[\[?(\w+)\]\]?(?:\s*#\s*(.*))?")
_KEY = re.compile(r"(?:# )?(\w+) = [^#]*#\s*(.+)")
_MORE = re.compile(r"\s+#\s+(.+)")
_OF_RULES = re.compile(r"#   (\w+) = \S.*?\s{2,}(\S.*)")
_OF_ACTIONS = re.compile(r'#   action = "(\w+)"\s+(.+)')
_CONTINUED = re.compile(r"#\s{20,}(.+)")
LEVEL = {
    "at": "the threshold, in the metric's unit; at it counts as tripped",
    "severity": "low, medium, high, critical or extreme; mildest first within a rule",
    "action": "what is done when it trips",
    "metric": "what is watched",
    "when": "below or above the threshold",
    "name": "what you call it",
    "do": "shown with the alert: what to do",
}


@lru_cache(maxsize=1)
def helps() -> Mapping[str, str]:
    """By `table.key`; keys of rules under `rule`, actions under `action`."""
    found: dict[str, str] = {f"rule.{key}": words for key, words in LEVEL.items()}
    table, last = "", ""
    for line in DEFAULT.read_text("utf-8").splitlines():
        if match := _TABLE.fullmatch(line.strip()):
            table, last = match[1], ""
        elif match := _OF_ACTIONS.match(line):
            last = f"action.{match[1]}"
            found[last] = match[2]
        elif match := _OF_RULES.match(line):
            last = f"rule.{match[1]}"
            found[last] = match[2]
        elif table and table != "rule" and (match := _KEY.match(line)):
            last = f"{table}.{match[1]}"
            found[last] = match[2]
        elif last and (match := _MORE.match(line) or _CONTINUED.match(line)):
            found[last] += f" {match[1]}"
        else:
            last = ""
    return found
