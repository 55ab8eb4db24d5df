"""What a scenario file takes away: the link, the terminal, and its answers for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.simulator.backend import Refusal
from bridge.simulator.clock import epoch_ms
from tests.bridge.simulator.exchange_world import FALL, HEAD, at, close, event, open_terminal, scenario


def test_a_cut_link_freezes_what_the_terminal_shows_until_it_is_back(tmp_path: Path) -> None:
    text = event(5, "disconnect") + FALL.format(at=6) + event(7, "deposit", amount=100.0) + event(50, "reconnect")
    world = scenario(tmp_path, text)
    away = at(world, 49)
    assert away.connected
    assert not away.terminal()["connected"]
    assert (away.account()["equity"], away.tick("PLAIN")["bid"]) == (3_400.0, 1.0)
    answer = away.send(close())
    assert answer is not None
    assert answer["retcode"] == 10031
    back = at(world, 50)
    assert back.terminal()["connected"]
    assert back.account()["equity"] == 2_500.0
    since = epoch_ms(world.start) // 1000
    ticks = back.ticks_from("PLAIN", since, 10, -1)
    assert [int(stamp) - since for stamp in ticks["time"]] == [0, 6]
    (deposit,) = back.history_deals(since, since + 60)
    assert deposit["time"] - since == 7


def test_a_stop_hit_while_away_is_filled_at_its_own_moment_and_price(tmp_path: Path) -> None:
    later = '[[event]]\nat = 8\ndo = "quote"\nsymbol = "PLAIN"\nbid = 1.1\nask = 1.1001\n'
    head = HEAD + "stop = 0.996\n"
    text = event(5, "disconnect") + FALL.format(at=6) + later + event(10, "reconnect")
    world = scenario(tmp_path, text, head)
    assert len(at(world, 9).positions()) == 1
    assert at(world, 10).positions() == []
    deal = at(world, 10).history_deals_of(position=1)[-1]
    assert (deal["price"], deal["time"] - epoch_ms(world.start) // 1000, deal["reason"]) == (0.995, 6, 4)


def test_a_dead_terminal_refuses_everything_and_wants_a_new_start(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(5, "terminal_dies") + event(9, "terminal_back"))
    dead = at(world, 5)
    assert dead.connected is False
    with pytest.raises(Refusal) as refusal:
        dead.account()
    assert refusal.value.code == -10004
    with pytest.raises(Refusal) as refusal:
        open_terminal(dead)
    assert refusal.value.code == -10003
    back = at(world, 9)
    assert at(world, 9).connected is False
    with pytest.raises(Refusal):
        back.positions()
    open_terminal(back)
    assert back.connected
    assert len(back.positions()) == 1


def test_a_death_that_nobody_saw_ends_the_connection_all_the_same(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(5, "terminal_dies") + event(6, "terminal_back"))
    assert not at(world, 10).connected


def test_the_broker_goes_on_while_the_terminal_is_dead(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(5, "terminal_dies") + FALL.format(at=6) + event(9, "terminal_back"))
    back = at(world, 9)
    open_terminal(back)
    assert back.account()["equity"] == 2_400.0


def test_a_hanging_call_returns_at_the_end_and_the_world_went_on(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(5, "hang", seconds=20) + FALL.format(at=12))
    terminal = at(world, 7)
    assert world.exchange.hanging_until_ms() == epoch_ms(world.start) + 25_000
    assert terminal.account()["equity"] == 2_400.0
    assert world.clock.monotonic() == 25.0


def test_a_terminal_that_dies_while_it_hangs_breaks_the_call_off(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(5, "hang", seconds=20) + event(10, "terminal_dies"))
    with pytest.raises(Refusal) as refusal:
        at(world, 6).account()
    assert refusal.value.code == -10002
