"""The sections of the config as two lists: rules with the signs of their severities, and everything else."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from monitors.drafts import Section
from ui import choice_words, text, theme
from ui.alone import alone
from ui.icons import paint_severity
from ui.words import trn

RULE_PX, OTHER_PX, PIP_PX = 42, 26, 17
SECTION, COUNT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class SectionList(QListWidget):
    """`chosen` carries the path of the section that a person goes to."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFont(theme.font(12))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(SectionPainter(self))
        self.setMouseTracking(True)
        self.currentRowChanged.connect(self._tell)
        self._paths: list[str] = []

    def show_sections(self, sections: Sequence[Section], faults: Collection[str], current: str) -> None:
        """These, with how many faults each has; `current` stands out."""
        before = self.blockSignals(True)
        while self.count() > len(sections):
            self.takeItem(self.count() - 1)
        self._paths = [section.path for section in sections]
        for place, section in enumerate(sections):
            if place == self.count():
                self.addItem(QListWidgetItem())
            item = self.item(place)
            wrong = sum(path.startswith(section.path) for path in faults)
            item.setData(SECTION, section)
            item.setData(COUNT, wrong)
            item.setText(section.title)
            item.setToolTip(text.plain_tip(section.title))
        place = self._paths.index(current) if current in self._paths else -1
        self.setCurrentRow(place)
        self.blockSignals(before)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt goes to the first row of a list without a current one; a person has not."""
        before, place = self.blockSignals(True), self.currentRow()
        super().focusInEvent(event)
        self.setCurrentRow(place)
        self.blockSignals(before)

    def _tell(self, place: int) -> None:
        if 0 <= place < len(self._paths):
            self.chosen.emit(self._paths[place])


class SectionPainter(QStyledItemDelegate):
    """A rule on two lines with its pips at the right; any other section is a name."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        section = index.data(SECTION)
        return QSize(120, RULE_PX if section is not None and section.rule else OTHER_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:  # fmt: skip
        c, section, wrong = theme.colours(), index.data(SECTION), index.data(COUNT)
        box = QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(QColor(c.edge))
            painter.setBrush(QColor(c.track))
            painter.drawRoundedRect(box, 6, 6)
        pips = section.severities if section.rule else ()
        room = box.width() - 20 - PIP_PX * len(pips)
        title = theme.font(12, theme.STRONG)
        name = QFontMetrics(title).elidedText(section.title, Qt.TextElideMode.ElideRight, int(room - 12))
        painter.setFont(title)
        painter.setPen(QColor(c.text if section.rule else c.curve))
        top = QRectF(
            box.left() + 10, box.top() + (3 if section.rule else 0), room, 17 if section.rule else box.height()
        )
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, name)
        if wrong:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.critical))
            wide = QFontMetrics(title).horizontalAdvance(name)
            painter.drawEllipse(QPointF(top.left() + wide + 8, top.center().y()), 3.5, 3.5)
        if section.rule:
            words = trn("{count} fault, not saved", "{count} faults, not saved", wrong) if wrong else _watches(section)
            small = theme.font(11)
            painter.setFont(small)
            painter.setPen(QColor(c.critical if wrong else c.soft))
            shown = QFontMetrics(small).elidedText(words, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(top.translated(0, 17), Qt.AlignmentFlag.AlignVCenter, shown)
        for place, severity in enumerate(pips):
            left = box.right() - 8 - PIP_PX * (len(pips) - place) + 2
            paint_severity(painter, severity, QRectF(left, box.center().y() - 7, 14, 14), filled=False)
        painter.restore()


def _watches(section: Section) -> str:
    metric = section.own["metric"].plain
    return choice_words.watched(metric)


if __name__ == "__main__":
    alone(SectionList, lambda widget, section: widget.show_sections((section,), (), section.path))
