"""A report onto the disk: HTML, or a PDF where the file's name says so; there once it is whole."""

from __future__ import annotations

from pathlib import Path

from app.commands import writing
from app.report.page import page
from app.report.sheet import Sheet

PDF = ".pdf"
ENDINGS = (".html", ".htm", PDF)


def write(sheet: Sheet, out: Path) -> None:
    """OSError where it cannot be written; what stood there before then stands there still."""
    fresh = out.with_name(f"{out.name}.new")
    try:
        with writing(out):
            if out.suffix.lower() == PDF:
                from app.report.paper import paint  # noqa: PLC0415 -- a page needs no Qt

                paint(sheet, fresh)
            else:
                fresh.write_text(page(sheet), encoding="utf-8")
            fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
