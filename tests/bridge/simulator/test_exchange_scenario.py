"""Scenario files: what is read, and what is said of a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.simulator.scenario import load
from bridge.simulator.tables import ScenarioError
from tests.bridge.simulator.exchange_world import HEAD, SHARED, at, scenario

SHARED_SCENARIOS = sorted((SHARED / "scenarios").glob("*.toml"))


@pytest.mark.skipif(not SHARED_SCENARIOS, reason="../shared is not there")
@pytest.mark.parametrize("path", SHARED_SCENARIOS, ids=lambda path: path.stem)
def test_every_shared_scenario_is_read(path: Path) -> None:
    loaded = load(path)
    assert loaded.name
    assert loaded.config["rule"]


def test_the_apps_events_are_handed_over_in_order_with_what_they_carry(tmp_path: Path) -> None:
    text = """
[[event]]
at = 9
do = "config"
[event.config]
app = { mode = "observe" }
[[event]]
at = 5.5
do = "click"
what = "acknowledge"
alert = 2
[[event]]
at = 5.5
do = "kill"
[config]
app = { mode = "armed" }
[expect]
anything = "is not looked at"
"""
    loaded = scenario(tmp_path, text)
    assert [(e.at_s, e.kind, e.payload) for e in loaded.app_events] == [
        (5.5, "click", {"what": "acknowledge", "alert": 2}),
        (5.5, "kill", {}),
        (9.0, "config", {"app": {"mode": "observe"}}),
    ]
    assert (loaded.config, loaded.length_s, loaded.login) == ({"app": {"mode": "armed"}}, 60.0, 1001)


def test_a_file_with_nothing_but_a_symbol_has_defaults_for_the_rest(tmp_path: Path) -> None:
    loaded = scenario(tmp_path, head='[[symbol]]\nname = "X"\n')
    row = at(loaded, 0).symbol("X")
    assert (row["currency_base"], row["filling_mode"], row["volume_step"], row["margin_hedged"]) == (
        "USD",
        3,
        0.01,
        100_000.0,
    )
    assert at(loaded, 0).account()["balance"] == 10_000.0


def test_a_symbols_mode_spread_and_swap_can_be_given(tmp_path: Path) -> None:
    head = '[[symbol]]\nname = "GOLD"\nbase = "XAU"\ndigits = 2\ncontract_size = 100\ncalc_mode = "cfdleverage"\n'
    loaded = scenario(tmp_path, head=head + "bid = 2000\nask = 2000.5\nswap_long = -4.0\n")
    row = at(loaded, 0).symbol("GOLD")
    assert (row["trade_calc_mode"], row["spread"], row["swap_long"], row["currency_margin"]) == (4, 50, -4.0, "USD")


def test_pending_orders_can_wait_from_the_start(tmp_path: Path) -> None:
    order = '[[order]]\nid = 9\nsymbol = "PLAIN"\ntype = "buy_limit"\nvolume = 0.1\nprice = 0.99\n'
    (waiting,) = at(scenario(tmp_path, order), 0).orders()
    assert (waiting["ticket"], waiting["type"], waiting["volume_current"], waiting["state"]) == (9, 2, 0.1, 1)
    with pytest.raises(ScenarioError, match=r"order\[1\]\.id: found 1, should be a number of its own"):
        scenario(tmp_path, order.replace("id = 9", "id = 1"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("length_s = 60", "length_s = 0"), "scenario.length_s: found 0, should be a number above 0"),
        (("length_s = 60", 'length_s = "x"'), "scenario.length_s: found 'x', should be a number"),
        (("length_s = 60", "length = 60"), "scenario.length: unknown key"),
        (("length_s = 60", 'server_zone = "Moon"'), "scenario.server_zone: found 'Moon', should be an IANA zone"),
        (("08:00:00Z", "08:00:00"), "scenario.start: found"),
        (("balance = 3400.0", "balance = true"), "account.balance: found True, should be a number"),
        (("balance = 3400.0", "leverage = 0"), "account.leverage: found 0, should be a whole number from 1"),
        (("balance = 3400.0", 'margin_mode = "net"'), "account.margin_mode: found 'net', should be one of hedging"),
        (('name = "PLAIN"', ""), "symbol[1].name: missing"),
        (('name = "PLAIN"', 'name = "PLAIN"\nbid2 = 1'), "symbol[1].bid2: unknown key"),
        (('name = "PLAIN"', 'name = "PLAIN"\nfilling = ["all"]'), "symbol[1].filling: found ['all'], should be a list"),
        (('name = "PLAIN"', 'name = "PLAIN"\nbase = "EUR"\nprofit = "JPY"'), "nothing converts JPY into USD"),
        (("volume = 2.0", "volume = 2.005"), "position[1].volume: found 2.005, should be a multiple of 0.01"),
        (("volume = 2.0", "volume = inf"), "position[1].volume: found inf, should be a number above 0"),
        (('side = "buy"', 'side = "long"'), "position[1].side: found 'long', should be one of buy, sell"),
        (("open = 1.00000", "opened = 1.0"), "position[1].open: missing, should be a number"),
        (('symbol = "PLAIN"', 'symbol = "PLANE"'), "position[1].symbol: found 'PLANE', should be one of PLAIN"),
        (("[account]", "[acount]\n[account]"), "acount: unknown key"),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_a_wrong_head_is_named_with_its_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(tmp_path, head=HEAD.replace(*change))
    assert any(said in fault for fault in error.value.faults), error.value.faults
    assert all(fault.startswith(str(tmp_path / "scenario.toml")) for fault in error.value.faults)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("at = 1", "event[1].do: missing, should be one of"),
        ('do = "kill"', "event[1].at: missing"),
        ('at = -1\ndo = "kill"', "event[1].at: found -1"),
        ('at = 1\ndo = "explode"', "event[1].do: found 'explode'"),
        ('at = 1\ndo = "quote"\nsymbol = "X"\nbid = 1.0\nask = 1.0', "event[1].symbol: found 'X'"),
        ('at = 1\ndo = "quote"\nsymbol = "PLAIN"\nbid = -1.0\nask = 1.0', "event[1].bid: found -1.0"),
        ('at = 1\ndo = "close"\nposition = 7', "event[1].position: found 7, should be one of 1"),
        ('at = 1\ndo = "answer"', "event[1].retcode: missing"),
        ('at = 1\ndo = "answer"\nretcode = 10012\nlate_s = 61.0', "event[1].late_s: found 61.0"),
        ('at = 1\ndo = "partial"\nshare = 0.0', "event[1].share: found 0.0"),
        ('at = 1\ndo = "hang"', "event[1].seconds: missing"),
        ('at = 1\ndo = "hang"\nseconds = "long"', "event[1].seconds: found 'long'"),
        ('at = 1\ndo = "market"\nsymbol = "PLAIN"\nopen = "no"', "event[1].open: found 'no', should be true or false"),
        ('at = 1\ndo = "open"\nid = 1\nsymbol = "PLAIN"\nside = "buy"\nvolume = 1.0', "event[1].id: found 1"),
        ('at = 1\ndo = "click"\nwhat = "acknowledge"', "event[1].alert: missing"),
        ('at = 1\ndo = "kill"\nhard = true', "event[1].hard: unknown key"),
    ],
)
def test_a_wrong_event_is_named_with_its_key(tmp_path: Path, event: str, said: str) -> None:
    with pytest.raises(ScenarioError, match="event") as error:
        scenario(tmp_path, f"[[event]]\n{event}\n")
    assert any(said in fault for fault in error.value.faults), error.value.faults


def test_every_fault_of_a_file_is_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(tmp_path, '[[event]]\nat = 1\ndo = "nothing"\n', HEAD.replace("volume = 2.0", 'volume = "2"'))
    assert len(error.value.faults) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"[scenario\n", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"", "is empty"),
        (b"event = 3\n", "event"),
    ],
)
def test_a_file_that_is_none_is_one_clear_error(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "s.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScenarioError, match=said):
        load(path)


def test_two_positions_of_one_symbol_need_a_hedging_account(tmp_path: Path) -> None:
    second = HEAD[HEAD.index("[[position]]") :].replace("id = 1", "id = 2")
    assert len(at(scenario(tmp_path, second), 0).positions()) == 2
    netting = HEAD.replace("balance = 3400.0", 'margin_mode = "netting"')
    with pytest.raises(ScenarioError, match=r"position\[2\]\.symbol"):
        scenario(tmp_path, second, netting)
    with pytest.raises(ScenarioError, match=r"position\[2\]\.id"):
        scenario(tmp_path, HEAD[HEAD.index("[[position]]") :])
