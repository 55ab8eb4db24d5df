"""Pairs that convert a currency into the account's: how they are found, and that they disturb nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.pairs import AGAIN_S
from bridge.session import Session
from bridge.simulator.face.module import as_module
from bridge.simulator.listing import TRADE_DISABLED, Listing
from monitors.instruments import CalcMode
from monitors.model import Conversion, Snapshot
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURJPY, EURUSD, PENDING, USDJPY, World

PRICES = {"EURUSD": 1.1, "USDJPY": 150.0, "EURJPY": 165.0}
BUY_LIMIT = 2


class Stage:
    """An account in dollars that holds EURJPY; `listings` are the broker's other symbols."""

    def __init__(
        self, *listings: Listing, held: Listing = EURJPY, pair: Listing = USDJPY, display: str = "", **terms: Any
    ) -> None:
        listed = dict.fromkeys((held, *listings, pair))
        self.world = World(*listed, balance=1_000_000.0, **terms)
        for listing in listed:
            price = PRICES[listing.base + listing.profit]
            self.world.quote(listing.name, price, price + listing.point * 10)
        self.world.open(held.name, BUY, 0.1)
        self.mt5 = Recorder(as_module(self.world.exchange.backend("main")))
        self.session = Session(self.mt5, self.world.clock, "UTC", display=display)

    def look(self) -> Snapshot:
        return self.session.look(0)

    def says(self, name: str, **fields: Any) -> None:
        """From now on the terminal says this of a symbol."""
        genuine = self.mt5.answers.get("symbol_info", self.mt5.mt5.symbol_info)

        def told(asked: str) -> Any:
            row = genuine(asked)
            return SimpleNamespace(**{**row._asdict(), **fields}) if row is not None and asked == name else row

        self.mt5.answers["symbol_info"] = told


def converted(stage: Stage) -> dict[str, tuple[str, bool]]:
    return {currency: (pair.symbol, pair.inverse) for currency, pair in stage.look().conversions.items()}


def other(listing: Listing, name: str, **changes: Any) -> Listing:
    return replace(listing, name=name, **changes)


def test_a_currency_that_is_paid_in_has_its_pair_with_quote_and_instrument() -> None:
    stage = Stage()
    seen = stage.look()
    assert seen.conversions == {"JPY": Conversion(symbol="USDJPY", inverse=True)}
    assert seen.quotes["USDJPY"].bid == 150.0
    assert seen.instruments["USDJPY"].currency_base == "USD"
    assert {*seen.rates} == {"EURJPY"}


def test_a_pair_the_other_way_round_is_not_inverse() -> None:
    stage = Stage(held=EURUSD, currency="JPY")
    assert converted(stage)["USD"] == ("USDJPY", False)


def test_a_held_symbol_that_is_itself_the_pair_counts_and_nothing_is_asked() -> None:
    stage = Stage(held=USDJPY)
    assert converted(stage) == {"JPY": ("USDJPY", True)}
    assert stage.mt5.named("symbols_get") == []
    assert {name for (name,) in stage.mt5.named("symbol_info")} == {"USDJPY"}


def test_an_account_that_is_paid_in_its_own_currency_needs_no_pair() -> None:
    assert converted(Stage(held=EURUSD)) == {}


@pytest.mark.parametrize("name", ["USDJPY.pro", "m.USDJPY"])
def test_a_pair_is_first_looked_for_as_the_broker_spells_what_is_held(name: str) -> None:
    spelt = name.replace("USD", "EUR")
    stage = Stage(USDJPY, pair=other(USDJPY, name), held=other(EURJPY, spelt))
    assert converted(stage) == {"JPY": (name, True)}
    assert stage.mt5.named("symbols_get") == []


def test_a_pair_of_any_other_name_is_found_among_all_symbols() -> None:
    assert converted(Stage(pair=other(USDJPY, "FX:USD/JPY"))) == {"JPY": ("FX:USD/JPY", True)}


@pytest.mark.parametrize(
    "lie", [{"currency_base": "GBP"}, {"currency_profit": "USD"}, {"custom": True}, {"trade_calc_mode": CalcMode.CFD}]
)
def test_a_name_proves_nothing(lie: dict[str, Any]) -> None:
    stage = Stage()
    stage.says("USDJPY", **lie)
    genuine = stage.mt5.mt5.symbols_get
    stage.mt5.answers["symbols_get"] = lambda **named: tuple(
        SimpleNamespace(**{**row._asdict(), **(lie if row.name == "USDJPY" else {})}) for row in genuine(**named)
    )
    seen = stage.look()
    assert seen.conversions == {}
    assert "USDJPY" not in seen.quotes


def test_a_pair_that_can_be_traded_is_preferred_but_one_that_only_converts_will_do() -> None:
    shut = other(USDJPY, "USDJPY", trade_mode=TRADE_DISABLED)
    assert converted(Stage(pair=shut)) == {"JPY": ("USDJPY", True)}
    assert converted(Stage(other(USDJPY, "USDJPYx"), pair=shut)) == {"JPY": ("USDJPYx", True)}


def test_the_currency_of_the_display_has_a_pair_though_nothing_is_paid_in_it() -> None:
    assert converted(Stage(EURUSD, held=USDJPY, display="EUR"))["EUR"] == ("EURUSD", False)
    assert converted(Stage(EURUSD, held=USDJPY, display="USD")) == {"JPY": ("USDJPY", True)}


def test_a_currency_without_a_pair_is_absent_and_looked_for_again_after_a_minute() -> None:
    stage = Stage(display="EUR")
    for _ in range(3):
        assert converted(stage) == {"JPY": ("USDJPY", True)}
        stage.world.after(AGAIN_S / 3 - 1)
    assert len(stage.mt5.named("symbols_get")) == 1
    stage.world.after(3)
    assert converted(stage) == {"JPY": ("USDJPY", True)}
    assert len(stage.mt5.named("symbols_get")) == 2


def test_a_pair_that_was_found_is_not_looked_for_at_every_look() -> None:
    stage = Stage()
    stage.look()
    asked = len(stage.mt5.named("symbol_info"))
    stage.look()
    assert len(stage.mt5.named("symbol_info")) == asked


def test_a_pair_is_put_into_the_market_watch() -> None:
    stage = Stage()
    stage.world.terminal.select("USDJPY", False)
    assert stage.look().quotes["USDJPY"].bid == 150.0


def test_every_tick_of_a_pair_comes_once_though_it_is_not_held() -> None:
    stage = Stage()
    assert "USDJPY" not in stage.look().ticks
    for price in (150.1, 150.2):
        stage.world.after(0.1)
        stage.world.quote("USDJPY", price, price + 0.01)
    assert stage.look().ticks["USDJPY"].bid.tolist() == [150.1, 150.2]
    assert len(stage.look().ticks["USDJPY"]) == 0


def test_a_pair_whose_ticks_may_block_is_cold_like_what_is_held() -> None:
    stage = Stage()
    stage.session.prices.warm = frozenset({"EURJPY"})
    assert "USDJPY" in stage.look().quotes
    assert stage.session.prices.cold == {"USDJPY"}
    assert stage.mt5.named("copy_ticks_from")[0][0] == "EURJPY"
    assert len(stage.mt5.named("copy_ticks_from")) == 1


def test_a_crossed_quote_of_a_pair_is_replaced_by_the_last_sane_one() -> None:
    stage = Stage()
    stage.look()
    stage.world.quote("USDJPY", 151.0, 150.0)
    seen = stage.look()
    assert (seen.quotes["USDJPY"].bid, seen.crossed) == (150.0, 1)


@pytest.mark.parametrize(("bid", "ask"), [(0.0, 0.0), (float("nan"), 150.0)])
def test_a_broken_quote_of_a_pair_is_left_out_and_the_look_goes_on(bid: float, ask: float) -> None:
    stage = Stage()
    stage.world.quote("USDJPY", bid, ask)
    seen = stage.look()
    assert {*seen.quotes} == {"EURJPY"}
    assert seen.conversions["JPY"].symbol == "USDJPY"


@pytest.mark.parametrize("function", ["symbol_info_tick", "copy_ticks_from", "symbol_info"])
def test_a_pair_of_which_nothing_comes_does_not_cost_the_look(function: str) -> None:
    stage = Stage()
    stage.look()
    genuine = getattr(stage.mt5.mt5, function)
    stage.mt5.answers[function] = lambda name, *rest: None if name == "USDJPY" else genuine(name, *rest)
    stage.world.after(2)
    seen = stage.look()
    assert "EURJPY" in seen.quotes
    assert "USDJPY" not in seen.ticks


def test_a_stop_process_looks_at_what_it_closes_and_at_no_pair() -> None:
    stage = Stage(display="EUR")
    stage.session.for_closing()
    seen = stage.look()
    assert (seen.conversions, {*seen.quotes}) == ({}, {"EURJPY"})
    assert stage.mt5.named("symbols_get") == stage.mt5.named("copy_ticks_from") == []


def test_the_symbol_of_a_pending_order_has_quote_instrument_and_rates_but_no_ticks() -> None:
    stage = Stage(EURUSD)
    stage.world.send(action=PENDING, symbol="EURUSD", type=BUY_LIMIT, volume=0.1, price=1.09, sl=1.08, tp=1.12)
    stage.look()
    stage.world.after(0.1)
    stage.world.quote("EURUSD", 1.1005, 1.1006)
    seen = stage.look()
    (pending,) = seen.orders
    assert (pending.stop, pending.target) == (1.08, 1.12)
    assert seen.quotes["EURUSD"].bid == 1.1005
    assert seen.instruments["EURUSD"].contract_size == 100_000
    assert seen.rates["EURUSD"].margin_buy > 0
    assert "EURUSD" not in seen.ticks


def test_a_pending_order_on_a_symbol_without_a_specification_does_not_cost_the_look() -> None:
    stage = Stage(EURUSD)
    stage.world.send(action=PENDING, symbol="EURUSD", type=BUY_LIMIT, volume=0.1, price=1.09)
    stage.says("EURUSD", volume_step=0.0)
    seen = stage.look()
    assert len(seen.orders) == 1
    assert "EURUSD" not in seen.quotes
    assert "EURUSD" not in seen.rates


def test_only_the_ticks_of_what_is_held_tell_the_brokers_clock() -> None:
    stage = Stage()
    genuine = stage.mt5.mt5.symbol_info_tick
    ahead = 3_600_000 * 5

    def early(name: str) -> Any:
        row = genuine(name)
        return SimpleNamespace(**{**row._asdict(), "time_msc": row.time_msc + ahead * (name == "USDJPY")})

    stage.mt5.answers["symbol_info_tick"] = early
    assert stage.look().clock_doubt == ""
