"""What each level of a rule would do, in words, each under its severity's sign."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.drafts import Judged, Section, Trouble
from monitors.ports import Severity
from ui import choice_words, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.card import Label
from ui.words import tr

KNOWN = {one.value: one for one in Severity}


class Words(QWidget):
    """A line a level, then what narrows or delays the rule."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[QWidget, SeverityIcon, Label]] = []
        self.remarks = Label("", 11, theme.MEDIUM, theme.colours().soft)
        self.remarks.setWordWrap(True)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(5)
        self._stack.addWidget(self.remarks)

    def show_rule(self, section: Section, judged: Judged, faults: Mapping[str, Trouble]) -> None:
        c, levels = theme.colours(), section.levels
        while len(self.lines) < len(levels):
            self._add_line()
        for place, ((whole, icon, label), (path, keys)) in enumerate(zip(self.lines, levels.items(), strict=False)):
            severity = KNOWN.get(keys["severity"].plain) if "severity" in keys else None
            said = judged.levels.get(path)
            icon.show_severity(severity or Severity.LOW, filled=said is not None)
            what = _what(path, section.path, faults)
            words = said or tr("Level {level} has no sentence until {what}.", level=place + 1, what=what)
            label.say(choice_words.prose(words), c.text if said else c.faint)
            whole.show()
        for whole, _, _ in self.lines[len(levels) :]:
            whole.hide()
        begins = f"{section.title}: "
        rest = [line.removeprefix(begins) for line in judged.sentences.get(section.title, ())]
        rest = [choice_words.opened(line) for line in rest if not line.startswith("when ")]
        self.remarks.say(choice_words.prose(" ".join(rest)))
        self.remarks.setVisible(bool(rest))

    @property
    def said(self) -> list[str]:
        """What stands there."""
        return [label.text() for whole, _, label in self.lines if not whole.isHidden()]

    def _add_line(self) -> None:
        whole, icon, label = QWidget(), SeverityIcon(), Label("", 12, theme.STRONG)
        label.setWordWrap(True)
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label, 1)
        self.lines.append((whole, icon, label))
        self._stack.insertWidget(len(self.lines) - 1, whole)


def _what(path: str, rule: str, faults: Mapping[str, Trouble]) -> str:
    """What is to be mended first."""
    own = [key.rpartition(".")[2] for key in faults if key.startswith(path)]
    if "at" in own:
        return tr("its threshold is valid")
    if own:
        return tr("its {key} is valid", key=own[0])
    mended = any(key.startswith(rule) for key in faults)
    return tr("the rule is valid") if mended else tr("the rest of the config is valid")


if __name__ == "__main__":
    alone(Words, lambda widget, section, judged: widget.show_rule(section, judged, {}))
