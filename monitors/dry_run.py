"""Rules played over what was recorded of an account: when each level would have tripped, and what cannot be said."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from monitors.model import Floats, Ints, NotApplicable, Unknown, Value
from monitors.rules import Change, LevelState, judge
from monitors.settings import Level, Rule

UNKEPT = "not in the history: unknown"
NOTHING = "nothing was recorded of it: unknown"
BLANK, NONE = Unknown("not recorded"), NotApplicable("it did not apply")
MOST = 600
"""Points of a curve that is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """One metric as it was recorded, oldest first: UTC epoch ms, values in its unit, and where it did not apply.

    A value that is NaN was unknown. Two samples further apart than `gap_ms` have a gap between them. `step_ms` is how
    far apart they usually are.
    """

    time_ms: Ints
    value: Floats
    absent: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    step_ms: int
    gap_ms: int

    @property
    def covered_ms(self) -> int:
        """How long it is known over: gaps and unknown stretches left out."""
        if len(self.time_ms) == 0:
            return 0
        apart = np.diff(self.time_ms)
        known = (np.isfinite(self.value) | self.absent)[:-1]
        return int(apart[(apart <= self.gap_ms) & known].sum())


@dataclass(frozen=True, slots=True)
class Trip:
    """When a level would have tripped, UTC epoch ms, and at what value of the metric."""

    at_ms: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRun:
    """One level: the trips that samples in a row confirm, and those that only single samples speak for."""

    at: float
    trips: tuple[Trip, ...] = ()
    perhaps: tuple[Trip, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """One rule. Where `unknown` says why, nothing can be said of it, and no level of it counts as never tripped."""

    rule: str
    metric: str
    when: str
    levels: tuple[LevelRun, ...] = ()
    covered_ms: int = 0
    step_ms: int = 0
    unknown: str = ""
    curve: tuple[tuple[int, float], ...] = ()
    """Time and value, thinned for a picture; a NaN is a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """Every rule that covers an account over the time from `since_ms` to `until_ms`; `trouble` where none could run."""

    rules: tuple[RuleRun, ...] = ()
    since_ms: int = 0
    until_ms: int = 0
    offset_s: int = 0
    """The broker's clock, ahead of UTC."""
    digits: int = 2
    trouble: str = ""


Runs = Callable[[str, int, Sequence[Rule]], DryRun]
"""Plays rules over the account of a server and a login; it reads the disk, and is called from a thread of its own."""


def play(rule: Rule, samples: Samples | None) -> RuleRun:
    """One rule over one metric; None where the history keeps no such metric.

    Each sample counts as one reading, so that a breach between two samples is not seen, and one that a single sample
    shows may have lasted for as many readings as the level wants or not.
    """
    if samples is None or not len(samples.time_ms):
        return RuleRun(
            rule=rule.name, metric=rule.metric, when=rule.when, unknown=UNKEPT if samples is None else NOTHING
        )
    covered = samples.covered_ms
    if covered == 0:
        return RuleRun(rule=rule.name, metric=rule.metric, when=rule.when, unknown=NOTHING)
    return RuleRun(
        rule=rule.name, metric=rule.metric, when=rule.when, covered_ms=covered, step_ms=samples.step_ms,
        levels=tuple(_level(rule, level, samples) for level in rule.levels), curve=_curve(samples, rule.when),
    )  # fmt: skip


def narrowed(rules: Iterable[Rule], account: str) -> tuple[Rule, ...]:
    """Those that judge the account of that name."""
    return tuple(rule for rule in rules if rule.covers(account))


def changes(time_ms: Ints, equity: Floats, flows: Mapping[int, float], window_s: float) -> Floats:
    """Equity less equity `window_s` seconds before, money moved left out; NaN where there is none from then."""
    moments = np.array(sorted(flows), dtype=np.int64)
    moved = np.concatenate([[0.0], np.cumsum([flows[int(at)] for at in moments])])
    own = equity - moved[np.searchsorted(moments, time_ms, side="right")]
    window_ms = round(window_s * 1000)
    before = np.searchsorted(time_ms, time_ms - window_ms, side="right") - 1
    found = np.full(len(own), np.nan)
    near = (before >= 0) & (time_ms - window_ms - time_ms[np.maximum(before, 0)] <= window_ms)
    found[near] = own[near] - own[before[near]]
    return found


def _level(rule: Rule, level: Level, samples: Samples) -> LevelRun:
    if not _ever(rule, level, samples):
        return LevelRun(at=level.at)
    sure = [trip for trip, _ in _episodes(rule, level, samples)]
    single = replace(rule, confirm=1, confirm_s=0.0)
    perhaps = [
        trip for trip, until in _episodes(single, level, samples)
        if not any(trip.at_ms <= one.at_ms <= until for one in sure)
    ]  # fmt: skip
    return LevelRun(at=level.at, trips=tuple(sure), perhaps=tuple(perhaps))


def _ever(rule: Rule, level: Level, samples: Samples) -> bool:
    """Whether any sample breaches it at all."""
    known = samples.value[np.isfinite(samples.value) & ~samples.absent]
    return len(known) > 0 and rule.breached(float((np.min if rule.when == "below" else np.max)(known)), level.at)


def _episodes(rule: Rule, level: Level, samples: Samples) -> Iterator[tuple[Trip, int]]:
    """Each trip and when it cleared; the end of the record where it did not."""
    state, open_ = LevelState(), None
    for at_ms, value in _readings(samples):
        state, change = judge(rule, level, state, value, at_ms / 1000)
        if change is Change.TRIPPED and isinstance(value, float):
            open_ = Trip(at_ms, value)
        elif change is Change.CLEARED and open_ is not None:
            yield open_, at_ms
            open_ = None
    if open_ is not None:
        yield open_, int(samples.time_ms[-1])


def _readings(samples: Samples) -> Iterator[tuple[int, Value]]:
    """Each sample as a reading, and an unknown one within each gap, which breaks a row of confirmations."""
    before: int | None = None
    for at_ms, value, absent in zip(
        samples.time_ms.tolist(), samples.value.tolist(), samples.absent.tolist(), strict=True
    ):
        if before is not None and at_ms - before > samples.gap_ms:
            yield before + 1, BLANK
        before = at_ms
        yield at_ms, NONE if absent else BLANK if math.isnan(value) else value


def _curve(samples: Samples, when: str) -> tuple[tuple[int, float], ...]:
    """As many points as can be seen, each the worst of its stretch, and a NaN where a gap or the unknown is."""
    value, time = np.where(samples.absent, np.nan, samples.value), samples.time_ms
    wide, worst = -(-len(time) // MOST), np.argmin if when == "below" else np.argmax
    points: list[tuple[int, float]] = []
    for part in np.split(np.arange(len(time)), np.flatnonzero(np.diff(time) > samples.gap_ms) + 1):
        for start in range(0, len(part), wide):
            stretch = part[start : start + wide]
            known = stretch[np.isfinite(value[stretch])]
            at = known[worst(value[known])] if len(known) else stretch[0]
            points.append((int(time[at]), float(value[at])))
        points.append((int(time[part[-1]]) + 1, math.nan))
    return tuple(points[:-1])
