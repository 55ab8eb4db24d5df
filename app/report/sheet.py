"""What a report looks like before anything is drawn: figures, tables and texts, for a page and for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """Words as they are read; `tone` is gain, loss, late, soft, buy or sell, and the words say the same."""

    words: str = ""
    _: KW_ONLY
    tone: str = ""
    bold: bool = False
    severity: str = ""
    """Its mark stands before the words."""
    share: float | None = None
    """A bar in the words' place, 0 to 1."""
    pips: int = 0
    """So many little bars in the severity's colour."""
    span: int = 1
    """How many columns it takes."""


@dataclass(frozen=True, slots=True)
class Column:
    """A head; `right` for figures, `grows` where it takes what is left and breaks its lines where nothing is."""

    head: str = ""
    _: KW_ONLY
    right: bool = False
    grows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of as many cells as there are columns, spans counted; the last one is bold where it sums."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    sums: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One card: a title, a softer word beside it, then a picture (SVG), a table and remarks, as far as it has them."""

    title: str
    beside: str = ""
    picture: str = ""
    table: Table | None = None
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A name over a number over what it is measured against."""

    name: str
    value: str
    beside: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole: two lines at the left and two at the right, figures, rows of cards, and what stands at the foot."""

    title: str
    whose: str
    days: str
    written: str
    remark: str
    """What must be said before all else; empty mostly."""
    figures: Sequence[Figure]
    rows: Sequence[Sequence[Sequence[Section]]]
    """Each row has columns beside each other, each column cards under each other; the first is the widest."""
    foot: str
    alarm: str
    """What at the foot is wrong; empty where nothing is."""
