"""What the bridge is told of a terminal of the config."""

from __future__ import annotations

from pathlib import Path

from bridge.attach import Attachment
from monitors.settings import TerminalSettings

SIMULATED = "simulator.json"


def attachment(settings: TerminalSettings, folder: Path, display: str = "") -> Attachment:
    """`folder` holds the data: a simulated terminal without a path says there where it listens.

    `display` is the currency of sums over accounts, for whoever makes such sums.
    """
    path = settings.path
    if settings.backend == "simulator" and not path:
        path = str(folder / SIMULATED)
    return Attachment(name=settings.name, backend=settings.backend, path=path, login=settings.login,
                      server=settings.server, clock=settings.clock, display=display)  # fmt: skip
