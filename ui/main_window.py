"""The window: polls the newest frame on its own timer, hands it to the panels, and sends what a person asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMessageBox, QVBoxLayout, QWidget

from monitors.ports import AccountFrame, Acknowledge, Command, Frame, Link
from ui import theme
from ui.charts.card import RANGES, ChartsCard
from ui.header import Header
from ui.leaving import question
from ui.panels.account import AccountCard
from ui.panels.alerts import AlertsCard
from ui.panels.automation import AutomationCard
from ui.panels.banner import Banner, Strip
from ui.panels.gauge import GaugeCard
from ui.panels.limits import LimitsCard
from ui.panels.positions import PositionsCard
from ui.panels.stalled import StalledStrip
from ui.panels.stop import StopPlate
from ui.stop_key import StopKey
from ui.vigil import Vigil

LEFT_PX, RIGHT_PX, GAUGE_PX = 236, 318, 202
WIDE_FROM_PX, WIDE_LEFT_PX, WIDE_RIGHT_PX, WIDE_GAUGE_PX = 1_600, 284, 360, 250
UNFOCUSED_HZ = 4
LEAST = (1_180, 720)
NOTHING = AccountFrame(
    name="No account",
    login=0,
    server="",
    mode="",
    link=Link.WAITING,
    reason="",
    as_of_ms=None,
    cannot_stop_reason="No account is watched",
)


class FrameSource(Protocol):
    """Where the newest frame lies; older ones are dropped."""

    def newest(self) -> Frame | None: ...


class MainWindow(QMainWindow):
    """Draws the newest frame `paint_hz` times a second, less often unfocused, never hidden, and only when it is new."""

    closed = Signal()
    wanted = Signal()
    """Emitted, from any thread, where a second start wants to see this window."""

    def __init__(
        self, source: FrameSource, send: Callable[[Command], None], *, paint_hz: int = 10, vigil: Vigil | None = None
    ) -> None:
        """`vigil` watches whoever makes the frames."""
        super().__init__()
        self._source, self._send, self._paint_hz = source, send, paint_hz
        self._frame: Frame | None = None
        self._name = ""
        self._leaving = False
        self._question: QMessageBox | None = None
        self.drawn = 0
        self.setWindowTitle("Plimsoll")
        self.setMinimumSize(*LEAST)
        self.resize(1_280, 800)
        self._build(vigil)
        self._bind_keys()
        self.wanted.connect(self.come_forward)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.poll)
        self.poll()

    def _build(self, vigil: Vigil | None) -> None:
        self.header, self.stalled, self.banner, self.notice = Header(), StalledStrip(vigil), Banner(), Strip()
        self.notice.clicked.connect(self.notice.hide)
        self.gauge, self.account, self.limits = GaugeCard(), AccountCard(), LimitsCard()
        self.automation = AutomationCard()
        self.charts, self.positions = ChartsCard(), PositionsCard()
        self.stop, self.alerts = StopPlate(self._send), AlertsCard(self.acknowledge)
        self.header.chosen.connect(self.select_place)
        middle = QHBoxLayout()
        middle.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        middle.setSpacing(theme.GAP)
        self.left = _column((self.gauge, 0), (self.account, 0), (self.limits, 1), (self.automation, 0))
        self.right = _column((self.stop, 0), (self.alerts, 1))
        middle.addWidget(self.left)
        middle.addWidget(_column((self.charts, 3), (self.positions, 1)), 1)
        middle.addWidget(self.right)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for strip in (self.header, self.stalled, self.banner, self.notice):
            whole.addWidget(strip)
        whole.addLayout(middle, 1)
        self.setCentralWidget(body)

    def _bind_keys(self) -> None:
        StopKey(self.stop.strike, self)
        for place in range(9):
            self._key(f"Ctrl+{place + 1}", partial(self.select_place, place))
        for place, name in enumerate(RANGES):
            self._key(str(place + 1), partial(self.charts.choose, name))
        self._key("L", self.charts.go_live)
        self._key("F11", lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen))

    def _key(self, keys: str, act: Callable[[], None]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(act)

    def poll(self) -> None:
        """Draw the newest frame unless it has been drawn."""
        self.watch()
        frame = self._source.newest()
        if frame is not None and (self._frame is None or frame.number != self._frame.number):
            self._frame = frame
            self._draw(frame)
        elif frame is None and self._frame is None and not self.drawn:
            self._draw(Frame(number=0, at_ms=0, accounts=(), alerts=()))

    def watch(self) -> None:
        """Look whether frames still come, the window being shown or not; to be called some times a second."""
        if self.stalled.look(self._source.newest()):
            QApplication.alert(self)
            if self._frame:
                self._draw(self._frame)

    def _draw(self, newest: Frame) -> None:
        self.drawn += 1
        frame = self.stalled.aged(newest)
        place = next((n for n, view in enumerate(frame.accounts) if view.name == self._name), 0)
        view = frame.accounts[place] if frame.accounts else NOTHING
        self._name = view.name
        self.header.show_frame(frame, place)
        self.banner.show_frame(frame)
        self.gauge.show_account(view, frame.at_ms)
        self.account.show_account(view, frame.at_ms)
        self.limits.show_account(view, frame.at_ms)
        self.automation.show_account(view)
        self.charts.show_account(view, frame.at_ms)
        self.positions.show_account(view, frame.at_ms)
        self.stop.show_account(frame, view.name)
        self.alerts.show_frame(frame, view.name)
        self.setWindowTitle(f"Plimsoll: {view.name}" if frame.accounts else "Plimsoll")

    def select_account(self, name: str) -> None:
        """Show the account of that name; an unknown name changes nothing."""
        if self._frame and any(view.name == name for view in self._frame.accounts):
            self._name = name
            self._draw(self._frame)

    def select_place(self, place: int) -> None:
        """Show the account at a place, counted from 0; no such place changes nothing."""
        if self._frame and place < len(self._frame.accounts):
            self.select_account(self._frame.accounts[place].name)

    def come_forward(self) -> None:
        """In front of the others, also where it was hidden or made small."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def acknowledge(self, alert: int) -> None:
        """Tell the engine that a person has seen an alert."""
        self._send(Acknowledge(alert))

    def save_png(self, path: Path) -> None:
        """Draw the newest frame and write the window as a PNG; OSError where it cannot be written."""
        self.poll()
        if not self.grab().save(str(path), "PNG"):
            raise OSError(f"{path}: the picture could not be written")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.alerts.acknowledge_first()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= WIDE_FROM_PX
        self.left.setFixedWidth(WIDE_LEFT_PX if wide else LEFT_PX)
        self.right.setFixedWidth(WIDE_RIGHT_PX if wide else RIGHT_PX)
        self.gauge.setFixedHeight(WIDE_GAUGE_PX if wide else GAUGE_PX)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pace()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.ActivationChange, QEvent.Type.WindowStateChange}:
            self._pace()

    def _pace(self) -> None:
        if not self.isVisible() or self.isMinimized():
            self._timer.stop()
            return
        self._timer.start(
            round(1_000 / (self._paint_hz if self.isActiveWindow() else min(UNFOCUSED_HZ, self._paint_hz)))
        )

    @property
    def armed(self) -> bool:
        """True while any account is armed, so that leaving it unguarded is worth a question."""
        return self._frame is not None and any(view.mode == "armed" for view in self._frame.accounts)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.armed and not self._leaving:
            event.ignore()
            self._ask()
            return
        self._timer.stop()
        event.accept()
        self.closed.emit()

    def _ask(self) -> None:
        if self._question is None:
            self._question = question(self, self.leave)
        self._question.show()

    def leave(self) -> None:
        """Close without asking."""
        self._leaving = True
        self.close()


def _column(*cards: tuple[QWidget, int]) -> QWidget:
    column = QWidget()
    stack = QVBoxLayout(column)
    stack.setContentsMargins(0, 0, 0, 0)
    stack.setSpacing(theme.GAP)
    for card, stretch in cards:
        stack.addWidget(card, stretch)
    return column
