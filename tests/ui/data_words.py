"""What the window shows and no translation of it covers: names, keys, units, and the sentences of app and monitors.

Those are English by contract: they go to events, logs and messages too. Taken from the objects that were shown, field
by field and place by place, so that a word of the window's own is not among them by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from app.config.draft import FileDraft
from monitors.day_report import Report
from monitors.metrics import METRICS
from monitors.ports import Frame
from tests import report_day
from tests.first_run import FOUND
from ui import choice_words
from ui.panels.packs import EXAMPLE
from ui.spoken import spoken

NAMES = {"name", "server", "machine", "symbol", "currency", "rule", "strategy", "strategies", "timeframe", "path"}
"""Fields of a frame that name something of the broker's or of the person's."""
SENTENCES = {"why", "do", "reason", "cannot_stop_reason", "progress", "last_action", "next_trip", "note", "held_reason",
             "position_states", "mode_reason", "title", "advice", "parts", "reasons"}  # fmt: skip
"""Fields of a frame that the engine or a monitor has put into words."""
PATTERNS = tuple(re.compile(one) for one in (
    r"\b(ms|s|min|h|d|pt|R|k|UTC|M\d+|H\d+)\b",  # units
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",  # days, as strftime says them
    r"\b(Ctrl|Alt|Shift)\+\S+|\b(Esc|Return|Space|Tab|Left|Right)\b",  # keys, as QKeySequence says them
    r"\b(Plimsoll|TradingView|plimsoll demo|HHI)\b",  # names
    r"\brule\[\d+\]\S*",  # a place in the config
    r"^(Export|Copy)\.\.\.$",  # pyqtgraph's own menu, which is never opened
))  # fmt: skip


def of_frame(frame: Frame) -> Iterator[str]:
    """Words of a frame that are data, and what a monitor says to a panel that asks it."""
    yield from _walk(frame, "")
    yield from ("there is no stop", "All strategies")


def _walk(fact: object, field: str) -> Iterator[str]:
    if isinstance(fact, str):
        if field in NAMES | SENTENCES:
            yield fact
    elif is_dataclass(fact) and not isinstance(fact, type):
        for one in fields(fact):
            yield from _walk(getattr(fact, one.name), one.name)
    elif isinstance(fact, dict):
        for key, value in fact.items():
            yield from _walk(key, field)
            yield from _walk(value, field)
    elif isinstance(fact, tuple | list):
        for one in fact:
            yield from _walk(one, field)


def of_config() -> Iterator[str]:
    """Titles, keys and helps of the config, its rules in words, and the firms' plans."""
    draft = FileDraft(None, {})
    for section in draft.sections():
        yield section.title
        for one in section.fields:
            yield from (one.path, one.key, one.help, one.plain, *one.choices)
    judged = draft.judged()
    yield from judged.levels.values()
    yield from (line.removeprefix(f"{title}: ") for title, lines in judged.sentences.items() for line in lines)
    yield 'expected a severity above the "medium" of the level before: list the mildest first'
    yield from (one.unit.value for one in METRICS.values())
    for plan in draft.plans():
        yield from (plan.title, plan.source)
        for under in draft.terminals():
            found = draft.preview(plan.name, replace(under, initial=EXAMPLE))
            yield from (under.name, *found.sentences, *found.rules)
            yield from (line for lines in found.rules.values() for line in lines)


def of_report() -> Iterator[str]:
    """A day's rules, symbols and strategies, and what its audit says of itself."""
    report: Report = report_day.whole()
    yield str(report.audit)
    yield from (alert.rule for alert in report.alerts)
    yield from (response.rule for response in report.responses if response.rule)
    yield from (one.symbol for one in report.trades)
    yield from (one.name for one in report.strategies.values())


def of_first_start() -> Iterator[str]:
    """What a look at the machine found."""
    yield from (*FOUND.terminals, FOUND.saved, "FTMO MetaTrader 5", "IC Markets MT5")
    for one in FOUND.findings:
        yield from (one.title, one.of, one.detail, one.remedy)


def of_place(name: str) -> Iterator[str]:
    """What one page or window shows beside a frame."""
    if name.startswith(("Settings", "draft")):
        yield from of_config()
    elif name.startswith("Report"):
        yield from of_report()
    elif name == "first run":
        yield from of_first_start()
    elif name == "tighten":
        yield "its stop is at 1.159: it is only brought nearer to the price"
    elif name == "push":
        yield "tgram"
    elif name == "desk window":
        yield from ("kafka-1:9092", "pc-0  an event", "not seen")
        yield from (f"pc-{number}" for number in range(3))
    elif name == "alarm":
        yield from ("PLIMSOLL HAS ENDED", "Positions are NOT guarded.", "It was killed.", "Look at MT5.")


def as_shown(words: str) -> Iterator[str]:
    """A sentence as it is, with its numbers as the window writes them, and as it is said."""
    for one in {words, choice_words.prose(words), spoken(choice_words.prose(words))}:
        yield from (one, choice_words.opened(one))
