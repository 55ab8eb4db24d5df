"""The demo's world: three accounts, and something that happens to them within a minute."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.simulator.clock import epoch_ms
from bridge.simulator.story import Demo, build
from bridge.simulator.ticks import Ticks
from tests.bridge.simulator.exchange_world import open_terminal


def _watch(demo: Demo, speed: float, seconds: int) -> list[list[dict[str, float]]]:
    """Each account's figures, once a second of whoever watches."""
    terminals = [demo.exchange.backend(name) for name, _ in demo.terminals]
    for terminal in terminals:
        open_terminal(terminal)
    shown = []
    for second in range(seconds):
        moment = epoch_ms(demo.start) + round(second * 1000 * speed)
        demo.clock.wait_until(moment)
        shown.append([terminal.account() for terminal in terminals])
    return shown


@pytest.mark.parametrize("speed", [1.0, 20.0])
def test_it_is_quiet_then_falls_through_its_lines_and_recovers(speed: float) -> None:
    demo = build(seed=1, speed=speed, virtual=True)
    shown = _watch(demo, speed, 110)
    funded = [row[0]["equity"] for row in shown]
    gold = [row[2]["margin_level"] for row in shown]
    assert min(funded[:9]) > 0.985 * funded[0]
    assert min(gold[:9]) > 150
    assert min(gold[:60]) < 120
    assert min(funded[:60]) < 0.95 * funded[0]
    assert max(funded[80:]) > min(funded) + 1_000
    assert {row[0]["login"] for row in shown} == {51023381}


def test_the_second_account_is_away_for_a_while() -> None:
    demo = build(seed=1, virtual=True)
    terminal = demo.exchange.backend("Swing")
    open_terminal(terminal)
    linked = []
    for second in range(90):
        demo.clock.wait_until(epoch_ms(demo.start) + second * 1000)
        linked.append(terminal.terminal()["connected"])
    assert linked.count(False) == 12
    assert linked[-1]


def test_the_same_seed_tells_the_same_story_to_the_byte() -> None:
    one, other, another = (repr(_watch(build(seed=s, virtual=True), 1.0, 20)) for s in (3, 3, 4))
    assert one == other
    assert one != another


def test_each_account_has_its_currency_its_mode_and_a_past_that_adds_up() -> None:
    demo = build(virtual=True)
    seen = []
    for name, login in demo.terminals:
        terminal = demo.exchange.backend(name)
        open_terminal(terminal)
        row = terminal.account()
        deals = terminal.history_deals(1, 2**31 - 1)
        booked = sum(d["profit"] + d["swap"] + d["commission"] + d["fee"] if "fee" in d else d["profit"] for d in deals)
        assert booked == pytest.approx(row["balance"], abs=0.005)
        assert row["login"] == login
        assert len(terminal.rates_from_pos("XAUUSD", 15, 0, 1_000)) > 400
        seen.append((name, row["currency"], row["margin_mode"]))
    assert seen == [("Funded 100k", "USD", 2), ("Swing", "EUR", 0), ("Gold EA", "USD", 2)]


def test_a_real_tape_plays_in_its_own_time_at_its_own_prices() -> None:
    start = 1_399_000_000_000
    stamps = np.arange(start, start + 60_000, 500, dtype=np.int64)
    bids = np.full(len(stamps), 1.38)
    demo = build(tapes={"EURUSD": Ticks(utc_ms=stamps, bids=bids, asks=bids + 0.0001)}, virtual=True)
    terminal = demo.exchange.backend("Funded 100k")
    open_terminal(terminal)
    assert epoch_ms(demo.start) == start
    assert terminal.tick("EURUSD")["bid"] == 1.38
    held = {p["symbol"]: p for p in terminal.positions()}
    assert held["EURUSD"]["price_open"] == pytest.approx(1.38, rel=0.01)
    assert held["EURUSD"]["volume"] == 4.21  # weighs what 5.00 lots weigh at 1.1624
    demo.clock.wait_until(start + 10_000)
    assert len(terminal.ticks_from("EURUSD", 1, 1_000, -1)) == 21


def test_a_tape_of_a_symbol_the_broker_does_not_list_is_named() -> None:
    stamps = np.array([1], dtype=np.int64)
    with pytest.raises(ValueError, match="XYZ: not a symbol of the demo, should be one of EURUSD"):
        build(tapes={"XYZ": Ticks(utc_ms=stamps, bids=np.ones(1), asks=np.ones(1))}, virtual=True)
