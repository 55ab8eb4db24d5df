"""One chart's texts at a moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Headings as (text, colour), and the last value or None."""

    heads: tuple[tuple[str, str], ...] = ()
    last: float | None = None
    tag: str = ""
