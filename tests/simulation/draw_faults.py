"""Everything that may go wrong, each kind switched on or off by the seed; all of it is over when the calm begins."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.simulation.story import STRANGER, Happening, Story, Table

CODES = (*(code for code in range(10004, 10047) if code not in (10005, 10037)), 10099)
"""Every answer of the trade server's table, and one that is not in it."""
KILL_PORTS = ("any", "any", "send", "send", "write", "commit", "look", "records", "sink", "spare", "receipt")


NTH = (1, 1, 1, 2, 3, 8, 25)


def faults(rng: Random, story: Story) -> list[Happening]:
    """A random half of the kinds, each up to three times."""
    kinds = sorted(KINDS)
    chosen = sorted(rng.sample(kinds, k=len(kinds) // 2))
    found: list[Happening] = []
    for kind in chosen:
        for _ in range(rng.choice((1, 1, 2, 3))):
            at_s = round(rng.uniform(1.0, story.calm_s - 6), 2)
            found += KINDS[kind](rng, story, at_s)
    if rng.random() < 0.5:
        found.append(Happening(at_s=story.calm_s + 0.5, kind="click", facts={"what": "reset"}))
    return [h for h in found if h.at_s < story.calm_s or h.kind == "click"]


def commitments(rng: Random, story: Story) -> list[Happening]:
    """Consent where stops may be set at the broker; rules dropped for good; a person who types that they may be."""
    found, calm = list[Happening](), story.calm_s
    if any(rule["name"] == "backstop" for rule in story.rules) and rng.random() < 0.8:
        found.append(_one("click", rng.uniform(2.0, calm - 6), what="consent"))
    if rng.random() < 0.15:
        kept = [rule["name"] for rule in story.rules if rng.random() < 0.4]
        found.append(_one("config", rng.uniform(5.0, calm - 6), mode="armed", rules=kept))
    if rng.random() < 0.15:
        found.append(_one("click", rng.uniform(5.0, calm - 4), what="loosen"))
    return found


def asked(rng: Random, story: Story) -> list[Happening]:
    """A person closes parts of positions and brings stops nearer, up to three times each."""
    found, late = list[Happening](), story.calm_s + 20
    for _ in range(rng.choice((0, 1, 2, 3))):
        found.append(_one("click", rng.uniform(2.0, late), what="close_part", position=_some(rng, story),
                          share=rng.choice((0.1, 0.25, 0.5, 1.0))))  # fmt: skip
    for _ in range(rng.choice((0, 0, 1, 3))):
        found.append(_one("click", rng.uniform(2.0, late), what="tighten", position=_some(rng, story),
                          away=rng.choice((0.0005, 0.002, 0.01, 0.05))))  # fmt: skip
    return found


def _one(kind: str, at_s: float, **facts: object) -> Happening:
    return Happening(at_s=round(at_s, 2), kind=kind, facts=dict(facts))


def _some(rng: Random, story: Story) -> int:
    return int(rng.choice(story.positions)["id"])


def _symbol(rng: Random, story: Story) -> Table:
    name = rng.choice(story.positions)["symbol"]
    return next(s for s in story.symbols if s["name"] == name)


def _bad_quote(rng: Random, story: Story, at_s: float) -> list[Happening]:
    symbol = _symbol(rng, story)
    bid, ask = symbol["bid"], symbol["ask"]
    low, high = rng.choice(((0.0, 0.0), (float("nan"), float("nan")), (ask * 1.001, bid * 0.999), (0.0, ask),
                            (bid * 0.9, ask * 1.1)))  # fmt: skip
    return [_one("quote", at_s, symbol=symbol["name"], bid=round(low, symbol["digits"]),
                 ask=round(high, symbol["digits"]))]  # fmt: skip


def _wide(rng: Random, story: Story, at_s: float) -> list[Happening]:
    symbol = _symbol(rng, story)
    spread = (symbol["ask"] - symbol["bid"]) * rng.choice((8, 20))
    return [_one("quote", at_s, symbol=symbol["name"], bid=symbol["bid"],
                 ask=round(symbol["bid"] + spread, symbol["digits"]))]  # fmt: skip


def _pair(begin: str, end: str) -> Callable[[Random, Story, float], list[Happening]]:
    def pair(rng: Random, story: Story, at_s: float) -> list[Happening]:
        return [_one(begin, at_s), _one(end, at_s + rng.choice((0.6, 4, 13, 30)))]

    return pair


def _hang(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("hang", at_s, seconds=rng.choice((0.5, 1.9, 3.0, 15.0)))]


def _algo(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("algo_trading", at_s, allowed=False), _one("algo_trading", at_s + rng.uniform(1, 30), allowed=True)]


def _market(rng: Random, story: Story, at_s: float) -> list[Happening]:
    name = _symbol(rng, story)["name"]
    return [_one("market", at_s, symbol=name, open=False),
            _one("market", at_s + rng.uniform(3, 40), symbol=name, open=True)]  # fmt: skip


def _late(rng: Random) -> Table:
    executed = rng.random() < 0.5
    return {"executed": executed, "late_s": rng.choice((0.0, 0.3, 2.0, 20.0, 59.0, 60.0)) if executed else 0.0}


def _answer(rng: Random, story: Story, at_s: float) -> list[Happening]:
    code = rng.choice(CODES)
    facts = _late(rng) if code in UNCLEAR else {"executed": False, "late_s": 0.0}
    return [_one("answer", at_s / 3, retcode=code, times=rng.choice((1, 1, 2, 4)), **facts)]


UNCLEAR = {10008, 10009, 10010, 10011, 10012, 10023, 10028, 10031, 10099}
"""After these an order may have been carried out all the same; a refusal is one."""


def _no_answer(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("no_answer", at_s / 3, times=rng.choice((1, 2)), **_late(rng))]


def _partial(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("partial", at_s / 3, share=rng.choice((0.1, 0.4, 0.7)), times=rng.choice((1, 2, 3)))]


def _close(rng: Random, story: Story, at_s: float) -> list[Happening]:
    held = rng.choice(story.positions)
    symbol = next(s for s in story.symbols if s["name"] == held["symbol"])
    part = rng.choice((None, symbol["volume_min"]))
    volume = part if held["volume"] > 8 * symbol["volume_min"] else None
    return [_one("close", at_s, position=held["id"], volume=volume)]


def _stop_hit(rng: Random, story: Story, at_s: float) -> list[Happening]:
    on_send = rng.random() < 0.6
    return [_one("stop_hit", at_s / 2 if on_send else at_s, position=_some(rng, story), on_send=on_send)]


def _reverse(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("reverse", at_s / 3)] if story.account["netting"] else []


def _open(rng: Random, story: Story, at_s: float) -> list[Happening]:
    symbol = _symbol(rng, story)
    magic = rng.choice((0, 7))
    times = 5 if magic and rng.random() < 0.4 else 1
    volume = round(symbol["volume_min"] + rng.choice((0, 1, 9)) * symbol["volume_step"], 8)
    side = rng.choice(("buy", "sell"))
    return [_one("open", at_s + 6 * n, id=int(5000 + at_s * 100 + n), symbol=symbol["name"], side=side, volume=volume,
                 magic=magic) for n in range(times)]  # fmt: skip


def _rollover(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("rollover", at_s, position=_some(rng, story))]


def _flow(rng: Random, story: Story, at_s: float) -> list[Happening]:
    digits = story.account["digits"]
    amount = round(story.account["balance"] * rng.choice((0.5, 0.1, -0.1, -0.3, -0.5)), digits)
    return [_one("deposit", at_s, amount=amount)]


def _credit(rng: Random, story: Story, at_s: float) -> list[Happening]:
    amount = round(story.account["balance"] * rng.choice((0.3, -0.3, -0.05)), story.account["digits"])
    return [_one("credit", at_s, amount=amount)]


def _switch(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("switch_account", at_s, login=STRANGER),
            _one("switch_account", at_s + rng.choice((0.7, 5, 20)), login=1001)]  # fmt: skip


def _stop(rng: Random, story: Story, at_s: float) -> list[Happening]:
    found = [_one("click", at_s, what="emergency_stop")]
    return found + ([_one("click", at_s + rng.uniform(0.2, 30), what="reset")] if rng.random() < 0.5 else [])


def _reset(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("click", at_s, what="reset")]


def _acknowledge(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("click", at_s, what="acknowledge", alert=rng.randint(1, 4))]


def _config(rng: Random, story: Story, at_s: float) -> list[Happening]:
    mode = rng.choice(("armed", "armed", "observe"))
    kept = [rule["name"] for rule in story.rules if rng.random() < 0.7]
    found = [_one("config", at_s, mode=mode, rules=kept)]
    every = [rule["name"] for rule in story.rules]
    return [*found, _one("config", at_s + rng.uniform(0.5, 20), mode="armed", rules=every)]


def _bad_config(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("bad_config", at_s, what=rng.choice(("unknown key", "wrong unit", "impossible ladder", "no login")))]


def _step(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("step", at_s, seconds=rng.choice((-7200, -90, -2, 2, 90, 600)))]


def _sleep(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("sleep", at_s, seconds=rng.choice((2, 12, 40)), frozen=rng.random() < 0.5)]


def _disk(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("disk", at_s, what=rng.choice(("full", "locked", "every second write")),
                 seconds=rng.choice((0.6, 5, 25)))]  # fmt: skip


def _kill(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("kill", at_s / rng.choice((1, 2, 3)), port=rng.choice(KILL_PORTS), nth=rng.choice(NTH),
                 after=rng.random() < 0.5)]  # fmt: skip


def _slow(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("slow", at_s, seconds=rng.choice((0.6, 2.5, 12.0)))]


def _blank(rng: Random, story: Story, at_s: float) -> list[Happening]:
    return [_one("blank", at_s, seconds=rng.choice((0.6, 3.0, 14.0)))]


KINDS: dict[str, Callable[[Random, Story, float], list[Happening]]] = {
    "bad quote": _bad_quote, "wide": _wide, "disconnect": _pair("disconnect", "reconnect"),
    "terminal dies": _pair("terminal_dies", "terminal_back"), "hang": _hang, "algo": _algo, "market": _market,
    "answer": _answer, "more answers": _answer, "no answer": _no_answer, "partial": _partial, "close": _close,
    "stop hit": _stop_hit, "reverse": _reverse, "open": _open, "rollover": _rollover, "flow": _flow, "credit": _credit,
    "switch": _switch, "stop": _stop, "reset": _reset, "acknowledge": _acknowledge, "config": _config,
    "bad config": _bad_config, "step": _step, "sleep": _sleep, "disk": _disk, "kill": _kill, "more kills": _kill,
    "slow": _slow, "blank": _blank,
}  # fmt: skip
