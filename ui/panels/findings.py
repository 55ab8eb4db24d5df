"""One thing that was looked at before a start: how it stands, what was found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from monitors.ports import Severity
from ui import spoken, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.card import Label
from ui.words import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What, whose, what was found, and its remedy; `severity` None where all is well."""

    title: str
    detail: str
    of: str = ""
    remedy: str = ""
    severity: Severity | None = None


class FindingRow(QFrame):
    """What is to be mended stands out; what is fine is one line."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        c, severity = theme.colours(), finding.severity
        if severity is not None:
            self.setObjectName("finding")
            self.setStyleSheet(f"#finding {{ background: {c.raised}; border: none; border-radius: 5px; }}")
        line, words, head = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout()
        line.setContentsMargins(9, 6, 9, 6)
        line.setSpacing(10)
        line.addWidget(_sign(severity), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        words.setSpacing(1)
        head.setSpacing(8)
        head.addWidget(Label(finding.title, 13, theme.STRONG, c.text))
        head.addWidget(Label(finding.of, 11, theme.MEDIUM, c.faint), 1)
        words.addLayout(head)
        self.detail = Label(finding.detail, 12, theme.MEDIUM, c.soft)
        self.remedy = Label(f"→ {finding.remedy}", 12, theme.STRONG, c.text)
        for label, there in ((self.detail, True), (self.remedy, bool(finding.remedy and severity is not None))):
            label.setWordWrap(True)
            words.addWidget(label)
            if not there:
                label.hide()


def _sign(severity: Severity | None) -> QWidget:
    if severity is None:
        fine = Label("✓", 14, theme.STRONG, theme.colours().profit)
        fine.setFixedWidth(20)
        spoken.name(fine, tr("fine"))
        fine.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return fine
    icon = SeverityIcon()
    icon.show_severity(severity, filled=True)
    return icon


if __name__ == "__main__":
    alone(
        lambda: FindingRow(
            Finding(title="MetaTrader 5", detail="not found", remedy="Start it.", severity=Severity.HIGH)
        )
    )
