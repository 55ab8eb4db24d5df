"""One level of a rule: its threshold, its severity, its action and that action's own keys, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.drafts import Field, Trouble
from monitors.ports import Severity
from ui import choice_words, spoken, text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.card import Label, button
from ui.panels.fault_row import FaultRow
from ui.panels.typed import Entry
from ui.words import tr

AT_PX, SEVERITY_PX, SHORT_PX, INDENT_PX = 74, 92, 78, 22
SEVERITIES = {one.value: one for one in Severity}


class LevelRow(QWidget):
    """`acts` carries the path and another action, `removed` the path."""

    typed = Signal(str, str)
    acts = Signal(str, str)
    removed = Signal(str)
    repaired = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.path = ""
        self.number, self.unit = Label("", 12, theme.STRONG, c.faint), Label("", 12, theme.MEDIUM, c.faint)
        self.number.setFixedWidth(INDENT_PX - 6)
        self.at, self.severity = Entry("at", wide=AT_PX, bare=True), Entry("severity", wide=SEVERITY_PX, bare=True)
        self.action, self.icon = Entry("action", bare=True), SeverityIcon()
        self.take_away = button(choice_words.TIMES, "link", 13)
        self.take_away.setToolTip(tr("Remove this level"))
        spoken.name(self.take_away, tr("Remove this level"))
        self.entries: dict[str, Entry] = {}
        self.faults: list[FaultRow] = []
        self.at.typed.connect(self.typed)
        self.severity.typed.connect(self.typed)
        self.action.typed.connect(lambda _path, action: self.acts.emit(self.path, action))
        self.take_away.clicked.connect(lambda: self.removed.emit(self.path))
        upper, self._stack = QHBoxLayout(), QVBoxLayout(self)
        self._lower = QHBoxLayout()
        upper.setSpacing(6)
        for widget, stretch in ((self.number, 0), (self.at, 0), (self.unit, 0), (self.icon, 0), (self.severity, 0),
                                (self.action, 1), (self.take_away, 0)):  # fmt: skip
            upper.addWidget(widget, stretch)
        self._lower.setContentsMargins(INDENT_PX, 0, 30, 0)
        self._lower.setSpacing(8)
        self._lower.addStretch(0)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(4)
        self._stack.addLayout(upper)
        self._stack.addLayout(self._lower)

    def show_level(self, path: str, place: int, keys: Mapping[str, Field], metric: str,
                   faults: Mapping[str, Trouble], astray: Mapping[str, str]) -> None:  # fmt: skip
        """`faults` are those of this level, by path; `astray` what was typed and is no value."""
        self.path = path
        self.number.say(str(place + 1))
        self.unit.say(text.unit(metric).strip())
        self.unit.setVisible(bool(self.unit.text()))
        spoken.name(self.unit, tr("percent") if metric.endswith("_pct") else self.unit.text())
        severity = SEVERITIES.get(keys["severity"].plain) if "severity" in keys else None
        self.icon.setVisible(severity is not None)
        if severity is not None:
            self.icon.show_severity(severity, filled=not any(key.startswith(path) for key in faults))
        more = {key: one for key, one in keys.items() if key not in ("at", "severity", "action")}
        for key in [key for key in more if key not in self.entries]:
            entry = self.entries[key] = Entry(key, wide=0 if key in ("order", "scope") else SHORT_PX)
            entry.typed.connect(self.typed)
            self._lower.insertWidget(self._lower.count() - 1, entry, 1 if key in ("order", "scope") else 0)
        for key, entry in {"at": self.at, "severity": self.severity, "action": self.action, **self.entries}.items():
            field = keys.get(key)
            entry.setVisible(field is not None)
            if field is not None:
                entry.show_field(field, faulty=field.path in faults, typed=astray.get(field.path))
        self._show_faults(faults)

    def _show_faults(self, faults: Mapping[str, Trouble]) -> None:
        while len(self.faults) < len(faults):
            self.faults.append(FaultRow())
            self.faults[-1].repaired.connect(self.repaired)
            self._stack.addWidget(self.faults[-1])
        for row, (path, trouble) in zip(self.faults, faults.items(), strict=False):
            row.show_trouble(path, trouble)
        for place, row in enumerate(self.faults):
            row.setVisible(place < len(faults))


if __name__ == "__main__":
    alone(
        LevelRow,
        lambda widget, section: [
            widget.show_level(path, 0, keys, "margin.level_pct", {}, {}) for path, keys in section.levels.items()
        ],
    )
