"""The prop firms' plans that come with the program: a data file each, with where it was read and when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import tomli

from app.config.kinds import clock
from monitors.floors import Conduct, DailyLoss, Floors, MaximumLoss
from monitors.settings import DaySettings

FOLDER = Path(__file__).parents[2] / "assets" / "packs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What to know about one part of a plan; `unconfirmed` where the firm's own page does not bear it out."""

    about: str
    text: str
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One plan as its file has it; `zone` and `reset` are when its day begins, as in [day]."""

    title: str
    source: str
    checked: date
    zone: str
    reset: str
    daily: DailyLoss | None = None
    maximum: MaximumLoss | None = None
    conduct: Conduct = field(default_factory=Conduct)
    note: tuple[Note, ...] = ()

    def floors(self, initial: float) -> Floors:
        """What the rules of an account that began with this balance measure against."""
        return Floors(plan=self.title, initial=initial, daily=self.daily, maximum=self.maximum)

    def day(self, base: DaySettings) -> DaySettings:
        """When its day begins; the week stays as in `base`."""
        return replace(base, zone=self.zone, reset_minute=clock(self.reset))


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Of the packs that there are, as a config names them."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache(maxsize=64)
def read(name: str) -> Pack:
    """The pack of that name; raises ValueError where its file holds none, which a test of every pack rules out."""
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    return msgspec.convert(tomli.loads(text), type=Pack)
