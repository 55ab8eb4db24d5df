"""Which config a command means: the one given, `config.toml` here, or the platform's own place."""

from __future__ import annotations

from pathlib import Path

from app.config.sources import usual_file


def config_path(given: str | None) -> Path | None:
    """The file; None where none was given and none lies in the usual places."""
    if given is not None:
        return Path(given)
    usual = (Path("config.toml"), usual_file())
    return next((path for path in usual if path.is_file()), None)
