"""What bites a program at the genuine package, and must bite it here."""

import datetime as dt
import pickle
from types import ModuleType
from typing import Any, Final

import numpy as np
import pytest

from bridge.simulator.face import as_module
from tests.bridge.simulator.face_support import PATH, StandIn

SUCCESS: Final = (1, "Success")
NO_CONNECTION: Final = (-10004, "No IPC connection")
ORDER: Final = {"action": 1, "symbol": "EURUSD", "volume": 0.1, "type": 0, "price": 1.1}


@pytest.fixture
def terminal() -> StandIn:
    return StandIn()


@pytest.fixture
def mt5(terminal: StandIn) -> ModuleType:
    """A connected face; `terminal` is behind it."""
    face = as_module(terminal)
    assert face.initialize(PATH)
    terminal.sent.clear()
    return face


@pytest.mark.parametrize("volume", [1, True, np.float32(1), None, "0.1"], ids=repr)
def test_a_volume_that_is_no_python_float_is_turned_away(mt5: ModuleType, terminal: StandIn, volume: Any) -> None:
    assert mt5.order_send({**ORDER, "volume": volume}) is None
    assert mt5.last_error() == (-2, 'Invalid "volume" argument')
    assert terminal.sent == []


def test_a_volume_that_is_not_a_number_is_sent(mt5: ModuleType, terminal: StandIn) -> None:
    assert mt5.order_send({**ORDER, "volume": float("nan")}).retcode == 10009
    assert len(terminal.sent) == 1


@pytest.mark.parametrize("keyword", ["request", "req", "foo"])
def test_a_request_given_by_keyword_is_sent_as_an_order_of_zeros(
    mt5: ModuleType, terminal: StandIn, keyword: str
) -> None:
    assert mt5.order_send(**{keyword: ORDER}) is not None
    (_, request), *more = terminal.sent
    assert not more
    assert len(request) == 17
    assert not any(request.values())


def test_the_echo_in_the_result_is_what_was_read_and_not_what_the_terminal_says(mt5: ModuleType) -> None:
    assert mt5.order_send({**ORDER, "comment": "a\0b"}).request.comment == "a"


def test_a_mistyped_filter_returns_everything(mt5: ModuleType) -> None:
    assert len(mt5.positions_get(Symbol="EURUSD")) == 3
    assert len(mt5.positions_get(symbol="EURUSD")) == 1


def test_a_filter_by_position_is_an_error_and_not_an_empty_answer(mt5: ModuleType) -> None:
    assert mt5.positions_get("EURUSD") is None
    assert mt5.last_error() == (-2, "Unnamed arguments not allowed")


def test_a_ticket_wins_over_a_symbol_which_is_not_even_checked(mt5: ModuleType) -> None:
    assert [p.symbol for p in mt5.positions_get(symbol=None, ticket=102)] == ["USDJPY"]


@pytest.mark.parametrize("ask", ["positions_get", "orders_get", "history_orders_get", "history_deals_get"])
def test_a_ticket_that_is_not_there_is_empty_and_no_error(mt5: ModuleType, ask: str) -> None:
    assert getattr(mt5, ask)(ticket=999) == ()
    assert mt5.last_error() == SUCCESS


def test_nothing_found_is_an_empty_tuple_and_no_connection_is_none(mt5: ModuleType, terminal: StandIn) -> None:
    terminal.rows["positions"] = []
    assert mt5.positions_get() == ()
    assert mt5.last_error() == SUCCESS
    mt5.shutdown()
    assert mt5.positions_get() is None
    assert mt5.last_error() == NO_CONNECTION


def test_a_wrong_argument_is_told_before_a_missing_connection() -> None:
    face = as_module(StandIn())
    assert face.symbol_info("X" * 30) is None
    assert face.last_error() == (-2, "Invalid arguments")
    assert face.symbol_info("X" * 29) is None
    assert face.last_error() == NO_CONNECTION


def test_a_symbol_is_measured_in_utf_16_units_and_ends_at_a_nul(mt5: ModuleType, terminal: StandIn) -> None:
    assert mt5.symbol_info("\U0001f600" * 15) is None
    assert mt5.last_error() == (-2, "Invalid arguments")
    assert mt5.symbol_info("\U0001f600" * 14) is None
    assert mt5.last_error() == (-4, "Terminal: Not found")
    assert mt5.symbol_info("EURUSD\0x").name == "EURUSD"
    assert terminal.sent[-1] == ("symbol", "EURUSD")


@pytest.mark.parametrize("magic", [np.int64(1), 1.0, "1", None], ids=repr)
def test_a_magic_that_is_no_python_int_is_turned_away(mt5: ModuleType, terminal: StandIn, magic: Any) -> None:
    assert mt5.order_send({**ORDER, "magic": magic}) is None
    assert mt5.last_error() == (-2, 'Invalid "magic" argument')
    assert terminal.sent == []


def test_a_request_takes_a_dict_or_keywords_but_not_both(mt5: ModuleType) -> None:
    assert mt5.order_send(ORDER, magic=1) is None
    assert mt5.last_error() == (-2, "Unnamed arguments not allowed")
    assert mt5.order_send(**ORDER, magic=1).request.magic == 1


def test_before_the_first_call_there_is_no_error_at_all() -> None:
    assert as_module(StandIn()).last_error() == (0, "")


def test_reading_the_last_error_does_not_clear_it(mt5: ModuleType) -> None:
    assert mt5.symbol_info("NOPE") is None
    assert mt5.last_error() == mt5.last_error() == (-4, "Terminal: Not found")


def test_without_a_connection_every_function_fails_in_its_own_way() -> None:
    face = as_module(StandIn())
    assert face.version() == (0, 0, "")
    assert face.symbol_select("EURUSD") is False
    assert face.login(5) is False
    assert face.last_error() == NO_CONNECTION
    assert face.market_book_add("EURUSD") is False
    assert face.last_error() == SUCCESS


def test_symbols_get_alone_returns_false_for_a_wrong_argument(mt5: ModuleType) -> None:
    assert mt5.symbols_get(None) is False
    assert mt5.symbols_get(group=5) is False
    assert mt5.last_error() == (-2, 'Invalid "group" argument')
    assert [symbol.name for symbol in mt5.symbols_get("*USD")] == ["EURUSD", "XAUUSD"]


def test_initialize_with_a_wrong_argument_drops_the_connection_it_had(mt5: ModuleType) -> None:
    assert mt5.initialize(PATH, timeout="x") is False
    assert mt5.account_info() is None
    assert mt5.last_error() == NO_CONNECTION


def test_a_positional_only_function_takes_no_keyword_and_leaves_the_last_error(mt5: ModuleType) -> None:
    mt5.symbol_info("NOPE")
    with pytest.raises(TypeError, match=r"^symbol_info\(\) takes no keyword arguments$"):
        mt5.symbol_info(symbol="EURUSD")
    with pytest.raises(TypeError, match=r"^MetaTrader5\._core\.account_info\(\) takes no arguments \(1 given\)$"):
        mt5.account_info(1)
    assert mt5.last_error() == (-4, "Terminal: Not found")


def test_a_negative_magic_raises_system_error_and_sends_nothing(mt5: ModuleType, terminal: StandIn) -> None:
    with pytest.raises(SystemError, match="<built-in function order_send> returned a result with") as raised:
        mt5.order_send({**ORDER, "magic": -1})
    assert isinstance(raised.value.__cause__, OverflowError)
    assert mt5.last_error() == (-2, 'Invalid "magic" argument')
    assert terminal.sent == []


def test_a_date_in_milliseconds_raises_system_error_and_is_sent_all_the_same(
    mt5: ModuleType, terminal: StandIn
) -> None:
    with pytest.raises(SystemError):
        mt5.history_deals_get(1, 1735689600000)
    assert terminal.sent == [("history_deals", 1, -1)]
    assert mt5.last_error() == SUCCESS


def test_fractions_of_a_second_are_cut_and_far_dates_wrap(mt5: ModuleType, terminal: StandIn) -> None:
    mt5.copy_ticks_from("EURUSD", 1735689600.9, 10, mt5.COPY_TICKS_ALL)
    mt5.copy_ticks_from("EURUSD", dt.datetime(2038, 1, 20, tzinfo=dt.UTC), 10, mt5.COPY_TICKS_ALL)
    assert [since for _, _, since, *_ in terminal.sent] == [1735689600, -(2**31)]


def test_dates_win_over_a_position_or_ticket_in_history(mt5: ModuleType, terminal: StandIn) -> None:
    assert len(mt5.history_deals_get(1, 2, position="no number")) == 3
    assert terminal.sent == [("history_deals", 1, 2)]


def test_arrays_are_read_only_copies_of_packed_rows(mt5: ModuleType) -> None:
    ticks = mt5.copy_ticks_from("EURUSD", 1735603200, 10, mt5.COPY_TICKS_ALL)
    assert ticks.dtype.itemsize == 60
    with pytest.raises(ValueError, match="read-only"):
        ticks["time"] += 1


def test_structures_are_tuples_that_cannot_be_pickled_or_changed(mt5: ModuleType) -> None:
    tick = mt5.symbol_info_tick("EURUSD")
    assert tick == tuple(tick)
    assert tick._asdict()["bid"] == tick.bid
    assert not hasattr(tick, "_replace")
    with pytest.raises(pickle.PicklingError, match="Can't pickle <class 'Tick'>"):
        pickle.dumps(tick)
    with pytest.raises(AttributeError, match="readonly"):
        tick.bid = 1.0


@pytest.mark.parametrize(
    ("group", "found"),
    [
        ("*USD*", ["EURUSD", "USDJPY", "XAUUSD"]),
        ("EURUSD, XAUUSD", ["EURUSD", "XAUUSD"]),
        ("*,!*JPY", ["EURUSD", "XAUUSD"]),
        ("!*JPY,*", ["EURUSD", "XAUUSD"]),
        ("!*JPY", []),
        ("!,*", []),
        ("", []),
        ("*usd", []),
        ("EUR?SD", []),
    ],
)
def test_a_group_is_filtered_as_the_package_does(mt5: ModuleType, group: str, found: list[str]) -> None:
    assert [position.symbol for position in mt5.positions_get(group=group)] == found


def test_an_answer_lost_after_sending_is_minus_10002(mt5: ModuleType, terminal: StandIn) -> None:
    terminal.dies_at = "send"
    assert mt5.order_send(ORDER) is None
    assert mt5.last_error() == (-10002, "IPC recv failed")
    assert mt5.order_send(ORDER) is None
    assert mt5.last_error() == (-10001, "IPC send failed")
    assert len(terminal.sent) == 1


def test_a_disabled_python_api_has_its_own_words_for_order_send_only(mt5: ModuleType, terminal: StandIn) -> None:
    terminal.forced = {"send": -8, "check": -8}
    assert mt5.order_send(ORDER) is None
    assert mt5.last_error() == (-8, "Auto-Trading using Python API disabled in Terminal")
    assert mt5.order_check(ORDER) is None
    assert mt5.last_error() == (-8, "Terminal: Call failed")


def test_close_counts_a_partial_fill_as_a_failure_and_tries_a_requote_ten_times(
    mt5: ModuleType, terminal: StandIn
) -> None:
    terminal.retcode = 10010
    assert mt5.Close("EURUSD") is False
    terminal.sent.clear()
    terminal.retcode = 10004
    assert mt5.Close("EURUSD") is False
    assert [method for method, *_ in terminal.sent].count("send") == 10
