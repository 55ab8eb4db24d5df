"""Each reason for which a snapshot is no reading."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from monitors.model import Quote, Snapshot, TerminalState
from monitors.reading import fault
from tests.builders import account, order, position, quote, snapshot

HELD = snapshot(position(1, profit=-20.0), position(2, "USDJPY", swap=-1.0))


def judged(seen: Snapshot, login: int = 1001, server: str = "Demo") -> str | None:
    return fault(seen, login, server)


def test_an_account_that_agrees_with_itself_is_a_reading() -> None:
    assert judged(HELD) is None
    assert judged(snapshot()) is None


def test_another_account_or_server_is_no_reading_and_nought_accepts_any() -> None:
    assert judged(HELD, login=1002) == "another account is logged in: 1001, expected 1002"
    assert judged(HELD, server="Real") == "another server: Demo, expected Real"
    assert judged(HELD, login=0, server="") is None


def test_a_terminal_without_its_broker_is_no_reading() -> None:
    seen = replace(HELD, terminal=TerminalState(connected=False, algo_allowed=True))
    assert judged(seen) == "the terminal has no connection to the broker"


@pytest.mark.parametrize("name", ["balance", "credit", "profit", "equity", "margin"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_an_account_figure_that_is_no_number_is_no_reading(name: str, value: float) -> None:
    changed: dict[str, Any] = {name: value}
    seen = replace(HELD, account=replace(HELD.account, **changed))
    assert judged(seen) == "the account's figures are not numbers"


def test_a_negative_margin_is_no_reading_and_negative_equity_is() -> None:
    assert judged(snapshot(position(), margin=-0.01)) == "the account's figures are not numbers"
    assert judged(snapshot(position(profit=-11_000.0))) is None


@pytest.mark.parametrize(("apart", "trusted"), [(0.0, True), (1.0, True), (-1.0, True), (1.01, False), (-1.01, False)])
def test_the_accounts_fields_must_agree_to_one_unit(apart: float, trusted: bool) -> None:
    figures = account(balance=10_000.0, credit=500.0, profit=-250.0)
    found = judged(snapshot(account=replace(figures, equity=10_250.0 + apart)))
    assert (found is None) is trusted
    if not trusted:
        assert f"equity is {apart:+.2f} from" in str(found)


def test_margin_without_a_position_is_no_reading_unless_an_order_may_need_it() -> None:
    assert judged(snapshot(margin=1_000.0)) == "margin is used but no position is shown"
    assert judged(snapshot(margin=1_000.0, orders=(order(),))) is None


@pytest.mark.parametrize("broken", [{"profit": math.nan}, {"swap": math.inf}, {"steps": 0}, {"steps": -1}])
def test_a_position_whose_figures_are_no_numbers_is_no_reading(broken: dict[str, Any]) -> None:
    bad = position(7, **broken)
    assert judged(replace(HELD, positions=(*HELD.positions, bad))) == "position 7: its figures are not numbers"


def test_a_symbol_without_a_quote_or_a_specification_is_no_reading() -> None:
    assert judged(replace(HELD, quotes={"EURUSD": quote(1.1)})) == "USDJPY: no quote"
    assert judged(replace(HELD, instruments={"USDJPY": HELD.instruments["USDJPY"]})) == "EURUSD: no quote"


@pytest.mark.parametrize(
    "price",
    [quote(1.2, 1.1), quote(0.0, 1.1), quote(-1.0, 1.0), quote(math.nan), quote(1.1, math.nan), quote(math.inf)],
)
def test_a_held_symbols_impossible_price_is_no_reading(price: Quote) -> None:
    seen = replace(HELD, quotes={**HELD.quotes, "EURUSD": price})
    assert "are no prices" in str(judged(seen))


def test_a_price_of_a_symbol_not_held_does_not_matter() -> None:
    assert judged(replace(HELD, quotes={**HELD.quotes, "GBPUSD": quote(0.0)})) is None


def test_prices_whose_bid_is_above_the_ask_are_crossed_and_what_is_none_is_not() -> None:
    assert quote(1.2, 1.1).crossed
    assert not quote(1.1, 1.2).crossed
    assert not quote(1.1, 0.0).crossed
