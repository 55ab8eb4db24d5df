"""From a seed to an account with positions: odd steps, hedges, stops, three currencies, both margin modes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bridge.simulator.valuation import figures
from tests.simulation.story import Happening, Story, Table
from tests.simulation.world import desk_of

PAIRS: tuple[Table, ...] = (
    {"name": "EURUSD", "base": "EUR", "profit": "USD", "digits": 5, "bid": 1.10000, "ask": 1.10010},
    {"name": "USDJPY", "base": "USD", "profit": "JPY", "digits": 3, "bid": 150.000, "ask": 150.010},
    {"name": "GBPUSD", "base": "GBP", "profit": "USD", "digits": 5, "bid": 1.25000, "ask": 1.25012},
    {"name": "XAUUSD", "base": "XAU", "profit": "USD", "digits": 2, "bid": 2000.00, "ask": 2000.30,
     "contract_size": 100.0, "hedged_margin": 50.0},
)  # fmt: skip
STEPS = (
    {"volume_min": 0.01, "volume_step": 0.01, "volume_max": 100.0},
    {"volume_min": 0.01, "volume_step": 0.01, "volume_max": 0.4},
    {"volume_min": 0.1, "volume_step": 0.1, "volume_max": 50.0},
    {"volume_min": 0.1, "volume_step": 0.01, "volume_max": 1.0},
    {"volume_min": 0.05, "volume_step": 0.05, "volume_max": 0.5},
    {"volume_min": 0.03, "volume_step": 0.01, "volume_max": 0.31},
    {"volume_min": 0.2, "volume_step": 0.02, "volume_max": 10.0},
)
CLOSE_BY = 64
EVERY_FILLING = (
    {"filling": 3},
    {"filling": 1},
    {"filling": 2},
    {"filling": 3, "exemode": 1},
    {"filling": 0, "exemode": 3},
)


def symbols(rng: Random) -> tuple[Table, ...]:
    """All pairs are listed, so that everything converts; each with steps and filling modes of its own."""
    return tuple(dict(pair) | rng.choice(STEPS) | rng.choice(EVERY_FILLING) for pair in PAIRS)


def positions(rng: Random, listed: tuple[Table, ...], *, netting: bool) -> tuple[Table, ...]:
    """One to six on one to four symbols; on hedging some are covered by an opposite one."""
    count = rng.randint(1, 6)
    held = rng.sample(listed, k=min(rng.randint(1, 4), count if not netting else 4))
    chosen = held if netting else [rng.choice(held) for _ in range(count)]
    found: list[Table] = []
    sides: dict[str, str] = {}
    for number, symbol in enumerate(chosen, 1):
        usual = sides.setdefault(symbol["name"], rng.choice(("buy", "sell")))
        opposite = "sell" if usual == "buy" else "buy"
        side = opposite if not netting and rng.random() < 0.25 else usual
        found.append(_position(rng, number, symbol, side))
    return tuple(found)


def _position(rng: Random, number: int, symbol: Table, side: str) -> Table:
    step, least = symbol["volume_step"], symbol["volume_min"]
    first = round(least / step)
    steps = first + rng.choice((0, 1, 2, 3, 7, 13, 29, 60, 97))
    opened = symbol["ask"] if side == "buy" else symbol["bid"]
    away = rng.choice((0.0, 0.0, 0.01, 0.03)) * (-1 if side == "buy" else 1)
    return {
        "id": number, "symbol": symbol["name"], "side": side, "volume": round(steps * step, 8), "open": opened,
        "stop": round(opened * (1 + away), symbol["digits"]) if away else 0.0,
        "magic": rng.choice((0, 0, 7, 8)),
    }  # fmt: skip


def pendings(rng: Random, listed: tuple[Table, ...]) -> tuple[Table, ...]:
    """Sometimes orders that wait, near enough to be met or far away."""
    found = []
    for number in range(rng.choice((0, 0, 0, 1, 2))):
        symbol = rng.choice(listed)
        buy = rng.random() < 0.5
        away = rng.choice((0.002, 0.05)) * (-1 if buy else 1)
        found.append({
            "id": 900 + number, "symbol": symbol["name"], "kind": 2 if buy else 3, "volume": symbol["volume_min"],
            "price": round(symbol["bid"] * (1 + away), symbol["digits"]),
        })  # fmt: skip
    return tuple(found)


def account(rng: Random) -> Table:
    """Terms first; the balance is set once the margin of what is held is known."""
    currency = rng.choice(("USD", "USD", "EUR", "JPY"))
    return {
        "netting": rng.random() < 0.35, "currency": currency, "digits": 0 if currency == "JPY" else 2,
        "leverage": rng.choice((30, 100, 500)), "balance": 1e9, "stop_out": rng.choice((0.0, 0.0, 0.0, 20.0, 50.0)),
    }  # fmt: skip


def oldest_first(rng: Random, story: Story) -> Story:
    """Some brokers close the oldest of a symbol first; with them nothing is held on both sides."""
    if story.account["netting"] or rng.random() > 0.15:
        return story
    sides: dict[str, str] = {}
    held = tuple(p | {"side": sides.setdefault(p["symbol"], p["side"])} for p in story.positions)
    return replace(story, account=story.account | {"fifo_close": True}, positions=held, pendings=())


def one_sided(story: Story, happenings: list[Happening]) -> list[Happening]:
    """Where the oldest goes first nobody opens the other side."""
    if not story.account.get("fifo_close"):
        return happenings
    sides = {p["symbol"]: p["side"] for p in story.positions}
    return [h for h in happenings if h.kind != "open" or h.facts["side"] == sides[h.facts["symbol"]]]


def with_modes(rng: Random, listed: tuple[Table, ...]) -> tuple[Table, ...]:
    """Some symbols do not close by each other; some keep stops away from the price."""
    closing = (127, 127, 127, 127 - CLOSE_BY)
    return tuple(
        table | {"order_mode": rng.choice(closing), "stops_level": rng.choice((0, 0, 20, 100))} for table in listed
    )


def with_balance(rng: Random, story: Story) -> Table:
    """The account with a balance that puts the margin level between 160 and 600 percent."""
    desk = desk_of(story)
    state = figures(desk.market, desk.account, desk.book)
    level = rng.uniform(160.0, 600.0)
    equity = max(state.margin * level / 100, 200.0 * (150 if desk.account.currency == "JPY" else 1))
    credit = round(equity * 0.2, desk.account.digits) if rng.random() < 0.15 else 0.0
    balance = round(equity - state.profit - credit, desk.account.digits)
    return story.account | {"balance": balance, "credit": credit}
