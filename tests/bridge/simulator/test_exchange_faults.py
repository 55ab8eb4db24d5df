"""What a scenario file does to a running terminal: quotes, money, refusals, and what others do meanwhile."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bridge.simulator.backend import Refusal
from bridge.simulator.clock import epoch_ms
from tests.bridge.simulator.exchange_world import BUY, FALL, HEAD, SELL, at, close, event, request, retcode, scenario


def test_a_quote_comes_at_its_moment_and_not_before(tmp_path: Path) -> None:
    world = scenario(tmp_path, FALL.format(at=10))
    assert at(world, 9.999).account()["equity"] == 3_400.0
    row = at(world, 10).account()
    assert (row["equity"], row["margin"], row["margin_level"]) == (2_400.0, 2_000.0, 120.0)


def test_zero_and_nan_quotes_are_shown_as_they_came(tmp_path: Path) -> None:
    text = event(1, "quote", symbol='"PLAIN"', bid=0.0, ask=0.0) + event(
        2, "quote", symbol='"PLAIN"', bid="nan", ask="nan"
    )
    world = scenario(tmp_path, text)
    assert at(world, 1).account()["equity"] == -196_600.0
    assert math.isnan(at(world, 2).tick("PLAIN")["bid"])
    assert math.isnan(at(world, 2).account()["equity"])
    assert at(world, 2).symbol("PLAIN")["spread"] == 0


def test_deposits_withdrawals_and_credit_move_the_money_and_leave_their_deals(tmp_path: Path) -> None:
    text = event(1, "deposit", amount=5_000.0) + event(2, "deposit", amount=-3_000.0)
    world = scenario(tmp_path, text + event(3, "credit", amount=250.0))
    row = at(world, 5).account()
    assert (row["balance"], row["credit"], row["equity"]) == (5_400.0, 250.0, 5_650.0)
    since = epoch_ms(world.start) // 1000
    deals = world.exchange.backend().history_deals(since, since + 60)
    assert [(d["type"], d["profit"], d["time"] - since) for d in deals] == [
        (2, 5_000.0, 1),
        (2, -3_000.0, 2),
        (3, 250.0, 3),
    ]


def test_the_account_began_long_before_the_day(tmp_path: Path) -> None:
    world = scenario(tmp_path)
    since = epoch_ms(world.start) // 1000
    (paid_in,) = at(world, 0).history_deals(1, since - 86_400)
    assert (paid_in["type"], paid_in["profit"]) == (2, 3_400.0)
    (opening,) = at(world, 0).history_deals_of(position=1)
    assert (opening["entry"], opening["volume"], opening["order"]) == (0, 2.0, 1)


def test_without_algo_trading_the_client_refuses_and_no_fault_is_used_up(tmp_path: Path) -> None:
    text = event(1, "algo_trading", allowed=False) + event(1, "answer", retcode=10006)
    world = scenario(tmp_path, text + event(5, "algo_trading", allowed=True))
    terminal = at(world, 2)
    assert not terminal.terminal()["trade_allowed"]
    assert [retcode(terminal.send(close())) for _ in range(2)] == [10027, 10027]
    assert [retcode(at(world, 6).send(close())) for _ in range(2)] == [10006, 10009]


def test_a_closed_market_has_no_ticks_refuses_orders_and_shows_nothing_else(tmp_path: Path) -> None:
    text = event(1, "market", symbol='"PLAIN"', open=False) + FALL.format(at=2)
    world = scenario(tmp_path, text + event(5, "market", symbol='"PLAIN"', open=True))
    terminal = at(world, 3)
    assert terminal.tick("PLAIN")["bid"] == 1.0
    assert terminal.symbol("PLAIN")["trade_mode"] == 4
    for fields in ({"position": 1}, {"position": 0}, {"action": 6, "position": 1, "sl": 0.9}):
        assert retcode(terminal.send({**close(), **fields})) == 10018
    assert retcode(at(world, 5).send(close())) == 10009


def test_answers_partials_and_silences_are_one_queue_in_order_of_their_events(tmp_path: Path) -> None:
    text = event(3, "no_answer") + event(1, "answer", retcode=10004, times=2) + event(2, "partial", share=0.5)
    terminal = at(scenario(tmp_path, text), 4)
    answers = [terminal.send(close()) for _ in range(5)]
    assert [retcode(answer) for answer in answers] == [10004, 10004, 10010, None, 10009]
    partial = answers[2]
    assert partial is not None
    assert partial["volume"] == 0.2
    assert terminal.positions()[0]["volume"] == 1.4


def test_a_partial_fill_leaves_the_rest_of_the_order_unfilled(tmp_path: Path) -> None:
    terminal = at(scenario(tmp_path, event(1, "partial", share=0.4)), 1)
    answer = terminal.send(close(0.5))
    assert answer is not None
    (order,) = terminal.history_orders_of(ticket=answer["order"])
    assert (order["state"], order["volume_initial"], order["volume_current"]) == (3, 0.5, 0.3)


def test_an_answer_that_is_not_executed_changes_nothing(tmp_path: Path) -> None:
    terminal = at(scenario(tmp_path, event(1, "answer", retcode=10012)), 1)
    assert retcode(terminal.send(close())) == 10012
    assert terminal.positions()[0]["volume"] == 2.0


def test_an_unclear_answer_may_hide_a_deal_that_shows_later_at_the_price_of_the_send(tmp_path: Path) -> None:
    text = event(1, "answer", retcode=10012, executed=True, late_s=20.0) + FALL.format(at=10)
    world = scenario(tmp_path, text)
    answer = at(world, 5).send(close())
    assert answer is not None
    assert (answer["retcode"], answer.get("deal", 0)) == (10012, 0)
    before = at(world, 24.9)
    assert (before.positions()[0]["volume"], before.account()["balance"]) == (2.0, 3_400.0)
    assert len(before.history_deals_of(position=1)) == 1
    after = at(world, 25)
    assert (after.positions()[0]["volume"], after.account()["balance"]) == (1.6, 3_400.0)
    assert after.history_deals_of(position=1)[-1]["price"] == 1.0


def test_a_late_close_of_a_position_that_is_gone_by_then_does_nothing(tmp_path: Path) -> None:
    text = event(1, "no_answer", executed=True, late_s=10) + event(6, "close", position=1)
    world = scenario(tmp_path, text)
    assert at(world, 5).send(close()) is None
    assert at(world, 30).positions() == []
    assert len(world.exchange.backend().history_deals_of(position=1)) == 2


def test_a_late_close_takes_no_more_than_is_left_by_then(tmp_path: Path) -> None:
    text = event(1, "no_answer", executed=True, late_s=10) + event(6, "close", position=1, volume=1.8)
    world = scenario(tmp_path, text)
    assert at(world, 5).send(close()) is None
    assert at(world, 30).positions() == []
    assert {d["volume"] for d in at(world, 30).history_deals_of(position=1)} == {2.0, 1.8, 0.2}


def test_an_executed_silence_on_a_netting_account_is_done_once(tmp_path: Path) -> None:
    head = HEAD.replace("balance = 3400.0", 'balance = 3400.0\nmargin_mode = "netting"')
    terminal = at(scenario(tmp_path, event(1, "no_answer", executed=True), head), 1)
    assert terminal.send(close()) is None
    assert terminal.positions()[0]["volume"] == 1.6


def test_what_cannot_be_done_is_not_done_behind_a_silence_either(tmp_path: Path) -> None:
    terminal = at(scenario(tmp_path, event(1, "no_answer", executed=True)), 1)
    assert terminal.send(close(9.0)) is None
    assert terminal.positions()[0]["volume"] == 2.0


def test_somebody_else_closes_a_part_and_then_the_rest(tmp_path: Path) -> None:
    text = event(1, "close", position=1, volume=0.5) + event(2, "close", position=1) + event(3, "close", position=1)
    world = scenario(tmp_path, text)
    assert at(world, 1).positions()[0]["volume"] == 1.5
    assert at(world, 3).positions() == []
    assert [d["reason"] for d in at(world, 3).history_deals_of(position=1)] == [0, 0, 0]


def test_a_stop_is_hit_at_its_moment(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(1, "stop_hit", position=1))
    assert at(world, 1).positions() == []
    assert at(world, 1).history_deals_of(position=1)[-1]["reason"] == 4


def test_a_stop_hit_during_the_next_send_answers_that_the_position_is_gone(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(1, "stop_hit", position=1, on_send=True) + event(1, "answer", retcode=10004))
    assert len(at(world, 2).positions()) == 1
    assert retcode(at(world, 2).send(close())) == 10036
    assert at(world, 2).positions() == []
    assert at(world, 2).history_deals_of(position=1)[-1]["reason"] == 4
    assert retcode(at(world, 2).send(request(type=BUY, volume=0.1))) == 10004


def test_the_trader_opens_by_hand_under_the_id_the_scenario_gives(tmp_path: Path) -> None:
    text = event(4, "open", id=2, symbol='"PLAIN"', side='"sell"', volume=0.1)
    position = at(scenario(tmp_path, text), 4).positions()[-1]
    assert (position["identifier"], position["type"], position["price_open"], position["reason"]) == (2, SELL, 1.0, 0)


def test_a_rollover_changes_the_ticket_and_nothing_else(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(1, "rollover", position=1))
    before = at(world, 0).positions()[0]
    after = at(world, 1).positions()[0]
    assert after["ticket"] != before["ticket"]
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"ticket", "time_update", "time_update_msc"}
    assert retcode(at(world, 1).send(close(position=before["ticket"]))) == 10036
    assert retcode(at(world, 1).send(close(position=after["ticket"]))) == 10009
    assert len(at(world, 1).history_deals_of(position=1)) == 2


def test_another_account_appears_with_the_same_money_and_positions(tmp_path: Path) -> None:
    world = scenario(tmp_path, event(1, "switch_account", login=2002))
    row = at(world, 1).account()
    assert (row["login"], row["balance"], len(at(world, 1).positions())) == (2002, 3_400.0, 1)


def test_a_wrong_login_is_not_let_in(tmp_path: Path) -> None:
    terminal = at(scenario(tmp_path), 0)
    with pytest.raises(Refusal) as refusal:
        terminal.start(None, 4711, None, None, 60_000, portable=False)
    assert refusal.value.code == -6
    assert not terminal.connected
    terminal.start(None, 1001, "any", "Simulated-Demo", 60_000, portable=False)
    assert terminal.connected


def test_the_python_switch_in_the_terminal_refuses_the_call_itself(tmp_path: Path) -> None:
    world = scenario(tmp_path)
    world.exchange.desk().api_disabled = True
    with pytest.raises(Refusal) as refusal:
        at(world, 1).send(close())
    assert refusal.value.code == -8


def test_the_same_scenario_tells_the_same_story_to_the_byte(tmp_path: Path) -> None:
    text = event(1, "partial", share=0.3, times=2) + FALL.format(at=2) + event(3, "rollover", position=1)

    def told() -> str:
        world = scenario(tmp_path, text)
        shown: list[object] = [at(world, 1).send(close()), at(world, 2).send(close())]
        shown += [at(world, 9).positions(), at(world, 9).account(), at(world, 9).history_deals(1, 2**31)]
        return repr(shown)

    assert told() == told()
