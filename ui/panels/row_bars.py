"""What bars with a name before each have in common: how high a row is, and where the bars begin."""

from __future__ import annotations

from collections.abc import Iterable

from ui.panels.panel import Painting, names_px


class RowBars(Painting):
    """One row a name over an axis; the widget is as high as its rows."""

    def __init__(self, row_px: int, least_row_px: int, axis_px: int, least_name_px: int) -> None:
        super().__init__()
        self._row_px, self._least_row_px, self._axis_px, self._least_name_px = (
            row_px, least_row_px, axis_px, least_name_px)  # fmt: skip
        self._rows = 0
        self.name_px = least_name_px
        """Where the bars begin."""

    def make_room(self, names: Iterable[str]) -> None:
        """Measure the names once, not with every row that is painted."""
        shown = tuple(names)
        self._rows = len(shown)
        self.name_px = names_px(shown, self._least_name_px)
        self.setMinimumHeight(self._least_row_px * self._rows + self._axis_px)

    @property
    def row_px(self) -> int:
        """Rows give way a little before they scroll."""
        return max(self._least_row_px, min(self._row_px, (self.height() - self._axis_px) // max(1, self._rows)))
