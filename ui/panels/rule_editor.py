"""One rule as it is edited: what it watches, its ladder of levels, what they would do in words, and its other keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.drafts import Field, Judged, Section, Trouble
from monitors.ports import AccountFrame
from ui import text, theme
from ui.alone import alone
from ui.panels.card import Label, button
from ui.panels.fault_row import FaultRow
from ui.panels.key_row import KeyRow
from ui.panels.ladder import Ladder, LadderLine, Rung
from ui.panels.level_row import SEVERITIES, LevelRow
from ui.panels.panel import money_digits
from ui.panels.typed import Entry
from ui.panels.words import Words
from ui.words import tr

FIRST, SECOND = ("name", "metric", "when"), ("confirm", "rearm", "accounts", "symbols")
LAST = ("why", "do")
WHERE = {"base": ("drawdown.daily", "drawdown.daily_pct"), "window_s": ("pnl.change",),
         "of": ("drawdown.daily_pct", "drawdown.weekly_pct", "drawdown.max_pct")}  # fmt: skip
"""Keys that only some metrics know."""


class RuleEditor(QWidget):
    """Filled again whenever anything was typed; nothing that is being typed moves.

    `typed` carries a path and words, `raw` a path and TOML, `acts` a level's path and action.
    """

    typed = Signal(str, str)
    raw = Signal(str, str)
    acts = Signal(str, str)
    level_added = Signal()
    level_removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.entries = {key: Entry(key) for key in (*FIRST, *SECOND, *LAST)}
        for entry in self.entries.values():
            entry.typed.connect(self.typed)
        self.line, self.words = LadderLine(), Words()
        self.add = button(tr("+ Add level"), "link", 12)
        self.add.clicked.connect(self.level_added)
        self.levels: list[LevelRow] = []
        self.faults: list[FaultRow] = []
        self.more: list[KeyRow] = []
        self._levels, self._faults, self._more = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 6, 0)
        whole.setSpacing(9)
        whole.addLayout(self._line(FIRST, (3, 4, 3)))
        whole.addLayout(self._line(SECOND, (2, 2, 3, 2)))
        whole.addLayout(self._faults)
        head = QHBoxLayout()
        head.addWidget(Label(tr("Ladder"), 12, theme.STRONG, c.text))
        head.addWidget(Label(tr("equal or worse trips the level"), 11, theme.MEDIUM, c.faint), 1)
        whole.addLayout(head)
        whole.addWidget(self.line)
        self._levels.setSpacing(8)
        whole.addLayout(self._levels)
        adding = QHBoxLayout()
        adding.addWidget(self.add)
        adding.addStretch(1)
        whole.addLayout(adding)
        whole.addWidget(Label(tr("In words"), 12, theme.STRONG, c.text))
        whole.addWidget(self.words)
        whole.addLayout(self._line(LAST, (1, 1)))
        self._more.setSpacing(8)
        whole.addWidget(Label(tr("More keys"), 12, theme.STRONG, c.text))
        whole.addLayout(self._more)
        whole.addStretch(1)

    def _line(self, keys: tuple[str, ...], shares: tuple[int, ...]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        for key, share in zip(keys, shares, strict=True):
            line.addWidget(self.entries[key], share)
        return line

    def show_rule(self, section: Section, judged: Judged, astray: Mapping[str, tuple[str, str]],
                  view: AccountFrame) -> None:  # fmt: skip
        """`astray` is what was typed and is no value, and why, by path; `view` shows where the metric is now."""
        wrong = {path: Trouble(found="", remedy=why) for path, (_, why) in astray.items()}
        faults = {path: one for path, one in {**judged.faults, **wrong}.items() if _under(path, section.path)}
        typed = {path: words for path, (words, _) in astray.items()}
        for key, entry in self.entries.items():
            field = section.own[key]
            entry.show_field(field, faulty=field.path in faults, typed=typed.get(field.path))
        metric = section.own["metric"].plain
        levels = section.levels
        while len(self.levels) < len(levels):
            self._add_row()
        for place, (row, (path, keys)) in enumerate(zip(self.levels, levels.items(), strict=False)):
            own = {at: one for at, one in faults.items() if _under(at, path)}
            row.show_level(path, place, keys, metric, own, typed)
        for place, row in enumerate(self.levels):
            row.setVisible(place < len(levels))
            row.take_away.setEnabled(len(levels) > 1)
        elsewhere = {at: one for at, one in faults.items() if not any(_under(at, path) for path in levels)}
        self._show_faults(elsewhere)
        self.line.show_ladder(ladder(section, faults, view))
        self.words.show_rule(section, judged, faults)
        self._show_more(section, faults, typed, metric)

    def show_now(self, section: Section, judged: Judged, view: AccountFrame) -> None:
        """Where the metric is by now."""
        self.line.show_ladder(ladder(section, judged.faults, view))

    def _add_row(self) -> None:
        row = LevelRow()
        row.typed.connect(self.typed)
        row.acts.connect(self.acts)
        row.removed.connect(self.level_removed)
        row.repaired.connect(self.raw)
        self.levels.append(row)
        self._levels.addWidget(row)

    def _show_faults(self, faults: Mapping[str, Trouble]) -> None:
        while len(self.faults) < len(faults):
            self.faults.append(FaultRow())
            self.faults[-1].repaired.connect(self.raw)
            self._faults.addWidget(self.faults[-1])
        for row, (path, trouble) in zip(self.faults, faults.items(), strict=False):
            row.show_trouble(path, trouble)
        for place, row in enumerate(self.faults):
            row.setVisible(place < len(faults))

    def _show_more(self, section: Section, faults: Mapping[str, Trouble], typed: Mapping[str, str],
                   metric: str) -> None:  # fmt: skip
        """Keys that have a meaning for this metric, and those that the file gives all the same."""
        shown = [field for key, field in section.own.items()
                 if key not in self.entries and (field.text or metric in WHERE.get(key, (metric,)))]  # fmt: skip
        shown.sort(key=lambda field: field.key)  # given or left out, none moves
        while len(self.more) < len(shown):
            self.more.append(KeyRow())
            self.more[-1].typed.connect(self.raw)
            self._more.addWidget(self.more[-1])
        for row, field in zip(self.more, shown, strict=False):
            row.show_field(field, "" if field.path not in faults else str(faults[field.path]), typed.get(field.path))
        for place, row in enumerate(self.more):
            row.setVisible(place < len(shown))


def ladder(section: Section, faults: Mapping[str, Trouble], view: AccountFrame) -> Ladder:
    """What of the rule can be drawn: levels whose threshold is a number."""
    own = section.own
    rungs = tuple(
        Rung(number=place + 1, at=at, severity=SEVERITIES.get(keys["severity"].plain) if "severity" in keys else None,
             action=keys["action"].plain if "action" in keys else "", faulty=keys["at"].path in faults)
        for place, keys in enumerate(section.levels.values())
        if "at" in keys and (at := number(keys["at"].plain)) is not None
    )  # fmt: skip
    return Ladder(
        metric=own["metric"].plain, when=own["when"].plain, rungs=rungs, rearm=number(own["rearm"].plain) or 0.0,
        now=_now(section, view), digits=money_digits(view),
    )  # fmt: skip


def number(words: str) -> float | None:
    """What was typed as a number; None where it is none."""
    try:
        return float(words)
    except ValueError:
        return None


def _now(section: Section, view: AccountFrame) -> float | None:
    """The rule's own figure where it is in force, else the metric's."""
    metric: Field = section.own["metric"]
    own = next((one.value for one in view.levels if (one.rule, one.metric) == (section.title, metric.plain)), None)
    return text.known(own if own is not None else view.metrics.get(metric.plain))


def _under(path: str, whole: str) -> bool:
    return path == whole or path.startswith((f"{whole}.", f"{whole}["))


if __name__ == "__main__":
    alone(RuleEditor)
