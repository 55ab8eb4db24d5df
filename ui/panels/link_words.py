"""Whether a terminal answers, in words and in the colour of a dot."""

from __future__ import annotations

from monitors.ports import AccountFrame, Link
from ui import text, theme
from ui.words import tr


def state_colour(view: AccountFrame) -> str:
    """The dot of an account without an alert: a halt is no calm, and an account that is not seen is worse."""
    halted = view.halt is not None and view.link is Link.LIVE
    return theme.colours().medium if halted else link_words(view, 0)[2]


def link_words(view: AccountFrame | None, now_ms: int) -> tuple[str, str, str, bool]:
    """Connection in words, what stands under it, the dot's colour, and whether the dot is filled."""
    c = theme.colours()
    if view is None or view.link is Link.WAITING:
        return tr("Waiting for MT5"), tr("no reading yet"), c.faint, False
    if view.link in {Link.BLIND, Link.STALLED}:
        then = "" if view.as_of_ms is None else text.when(view.as_of_ms, now_ms, view.broker_offset_s)
        since = tr("since {time}", time=then) if then else ""
        words = tr("MT5 not connected") if view.link is Link.BLIND else tr("Not watching")
        return words, since, c.critical, False
    age = tr("no tick yet") if view.tick_age_s is None else tr("tick {age}", age=text.duration(view.tick_age_s))
    under = text.DOT.join((age, tr("call {count}\u202fms", count=round(view.call_ms))))
    if view.link is Link.UNCERTAIN:
        return tr("Reading uncertain"), under, c.high, True
    return tr("MT5 connected"), under, c.profit, True
