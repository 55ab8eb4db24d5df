"""The red strip of a window whose worker does not answer, and its figures as what they then are: a memory."""

from __future__ import annotations

from dataclasses import replace

from monitors.ports import Frame, Link
from ui import text
from ui.alone import alone
from ui.panels.banner import Strip
from ui.vigil import Stall, Vigil
from ui.words import tr


class StalledStrip(Strip):
    """Hidden while frames come; a click says that a person has seen it."""

    def __init__(self, vigil: Vigil | None) -> None:
        super().__init__()
        self._vigil = vigil
        self.stall: Stall | None = None
        self.clicked.connect(self.answer)

    def look(self, newest: Frame | None) -> bool:
        """Say how it stands; True where a stall begins or ends."""
        before = self.stall
        self.stall = self._vigil.look(newest.number if newest else None) if self._vigil else None
        if self.stall is None:
            self.hide()
            return before is not None
        self.say(tr("NOT WATCHING"), words(self.stall))
        return before is None

    @property
    def answered(self) -> bool:
        """Whether a person has seen the stall that there is."""
        return self.stall is not None and self.stall.answered

    def answer(self) -> None:
        """A person has seen it."""
        if self._vigil:
            self._vigil.answer()

    def aged(self, frame: Frame) -> Frame:
        """The frame as it is to be drawn now."""
        return past(frame, can_stop=self._vigil.stops_apart) if self.stall and self._vigil else frame


def words(stall: Stall) -> str:
    """What is wrong, for how long, and what to do."""
    if stall.why:
        what = tr("The worker has ended ({why}). Look at MT5, then start Plimsoll again.", why=stall.why)
    else:
        whole = int(stall.seconds)
        age = f"{whole}{text.THIN}s" if whole < text.MINUTE else text.duration(whole)
        what = tr("The worker has not answered for {age}. Look at MT5.", age=age)
    said = " ".join((what, tr("The figures are old; no rule acts.")))
    return said if stall.answered else text.DOT.join((said, tr("Click to silence")))


def past(frame: Frame, *, can_stop: bool) -> Frame:
    """The frame as what it now is: a memory. `can_stop`: a process of its own would carry out a stop."""
    views = (
        replace(view, link=Link.STALLED, can_stop=can_stop or view.can_stop, tick_age_s=None) for view in frame.accounts
    )
    return replace(frame, accounts=tuple(views), alerts=tuple(replace(alert, latest=None) for alert in frame.alerts))


if __name__ == "__main__":
    alone(
        lambda: StalledStrip(None),
        lambda widget: widget.say("NOT WATCHING", words(Stall(seconds=75.0, why="", answered=False))),
    )
