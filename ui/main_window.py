"""The window: polls the newest frame on its own timer, hands it to the panels, and sends what a person asks for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from monitors.day_report import Reports
from monitors.drafts import Draft
from monitors.dry_run import Runs
from monitors.ports import Command, Frame, FrameSource
from ui import application, keys, motion, tab_order, theme
from ui.compact import Compact
from ui.header import Header
from ui.key_help import KeyHelp
from ui.leads import Leads
from ui.leaving import Leaving
from ui.pages.menu import PAGES
from ui.pages.monitor import MonitorPage
from ui.pages.page import NOTHING, Page
from ui.pages.stack import PageStack
from ui.panels.banner import Banner, Strip
from ui.panels.stalled import StalledStrip
from ui.status_line import HIGH, StatusLine
from ui.turns import Turns
from ui.vigil import Vigil

LEAST = (1_180, 720)
"""From this size on every page is whole; smaller, as on a small screen at 150 %, it scrolls under header and stop."""
SMALLEST, STATUS_FROM = (640, 400), LEAST[1] + HIGH


class MainWindow(QMainWindow):
    """Draws the newest frame `paint_hz` times a second, less often unfocused, never hidden, and only when it is new."""

    closed = Signal()
    hidden = Signal()
    """Closing only hid it behind the tray's icon."""
    wanted = Signal()
    """Emitted, from any thread, where a second start wants to see this window."""

    def __init__(
        self, source: FrameSource, send: Callable[[Command], None], *, paint_hz: int = 10, vigil: Vigil | None = None
    ) -> None:
        """`vigil` watches whoever makes the frames."""
        super().__init__()
        self._source, self._send, self._paint_hz, self._turns = source, send, paint_hz, Turns(paint_hz)
        self._frame: Frame | None = None
        self._name, self.drawn = "", 0
        self.leaving: Leaving = Leaving(self)
        self.compact: Compact = Compact(self)
        self._keys: KeyHelp | None = None
        self.drafts: Callable[[], Draft | None] = lambda: None
        self.runs: Runs | None = None
        self.reports: Reports | None = None
        self.setWindowTitle("Plimsoll")
        self.setMinimumSize(*SMALLEST)
        self.resize(1_280, 800)
        self._build(vigil)
        keys.bind(self)
        self.wanted.connect(self.come_forward)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self.poll()

    def _build(self, vigil: Vigil | None) -> None:
        self.header, self.stalled, self.banner, self.notice = Header(), StalledStrip(vigil), Banner(), Strip()
        self.status = StatusLine()
        self.notice.clicked.connect(self.notice.hide)
        self.monitor: MonitorPage = MonitorPage(self._send)
        self.stop = self.monitor.stop
        self.header.chosen.connect(self.select_place)
        self.header.pages.chosen.connect(self.show_page)
        self.header.pages.look.chosen.connect(self.wear)
        self.header.stop.struck.connect(self.stop.strike)
        self.stack = PageStack(PAGES[0], self.monitor, self)
        self.stack.added.connect(self._added)
        Leads(self)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for strip in (self.header, self.stalled, self.banner, self.notice):
            whole.addWidget(strip)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.status)
        self.setCentralWidget(body)

    def poll(self, *, spread: bool = False) -> None:
        """Draw the newest frame unless it has been drawn; `spread`: the page in a turn of its own."""
        self.watch()
        frame = self._source.newest()
        if frame is not None and (self._frame is None or frame.number != self._frame.number):
            self._frame = frame
            self._draw(frame, spread=spread)
        elif frame is None and self._frame is None and not self.drawn:
            self._draw(Frame(number=0, at_ms=0, accounts=(), alerts=()))
        if not spread:
            self.stack.settle()

    def _look(self) -> None:
        due = self._turns.due(self._source.newest(), self._frame, focused=self.isActiveWindow())
        if due:
            self.poll(spread=True)
        else:
            self.watch()

    def watch(self) -> None:
        """Look whether frames still come, the window being shown or not; to be called some times a second."""
        newest = self._source.newest()
        if self.stalled.look(newest):
            if self.stalled.stall:
                QApplication.alert(self, motion.FLASH_MS if motion.still() else 0)
            self._frame = newest or self._frame
            self._redraw()
        if not self.isVisible() and newest:
            frame = self.stalled.aged(newest)
            self.compact.watch(frame, frame.accounts[self._place(frame)] if frame.accounts else NOTHING)

    def _draw(self, newest: Frame, *, spread: bool = False) -> None:
        self.drawn += 1
        frame = self.stalled.aged(newest)
        place = self._place(frame)
        view = frame.accounts[place] if frame.accounts else NOTHING
        self._name = view.name
        self.header.show_frame(frame, place)
        self.banner.show_frame(frame)
        self.stop.show_account(frame, view.name)
        self.header.stop.show_plate(self.stop.state, self.stop.covered)
        self.stack.show_frame(frame, view, later=spread)
        self.status.show_frame(frame, view)
        self.setWindowTitle(f"Plimsoll: {view.name}" if frame.accounts else "Plimsoll")

    def _place(self, frame: Frame) -> int:
        """Where the chosen account stands."""
        return next((n for n, view in enumerate(frame.accounts) if view.name == self._name), 0)

    @property
    def page(self) -> Page:
        """The page that is shown, and the only one that is drawn."""
        return self.stack.page

    def show_page(self, name: str) -> None:
        """Show the page of that name; it is built when it is first asked for."""
        self.stack.show_page(name, self.width())
        self.header.show_page(name)
        self._redraw()

    def _added(self, page: Page) -> None:
        page.asked.connect(self._send)
        page.account_wanted.connect(self.watch_account)

    def wear(self, name: str, colours: str) -> None:
        """Theme and colours by name, at once, for whatever stands of the program."""
        application.wear(theme.tokens(name, colours))
        self._redraw()
        self.watch()

    def _redraw(self) -> None:
        if self._frame:
            self._draw(self._frame)

    def select_account(self, name: str) -> None:
        """Show the account of that name, its page in the next turn; an unknown name changes nothing."""
        if self._frame and any(view.name == name for view in self._frame.accounts):
            self._name = name
            self._draw(self._frame, spread=True)

    def watch_account(self, name: str) -> None:
        """The same, on the page that watches."""
        self.select_account(name)
        self.show_page(PAGES[0])

    def select_place(self, place: int) -> None:
        """Show the account at a place, counted from 0; no such place changes nothing."""
        if self._frame and place < len(self._frame.accounts):
            self.select_account(self._frame.accounts[place].name)

    def come_forward(self) -> None:
        """In front of the others, also where it was hidden or made small, or the strip stood in its place."""
        self.compact.end()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_keys(self) -> None:
        """The list of keys, beside this window."""
        self._keys = self._keys or KeyHelp(keys.KEYS, self)
        self._keys.come_forward()

    def focusNextPrevChild(self, onward: bool) -> bool:  # noqa: FBT001 -- Qt's own
        return tab_order.go_on(self, onward=onward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.page is self.monitor:
            self.monitor.alerts.acknowledge_first()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.page.fit_width(event.size().width())
        self.status.setVisible(event.size().height() >= STATUS_FROM)
        self.header.show_stop(beside_plate=event.size().width() < LEAST[0] or event.size().height() < LEAST[1])
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pace()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._pace()

    def _pace(self) -> None:
        if not self.isVisible() or self.isMinimized():
            self._timer.stop()
        else:
            self._timer.start(round(1_000 / self._paint_hz))

    @property
    def armed(self) -> bool:
        """True while any account is armed, so that leaving it unguarded is worth a question."""
        frame = self._source.newest() or self._frame  # what was drawn last is old while the window is hidden
        return frame is not None and any(view.mode == "armed" for view in frame.accounts)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.may_close():
            event.ignore()
            return
        self._timer.stop()
        self.compact.close()
        event.accept()
        self.closed.emit()

    def leave(self) -> None:
        """Close without asking."""
        self.leaving.leave()
