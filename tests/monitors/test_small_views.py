"""What the window asks of small values: a config's sections, deeds since a moment, a desk's sums, spans of samples."""

from __future__ import annotations

import numpy as np

from monitors.acts import Act, ActKind, Acts
from monitors.desk import Held, together
from monitors.drafts import Field, Section
from monitors.dry_run import Samples
from monitors.model import Unknown


def field(path: str) -> Field:
    return Field(path=path, key=path.rpartition(".")[2], text="1", help="")


def test_a_sections_own_keys_stand_apart_from_those_of_its_levels() -> None:
    paths = ("rule[0].name", "rule[0].levels[0].at", "rule[0].levels[0].severity", "rule[0].levels[1].at")
    section = Section(path="rule[0]", title="R", fields=tuple(field(path) for path in paths))
    assert section.rule
    assert list(section.own) == ["name"]
    assert {path: list(keys) for path, keys in section.levels.items()} == {
        "rule[0].levels[0]": ["at", "severity"],
        "rule[0].levels[1]": ["at"],
    }
    assert not Section(path="app", title="App", fields=()).rule


def test_deeds_since_a_moment_stand_behind_those_from_before_it() -> None:
    old, same, new = (Act(at_ms=at, kind=ActKind.PLAN) for at in (1, 5, 9))
    assert Acts(since_ms=5, those=(same, new)).after((old, same)) == (old, same, new)
    assert Acts(since_ms=None, those=(new,)).after((old,)) == (new,)


def test_a_desk_adds_nothing_across_two_currencies_and_says_what_it_left_out() -> None:
    held = [
        Held(name="a", legs={"EUR": 100.0}, unit="USD", rate=1.0),
        Held(name="b", legs={"EUR": 50.0, "JPY": -10.0}, unit="USD", rate=2.0),
        Held(name="c", legs={"EUR": 1.0}, unit="CHF", rate=1.0),
        Held(name="d", legs={"EUR": 1.0}, unit="", rate=1.0),
        Held(name="e", legs={"EUR": 1.0}, unit="USD", rate=Unknown("no quote")),
        Held(name="f", legs=None, unit="USD", rate=1.0),
    ]
    found = together(held)
    assert {leg.currency: leg.net for leg in found.legs} == {"EUR": 200.0, "JPY": -20.0}
    assert (found.unit, found.accounts) == ("USD", 2)
    assert found.left_out == (
        ("c", "shown in CHF"),
        ("d", "no display currency"),
        ("e", "no quote"),
        ("f", "not seen"),
    )


def test_no_samples_cover_nothing() -> None:
    empty = np.empty(0)
    samples = Samples(time_ms=empty.astype(np.int64), value=empty, absent=empty.astype(bool), step_ms=1, gap_ms=1)
    assert samples.covered_ms == 0
