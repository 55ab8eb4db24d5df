"""The session over the simulated face: what is an error, what is read twice, and what a close is made of."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bridge.port import MINUTES, CloseOrder, TerminalError
from bridge.session import BAD_ARGUMENTS, Session
from bridge.simulator.account import NETTING
from bridge.simulator.backend import RATES
from bridge.simulator.face.module import as_module
from bridge.simulator.listing import Listing
from monitors.book import Book
from monitors.instruments import CalcMode
from monitors.kinds import Entry, Side
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, SELL, USDJPY, World

LOST = -10004
READS = ("account_info", "terminal_info", "positions_get", "orders_get", "history_deals_get", "symbol_info_tick",
         "symbol_info")  # fmt: skip


@pytest.fixture
def world() -> World:
    made = World(EURUSD, USDJPY)
    made.quote("EURUSD", 1.10000, 1.10010)
    made.quote("USDJPY", 150.000, 150.010)
    return made


@pytest.fixture
def mt5(world: World) -> Recorder:
    return Recorder(as_module(world.exchange.backend("main")))


@pytest.fixture
def session(world: World, mt5: Recorder) -> Session:
    return Session(mt5, world.clock, "UTC")


def order(ticket: int, side: Side, lots: float = 0.1, *, held: float | None = None) -> CloseOrder:
    return CloseOrder(ticket=ticket, symbol="EURUSD", side=side, lots=lots, held=held or lots, filling=1, magic=7,
                      comment="plimsoll 1", identifiers=(ticket,))  # fmt: skip


def hedge(world: World) -> tuple[int, int]:
    return world.open("EURUSD", BUY, 0.3), world.open("EURUSD", SELL, 0.1)


def by_each_other(long: int, short: int, **changes: Any) -> CloseOrder:
    return replace(order(long, Side.SELL, 0.1, held=0.3), by=short, by_held=0.1, **changes)


def test_two_legs_are_closed_by_each_other_in_one_request(world: World, session: Session) -> None:
    long, short = hedge(world)
    assert session.look(0).instruments["EURUSD"].close_by
    assert session.send(by_each_other(long, short)).retcode == 10009
    records = session.records(0)
    assert [(p.identifier, p.lots) for p in records.positions] == [(long, 0.2)]
    booked = [(d.position, d.lots, d.comment) for d in records.deals if d.entry is Entry.OUT_BY]
    assert booked == [(long, 0.1, "plimsoll 1"), (short, 0.1, "plimsoll 1")]


@pytest.mark.parametrize("changed", [{"held": 0.2}, {"by_held": 0.2}, {"by": 999}], ids=str)
def test_where_either_leg_is_another_than_decided_on_nothing_leaves(
    world: World, session: Session, changed: dict[str, Any]
) -> None:
    receipt = session.send(replace(by_each_other(*hedge(world)), **changed))
    assert (receipt.retcode, receipt.error) == (None, BAD_ARGUMENTS)
    assert len(session.records(0).positions) == 2


def test_an_order_that_closes_a_position_is_no_pending_order(world: World, mt5: Recorder, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 0.1)
    waiting = {"type": 1, "position_id": ticket, "position_by_id": 0}
    mt5.answers["orders_get"] = lambda: (SimpleNamespace(**waiting),)
    seen = session.look(0)
    assert (seen.orders, seen.closing) == ((), frozenset({ticket}))


def test_an_account_without_positions_is_read_as_such(session: Session) -> None:
    assert session.look(0).positions == ()


@pytest.mark.parametrize("function", READS)
def test_no_answer_is_an_error_and_never_means_that_nothing_is_there(
    world: World, mt5: Recorder, session: Session, function: str
) -> None:
    world.open("EURUSD", BUY, 0.1)
    mt5.nothing(function, -1, "Call failed")
    with pytest.raises(TerminalError, match="Call failed"):
        session.look(0)


@pytest.mark.parametrize("function", ["positions_get", "history_deals_get"])
def test_records_without_an_answer_are_an_error_too(mt5: Recorder, session: Session, function: str) -> None:
    mt5.nothing(function, -1)
    with pytest.raises(TerminalError):
        session.records(0)


def test_a_lost_pipe_is_attached_to_again_at_the_next_look(mt5: Recorder, session: Session) -> None:
    session.look(0)
    mt5.nothing("account_info", LOST, "No IPC connection")
    with pytest.raises(TerminalError, match="No IPC connection"):
        session.look(0)
    del mt5.answers["account_info"]
    session.look(0)
    assert mt5.named("initialize") == [(), ()]


def test_any_other_error_keeps_the_connection(mt5: Recorder, session: Session) -> None:
    session.look(0)
    mt5.nothing("positions_get", -1)
    with pytest.raises(TerminalError):
        session.look(0)
    del mt5.answers["positions_get"]
    session.look(0)
    assert mt5.named("initialize") == [()]


def test_a_terminal_that_cannot_be_attached_to_is_an_error(mt5: Recorder, session: Session) -> None:
    mt5.answers["initialize"] = lambda: False
    with pytest.raises(TerminalError, match="does not answer"):
        session.look(0)


def test_no_login_is_ever_handed_to_the_terminal(mt5: Recorder, session: Session) -> None:
    session.look(0)
    assert mt5.named("initialize") == [()]
    assert mt5.named("login") == []


def test_an_account_that_is_switched_between_its_two_reads_is_an_error(mt5: Recorder, session: Session) -> None:
    genuine, logins = mt5.mt5.account_info, iter([1001, 2002])

    def switched() -> Any:
        return SimpleNamespace(**{**genuine()._asdict(), "login": next(logins)})

    mt5.answers["account_info"] = switched
    with pytest.raises(TerminalError, match="1001 to 2002"):
        session.look(0)


@pytest.mark.parametrize(("held", "side", "closes"), [(BUY, Side.SELL, (1, 1.10000)), (SELL, Side.BUY, (0, 1.10010))],
                         ids=["a long is sold at the bid", "a short is bought at the ask"])  # fmt: skip
def test_a_close_names_its_position_and_takes_the_price_of_its_side(
    world: World, mt5: Recorder, session: Session, held: int, side: Side, closes: tuple[int, float]
) -> None:
    ticket = world.open("EURUSD", held, 0.3)
    receipt = session.send(order(ticket, side, held=0.3))
    assert receipt.retcode == 10009
    (request,) = mt5.named("order_send")[0]
    assert (request["position"], request["type"], request["price"]) == (ticket, *closes)
    assert (request["action"], request["symbol"], request["comment"]) == (1, "EURUSD", "plimsoll 1")
    assert session.look(0).positions[0].lots == pytest.approx(0.2)


def test_a_volume_of_whole_lots_still_goes_out_as_a_float(world: World, mt5: Recorder, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 1.0)
    assert session.send(order(ticket, Side.SELL, lots=1)).retcode == 10009
    assert type(mt5.named("order_send")[0][0]["volume"]) is float


def test_the_price_of_a_close_is_the_one_at_the_send_and_not_at_the_look(
    world: World, mt5: Recorder, session: Session
) -> None:
    ticket = world.open("EURUSD", BUY, 0.1)
    session.look(0)
    world.quote("EURUSD", 1.09000, 1.09010)
    session.send(order(ticket, Side.SELL))
    assert mt5.named("order_send")[0][0]["price"] == 1.09


def test_a_send_without_an_answer_is_a_receipt_without_a_code(world: World, mt5: Recorder, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 0.1)
    mt5.nothing("order_send", -10002, "IPC recv failed")
    receipt = session.send(order(ticket, Side.SELL))
    assert (receipt.retcode, receipt.error, receipt.text) == (None, -10002, "IPC recv failed")


def test_a_position_that_was_reversed_is_not_enlarged_by_a_close_of_its_old_side() -> None:
    world = World(EURUSD, margin_mode=NETTING)
    world.quote("EURUSD", 1.10000, 1.10010)
    world.open("EURUSD", BUY, 0.2)
    mt5 = Recorder(as_module(world.exchange.backend("main")))
    session = Session(mt5, world.clock, "UTC")
    assert session.look(0).positions[0].side is Side.BUY
    world.open("EURUSD", SELL, 0.4)
    (turned,) = session.look(0).positions
    assert (turned.side, turned.lots) == (Side.SELL, 0.2)
    receipt = session.send(order(turned.ticket, Side.SELL, lots=0.2))
    assert (receipt.retcode, receipt.error) == (None, BAD_ARGUMENTS)
    assert mt5.named("order_send") == []


def test_a_position_keeps_its_identifier_and_shows_its_present_ticket(world: World, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 0.1)
    position = session.look(0).positions[0]
    assert (position.identifier, position.ticket, position.side) == (ticket, ticket, Side.BUY)
    assert (position.steps, position.lots) == (10, 0.1)


def test_deals_of_today_are_seen_and_older_ones_are_not_asked_for(world: World, session: Session) -> None:
    before = world.clock.utc_ms()
    world.after(60)
    world.open("EURUSD", BUY, 0.1)
    assert len(session.look(before + 30_000).deals) == 1
    world.after(60)
    assert session.look(world.clock.utc_ms()).deals == ()


def test_the_terminals_own_computation_is_preferred_to_a_tick_value_that_is_ten_times_wrong(
    world: World, mt5: Recorder, session: Session
) -> None:
    world.open("USDJPY", BUY, 0.1)
    honest = session.look(0).rates["USDJPY"]
    assert honest.profit == pytest.approx(1 / 150, rel=0.01)
    genuine = mt5.mt5.symbol_info

    def ten_times(name: str) -> Any:
        row = genuine(name)._asdict()
        wrong = {key: 10 * row[key] for key in ("trade_tick_value_profit", "trade_tick_value_loss")}
        return SimpleNamespace(**{**row, **wrong})

    mt5.answers["symbol_info"] = ten_times
    world.after(2)
    told = session.look(0).rates["USDJPY"]
    assert told.profit == pytest.approx(honest.profit, rel=0.01)
    assert told.loss == pytest.approx(honest.loss, rel=0.01)


def test_a_computation_too_coarse_to_judge_by_leaves_the_tick_value(
    world: World, mt5: Recorder, session: Session
) -> None:
    world.open("USDJPY", BUY, 0.1)
    mt5.answers["order_calc_profit"] = lambda *_: 0.0
    assert session.look(0).rates["USDJPY"].profit == pytest.approx(1 / 150, rel=0.01)


def test_a_symbol_without_a_volume_step_is_no_reading(world: World, mt5: Recorder, session: Session) -> None:
    world.open("EURUSD", BUY, 0.1)
    genuine = mt5.mt5.symbol_info
    mt5.answers["symbol_info"] = lambda name: SimpleNamespace(**{**genuine(name)._asdict(), "volume_step": 0.0})
    with pytest.raises(TerminalError, match="no volume step"):
        session.look(0)


def test_a_volume_off_the_step_is_no_reading(world: World, mt5: Recorder, session: Session) -> None:
    world.open("EURUSD", BUY, 0.1)
    genuine = mt5.mt5.positions_get

    def off() -> Any:
        return tuple(SimpleNamespace(**{**row._asdict(), "volume": 0.1049}) for row in genuine())

    mt5.answers["positions_get"] = off
    with pytest.raises(TerminalError, match="no multiple"):
        session.look(0)


def test_bars_are_asked_for_in_whole_seconds_of_the_brokers_wall_and_come_in_utc(world: World, mt5: Recorder) -> None:
    session = Session(mt5, world.clock, "Europe/Athens")
    now_ms = world.clock.utc_ms()
    mt5.answers["copy_rates_range"] = lambda *_: bars_of(now_ms // 1000 + 7200)
    bars = session.bars("EURUSD", 15, now_ms - 900_500, now_ms + 500)
    assert mt5.named("copy_rates_range") == [("EURUSD", 15, now_ms // 1000 + 7200 - 900, now_ms // 1000 + 7200)]
    assert (bars.time_ms.tolist(), bars.close.tolist(), bars.spread.tolist()) == ([now_ms], [1.1], [3.0])
    assert {str(column.dtype) for column in (bars.open, bars.high, bars.low, bars.close, bars.spread)} == {"float64"}


def bars_of(*times_s: int) -> Any:
    rows = np.zeros(len(times_s), dtype=RATES)
    rows["time"], rows["close"], rows["spread"] = times_s, 1.1, 3
    return rows


@pytest.mark.parametrize("minutes", MINUTES)
def test_a_length_of_bars_is_the_packages_own_timeframe(mt5: Recorder, session: Session, minutes: int) -> None:
    assert len(session.bars("EURUSD", minutes, 0, 1)) == 0, "an empty array is no bars"
    name = f"TIMEFRAME_M{minutes}" if minutes < 60 else f"TIMEFRAME_H{minutes // 60}"
    assert mt5.named("copy_rates_range")[0][1] == getattr(mt5.mt5, name)


def test_bars_without_an_answer_are_an_error(mt5: Recorder, session: Session) -> None:
    mt5.nothing("copy_rates_range", -1, "Call failed")
    with pytest.raises(TerminalError, match="Call failed"):
        session.bars("EURUSD", 15, 0, 1)


def test_bars_of_another_length_are_refused_before_they_are_asked_for(mt5: Recorder, session: Session) -> None:
    with pytest.raises(ValueError, match="7 minutes"):
        session.bars("EURUSD", 7, 0, 1)
    assert mt5.calls == []


def test_a_terminal_that_is_not_ready_is_not_asked_anything(world: World, mt5: Recorder) -> None:
    def ready() -> None:
        raise TerminalError("not yet")

    with pytest.raises(TerminalError, match="not yet"):
        Session(mt5, world.clock, "UTC", ready).look(0)
    assert mt5.calls == []


def test_hanging_up_lets_the_connection_go(mt5: Recorder, session: Session) -> None:
    session.look(0)
    session.hang_up()
    session.look(0)
    assert (len(mt5.named("shutdown")), len(mt5.named("initialize"))) == (1, 2)


def test_what_a_hedge_of_fixed_margin_needs_is_told_so_that_our_margin_is_the_terminals() -> None:
    """500 for a covered lot of a future of 50 units that needs 1,000 alone: three long and one short need 2,500."""
    future = Listing(name="ES", base="USD", profit="USD", digits=2, contract_size=50.0, mode=CalcMode.CFD,
                     margin_initial=1_000.0, hedged_margin=500.0)  # fmt: skip
    world = World(future)
    world.quote("ES", 20.00, 20.00)
    world.open("ES", BUY, 3.0)
    world.open("ES", SELL, 1.0)
    seen = Session(as_module(world.exchange.backend("main")), world.clock, "UTC").look(0)
    book = Book(seen)
    assert seen.account.margin == 2_500.0
    assert book.margin_by_symbol(*book.legs).tolist() == [2_500.0]
