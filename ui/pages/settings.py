"""The page of settings: every key of the config, judged as it is typed, and what the rules would do then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from monitors.drafts import Draft, Judged, Section
from monitors.ports import AccountFrame, Frame
from ui import text, theme
from ui.icons import LETTERS
from ui.pages.page import Given, Page, column
from ui.panels.card import Label, button
from ui.panels.key_row import KeyRow
from ui.panels.panel import Panel, scrolled

LIST_PX, SAYS_PX = 250, 398
NOTHING = Judged(faults={}, sentences={})


class SettingsPage(Page):
    """Nothing counts before it is saved; the running guard takes a saved file, and holds what would be loosened."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self._draft: Draft | None = None
        self._sections: tuple[Section, ...] = ()
        self._astray: dict[str, tuple[str, str]] = {}
        """What was typed and is no value, and why, by path: the draft does not have it."""
        self.judged = NOTHING
        self.rows: list[KeyRow] = []
        self.list = QListWidget()
        self.list.setFont(theme.font(12))
        self.list.setAccessibleName("Sections")
        self.list.currentRowChanged.connect(self._show_section)
        self.copy, self.remove = button("Copy rule"), button("Remove rule")
        self.copy.clicked.connect(self._copy)
        self.remove.clicked.connect(self._remove)
        self.save, self.discard = button("Save", "primary", 12), button("Discard", px=12)
        self.save.clicked.connect(self._save)
        self.discard.clicked.connect(self._discard)
        self.state = Label("", 12, theme.STRONG, c.soft)
        self.says = Label("", 12, theme.MEDIUM, c.text)
        for label in (self.state, self.says):
            label.setWordWrap(True)
        self._lay_out()

    def _lay_out(self) -> None:
        sections, keys, says = Panel("Config"), Panel("Keys"), Panel("What it would do")
        self.keys_title = keys.title
        both = QHBoxLayout()
        both.addWidget(self.copy)
        both.addWidget(self.remove)
        sections.body.addWidget(self.list, 1)
        sections.body.addLayout(both)
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 6, 0)
        self._stack.setSpacing(10)
        self._stack.addStretch(1)
        keys.body.addWidget(scrolled(inside), 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save, 1)
        buttons.addWidget(self.discard)
        words = QWidget()
        stack = QVBoxLayout(words)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self.says)
        stack.addStretch(1)
        says.body.addWidget(scrolled(words), 1)
        says.body.addWidget(self.state)
        says.body.addLayout(buttons)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        left, right = column((sections, 1), gap=theme.GAP), column((says, 1), gap=theme.GAP)
        left.setFixedWidth(LIST_PX)
        right.setFixedWidth(SAYS_PX)
        whole.addWidget(left)
        whole.addWidget(keys, 1)
        whole.addWidget(right)

    def begin(self, given: Given) -> None:
        self._draft = given.drafts()
        self._discard()

    def propose(self, rule: str, at: float, wanted: float) -> None:
        """The level as it would be, typed and not saved; nothing where the file has no such one."""
        place = next((n for n, one in enumerate(self._sections) if one.rule and one.title == rule), None)
        if place is None:
            self.state.say(f"The file has no rule {rule}", theme.colours().high)
            return
        self.list.setCurrentRow(place)
        paths = [f.path for f in self._sections[place].fields if f.key.endswith(": at") and _number(f.text) == at]
        if paths:
            self._typed(paths[0], f"{wanted!r}")

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        """Nothing here follows the market."""

    @property
    def section(self) -> Section | None:
        """The one that is shown."""
        place = self.list.currentRow()
        return self._sections[place] if 0 <= place < len(self._sections) else None

    def _reload(self, place: int | None = None) -> None:
        """The list anew, at the same place or another."""
        if self._draft is None:
            self.state.say("There is no config to edit here.")
            return
        kept = self.list.currentRow() if place is None else place
        self._sections = self._draft.sections()
        before = self.list.blockSignals(True)
        self.list.clear()
        for section in self._sections:
            self.list.addItem(_item(section))
        self.list.setCurrentRow(min(max(kept, 0), len(self._sections) - 1))
        self.list.blockSignals(before)
        self._judge()

    def _show_section(self, _place: int = 0) -> None:
        section = self.section
        fields = section.fields if section else ()
        self.keys_title.say(section.title if section else "")
        while len(self.rows) < len(fields):
            self.rows.append(KeyRow())
            self.rows[-1].typed.connect(self._typed)
            self._stack.insertWidget(len(self.rows) - 1, self.rows[-1])
        for row in self.rows[len(fields) :]:
            row.hide()
        faults = {**self.judged.faults, **{path: why for path, (_, why) in self._astray.items()}}
        for row, field in zip(self.rows, fields, strict=False):
            row.show_field(field, faults.get(field.path, ""), self._astray.get(field.path, (None, ""))[0])
            row.show()
        self.copy.setEnabled(bool(section and section.rule))
        self.remove.setEnabled(bool(section and section.rule))
        self._say(section, faults)

    def _say(self, section: Section | None, faults: Mapping[str, str]) -> None:
        c, draft = theme.colours(), self._draft
        if draft is None or section is None:
            return
        known = self.judged.sentences.get(section.title, ())
        whole = known if section.rule else [line for lines in self.judged.sentences.values() for line in lines]
        self.says.say("\n\n".join(whole) or ("" if not faults else "It cannot be said while something is wrong."))
        elsewhere = [path for path in faults if all(path != field.path for field in section.fields)]
        words = f"{text.count(len(faults), 'fault')}: the rules in force stay" if faults else ""
        if elsewhere:
            words += f"\n{elsewhere[0]}: {faults[elsewhere[0]]}"
        if not words:
            words = draft.writable or ("Changed, not saved" if draft.changed else "As in the file")
        self.state.say(words, c.critical if faults else c.high if draft.writable else c.soft)
        self.save.setEnabled(draft.changed and not faults and not draft.writable)
        self.discard.setEnabled(draft.changed or bool(self._astray))

    def _typed(self, path: str, words: str) -> None:
        if self._draft is None:
            return
        try:
            self._draft.change(path, words)
        except ValueError as error:
            self._astray[path] = words, str(error)
        else:
            self._astray.pop(path, None)
        fresh = {section.path: section for section in self._draft.sections()}
        self._sections = tuple(_kept(old, fresh.get(old.path, old)) for old in self._sections)
        self._judge()

    def _judge(self) -> None:
        if self._draft is not None:
            self.judged = self._draft.judged()
        self._show_section()

    def _copy(self) -> None:
        if self._draft is not None and self.section is not None:
            path = self._draft.copy_rule(self.section.path)
            self._reload(next(n for n, one in enumerate(self._draft.sections()) if one.path == path))

    def _remove(self) -> None:
        if self._draft is not None and self.section is not None:
            self._draft.remove_rule(self.section.path)
            self._astray.clear()
            self._reload()

    def _discard(self) -> None:
        """As the file says by now."""
        self._astray.clear()
        trouble = ""
        if self._draft is not None:
            try:
                self._draft.reread()
            except (OSError, ValueError) as error:
                trouble = str(error)
        self._reload()
        if trouble:
            self.state.say(f"Not read: {trouble}", theme.colours().critical)
            self.save.setEnabled(False)

    def _save(self) -> None:
        if self._draft is None:
            return
        try:
            self._draft.save()
        except OSError as error:
            self.state.say(f"Not saved: {error}", theme.colours().critical)
            return
        self._judge()
        self.state.say("Saved. The guard takes rules and mode within a second, terminals and data_dir at its "
                       "next start; what it loosens waits for the next reset.",
                       theme.colours().profit)  # fmt: skip


def _kept(old: Section, fresh: Section) -> Section:
    """The section as it is by now, its keys where they stood: none may move under a person's fingers."""
    known = {field.path: field for field in fresh.fields}
    stood = [known.pop(field.path, replace(field, text="")) for field in old.fields]
    return replace(fresh, fields=(*stood, *known.values()))


def _number(words: str) -> float | None:
    try:
        return float(words)
    except ValueError:
        return None


def _item(section: Section) -> QListWidgetItem:
    """A rule wears the letters of its severities."""
    pips = "".join(LETTERS[severity] for severity in section.severities)
    item = QListWidgetItem(f"{section.title}   {pips}".rstrip())
    item.setToolTip(text.plain_tip(section.title))
    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return item


PAGE = SettingsPage
