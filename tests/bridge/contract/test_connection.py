"""Connecting and letting go: what every function says with a connection and without one."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.attach import Attached

SUCCESS = (1, "Success")
NOT_CONNECTED = (-10004, "No IPC connection")
READS = {
    "account_info": (),
    "terminal_info": (),
    "positions_get": (),
    "orders_get": (),
    "history_deals_get": (1, 2_000_000_000),
    "symbol_info": ("EURUSD",),
    "symbol_info_tick": ("EURUSD",),
    "copy_ticks_from": ("EURUSD", 1, 10, 1),
    "copy_rates_from_pos": ("EURUSD", 1, 0, 10),
    "copy_rates_range": ("EURUSD", 1, 1, 10),
    "order_calc_margin": (0, "EURUSD", 1.0, 1.1),
    "order_calc_profit": (0, "EURUSD", 1.0, 1.1, 1.2),
    "order_check": ({"action": 1},),
    "order_send": ({"action": 1},),
}


@pytest.fixture
def unconnected(mt5: Any) -> Any:
    assert mt5.shutdown()
    return mt5


def test_a_connection_is_open_after_connecting(attached: Attached) -> None:
    attached.ready()
    assert attached.connect() is True
    assert attached.module.last_error() == SUCCESS


def test_the_version_is_two_numbers_and_a_date(mt5: Any) -> None:
    version = mt5.version()
    assert [type(part) for part in version] == [int, int, str]
    assert version[1] > 0


@pytest.mark.parametrize("function", READS)
def test_without_a_connection_nothing_is_none_and_the_error_says_so(unconnected: Any, function: str) -> None:
    assert getattr(unconnected, function)(*READS[function]) is None
    assert unconnected.last_error() == NOT_CONNECTED


def test_without_a_connection_the_others_answer_in_their_own_ways(unconnected: Any) -> None:
    assert unconnected.version() == (0, 0, "")
    assert unconnected.symbol_select("EURUSD", True) is False
    assert unconnected.last_error() == NOT_CONNECTED
    assert unconnected.shutdown() is True
    assert unconnected.last_error() == SUCCESS


def test_a_wrong_argument_is_found_before_the_missing_connection(unconnected: Any) -> None:
    assert unconnected.positions_get("EURUSD") is None
    assert unconnected.last_error() == (-2, "Unnamed arguments not allowed")


def test_connecting_again_after_letting_go_works(unconnected: Any, attached: Attached) -> None:
    assert attached.opened()
    assert unconnected.account_info().login > 0


def test_connecting_drops_the_connection_first_even_when_its_arguments_are_wrong(mt5: Any) -> None:
    assert mt5.initialize(timeout="soon") is False
    assert mt5.last_error() == (-2, 'Invalid "timeout" argument')
    assert mt5.account_info() is None
    assert mt5.last_error() == NOT_CONNECTED


def test_the_last_error_is_read_without_changing_it_and_cleared_by_the_next_call(mt5: Any) -> None:
    assert mt5.symbol_info("NOTHING.HERE") is None
    assert mt5.last_error() == mt5.last_error()
    assert mt5.last_error()[0] < 0
    assert mt5.account_info()
    assert mt5.last_error() == SUCCESS
