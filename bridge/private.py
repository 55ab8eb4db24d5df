"""Files and folders for nobody else's eyes; a file is there at once and whole."""

from __future__ import annotations

import os
from pathlib import Path


def folder(path: Path) -> None:
    """Make the folder, and those above it that are missing, for this user alone; one that is there stays as it is."""
    for missing in [each for each in (*reversed(path.parents), path) if not each.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(exist_ok=True)


def put(file: Path, text: bytes) -> None:
    """Put the file in its place, or in that of the one before; OSError where the folder does not take it."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(text)
    half.replace(file)
