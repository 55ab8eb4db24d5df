"""What a page is: a widget under the header that draws one account of a frame."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from monitors.day_report import Reports
from monitors.drafts import Draft
from monitors.dry_run import Runs
from monitors.ports import AccountFrame, Frame, Link
from ui.words import tr

NOTHING = AccountFrame(
    name=tr("No account"),
    login=0,
    server="",
    mode="",
    link=Link.WAITING,
    reason="",
    as_of_ms=None,
    cannot_stop_reason=tr("No account is watched"),
)
"""What is drawn while there is no account."""


class Given(Protocol):
    """What pages may need beside frames; whoever puts the window together gives it."""

    drafts: Callable[[], Draft | None]
    """The config to edit; asked once the page of settings is first shown."""
    runs: Runs | None
    """Plays a draft's rules over what was recorded; None where nothing was."""
    reports: Reports | None
    """None where no history is kept."""


class Page(QWidget):
    """Redrawn only while it is the one that is shown; `asked` carries a command that a person gives on it."""

    asked = Signal(object)
    account_wanted = Signal(str)
    """The name of an account that a person wants to see."""
    least_high = 622
    """Pixels that it needs to be whole; in less it scrolls."""

    def begin(self, given: Given) -> None:
        """Once, before it is first shown. Most pages need nothing beside frames."""

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        """Draw `view`, the chosen account of `frame`."""
        raise NotImplementedError

    def settle(self) -> None:
        """Draw now what else waits for a turn of its own; on most pages nothing does."""

    def propose(self, rule: str, at: float, wanted: float) -> None:
        """A person would have that level elsewhere."""

    def point_at(self, rule: str, at: float | None, /) -> None:
        """A person asks about that rule, and about that level of it where one is given."""

    def fit_width(self, width: int) -> None:
        """Take the proportions that a window of that width wants; most pages have only one."""


def built(name: str, given: Given) -> Page:
    """The page of that name; its module is imported only now, so that the window is there sooner."""
    page: Page = importlib.import_module(f"ui.pages.{name.lower()}").PAGE()
    page.begin(given)
    return page


def column(*cards: tuple[QWidget, int], gap: int) -> QWidget:
    """Cards under each other, each with its share of what room is left."""
    made = QWidget()
    stack = QVBoxLayout(made)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(gap)
    for card, stretch in cards:
        stack.addWidget(card, stretch)
    return made
