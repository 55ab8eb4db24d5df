"""Pages by name, of which one is shown: built when first asked for, scrolled where the window is too small for them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget

from monitors.ports import AccountFrame, Frame
from ui.later import Later
from ui.pages.page import Given, Page, built

PAGE_WIDE = 1_170


class PageStack(QScrollArea):
    """`added` carries each page once, before it is shown."""

    added = Signal(object)

    def __init__(self, name: str, first: Page, given: Given) -> None:
        super().__init__()
        self._given, self._first = given, first
        self._pages = {name: first}
        self._next: tuple[Frame, AccountFrame] | None = None
        self._turn = Later(self, self._show)
        self._stack = QStackedWidget()
        self._stack.addWidget(first)
        self._stack.setMinimumSize(PAGE_WIDE, first.least_high)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(self._stack)

    def show_frame(self, frame: Frame, view: AccountFrame, *, later: bool) -> None:
        """Draw the page; `later`: in a turn of its own, so that what was drawn before it is painted first."""
        self._next = frame, view
        self._turn.start()
        if not later:
            self.settle()

    def settle(self) -> None:
        """Draw what waits for its turn."""
        self._turn.settle()
        self.page.settle()

    def _show(self) -> None:
        if self._next is not None:
            self.page.show_frame(*self._next)

    @property
    def page(self) -> Page:
        """The page that is shown, and the only one that is drawn."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else self._first

    def show_page(self, name: str, width: int) -> None:
        """The page of that name, at the width of the window."""
        if name not in self._pages:
            made = self._pages[name] = built(name, self._given)
            self._stack.addWidget(made)
            self.added.emit(made)
        self._pages[name].fit_width(width)
        self._stack.setCurrentWidget(self._pages[name])
        self._stack.setMinimumHeight(self.page.least_high)
