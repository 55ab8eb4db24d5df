"""The order in which Tab goes through a window: that of its layouts, which is the eye's, and never that of building."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, cast, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QGridLayout, QLayout, QMainWindow, QScrollArea, QWidget


@runtime_checkable
class Placed(Protocol):
    """Puts its parts by itself, without a layout."""

    def in_order(self) -> Sequence[QWidget]:
        """Those that are there, as the eye goes through them."""


def stops(widget: QWidget) -> list[QWidget]:
    """Every widget in it that Tab may go to now, row by row and column by column."""
    return [one for one in _walk(widget) if _takes(one)]


def beside(window: QWidget, now: QWidget | None, *, onward: bool) -> QWidget | None:
    """Where Tab (`onward`), or Shift+Tab, goes from `now`: around from the end to the beginning; None where nowhere."""
    found = stops(window)
    if not found:
        return None
    if now not in found:  # such as the window itself, or one of a group that Tab does not stop at
        return found[0 if onward else -1] if now is None else _nearest(window, found, now, onward=onward)
    return found[(found.index(now) + (1 if onward else -1)) % len(found)]


def go_on(window: QWidget, *, onward: bool) -> bool:
    """Give the focus to the next, or the one before; False where there is none."""
    found = beside(window, QApplication.focusWidget(), onward=onward)
    if found is not None:
        found.setFocus(Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason)
    return found is not None


def _nearest(window: QWidget, found: list[QWidget], now: QWidget, *, onward: bool) -> QWidget:
    every = list(_walk(window))
    if now not in every:
        return found[0 if onward else -1]
    place = every.index(now)
    rest = every[place + 1 :] if onward else every[:place][::-1]
    return next((one for one in rest if one in found), found[0 if onward else -1])


def _takes(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _walk(widget: QWidget) -> Iterator[QWidget]:
    for child in _inside(widget):
        yield child
        yield from _walk(child)


def _inside(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QMainWindow):
        yield from _there(widget.centralWidget())
    elif isinstance(widget, QScrollArea):
        yield from _there(widget.widget())
    elif isinstance(widget, QAbstractScrollArea):
        return  # a table or a list is one stop
    elif isinstance(widget, Placed):
        yield from widget.in_order()
    elif (layout := widget.layout()) is not None:
        yield from _laid_out(layout)


def _there(widget: QWidget | None) -> Iterator[QWidget]:
    if widget is not None:
        yield widget


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda place: cast("tuple[int, ...]", layout.getItemPosition(place)))
    for place in places:
        if (item := layout.itemAt(place)) is None:
            continue
        inner = item.layout()
        yield from _laid_out(inner) if inner is not None else _there(item.widget())
