"""A program written for MetaTrader5, run on the exchange behind the simulated terminal's face."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.simulator.clock import epoch_ms
from bridge.simulator.face import as_module
from bridge.simulator.story import Demo, build


@pytest.fixture
def demo() -> Demo:
    return build(seed=1, virtual=True)


def _close_everything(mt5: Any) -> list[int]:
    """As many a script does it."""
    codes = []
    for position in mt5.positions_get():
        tick = mt5.symbol_info_tick(position.symbol)
        long = position.type == mt5.POSITION_TYPE_BUY
        wish = {
            "action": mt5.TRADE_ACTION_DEAL,
            "symbol": position.symbol,
            "volume": position.volume,
            "type": mt5.ORDER_TYPE_SELL if long else mt5.ORDER_TYPE_BUY,
            "position": position.ticket,
            "price": tick.bid if long else tick.ask,
            "deviation": 20,
            "type_time": mt5.ORDER_TIME_GTC,
            "type_filling": mt5.ORDER_FILLING_IOC,
        }
        codes.append(mt5.order_send(wish).retcode)
    return codes


def test_a_script_that_closes_everything_leaves_the_account_flat(demo: Demo) -> None:
    for name, login in demo.terminals:
        mt5: Any = as_module(demo.exchange.backend(name))
        assert mt5.initialize()
        before = mt5.account_info()
        assert before.login == login
        assert before.equity == pytest.approx(before.balance + before.credit + before.profit)
        codes = _close_everything(mt5)
        assert codes == [mt5.TRADE_RETCODE_DONE] * len(codes)
        after = mt5.account_info()
        assert (mt5.positions_get(), after.margin, after.margin_level) == ((), 0.0, 0.0)
        assert after.equity == after.balance == pytest.approx(before.equity)
        mt5.shutdown()


def test_the_terminals_own_numbers_agree_with_what_its_fields_imply(demo: Demo) -> None:
    mt5: Any = as_module(demo.exchange.backend())
    mt5.initialize()
    demo.clock.wait_until(epoch_ms(demo.start) + 30_000)
    for position in mt5.positions_get():
        kind = mt5.ORDER_TYPE_BUY if position.type == mt5.POSITION_TYPE_BUY else mt5.ORDER_TYPE_SELL
        told = mt5.order_calc_profit(
            kind, position.symbol, position.volume, position.price_open, position.price_current
        )
        assert told == position.profit
        info = mt5.symbol_info(position.symbol)
        sign = 1 if kind == mt5.ORDER_TYPE_BUY else -1
        ticks = sign * (position.price_current - position.price_open) / info.trade_tick_size
        value = info.trade_tick_value_profit if ticks >= 0 else info.trade_tick_value_loss
        assert ticks * value * position.volume == pytest.approx(position.profit, abs=0.01)
    total = sum(p.profit + p.swap for p in mt5.positions_get())
    assert total == pytest.approx(mt5.account_info().profit, abs=0.005)
    alone = sum(mt5.order_calc_margin(p.type, p.symbol, p.volume, p.price_open) for p in mt5.positions_get())
    assert alone == pytest.approx(mt5.account_info().margin, abs=5.0)  # conversion pairs moved since
