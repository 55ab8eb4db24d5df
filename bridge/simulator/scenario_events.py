"""The events of a scenario file, checked: those of the exchange and those of the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.simulator.desk import Desk
from bridge.simulator.events import EXCHANGE_EVENTS
from bridge.simulator.tables import Table

APP_EVENTS = frozenset({"kill", "click", "config"})
LATEST_S = 60.0
_CLICKS = ("emergency_stop", "reset", "acknowledge", "consent")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeEvent:
    """Something that happens to the desk, `at_s` seconds after the start."""

    at_s: float
    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppEvent:
    """Something that happens to the app: `kill`, `click` (what, alert), `config` (the new tables)."""

    at_s: float
    kind: str
    payload: dict[str, Any]


class _Known:
    """The names that an event may speak of: symbols, and positions there from the start or opened by an event."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.positions: dict[int, str] = {p.identifier: p.listing.name for p in desk.book.positions.values()}

    def symbol(self, table: Table) -> str:
        return table.choice("symbol", self.desk.market.lines)

    def position(self, table: Table) -> int:
        identifier = table.whole("position", least=1)
        if table.has("position") and identifier not in self.positions:
            ids = ", ".join(str(i) for i in sorted(self.positions)) or "the id of a [[position]]"
            table.fault("position", identifier, f"one of {ids}")
        return identifier

    def volume(self, table: Table, symbol: str | None) -> float:
        lots = table.number("volume", above=0)
        line = self.desk.market.lines.get(symbol or "")
        if line is not None and table.has("volume") and line.listing.steps(lots) is None:
            table.fault("volume", lots, f"a multiple of {line.listing.volume_step:g}")
        return lots


def read_events(tables: list[Table], desk: Desk) -> tuple[list[ExchangeEvent], tuple[AppEvent, ...]]:
    """The exchange's events and the app's, each in order of time, at the same time in file order.

    Faults are noted in the tables' list; what they concern is then not to be used.
    """
    known = _Known(desk)
    read: list[tuple[float, str, Table, dict[str, Any]]] = []
    heads = [(t, t.number("at", least=0), t.choice("do", sorted(EXCHANGE_EVENTS | APP_EVENTS))) for t in tables]
    for table, _, kind in heads:  # first, for others may speak of them before they are opened
        if kind == "open":
            _note_opening(table, known)
    for table, at_s, kind in heads:
        facts = _READERS[kind](table, known) if kind else {}
        if kind:
            table.finish()
        read.append((at_s, kind, table, facts))
    read.sort(key=lambda event: event[0])
    mine = [ExchangeEvent(at_s=at, kind=kind, facts=facts) for at, kind, _, facts in read if kind in EXCHANGE_EVENTS]
    apps = tuple(AppEvent(at_s=at, kind=kind, payload=facts) for at, kind, _, facts in read if kind in APP_EVENTS)
    return mine, apps


def _note_opening(table: Table, known: _Known) -> None:
    identifier = table.whole("id", least=1)
    if identifier in known.positions:
        table.fault("id", identifier, "a number of its own")
    known.positions[identifier] = known.symbol(table)
    known.desk.book.reserve(identifier)


def _quote(table: Table, known: _Known) -> dict[str, Any]:
    return {
        "symbol": known.symbol(table),
        "bid": table.number("bid", nan=True, least=0),
        "ask": table.number("ask", nan=True, least=0),
    }


def _money(table: Table, _: _Known) -> dict[str, Any]:
    return {"amount": table.number("amount")}


def _market(table: Table, known: _Known) -> dict[str, Any]:
    return {"symbol": known.symbol(table), "open": table.truth("open")}


def _executed(table: Table) -> dict[str, Any]:
    return {
        "times": table.whole("times", 1, least=1),
        "executed": table.truth("executed", default=False),
        "late_s": table.number("late_s", 0.0, least=0, most=LATEST_S),
    }


def _answer(table: Table, _: _Known) -> dict[str, Any]:
    return {"retcode": table.whole("retcode", least=10_004, most=10_046), **_executed(table)}


def _no_answer(table: Table, _: _Known) -> dict[str, Any]:
    return {"retcode": None, **_executed(table)}


def _partial(table: Table, _: _Known) -> dict[str, Any]:
    return {"share": table.number("share", 0.5, above=0, most=1), "times": table.whole("times", 1, least=1)}


def _close(table: Table, known: _Known) -> dict[str, Any]:
    identifier = known.position(table)
    volume = known.volume(table, known.positions.get(identifier)) if table.has("volume") else None
    return {"position": identifier, "volume": volume}


def _stop_hit(table: Table, known: _Known) -> dict[str, Any]:
    return {"position": known.position(table), "on_send": table.truth("on_send", default=False)}


def _open(table: Table, known: _Known) -> dict[str, Any]:
    symbol = known.symbol(table)
    return {
        "id": table.whole("id", least=1),
        "symbol": symbol,
        "side": table.choice("side", ("buy", "sell")),
        "volume": known.volume(table, symbol),
        "stop": table.number("stop", 0.0, least=0),
        "target": table.number("target", 0.0, least=0),
        "magic": table.whole("magic", 0),
    }


def _click(table: Table, _: _Known) -> dict[str, Any]:
    what = table.choice("what", _CLICKS)
    return {"what": what, "alert": table.whole("alert", least=1)} if what == "acknowledge" else {"what": what}


_READERS: dict[str, Callable[[Table, _Known], dict[str, Any]]] = {
    "quote": _quote,
    "deposit": _money,
    "credit": _money,
    "disconnect": lambda *_: {},
    "reconnect": lambda *_: {},
    "terminal_dies": lambda *_: {},
    "terminal_back": lambda *_: {},
    "hang": lambda table, _: {"seconds": table.number("seconds", above=0)},
    "algo_trading": lambda table, _: {"allowed": table.truth("allowed")},
    "market": _market,
    "answer": _answer,
    "no_answer": _no_answer,
    "partial": _partial,
    "close": _close,
    "stop_hit": _stop_hit,
    "open": _open,
    "rollover": lambda table, known: {"position": known.position(table)},
    "switch_account": lambda table, _: {"login": table.whole("login", least=1)},
    "kill": lambda *_: {},
    "click": _click,
    "config": lambda table, _: table.raw("config"),
}
