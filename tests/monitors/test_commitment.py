"""What counts as loosening, and that the stricter of two configs is never looser than either."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitors.commitment import Clause, Merged, as_strict, clauses, merge
from monitors.floors import Floors
from monitors.ports import Severity
from monitors.responses import RESPONSES
from monitors.responses.base import Response
from monitors.responses.strength import as_strong
from monitors.settings import Level, Rule


def act(name: str, **own: Any) -> Response:
    return RESPONSES[name](**own)


def level(at: float = 120.0, severity: Severity = Severity.CRITICAL, response: Response | None = None) -> Level:
    return Level(at=at, severity=severity, response=response or act("close_all"))


def rule(*levels: Level, **more: Any) -> Rule:
    return Rule(**{"name": "R", "metric": "margin.level_pct", "when": "below", "levels": levels or (level(),), **more})


def loosened(before: Rule | tuple[Rule, ...], after: Rule | tuple[Rule, ...]) -> bool:
    first = before if isinstance(before, tuple) else (before,)
    then = after if isinstance(after, tuple) else (after,)
    return bool(merge(clauses(first), clauses(then)).held)


WARN = level(response=act("alert"))
CUT = level(100.0, Severity.EXTREME, act("reduce", percent=50.0))
HALT = level(100.0, Severity.EXTREME, act("halt"))
FLOORS = Floors(plan="Plan", initial=10_000.0)
LOOSER: list[tuple[str, Rule, Rule]] = [
    ("another metric", rule(), rule(metric="margin.free")),
    ("another direction", rule(), rule(when="above")),
    ("another base", rule(), rule(base="equity")),
    ("percent of something else", rule(), rule(of="initial")),
    ("another window", rule(), rule(window_s=30.0)),
    ("a lower threshold below", rule(), rule(level(at=110.0))),
    ("a higher threshold above", rule(when="above"), rule(level(at=130.0), when="above")),
    ("a milder severity", rule(), rule(level(severity=Severity.HIGH))),
    ("more readings", rule(confirm=1), rule(confirm=3)),
    ("the default of two readings in place of one", rule(confirm=1), rule()),
    ("more readings than the default", rule(), rule(confirm=3)),
    ("more seconds", rule(), rule(confirm_s=5.0)),
    ("armed again later", rule(rearm=5.0), rule(rearm=10.0)),
    ("soft", rule(), rule(hard=False)),
    ("fewer symbols", rule(), rule(symbols=("EURUSD",))),
    ("other symbols", rule(symbols=("EURUSD",)), rule(symbols=("GBPUSD",))),
    ("fewer magics", rule(), rule(magics=(7001,))),
    ("other magics", rule(magics=(1, 2)), rule(magics=(2, 3))),
    ("a level less", rule(level(150.0, Severity.HIGH), level()), rule()),
    ("a weaker action", rule(), rule(level(response=act("reduce", percent=50.0)))),
    ("another floor of a firm's plan", rule(floors=FLOORS), rule(floors=replace(FLOORS, initial=20_000.0))),
    (
        "an action that waits longer than any other in place of an alert",
        rule(level(response=act("alert"))),
        rule(confirm=3),
    ),
    ("a later level that cuts where a gap would have closed all", rule(), rule(level(), CUT)),
    ("a later level that halts where a gap would have closed all", rule(), rule(level(), HALT)),
    (
        "a later level that does less than before",
        rule(level(), CUT),
        rule(level(), level(100.0, Severity.EXTREME, act("reduce", percent=40.0))),
    ),
    (
        "a later level that takes the place sooner",
        rule(level(), CUT),
        rule(level(), level(110.0, Severity.EXTREME, CUT.response)),
    ),
    (
        "a later level above",
        rule(level(at=100.0), when="above"),
        rule(level(at=100.0), level(120.0, response=CUT.response), when="above"),
    ),
]
TIGHTER: list[tuple[str, Rule, Rule]] = [
    ("nothing", rule(), rule()),
    ("other words", rule(), rule(name="Other", why="because", do="this", accounts=("main",))),
    ("a higher threshold below", rule(), rule(level(at=130.0))),
    ("a lower threshold above", rule(when="above"), rule(level(at=110.0), when="above")),
    ("a severer alert", rule(), rule(level(severity=Severity.EXTREME))),
    ("fewer readings", rule(confirm=3), rule(confirm=2)),
    ("the default in place of three readings", rule(confirm=3), rule()),
    ("an action in place of an alert, each with its own default", rule(level(response=act("alert"))), rule()),
    ("fewer seconds", rule(confirm_s=5.0), rule(confirm_s=1.0)),
    ("armed again sooner", rule(rearm=10.0), rule(rearm=5.0)),
    ("hard", rule(hard=False), rule()),
    ("more symbols", rule(symbols=("EURUSD",)), rule(symbols=("GBPUSD", "EURUSD"))),
    ("all symbols", rule(symbols=("EURUSD",)), rule()),
    ("more magics", rule(magics=(1,)), rule(magics=(1, 2))),
    ("all magics", rule(magics=(1,)), rule()),
    ("another alert", rule(), rule(level(150.0, Severity.HIGH, act("alert")), level())),
    ("a stronger action", rule(level(response=act("reduce", percent=50.0))), rule()),
    ("all symbols beside a needless one", rule(symbols=("EURUSD",)), rule(symbols=("GBPUSD", "*"))),
    ("a later level that only alerts", rule(), rule(level(), level(100.0, Severity.EXTREME, act("alert")))),
    (
        "a later level that does more",
        rule(level(response=CUT.response)),
        rule(level(response=CUT.response), level(100.0)),
    ),
    (
        "a later level after one that only alerts",
        rule(level(150.0, Severity.LOW, act("alert"))),
        rule(level(150.0, Severity.LOW, act("alert")), CUT),
    ),
    ("an earlier level that does less", rule(), rule(level(150.0, Severity.HIGH, CUT.response), level())),
    (
        "a later level that does more than before",
        rule(level(), CUT),
        rule(level(), level(100.0, Severity.EXTREME, act("reduce", percent=60.0))),
    ),
]


@pytest.mark.parametrize(("before", "after"), [pair[1:] for pair in LOOSER], ids=[pair[0] for pair in LOOSER])
def test_that_loosens(before: Rule, after: Rule) -> None:
    found = merge(clauses((before,)), clauses((after,)))
    assert found.held
    assert all(any(as_strict(c, old) for c in (*found.held, *found.fresh)) for old in clauses((before,)))


@pytest.mark.parametrize(("before", "after"), [pair[1:] for pair in TIGHTER], ids=[pair[0] for pair in TIGHTER])
def test_that_tightens_and_passes_unchanged(before: Rule, after: Rule) -> None:
    assert merge(clauses((before,)), clauses((after,))).fresh == clauses((after,))
    assert not loosened(before, after)


def test_a_rule_may_be_renamed_or_split_in_two() -> None:
    whole = rule(level(150.0, Severity.HIGH, act("alert")), level())
    parts = (rule(level(150.0, Severity.HIGH, act("alert")), name="A"), rule(name="B"))
    assert not loosened(whole, parts)
    assert not loosened(parts, whole)


def test_two_cuts_by_half_are_not_one_that_comes_earlier() -> None:
    half = act("reduce", percent=50.0)
    twice = rule(level(150.0, Severity.HIGH, half), level(120.0, Severity.CRITICAL, half))
    assert loosened(twice, rule(level(150.0, Severity.CRITICAL, half)))


def test_what_is_new_and_weaker_than_what_is_held_waits_with_it() -> None:
    found = merge(clauses((rule(),)), clauses((rule(level(at=100.0)),)))
    assert found.held == clauses((rule(),))
    assert found.fresh == ()


def test_a_rival_that_something_held_makes_needless_stays_with_the_level_that_it_takes_the_place_of() -> None:
    before = rule(HALT)
    wanted = rule(level(130.0), level(95.0, Severity.EXTREME, act("cancel_pendings")))
    found = merge(clauses((before,)), clauses((wanted,)))
    assert [c.level.at for c in found.held] == [100.0]
    assert found.fresh == clauses((wanted,))


def test_a_later_level_of_another_kind_than_the_one_before_it_loosens() -> None:
    assert loosened(rule(level(), CUT), rule(level(), HALT))


def test_what_stays_as_it_is_is_not_told_as_tightened_beside_one_as_strict() -> None:
    plain, listed = rule(symbols=("A", "B")), rule(symbols=("B", "A"))
    assert merge(clauses((plain, listed)), clauses((listed, plain))).tighter == ()


def test_a_level_that_only_loosens_is_not_told_as_tightened_where_an_earlier_one_keeps_it() -> None:
    before = rule(level(150.0, Severity.HIGH), level(120.0, Severity.CRITICAL, act("halt", until="reset")))
    wanted = rule(level(150.0, Severity.HIGH), level(110.0, Severity.CRITICAL, act("halt", until="reset")))
    found = merge(clauses((before,)), clauses((wanted,)))
    assert [clause.level.at for clause in found.held] == [120.0]
    assert 110.0 in [clause.level.at for clause in found.fresh]
    assert found.tighter == ()


def test_of_two_equal_cuts_one_goes_and_stays_the_one_that_is_held() -> None:
    twice = rule(level(), level())
    once = merge(clauses((twice,)), clauses((rule(),)))
    assert (len(once.held), once.fresh) == (1, clauses((rule(),)))
    again = merge(in_force(once), clauses((rule(),)))
    assert (again.held, again.fresh, again.tighter) == (once.held, once.fresh, ())


def test_a_tighter_level_passes_at_once_beside_a_held_one() -> None:
    alert, cut = level(150.0, Severity.HIGH, act("alert")), level()
    found = merge(clauses((rule(alert, cut),)), clauses((rule(level(170.0, Severity.HIGH, act("alert"))),)))
    assert [c.level for c in found.held] == [cut]
    assert [c.level.at for c in found.fresh] == [170.0]
    assert found.tighter == found.fresh


STRONGER: list[tuple[Response, Response]] = [
    (act("reduce", percent=60.0), act("reduce", percent=50.0)),
    (act("reduce", percent=50.0), act("reduce", percent=50.0, max_positions=2)),
    (act("reduce", percent=50.0, max_positions=3), act("reduce", percent=50.0, max_positions=2)),
    (act("reduce", until=160.0), act("reduce", until=150.0)),
    (act("reduce_risk", risk_pct=0.5), act("reduce_risk", risk_pct=1.0)),
    (act("diversify", symbol_pct=20.0), act("diversify", symbol_pct=30.0)),
    (act("decorrelate", threshold=0.5), act("decorrelate", threshold=0.7)),
    (act("decorrelate", factor=0.2), act("decorrelate", factor=0.5)),
    (act("halt", until=30.0), act("halt", until=20.0)),
    (act("halt", until="reset"), act("halt", until="day")),
    (act("halt", until="reset"), act("halt", until=20.0)),
    (act("halt"), act("cancel_pendings")),
    (act("backstop", within=90.0), act("backstop", within=80.0)),
    (act("halt", scope="all"), act("halt")),
    (act("close_all"), act("reduce", until=150.0)),
    (act("close_all", scope="all"), act("close_all")),
    (act("emergency_stop"), act("close_all")),
    (act("emergency_stop"), act("halt")),
    (act("emergency_stop"), act("diversify", symbol_pct=30.0)),
    *[(act(name), act("alert")) for name in ("cancel_pendings", "halt", "close_all", "emergency_stop", "decorrelate")],
]
APART: list[tuple[Response, Response]] = [
    (act("reduce", percent=50.0), act("reduce", until=150.0)),
    (act("reduce", percent=50.0, order="oldest"), act("reduce", percent=50.0)),
    (act("diversify", symbol_pct=20.0, order="oldest"), act("diversify", symbol_pct=30.0)),
    (act("decorrelate", threshold=0.5, factor=0.6), act("decorrelate")),
    (act("halt", until="day"), act("halt", until=30.0)),
    (act("halt"), act("close_all")),
    (act("halt"), act("reduce", percent=50.0)),
    (act("cancel_pendings"), act("close_all")),
    (act("reduce", percent=50.0), act("reduce_risk", risk_pct=1.0)),
    (act("emergency_stop"), act("close_all", scope="all")),
]


@pytest.mark.parametrize(("strong", "weak"), STRONGER)
def test_it_does_all_that_the_other_does_and_not_the_other_way_round(strong: Response, weak: Response) -> None:
    assert as_strong(strong, weak, "below")
    assert not as_strong(weak, strong, "below")


@pytest.mark.parametrize(("one", "other"), APART)
def test_neither_does_all_that_the_other_does(one: Response, other: Response) -> None:
    assert not as_strong(one, other, "below")
    assert not as_strong(other, one, "below")


def test_on_a_rule_that_trips_above_a_cut_to_less_is_the_stronger_one() -> None:
    low, high = act("reduce", until=20.0), act("reduce", until=30.0)
    assert as_strong(low, high, "above")
    assert not as_strong(high, low, "above")


actions = st.sampled_from([act("alert"), act("reduce", percent=50.0), act("reduce", percent=20.0), act("halt"),
                           act("halt", until=30.0), act("close_all"), act("emergency_stop")])  # fmt: skip
levels = st.builds(level, st.sampled_from([80.0, 100.0, 120.0, 150.0]), st.sampled_from(list(Severity)), actions)
ladders = st.lists(levels, min_size=1, max_size=4, unique_by=lambda one: one.at).map(
    lambda found: sorted(found, key=lambda one: -one.at)
)
rules = st.builds(
    lambda name, found, confirm, hard, symbols: rule(*found, name=name, confirm=confirm, hard=hard, symbols=symbols),
    st.sampled_from(["A", "B", "C"]), ladders, st.sampled_from([None, 1, 3]), st.booleans(),
    st.sampled_from([("*",), ("EURUSD",), ("EURUSD", "GBPUSD"), ("EURUSD", "*")]),
)  # fmt: skip
configs = st.lists(rules, max_size=3, unique_by=lambda found: found.name)


def in_force(found: Merged) -> tuple[Clause, ...]:
    """As the program remembers it: what the config says first."""
    return found.fresh + found.held


def as_strict_all(strong: tuple[Clause, ...], weak: tuple[Clause, ...]) -> bool:
    """Each of the weak has one of the strong of its own; found by trying, not by the way that is tested."""
    if not weak:
        return True
    first, *rest = weak
    return any(
        as_strict(one, first) and as_strict_all((*strong[:i], *strong[i + 1 :]), tuple(rest))
        for i, one in enumerate(strong)
    )


@settings(max_examples=150, deadline=None)
@given(configs, configs)
def test_what_is_in_force_is_never_looser_than_either(before: list[Rule], after: list[Rule]) -> None:
    old, new = clauses(before)[:5], clauses(after)[:5]
    found = in_force(merge(old, new))
    assert as_strict_all(found, old)
    assert as_strict_all(found, new)


@settings(max_examples=150, deadline=None)
@given(rules, rules, rules)
def test_as_strict_as_one_that_is_as_strict_as_a_third_is_as_strict_as_that(one: Rule, two: Rule, three: Rule) -> None:
    for a, b, c in product(clauses((one,)), clauses((two,)), clauses((three,))):
        if as_strict(a, b) and as_strict(b, c):
            assert as_strict(a, c)


@settings(max_examples=150, deadline=None)
@given(configs, configs)
@example([rule(level(response=CUT.response))], [rule(WARN), rule(WARN, name="Q")])
def test_merging_again_changes_nothing(before: list[Rule], after: list[Rule]) -> None:
    once = merge(clauses(before), clauses(after))
    again = merge(in_force(once), clauses(after))
    assert again.held == once.held
    assert again.fresh == once.fresh
    assert not again.tighter
    assert merge(clauses(after), clauses(after)) == Merged(held=(), fresh=clauses(after), tighter=())


@settings(max_examples=150, deadline=None)
@given(configs, configs)
def test_what_tightens_everything_passes_unchanged(before: list[Rule], after: list[Rule]) -> None:
    found = merge(clauses(before)[:5], clauses(after)[:5])
    if as_strict_all(clauses(after)[:5], clauses(before)[:5]):
        assert not found.held
        assert found.fresh == clauses(after)[:5]
    else:
        assert found.held


def test_words_are_no_part_of_what_a_clause_says() -> None:
    one = clauses((rule(),))[0]
    other = Clause(replace(one.rule, name="Other", why="w", do="d", accounts=("x",)), one.level)
    assert one.content == other.content
