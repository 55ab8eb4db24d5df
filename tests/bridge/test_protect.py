"""A stop brought nearer: what is sent, what is held back, and what no request may do to a position."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge import wire
from bridge.attach import Attachment
from bridge.host import Host
from bridge.port import ProtectOrder, TerminalError
from bridge.session import BAD_ARGUMENTS, Session
from bridge.simulator.face.module import as_module
from monitors.kinds import Side
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, SELL, World
from tests.bridge.watched import Watched


@pytest.fixture
def world() -> World:
    made = World(EURUSD)
    made.quote("EURUSD", 1.10000, 1.10010)
    return made


@pytest.fixture
def mt5(world: World) -> Recorder:
    return Recorder(as_module(world.exchange.backend("main")))


@pytest.fixture
def session(world: World, mt5: Recorder) -> Session:
    return Session(mt5, world.clock, "UTC")


def nearer(ticket: int, stop: float, *, before: float = 0.0, target: float = 0.0, held: float = 0.3,
           side: Side = Side.BUY) -> ProtectOrder:  # fmt: skip
    return ProtectOrder(ticket=ticket, symbol="EURUSD", side=side, held=held, before=before, stop=stop, target=target)


def stops(session: Session) -> list[tuple[float, float]]:
    return [(p.stop, p.target) for p in session.look(0).positions]


def test_a_stop_is_set_with_its_target_and_both_are_always_sent(world: World, mt5: Recorder, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 0.3, tp=1.2)
    receipt = session.protect(nearer(ticket, 1.09, target=1.2))
    assert receipt.retcode == 10009
    assert stops(session) == [(1.09, 1.2)]
    assert mt5.named("order_send")[-1] == (
        {"action": 6, "position": ticket, "symbol": "EURUSD", "sl": 1.09, "tp": 1.2},
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"held": 0.2},
        {"before": 1.01},
        {"target": 1.3},
        {"target": 0.0},
        {"side": Side.SELL, "stop": 1.01},
        {"ticket": 99},
    ],
)
def test_a_position_that_is_another_than_decided_on_keeps_what_it_has(
    world: World, mt5: Recorder, session: Session, changes: dict[str, float]
) -> None:
    ticket = world.open("EURUSD", BUY, 0.3, sl=1.02, tp=1.2)
    order = replace(nearer(ticket, 1.09, before=1.02, target=1.2), **changes)  # type: ignore[arg-type]
    receipt = session.protect(order)
    assert (receipt.retcode, receipt.error) == (None, BAD_ARGUMENTS)
    assert len(mt5.named("order_send")) == 0
    assert stops(session) == [(1.02, 1.2)]


@pytest.mark.parametrize(
    ("side", "before", "stop"),
    [(BUY, 1.09, 1.08), (BUY, 1.09, 1.09), (BUY, 1.09, 0.0), (BUY, 0.0, 0.0), (SELL, 1.11, 1.12), (SELL, 1.11, 0.0)],
)
def test_a_stop_is_never_made_looser_nor_taken_away(
    world: World, mt5: Recorder, session: Session, side: int, before: float, stop: float
) -> None:
    ticket = world.open("EURUSD", side, 0.3, sl=before)
    whose = Side.BUY if side == BUY else Side.SELL
    receipt = session.protect(nearer(ticket, stop, before=before, side=whose))
    assert (receipt.error, receipt.text) == (BAD_ARGUMENTS, "the stop would not be nearer")
    assert not mt5.named("order_send")


def test_a_short_is_protected_from_above(world: World, session: Session) -> None:
    ticket = world.open("EURUSD", SELL, 0.3, sl=1.15)
    assert session.protect(nearer(ticket, 1.12, before=1.15, side=Side.SELL)).retcode == 10009
    assert stops(session) == [(1.12, 0.0)]


def test_nothing_goes_to_another_account_than_was_looked_at(world: World, mt5: Recorder, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 0.3)
    session.expect(999, "Demo")
    assert "another account" in session.protect(nearer(ticket, 1.09)).text
    assert not mt5.named("order_send")


def test_without_a_list_of_positions_nothing_is_sent(world: World, mt5: Recorder, session: Session) -> None:
    ticket = world.open("EURUSD", BUY, 0.3)
    mt5.nothing("positions_get", -1, "Call failed")
    with pytest.raises(TerminalError, match="positions_get"):
        session.protect(nearer(ticket, 1.09))
    assert not mt5.named("order_send")


def test_a_host_sets_a_stop_for_the_account_named_and_no_other(world: World, mt5: Recorder) -> None:
    ticket = world.open("EURUSD", BUY, 0.3)
    host = Host(Attachment(name="main", backend="mt5", path="C:\\t.exe", clock="UTC"), world.clock)
    host._session = Session(mt5, world.clock, "UTC")
    whose = host._session.whose()
    other = host.answer(wire.Protect(1, nearer(ticket, 1.09), 999, "Demo"))
    assert isinstance(other, wire.Answered)
    assert other.receipt.error == BAD_ARGUMENTS
    done = host.answer(wire.Protect(2, nearer(ticket, 1.09), *whose))
    assert isinstance(done, wire.Answered)
    assert done.receipt.retcode == 10009


def test_a_supervisor_sends_it_by_the_hand_and_brings_its_receipt(supervisor: Watched) -> None:
    held = supervisor.seen()[-1].positions[0]
    order = ProtectOrder(ticket=held.ticket, symbol=held.symbol, side=held.side, held=held.lots, before=held.stop,
                         stop=1.05, target=held.target)  # fmt: skip
    assert supervisor.told(supervisor.protect(order)).retcode == 10009
    supervisor.seen(enough=lambda s: s.positions[0].stop == 1.05)
