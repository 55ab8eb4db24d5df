"""Small worlds for the exchange's tests: an account, a few symbols, a virtual clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bridge.simulator.account import Account
from bridge.simulator.backend import Row
from bridge.simulator.clock import VirtualClock, epoch_ms
from bridge.simulator.exchange import Exchange, new_desk
from bridge.simulator.listing import Listing
from bridge.simulator.scenario import Scenario, load
from bridge.simulator.terminal import DeskTerminal
from monitors.zones import Zone

SHARED = Path(__file__).parents[4] / "shared"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLAIN = Listing(name="PLAIN", base="USD", profit="USD")
EURUSD = Listing(name="EURUSD", base="EUR", profit="USD")
USDJPY = Listing(name="USDJPY", base="USD", profit="JPY", digits=3)
EURJPY = Listing(name="EURJPY", base="EUR", profit="JPY", digits=3)
BUY, SELL = 0, 1
DEAL, PENDING, SLTP, MODIFY, REMOVE, CLOSE_BY = 1, 5, 6, 7, 8, 10
_REQUEST: Row = {
    "action": DEAL,
    "magic": 0,
    "order": 0,
    "symbol": "PLAIN",
    "volume": 0.0,
    "price": 0.0,
    "stoplimit": 0.0,
    "sl": 0.0,
    "tp": 0.0,
    "deviation": 10,
    "type": BUY,
    "type_filling": 1,
    "type_time": 0,
    "expiration": 0,
    "comment": "",
    "position": 0,
    "position_by": 0,
}


class World:
    """One desk on a virtual clock, with its terminal open."""

    def __init__(self, *listings: Listing, start: datetime = START, zone: str = "UTC", **terms: Any) -> None:
        history_days = terms.pop("history_days", None)
        account = Account(**{"login": 1001, "balance": 10_000.0, **terms})
        self.clock = VirtualClock(start)
        self.desk = new_desk(
            "main", account, listings or (PLAIN,), Zone(zone), epoch_ms(start), history_days=history_days
        )
        self.exchange = Exchange(self.clock, [self.desk])
        self.terminal = self.exchange.backend("main")
        open_terminal(self.terminal)

    def quote(self, symbol: str, bid: float, ask: float) -> None:
        self.exchange.advance()
        self.desk.quote(symbol, bid, ask)

    def after(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.utc_ms() + round(seconds * 1000))
        self.exchange.advance()

    def send(self, **fields: Any) -> Row:
        answer = self.terminal.send(request(**fields))
        assert answer is not None
        return answer

    def open(self, symbol: str, side: int, volume: float, **fields: Any) -> int:
        answer = self.send(symbol=symbol, type=side, volume=volume, **fields)
        assert answer["retcode"] == 10009, answer
        return int(answer["order"])


def request(**fields: Any) -> Row:
    """All seventeen fields, zero where not given."""
    return {**_REQUEST, **fields}


def open_terminal(terminal: DeskTerminal) -> None:
    terminal.start(None, None, None, None, 60_000, portable=False)


HEAD = """
[scenario]
start = 2026-03-02T08:00:00Z
length_s = 60
[account]
balance = 3400.0
[[symbol]]
name = "PLAIN"
bid = 1.00000
ask = 1.00010
[[position]]
id = 1
symbol = "PLAIN"
side = "buy"
volume = 2.0
open = 1.00000
"""


def scenario(folder: Path, text: str = "", head: str = HEAD) -> Scenario:
    """A scenario from its text, with one long position of 2.00 lots in PLAIN unless another head is given."""
    path = folder / "scenario.toml"
    path.write_text(head + text, encoding="utf-8")
    loaded = load(path)
    open_terminal(loaded.exchange.backend())
    return loaded


def at(loaded: Scenario, seconds: float) -> DeskTerminal:
    """The scenario's terminal, that many seconds after the start."""
    loaded.clock.advance_to(epoch_ms(loaded.start) + round(seconds * 1000))
    return loaded.exchange.backend()


FALL = '[[event]]\nat = {at}\ndo = "quote"\nsymbol = "PLAIN"\nbid = 0.99500\nask = 0.99510\n'


def event(at_s: float, kind: str, **facts: object) -> str:
    """One event of a scenario file."""
    lines = [f"{key} = {str(value).lower() if isinstance(value, bool) else value}" for key, value in facts.items()]
    return f'[[event]]\nat = {at_s}\ndo = "{kind}"\n' + "\n".join(lines) + "\n"


def close(volume: float = 0.4, position: int = 1) -> dict[str, object]:
    """A close of a part of HEAD's position."""
    return request(type=SELL, volume=volume, position=position)


def retcode(answer: dict[str, object] | None) -> object:
    return answer["retcode"] if answer is not None else None
