"""What the guards of all accounts share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.alerts import AlertBook
from app.events import Tell
from app.instance.single import ALONE, Instance
from app.stopping.flattening import NoStop
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.ports import Clock


@dataclass(slots=True, kw_only=True)
class Shared:
    """Made once by the engine, for one thread."""

    clock: Clock
    journal: Journal
    spare: SpareJournal
    alerts: AlertBook
    tell: Tell
    record: Tell = lambda _: None
    """Into the audit log alone: no sink hears of it."""
    instance: Instance = ALONE
    stops: Callable[[str], NoStop] = lambda _: NoStop()
    """By a terminal's name: who else may be closing there."""
    lost: str = ""
    """Why the journal of the run before could not be used: this run observes only."""
