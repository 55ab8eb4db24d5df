"""What a rule covers, selects, and calls breached."""

from __future__ import annotations

import pytest

from monitors.kinds import Side
from monitors.ports import Severity
from tests.builders import order, position, rule


@pytest.mark.parametrize(
    ("patterns", "covered"),
    [(("*",), True), (("main",), True), (("ma*",), True), (("other", "main"), True), (("Main",), False), ((), False)],
)
def test_a_rule_covers_the_accounts_that_its_patterns_name(patterns: tuple[str, ...], covered: bool) -> None:
    assert rule(accounts=patterns).covers("main") is covered


@pytest.mark.parametrize(
    ("symbols", "magics", "selected"),
    [
        (("*",), (), True),
        (("EUR*",), (), True),
        (("*USD",), (), True),
        (("eur*",), (), False),
        (("XAU*", "EURUSD"), (), True),
        (("XAU*",), (), False),
        (("*",), (7,), True),
        (("*",), (8,), False),
        (("*",), (8, 7), True),
        (("XAU*",), (7,), False),
    ],
)
def test_an_action_touches_what_both_symbol_and_magic_select(
    symbols: tuple[str, ...], magics: tuple[int, ...], selected: bool
) -> None:
    by = rule(symbols=symbols, magics=magics)
    assert by.selects(position(magic=7)) is selected
    assert by.selects(order(magic=7)) is selected


@pytest.mark.parametrize(
    ("when", "value", "breached", "beyond"),
    [
        ("below", 100.0, True, False),
        ("below", 100.01, False, False),
        ("below", 110.0, False, True),
        ("below", 109.99, False, False),
        ("above", 100.0, True, False),
        ("above", 99.99, False, False),
        ("above", 90.0, False, True),
        ("above", 90.01, False, False),
    ],
)
def test_a_threshold_is_breached_at_it_and_left_beyond_the_distance(
    when: str, value: float, breached: bool, beyond: bool
) -> None:
    by = rule("equity", when, rearm=10.0)
    assert by.breached(value, 100.0) is breached
    assert by.beyond(value, 100.0) is beyond


def test_severities_rank_from_mild_to_extreme_and_sides_have_an_opposite() -> None:
    assert [severity.rank for severity in Severity] == [0, 1, 2, 3, 4]
    assert (Side.BUY.opposite, Side.SELL.opposite) == (Side.SELL, Side.BUY)
