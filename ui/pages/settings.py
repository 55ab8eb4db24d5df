"""The page of settings: rules and every other key of the config, judged as they are typed, and what they would do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget

from monitors.drafts import Draft, Judged, Section, Trouble, Under
from monitors.ports import AccountFrame, Frame
from ui import text, theme
from ui.pages.page import NOTHING as NO_ACCOUNT
from ui.pages.page import Given, Page, column
from ui.panels.card import Label, button
from ui.panels.draft_foot import DraftFoot
from ui.panels.dry_run import DryRunCard
from ui.panels.key_list import KeyList
from ui.panels.packs import PacksCard
from ui.panels.panel import Panel, scrolled
from ui.panels.rule_editor import RuleEditor, number
from ui.panels.section_list import SectionList
from ui.words import tr

LIST_PX, SIDE_PX, OTHERS_PX = 250, 398, 214
NOTHING = Judged(faults={}, sentences={})


class SettingsPage(Page):
    """Nothing counts before it is saved; the running guard takes a saved file, and holds what would be loosened."""

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        self._sections: dict[str, Section] = {}
        self._astray: dict[str, tuple[str, str]] = {}
        """What was typed and is no value, and why, by path: the draft does not have it."""
        self._view, self._at = NO_ACCOUNT, ""
        self.judged = NOTHING
        self.rules, self.others = SectionList(tr("Rules")), SectionList(tr("Other settings"))
        self.editor, self.keys = RuleEditor(), KeyList()
        self.dry_run, self.packs = DryRunCard(), PacksCard()
        self.add, self.copy, self.remove = button(tr("Add rule")), button(tr("Copy rule")), button(tr("Remove rule"))
        self.foot = DraftFoot()
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.rules.chosen.connect(self.choose)
        self.others.chosen.connect(self.choose)
        self.add.clicked.connect(self._add)
        self.copy.clicked.connect(self._copy)
        self.remove.clicked.connect(self._remove)
        self.foot.kept.connect(self._judge)
        self.foot.discarded.connect(self._discard)
        self.editor.typed.connect(lambda path, words: self._typed(path, words, plain=True))
        self.editor.raw.connect(self._typed)
        self.keys.typed.connect(self._typed)
        self.editor.acts.connect(self._act)
        self.editor.level_added.connect(self._add_level)
        self.editor.level_removed.connect(self._remove_level)
        self.packs.adopted.connect(self._adopt)

    def _lay_out(self) -> None:
        left, self._panel = Panel(tr("Rules")), Panel(tr("Keys"))
        self._count = left.sub
        left.head.addWidget(self.add)
        left.body.addWidget(self.rules, 1)
        both = QHBoxLayout()
        for which in (self.copy, self.remove):
            both.addWidget(which)
        left.body.addLayout(both)
        left.body.addSpacing(4)
        left.body.addWidget(Label(tr("Other settings"), 12, theme.STRONG, theme.colours().faint))
        left.body.addWidget(self.others)
        self.others.setFixedHeight(OTHERS_PX)
        self._stack = QStackedWidget()
        for inside in (self.editor, self.keys):
            self._stack.addWidget(scrolled(inside))
        self._panel.body.addWidget(self._stack, 1)
        self._panel.body.addWidget(self.foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        for card in (self.dry_run, self.packs):  # whatever they hold, each has half the room
            card.inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        side = column((self.dry_run, 1), (self.packs, 1), gap=theme.GAP)
        left.setFixedWidth(LIST_PX)
        side.setFixedWidth(SIDE_PX)
        whole.addWidget(left)
        whole.addWidget(self._panel, 1)
        whole.addWidget(side)

    def begin(self, given: Given) -> None:
        self._draft = given.drafts()
        self.packs.begin(self._draft)
        self.foot.begin(self._draft)
        self.dry_run.begin(given.runs)
        self._discard()

    def point_at(self, rule: str, _at: float | None, /) -> None:
        section = next((one for one in self._sections.values() if one.rule and one.title == rule), None)
        if section is None:
            self.foot.state.say(tr("The file has no rule {rule}", rule=rule), theme.colours().high)
        else:
            self.choose(section.path)

    def propose(self, rule: str, at: float, wanted: float) -> None:
        """The level as it would be, typed and not saved; nothing where the file has no such one."""
        self.point_at(rule, at)
        section = self.section
        if section is None or section.title != rule:
            return
        places = [keys["at"] for keys in section.levels.values() if "at" in keys]
        paths = [field.path for field in places if number(field.plain) == at]
        if paths:
            self._typed(paths[0], f"{wanted!r}")

    def show_frame(self, _frame: Frame, view: AccountFrame) -> None:
        """Only where a rule's metric stands now follows the market."""
        self._view = view
        self.dry_run.show_account(view)
        section = self.section
        if section is not None and section.rule:
            self.editor.show_now(section, self.judged, view)

    @property
    def section(self) -> Section | None:
        """The one that is shown."""
        return self._sections.get(self._at)

    def choose(self, path: str) -> None:
        """Show the section at a path."""
        self._at = path
        self._show()

    def _reload(self, path: str = "") -> None:
        """All sections anew, at the same one or another."""
        if self._draft is None:
            for which in (self.add, self.copy, self.remove):
                which.setEnabled(False)
            return
        self._sections = {section.path: section for section in self._draft.sections()}
        rules = [one for one in self._sections if one.startswith("rule[")]
        wanted = path or self._at
        self._at = wanted if wanted in self._sections else (rules or [*self._sections])[-1 if path or self._at else 0]
        self._judge()

    def _judge(self) -> None:
        if self._draft is not None:
            self.judged = self._draft.judged()
            self.packs.show_draft()
        self._show()

    def _show(self) -> None:
        section, draft = self.section, self._draft
        if section is None or draft is None:
            return
        faults = self._faults()
        shown = [*self._sections.values()]
        rules = [one for one in shown if one.rule]
        self.rules.show_sections(rules, faults, self._at)
        self.others.show_sections([one for one in shown if not one.rule], faults, self._at)
        self._count.say(str(len(rules)))
        self._panel.title.say(section.title)
        self._panel.sub.say(tr("edited, not saved") if draft.changed else "", theme.colours().high)
        self._panel.remark.say(self._armed_on(section))
        self._stack.setCurrentIndex(0 if section.rule else 1)
        if section.rule:
            self.editor.show_rule(section, self.judged, self._astray, self._view)
        else:
            self.keys.show_section(section, faults, self._astray)
        self.dry_run.show_rules(self.judged.rules if not faults else (), section.title)
        for which in (self.copy, self.remove):
            which.setEnabled(section.rule)
        self.foot.show_state(section, faults, astray=bool(self._astray))

    def _armed_on(self, section: Section) -> str:
        """Whether the rule is in force on the shown account as it stands in the file."""
        there = any(rule.name == section.title for rule in self._view.rules)
        mode, name = text.mode_name(self._view.mode), self._view.name
        return tr("{mode} on {account}", mode=mode, account=name) if section.rule and there else ""

    def _faults(self) -> dict[str, Trouble]:
        return {
            **self.judged.faults,
            **{path: Trouble(found="", remedy=why) for path, (_, why) in self._astray.items()},
        }

    def _typed(self, path: str, words: str, *, plain: bool = False) -> None:
        if self._draft is None:
            return
        try:
            self._draft.put(path, words) if plain else self._draft.change(path, words)
        except ValueError as error:
            self._astray[path] = words, str(error)
        else:
            self._astray.pop(path, None)
        fresh = {section.path: section for section in self._draft.sections()}
        self._sections = {path: _kept(old, fresh.get(path, old)) for path, old in self._sections.items()}
        self._judge()

    def _act(self, path: str, action: str) -> None:
        if self._draft is not None:
            self._draft.act(path, action)
            self._cleared(path)

    def _add_level(self) -> None:
        if self._draft is not None:
            self._draft.add_level(self._at)
            self._reload()

    def _remove_level(self, path: str) -> None:
        if self._draft is not None:
            self._draft.remove_level(path)
            self._cleared(self._at)

    def _cleared(self, path: str) -> None:
        """What was typed below a path and was no value goes with it."""
        self._astray = {at: one for at, one in self._astray.items() if not at.startswith(path)}
        self._reload()

    def _add(self) -> None:
        if self._draft is not None:
            self._reload(self._draft.add_rule())

    def _copy(self) -> None:
        if self._draft is not None and self.section is not None:
            self._reload(self._draft.copy_rule(self.section.path))

    def _remove(self) -> None:
        if self._draft is not None and self.section is not None:
            self._draft.remove_rule(self.section.path)
            self._astray.clear()
            self._reload()

    def _adopt(self, plan: str, under: Under) -> None:
        if self._draft is None:
            return
        try:
            self._draft.adopt(plan, under)
        except ValueError as error:
            self.foot.state.say(str(error), theme.colours().critical)
            return
        self._reload(under.path)

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
            self.foot.trouble(tr("Not read: {trouble}", trouble=trouble))


def _kept(old: Section, fresh: Section) -> Section:
    """The section as it is by now, its keys where they stood: none may move under a person's fingers."""
    known = {field.path: field for field in fresh.fields}
    stood = [known.pop(field.path, replace(field, text="", plain="")) for field in old.fields]
    return replace(fresh, fields=(*stood, *known.values()))


PAGE = SettingsPage
