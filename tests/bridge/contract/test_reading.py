"""What is read: types and fields, nothing against no answer, ticks and bars."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

from bridge.attach import Attached
from bridge.clock import SystemClock
from bridge.port import MINUTES
from bridge.session import Session
from bridge.simulator.backend import RATES, TICKS
from monitors.zones import DAY_MS
from tests.bridge.contract.trading import MAGIC, request
from tests.bridge.simulator.face_support import wrong_types

SUCCESS = (1, "Success")
LATE = 2_000_000_000
STRUCTURES = {
    "AccountInfo": lambda mt5: mt5.account_info(),
    "TerminalInfo": lambda mt5: mt5.terminal_info(),
    "SymbolInfo": lambda mt5: mt5.symbol_info("EURUSD"),
    "Tick": lambda mt5: mt5.symbol_info_tick("EURUSD"),
    "TradePosition": lambda mt5: mt5.positions_get()[0],
    "TradeDeal": lambda mt5: mt5.history_deals_get(1, LATE)[-1],
    "OrderCheckResult": lambda mt5: mt5.order_check(request(mt5, 0.01)),
    "TradeRequest": lambda mt5: mt5.order_check(request(mt5, 0.01)).request,
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_structure_has_the_genuine_fields_with_the_genuine_types(mt5: Any, position: Any, name: str) -> None:
    found = STRUCTURES[name](mt5)
    assert mt5.last_error() == SUCCESS
    assert type(found).__name__ == name
    assert wrong_types(found) == {}
    assert [*found._asdict().values()] == [*found]


def test_a_structure_does_not_cross_to_another_process_by_itself(mt5: Any) -> None:
    with pytest.raises(pickle.PicklingError):
        pickle.dumps(mt5.account_info())


def test_a_position_is_read_as_it_was_opened(mt5: Any, position: Any) -> None:
    assert (position.symbol, position.volume, position.type, position.magic) == ("EURUSD", 0.03, 0, MAGIC)
    assert position.identifier
    assert position.time_msc // 1000 == position.time
    assert [held.ticket for held in mt5.positions_get(ticket=position.ticket)] == [position.ticket]


@pytest.mark.parametrize(
    ("function", "given", "named"),
    [
        ("positions_get", (), {"ticket": 999}),
        ("positions_get", (), {"symbol": "NOTHING.HERE"}),
        ("positions_get", (), {"group": ""}),
        ("orders_get", (), {}),
        ("orders_get", (), {"ticket": 999}),
        ("history_deals_get", (1, 2), {}),
    ],
)
def test_nothing_there_is_empty_and_a_success(mt5: Any, function: str, given: Any, named: Any) -> None:
    assert getattr(mt5, function)(*given, **named) == ()
    assert mt5.last_error() == SUCCESS


@pytest.mark.parametrize(
    ("function", "given"),
    [
        ("symbol_info", ("NOTHING.HERE",)),
        ("symbol_info_tick", ("NOTHING.HERE",)),
        ("copy_ticks_from", ("NOTHING.HERE", 1, 10, 1)),
        ("copy_rates_from_pos", ("NOTHING.HERE", 1, 0, 10)),
        ("copy_rates_range", ("NOTHING.HERE", 1, 1, 10)),
        ("order_calc_margin", (0, "NOTHING.HERE", 1.0, 1.1)),
        ("order_calc_profit", (0, "NOTHING.HERE", 1.0, 1.1, 1.2)),
    ],
)
def test_what_the_terminal_does_not_know_is_none_and_an_error(mt5: Any, function: str, given: Any) -> None:
    assert getattr(mt5, function)(*given) is None
    assert mt5.last_error()[0] < 0


def test_a_symbol_that_is_not_there_cannot_be_selected(mt5: Any) -> None:
    assert mt5.symbol_select("NOTHING.HERE", True) is False
    assert mt5.last_error()[0] < 0


def test_a_mistyped_filter_asks_for_everything(mt5: Any, position: Any) -> None:
    assert len(mt5.positions_get(Symbol="NOTHING.HERE")) >= 1


def test_a_symbol_name_of_thirty_characters_is_turned_away(mt5: Any) -> None:
    assert mt5.symbol_info("E" * 30) is None
    assert mt5.last_error() == (-2, "Invalid arguments")


def test_the_money_of_the_account_adds_up(mt5: Any, position: Any) -> None:
    account = mt5.account_info()
    assert account.equity == pytest.approx(account.balance + account.credit + account.profit, abs=0.02)
    assert account.margin_free == pytest.approx(account.equity - account.margin, abs=0.02)
    assert account.margin > 0
    assert account.margin_level == pytest.approx(100 * account.equity / account.margin)


def test_ticks_come_as_a_packed_array_that_cannot_be_written_to(mt5: Any) -> None:
    newest = mt5.symbol_info_tick("EURUSD")
    ticks = mt5.copy_ticks_from("EURUSD", newest.time, 100, 1)
    assert (ticks.dtype, ticks.dtype.itemsize, ticks.flags.writeable) == (TICKS, 60, False)
    assert len(ticks) >= 1
    assert np.all(ticks["time_msc"] // 1000 == ticks["time"])
    assert np.all(np.diff(ticks["time_msc"]) >= 0)
    assert newest.time_msc in ticks["time_msc"]


def test_no_ticks_are_an_empty_array_of_the_same_dtype(mt5: Any) -> None:
    none = mt5.copy_ticks_from("EURUSD", LATE, 10, 1)
    assert (len(none), none.dtype) == (0, TICKS)
    assert mt5.last_error() == SUCCESS


def test_no_more_ticks_come_than_were_asked_for(mt5: Any) -> None:
    assert len(mt5.copy_ticks_from("EURUSD", 1, 1, 1)) <= 1


def test_bars_come_oldest_first_and_each_holds_its_own_prices(mt5: Any) -> None:
    bars = mt5.copy_rates_from_pos("EURUSD", mt5.TIMEFRAME_M1, 0, 5)
    assert (bars.dtype, bars.dtype.itemsize, bars.flags.writeable) == (RATES, 60, False)
    assert 1 <= len(bars) <= 5
    assert np.all(np.diff(bars["time"]) > 0)
    assert np.all(bars["low"] <= bars["high"])


def test_bars_of_a_time_are_those_that_begin_in_it_and_none_is_an_empty_array(mt5: Any) -> None:
    newest = int(mt5.copy_rates_from_pos("EURUSD", mt5.TIMEFRAME_M1, 0, 1)["time"][0])
    bars = mt5.copy_rates_range("EURUSD", mt5.TIMEFRAME_M1, newest, newest)
    assert (bars["time"].tolist(), bars.dtype, bars.flags.writeable) == ([newest], RATES, False)
    assert len(mt5.copy_rates_range("EURUSD", mt5.TIMEFRAME_M1, LATE, LATE + 60)) == 0
    assert mt5.last_error() == SUCCESS


@pytest.mark.parametrize("minutes", MINUTES)
def test_the_session_reads_bars_of_every_length_in_utc(attached: Attached, mt5: Any, minutes: int) -> None:
    session = Session(mt5, SystemClock(), attached.zone or "UTC", connect=attached.opened)
    now_ms = mt5.symbol_info_tick("EURUSD").time_msc
    bars = session.bars("EURUSD", minutes, now_ms - 7 * DAY_MS, now_ms)
    assert len(bars) >= 1
    assert np.all(bars.time_ms % (minutes * 60_000) == 0)
    assert np.all((bars.time_ms > now_ms - 7 * DAY_MS) & (bars.time_ms <= now_ms))
    assert np.all((bars.low <= bars.close) & (bars.close <= bars.high))


def test_margin_and_profit_are_floats_whatever_numbers_are_given(mt5: Any) -> None:
    margin, whole = (mt5.order_calc_margin(0, "EURUSD", lots, 1.1) for lots in (1.0, 1))
    assert type(margin) is float
    assert margin == whole > 0
    gain, loss = (mt5.order_calc_profit(0, "EURUSD", 1.0, 1.1, price) for price in (1.2, 1.0))
    assert loss < 0 < gain
    assert math.isclose(gain, -loss, rel_tol=0.25)
