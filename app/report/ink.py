"""What a report is drawn with on paper: its fonts, and its SVG pictures as Qt draws them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont
from PySide6.QtSvg import QSvgRenderer

from app.report.style import PICTURE, mark
from ui import theme

FAMILY = "Inter"
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def font(px: int = 12, weight: QFont.Weight = theme.MEDIUM) -> QFont:
    """The window's font without its special figures: a PDF of those cannot be searched, nor a number copied from it."""
    made = QFont(theme.font(px, weight))  # the window's own stays as it is
    for feature in ("tnum", "calt"):
        made.setFeature(QFont.Tag(feature), 0)
    return made


def drawing(svg: str) -> QSvgRenderer:
    """A picture of ours with what makes it a file of its own: its namespace and its classes' styles.

    Qt knows one family a font.
    """
    styles = "".join(f"{which}{{{how}}}" for which, how in PICTURE.items()).replace(
        "Inter,system-ui,'Segoe UI',sans-serif", FAMILY
    )
    head, _, rest = svg.partition(">")
    return QSvgRenderer(QByteArray(f"{head} {NAMESPACE}><style>{styles}</style>{rest}".encode()))


@lru_cache(maxsize=8)
def severity_mark(severity: str) -> QSvgRenderer:
    """The mark of a severity."""
    return drawing(mark(severity))
