"""Under an edited config: how it stands, and the ways to keep it or to let it go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from monitors.drafts import Draft, Section, Trouble
from ui import theme
from ui.alone import alone
from ui.panels.card import Label, button
from ui.words import tr, trn

SAVED = tr(
    "Saved. The guard takes rules and mode within a second, terminals and data_dir at its next start; what it "
    "loosens waits for the next reset."
)


class DraftFoot(QWidget):
    """`kept` once it is saved; `discarded` where a person lets the changes go. A fault switches saving off."""

    kept = Signal()
    discarded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self.ask_place: Callable[[str], str] = self._ask_place
        """Where a copy is to lie, from where it usually would; empty where nowhere."""
        self.save, self.discard = button(tr("Save"), "primary", 12), button(tr("Discard"), px=12)
        self.save_as = button(tr("Save as…"), px=12)
        self.state = Label("", 12, theme.STRONG, theme.colours().soft)
        self.state.setWordWrap(True)
        self.save.clicked.connect(self._save)
        self.save_as.clicked.connect(self._save_as)
        self.discard.clicked.connect(self.discarded)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.state, 1)
        for which in (self.discard, self.save_as, self.save):
            line.addWidget(which)

    def begin(self, draft: Draft | None) -> None:
        """What it is about."""
        self._draft = draft
        self.save.setVisible(draft is None or not draft.writable)
        self.save_as.setVisible(draft is not None and bool(draft.writable))
        if draft is None:
            self.state.say(tr("There is no config to edit here."))
            for which in (self.save, self.discard):
                which.setEnabled(False)

    def trouble(self, words: str) -> None:
        """It cannot be kept for now, for that reason."""
        self.state.say(words, theme.colours().critical)
        self.save.setEnabled(False)

    def show_state(self, section: Section, faults: Mapping[str, Trouble], *, astray: bool) -> None:
        """How it stands while that section is shown; `astray`: something was typed that the draft does not have."""
        c, draft = theme.colours(), self._draft
        if draft is None:
            return
        elsewhere = [path for path in faults if not path.startswith(section.path)]
        stay = trn("{count} fault: the rules in force stay", "{count} faults: the rules in force stay", len(faults))
        words = stay if faults else ""
        if elsewhere:
            words += f"\n{elsewhere[0]}: {faults[elsewhere[0]]}"
        if not words:
            words = draft.writable or (tr("Changed, not saved") if draft.changed else tr("As in the file"))
        self.state.say(words, c.critical if faults else c.high if draft.writable else c.soft)
        self.save.setEnabled(draft.changed and not faults)
        self.save_as.setEnabled(not faults)
        self.discard.setEnabled(draft.changed or astray)

    def _save(self) -> None:
        if self._draft is None:
            return
        try:
            self._draft.save()
        except OSError as error:
            self.state.say(tr("Not saved: {error}", error=error), theme.colours().critical)
            return
        self.kept.emit()
        self.state.say(SAVED, theme.colours().profit)

    def _save_as(self) -> None:
        place = self.ask_place(self._draft.elsewhere) if self._draft is not None else ""
        if self._draft is None or not place:
            return
        try:
            self._draft.save_as(place)
        except OSError as error:
            self.state.say(tr("Not saved: {error}", error=error), theme.colours().critical)
            return
        words = tr("Saved as {file}. To start with it: plimsoll --config FILE", file=place)
        self.state.say(words, theme.colours().profit)

    def _ask_place(self, usual: str) -> str:
        """Qt's own dialog, as the report's; it would offer the folder of the start where the usual one is missing."""
        with suppress(OSError):
            Path(usual).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = QFileDialog.Option.DontUseNativeDialog
        return QFileDialog.getSaveFileName(self, tr("Save as"), usual, f"{tr('Config')} (*.toml)", options=own)[0]


if __name__ == "__main__":
    alone(DraftFoot, lambda widget: widget.begin(None))
