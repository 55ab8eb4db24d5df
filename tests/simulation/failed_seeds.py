"""Seeds that once broke a promise, and what each had found; every run of the tests plays them again, for ever."""

from __future__ import annotations

FAILED: dict[int, str] = {
    6: "the harness counted an answer as late that a stop had overtaken",
    9: "a clock set back made the cap of five sends a minute forget",
    22: "a close of ours that opened the opposite was told as done, and the next one went out under the fault halt",
    27: "called flat though the disk failed meanwhile; a withdrawal seen while it failed made an equity rule act",
    52: "a request kept in the spare file alone stayed open for ever once its symbol was no longer held",
    69: "a close of ours that opened the opposite went unnoticed",
    78: "called flat while the terminal had not answered for long",
    117: "an undo to a volume below the broker's least was refused for ever",
    138: "a clock set forward and a restart made a request look silent for long enough",
    154: "the harness held an alert for active whose end was on disk and not told",
    76: "the harness blamed money moved where a loss alone would have tripped",
    91: "the harness judged two flows of one beat one by one",
    194: "the harness missed an alert that was on disk and not told",
    7: "a halt was shown before it was on disk",
}
