"""The config of a program as its window edits it; the demo's own is never written over."""

from __future__ import annotations

import os
from pathlib import Path

import tomlkit

from app.main import Program, demo_terminals
from monitors.drafts import Draft

DEMO = "These are the demo's own rules: Save as… keeps them as a config of yours."
NO_FILE = "No config file is in use: save it as one, and start with --config FILE."


def drafted(program: Program) -> Draft | None:
    """None where what there is cannot be read at all."""
    from app.config.draft import FileDraft  # noqa: PLC0415 -- slow to import, and few starts open the settings

    file = Path(program.config.source)
    try:
        if program.place is None:  # the demo, which no variable of the environment changes
            return FileDraft(file, {}, DEMO, more=f"\n{tomlkit.dumps({'terminal': demo_terminals()})}")
        return FileDraft(file, os.environ) if file.is_file() else FileDraft(None, os.environ, NO_FILE)
    except (OSError, ValueError):
        return None
