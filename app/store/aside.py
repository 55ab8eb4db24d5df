"""A damaged database set aside under another name, with all that belongs to it."""

from __future__ import annotations

from pathlib import Path

from app.store.chain import head_file


def set_aside(path: Path, suffix: str) -> Path:
    """Rename a damaged journal and its companions, so that nothing of it is lost; the new name."""
    kept = path.with_name(f"{path.name}.{suffix}")
    outside, beside = head_file(path), head_file(kept)
    if outside and beside and outside.exists():
        outside.replace(beside)
    for ending in ("", "-wal", "-shm"):
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.replace(kept.with_name(kept.name + ending))
    return kept
