"""What a person may ask of the position under the pointer, or of the chosen row; each has its preview."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from monitors.model import Position
from monitors.ports import AccountFrame, Command
from ui import text, theme
from ui.asking import Asking
from ui.close_part import ClosePartWindow
from ui.panels.table import Table
from ui.tightening import TightenWindow
from ui.words import tr


class PositionMenu:
    """Of one table, whose rows are the account's positions; the questions that are open follow the frames."""

    def __init__(self, table: Table, send: Callable[[Command], None]) -> None:
        self._table, self._send = table, send
        self._view: AccountFrame | None = None
        self._open: list[tuple[str, Asking]] = []
        """Each with the account that it is about."""
        self.menu = QMenu(table)
        self.menu.setToolTipsVisible(True)
        table.menu_wanted.connect(self._asked)

    def show_account(self, view: AccountFrame) -> None:
        """The account that is shown; questions about another one are closed."""
        self._view = view
        for name, window in tuple(self._open):
            if name == view.name:
                window.show_account(view)
            else:
                window.close()

    def ask(self, kind: type[ClosePartWindow | TightenWindow], position: int) -> Asking | None:
        """Open that question about a position; None before any account is shown."""
        if self._view is None:
            return None
        window = kind(self._table.window(), self._send, position)
        entry = self._view.name, window
        self._open.append(entry)
        window.finished.connect(lambda: self._open.remove(entry))
        window.show_account(self._view)
        window.show()
        return window

    def _asked(self, row: int, where: QPoint) -> None:
        view = self._view
        if view is None or row >= len(view.positions):
            return
        held = view.positions[row]
        self.menu.clear()
        head = self.menu.addAction(_heading(held, view).replace("&", "&&"))
        head.setEnabled(False)  # a section's own words are not drawn under a style sheet
        head.setFont(theme.font(12, theme.STRONG))
        self.menu.addSeparator()
        self.menu.addAction(tr("Close a part…"), lambda: self.ask(ClosePartWindow, held.identifier))
        self.menu.addAction(tr("Bring the stop nearer…"), lambda: self.ask(TightenWindow, held.identifier))
        self.menu.addSeparator()
        self.menu.addAction(tr("Copy its number"), lambda: _copy(held))
        self.menu.popup(where)


def _heading(held: Position, view: AccountFrame) -> str:
    lots = text.lots(held.lots, view.volume_digits.get(held.symbol))
    return f"{held.symbol} {text.side(held.side)} {lots}  #{held.identifier}"


def _copy(held: Position) -> None:
    QGuiApplication.clipboard().setText(str(held.identifier))
