"""From a seed to rules that the fall to come will trip: ladders, halts, stops, cuts by share and to a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.simulation.story import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The account at the start and the share of its equity that the fall to come takes."""

    level: float
    equity: float
    depth: float
    digits: int

    def loss(self, part: float) -> float:
        """Money lost after that part of the fall."""
        return round(self.equity * self.depth * part, self.digits)

    def margin_level(self, part: float) -> float:
        """The margin level after that part of the fall; something usual where there is no margin."""
        return round(max((self.level or 300.0) * (1 - self.depth * part), 5.0), 2)


ORDERS = ("largest_loss", "largest_margin", "largest_exposure", "oldest", "newest", "least_cost")


def rules(rng: Random, ahead: Outlook) -> tuple[Table, ...]:
    """One that the fall surely trips, and up to two of any kind."""
    makers = [rng.choice(SURE), *rng.sample(SURE + OTHER, k=rng.choice((0, 1, 1, 2)))]
    return tuple(make(rng, ahead) | {"name": f"rule {number}"} for number, make in enumerate(makers, 1))


def with_backstop(rng: Random, drawn: tuple[Table, ...], ahead: Outlook) -> tuple[Table, ...]:
    """In some seeds stops at the broker as well, on a level that the fall trips."""
    if rng.random() > 0.2:
        return drawn
    begin, end = sorted(rng.uniform(0.05, 1.2) for _ in range(2))
    level = {"at": max(ahead.loss(begin), 1.0), "severity": "medium", "action": "backstop",
             "within": max(ahead.loss(end), 1.0) + 1.0}  # fmt: skip
    return (*drawn, {"metric": "drawdown.daily", "when": "above", "levels": [level], "name": "backstop"})


def _parts(rng: Random, count: int) -> list[float]:
    return sorted(rng.uniform(0.15, 0.9) for _ in range(count))


def _cut(rng: Random, until: float | None) -> Table:
    if until is not None and rng.random() < 0.7:
        return {"action": "reduce", "until": round(until, 2), "order": rng.choice(ORDERS)}
    if rng.random() < 0.5:
        return {"action": "reduce", "percent": rng.choice((10.0, 25.0, 50.0, 50.0, 90.0, 100.0))}
    return {"action": "close_all"}


def _end(rng: Random) -> Table:
    return rng.choice(({"action": "close_all"}, {"action": "emergency_stop"}, {"action": "halt", "until": "reset"},
                       {"action": "halt", "until": "day"}, {"action": "halt", "until": 1.0},
                       {"action": "cancel_pendings"}))  # fmt: skip


def _rule(metric: str, when: str, *levels: Table, **more: object) -> Table:
    return {"metric": metric, "when": when, "levels": list(levels), **more}


def _common(rng: Random) -> Table:
    found: Table = {}
    if rng.random() < 0.2:
        found["confirm"] = rng.choice((1, 3))
    if rng.random() < 0.1:
        found["confirm_s"] = 5.0
    return found


def _margin(rng: Random, ahead: Outlook) -> Table:
    one, two, three = _parts(rng, 3)
    levels = [{"at": ahead.margin_level(one), "severity": "medium", "action": "alert"},
              {"at": ahead.margin_level(two), "severity": "critical",
               **_cut(rng, ahead.margin_level(two) * rng.uniform(1.02, 1.3))}]  # fmt: skip
    if rng.random() < 0.3 and ahead.margin_level(three) < ahead.margin_level(two):
        levels.append({"at": ahead.margin_level(three), "severity": "extreme", **_end(rng)})
    rearm = {"rearm": round(ahead.margin_level(two) * 0.05, 2)} if rng.random() < 0.5 else {}
    return _rule("margin.level_pct", "below", *levels[rng.random() < 0.3 :], **_common(rng), **rearm)


def _drawdown(rng: Random, ahead: Outlook) -> Table:
    one, two = _parts(rng, 2)
    metric = rng.choice(("drawdown.daily", "drawdown.max", "drawdown.weekly"))
    levels = [{"at": max(ahead.loss(one), 1.0), "severity": "high", **_cut(rng, None)}]
    if rng.random() < 0.4 and ahead.loss(two) > ahead.loss(one) + 1:
        levels.append({"at": ahead.loss(two), "severity": "extreme", **_end(rng)})
    return _rule(metric, "above", *levels, **_common(rng))


def _equity(rng: Random, ahead: Outlook) -> Table:
    level = {"at": round(ahead.equity - ahead.loss(_parts(rng, 1)[0]), ahead.digits), "severity": "critical"}
    action = _cut(rng, None) if rng.random() < 0.5 else _end(rng)
    return _rule("equity", "below", level | action, **_common(rng))


def _halting(rng: Random, ahead: Outlook) -> Table:
    level = {"at": max(ahead.loss(_parts(rng, 1)[0]), 1.0), "severity": "critical", "action": "halt",
             "until": rng.choice(("reset", "day", 0.5, 2.0))}  # fmt: skip
    return _rule("drawdown.daily", "above", level, **_common(rng))


def _diversify(rng: Random, ahead: Outlook) -> Table:
    share = rng.choice((40.0, 60.0, 80.0))
    level = {"at": share, "severity": "high", "action": "diversify", "symbol_pct": share}
    return _rule("exposure.symbol_pct", "above", level, **_common(rng))


def _risk(rng: Random, ahead: Outlook) -> Table:
    action = rng.choice(({"action": "reduce_risk", "risk_pct": 2.0}, {"action": "reduce", "until": 4.0}))
    return _rule("risk.open_pct", "above", {"at": 5.0, "severity": "high", **action}, **_common(rng))


def _floating(rng: Random, ahead: Outlook) -> Table:
    level = {"at": -max(ahead.loss(_parts(rng, 1)[0]), 1.0), "severity": "high", **_cut(rng, None)}
    return _rule("pnl.floating", "below", level, **_common(rng))


def _today(rng: Random, ahead: Outlook) -> Table:
    level = {"at": -max(ahead.loss(_parts(rng, 1)[0]), 1.0), "severity": "high", **_cut(rng, None)}
    return _rule("pnl.today", "below", level, **_common(rng))


def _profit(rng: Random, ahead: Outlook) -> Table:
    """A rule on profit, which a deposit must not trip."""
    return _rule("pnl.today", "above", {"at": max(ahead.loss(0.5), 1.0), "severity": "high", "action": "close_all"})


def _each(rng: Random, ahead: Outlook) -> Table:
    level = {"at": -max(ahead.loss(_parts(rng, 1)[0] * 0.4), 1.0), "severity": "high",
             "action": "reduce", "percent": rng.choice((25.0, 50.0, 100.0))}  # fmt: skip
    return _rule("position.profit", "below", level, **_common(rng))


def _cancel(rng: Random, ahead: Outlook) -> Table:
    level = {"at": ahead.margin_level(_parts(rng, 1)[0]), "severity": "high", "action": "cancel_pendings"}
    return _rule("margin.level_pct", "below", level)


Maker = Callable[[Random, Outlook], Table]
SURE: list[Maker] = [_margin, _margin, _margin, _drawdown, _drawdown, _equity]
OTHER: list[Maker] = [_halting, _diversify, _risk, _floating, _today, _profit, _each, _cancel]
