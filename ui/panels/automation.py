"""The automation card: the mode, what was done last, what would trip next and how many rules watch."""

from __future__ import annotations

from monitors.ports import AccountFrame, Link
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Card, Row

NAMES = ("Mode", "Last action", "Next trip", "Rules", "Held")


class AutomationCard(Card):
    """Four lines, a fifth while limits are held; a mode other than armed or observe is shown as it is called."""

    def __init__(self) -> None:
        super().__init__("Automation")
        self._rows = {name: Row(name) for name in NAMES}
        for row in self._rows.values():
            self.body.addWidget(row)

    def show_account(self, view: AccountFrame) -> None:
        c, past = theme.colours(), is_past(view)
        self._rows["Mode"].say(mode_word(view), mode_colour(view))
        self._rows["Last action"].say(view.last_action or "none yet", c.text if view.last_action else c.faint)
        next_trip = "unknown" if past else view.next_trip or text.DASH
        self._rows["Next trip"].say(next_trip, c.faint if past else c.text)
        rules = len({level.rule for level in view.levels})
        doing = (
            "cannot act"
            if past
            else "halted"
            if view.halt
            else {"armed": "armed", "observe": "observing"}.get(view.mode, view.mode)
        )
        self._rows["Held"].setVisible(bool(view.held))
        if view.held:
            self._rows["Held"].say(held_words(view), c.medium)
            self._rows["Held"].setToolTip(text.plain_tip(held_tip(view)))
        self._rows["Rules"].say(f"{rules} {doing}" if rules else "none", c.text if rules else c.faint)


def held_words(view: AccountFrame) -> str:
    """Which loosening is held, and until when on the broker's clock; the earliest end where they differ."""
    what = view.held[0].rule if len(view.held) == 1 else f"{len(view.held)} limits"
    ends = [one.until_ms for one in view.held if one.until_ms is not None]
    then = text.moment(min(ends), view.broker_offset_s) if ends else None
    return f"{what} until {f'{then:%a} {then.day}, {then:%H:%M}' if then else 'the next reset'}"


def held_tip(view: AccountFrame) -> str:
    """What holds although the config would loosen it, and how a person lets it go."""
    lines = [f"loosening of {one.rule} is held; in force: {one.what}" for one in view.held]
    return "\n".join([*lines, "It ends with the day's reset, or when you confirm it: plimsoll loosen"])


def mode_word(view: AccountFrame) -> str:
    """`ARMED`, `OBSERVE`, `HALTED`, or either with what is wrong: `ARMED · BLIND`."""
    if not view.mode:
        return text.DASH
    word = "HALTED" if view.halt else view.mode.upper()
    return word if view.link is Link.LIVE else f"{word}{text.DOT}{view.link.value.upper()}"


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
