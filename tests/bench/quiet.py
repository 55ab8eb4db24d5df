"""A simulated account on which nothing happens by itself, as a scenario file says it."""

from __future__ import annotations

ACCOUNT = """
[scenario]
[account]
login = {login}
balance = {balance}
[[symbol]]
name = "EURUSD"
base = "EUR"
profit = "USD"
bid = 1.10000
ask = 1.10010
"""
POSITION = """
[[position]]
id = {identifier}
symbol = "EURUSD"
side = "{side}"
volume = {lots}
open = 1.10000
"""


def scenario(*held: tuple[str, float], login: int = 1001, balance: float = 10_000.0) -> str:
    """`held`: side and lots of each position of EURUSD, numbered from 1."""
    positions = [
        POSITION.format(identifier=number, side=side, lots=lots) for number, (side, lots) in enumerate(held, 1)
    ]
    return ACCOUNT.format(login=login, balance=balance) + "".join(positions)
