"""The automation card: the mode, what was done last, what would trip next and how many rules watch."""

from __future__ import annotations

from monitors.ports import AccountFrame, Link
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Card, Row
from ui.shown import Last, set_tip
from ui.words import tr

NAMES = {
    "Mode": tr("Mode"),
    "Last action": tr("Last action"),
    "Next trip": tr("Next trip"),
    "Rules": tr("Rules"),
    "Held": tr("Held"),
}


class AutomationCard(Card):
    """Four lines, a fifth while limits are held; a mode other than armed or observe is shown as it is called."""

    def __init__(self) -> None:
        super().__init__(tr("Automation"))
        self._rows = {name: Row(words) for name, words in NAMES.items()}
        for row in self._rows.values():
            self.body.addWidget(row)
        self._shown = Last()

    def show_account(self, view: AccountFrame) -> None:
        c, past, rules = theme.colours(), is_past(view), len({level.rule for level in view.levels})
        told = view.last_action, view.next_trip, view.held
        if not self._shown.differs(view.mode, view.link, view.halt, rules, told, view.broker_offset_s):
            return
        self._rows["Mode"].say(mode_word(view), mode_colour(view))
        self._rows["Last action"].say(view.last_action or tr("none yet"), c.text if view.last_action else c.faint)
        next_trip = tr("unknown") if past else view.next_trip or text.DASH
        self._rows["Next trip"].say(next_trip, c.faint if past else c.text)
        self._rows["Held"].setVisible(bool(view.held))
        if view.held:
            self._rows["Held"].say(held_words(view), c.medium)
            set_tip(self._rows["Held"], held_tip(view))
        self._rows["Rules"].say(_doing(view, rules), c.text if rules else c.faint)


def _doing(view: AccountFrame, rules: int) -> str:
    """How many rules there are, and what they do."""
    if not rules:
        return tr("none")
    if is_past(view):
        return tr("{count} cannot act", count=rules)
    if view.halt:
        return tr("{count} halted", count=rules)
    words = {"armed": tr("{count} armed", count=rules), "observe": tr("{count} observing", count=rules)}
    return words.get(view.mode, f"{rules} {text.mode_name(view.mode)}")


def held_words(view: AccountFrame) -> str:
    """Which loosening is held, and until when on the broker's clock; the earliest end where they differ."""
    what = view.held[0].rule if len(view.held) == 1 else tr("{count} limits", count=len(view.held))
    ends = [one.until_ms for one in view.held if one.until_ms is not None]
    then = text.moment(min(ends), view.broker_offset_s) if ends else None
    if then is None:
        return tr("{what} until the next reset", what=what)
    return tr("{what} until {time}", what=what, time=f"{then:%a} {then.day}, {then:%H:%M}")


def held_tip(view: AccountFrame) -> str:
    """What holds although the config would loosen it, and how a person lets it go."""
    lines = [tr("loosening of {rule} is held; in force: {what}", rule=one.rule, what=one.what) for one in view.held]
    return "\n".join([*lines, tr("It ends with the day's reset, or when you confirm it: plimsoll loosen")])


def mode_word(view: AccountFrame) -> str:
    """`ARMED`, `OBSERVE`, `HALTED`, or either with what is wrong: `ARMED · BLIND`."""
    if not view.mode:
        return text.DASH
    word = tr("HALTED") if view.halt else text.mode_name(view.mode).upper()
    return word if view.link is Link.LIVE else f"{word}{text.DOT}{text.link_name(view.link).upper()}"


def mode_colour(view: AccountFrame) -> str:
    """Teal only for an armed guard that sees; red when halted, orange when armed and blind."""
    c = theme.colours()
    if view.halt:
        return c.critical
    if view.mode == "armed":
        return c.profit if view.link is Link.LIVE else c.high
    return c.soft


if __name__ == "__main__":
    alone(AutomationCard)
