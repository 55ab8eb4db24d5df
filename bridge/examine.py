"""`python -m bridge.examine`: everything about one terminal that could keep a close from happening, in one look."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from statistics import median
from typing import Any

from bridge import decode, oneshot
from bridge.attach import Attached, Attachment, attach
from bridge.brokerclock import detect
from bridge.clock import SystemClock
from bridge.port import TerminalError
from bridge.tickstream import COPY_TICKS_INFO
from monitors.filling import FOK, IOC, RETURN, choices
from monitors.ports import Clock
from monitors.zones import zone

TIMES, ENOUGH_MS, TICKS = 5, 250.0, 1000
"""How often a call is timed, after how long together no more, and of how many ticks."""
LATELY_S, DAY_S = 900, 86_400
KINDS = ("demo", "contest", "real")
MARGIN_MODES = ("netting", "exchange", "hedging")
EXECUTIONS = ("request", "instant", "market", "exchange")
TRADE_MODES = ("disabled", "long only", "short only", "close only", "full")
FLAGS = {1: "FOK", 2: "IOC", 4: "BOC"}
FILLINGS = {FOK: "FOK", IOC: "IOC", RETURN: "RETURN"}
DEMO = KINDS[0]
DISABLED = TRADE_MODES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolFacts:
    """What a broker lets be done with a symbol; volumes in lots. `fault` where its specification is none."""

    symbol: str
    flagged: tuple[str, ...] = ()
    closes_with: tuple[str, ...] = ()
    """Filling modes that a close tries, in that order."""
    execution: str = ""
    trade_mode: str = ""
    volume_min: float = 0.0
    volume_step: float = 0.0
    volume_max: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One terminal at one moment; `latency_ms` is the median of some calls of each function."""

    package: str
    name: str
    build: int
    path: str
    data_path: str
    company: str
    login: int
    server: str
    kind: str
    margin_mode: str
    trade_allowed: bool
    trade_expert: bool
    algo_trading: bool
    api_disabled: bool
    connected: bool
    ping_ms: float
    positions: int
    symbols: tuple[SymbolFacts, ...]
    latency_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """The calls that can hold a terminal up, which no look at it needs; `faults` says which were not answered."""

    latency_ms: Mapping[str, float]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """Which zone the broker's clock follows, empty where nothing shows it; the offset is that of now."""

    zone: str
    certain: bool
    why: str
    offset_s: int = 0


class Part(StrEnum):
    """What is asked about; a terminal may fetch a clock's bars, or a symbol's first ticks, for most of a minute."""

    TERMINAL = "terminal"
    CALLS = "calls"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    attachment: Attachment
    part: Part
    symbols: tuple[str, ...] = ()


def examined(attachment: Attachment, timeout_s: float, symbols: tuple[str, ...] = ()) -> Examination:
    """The terminal as a process of its own sees it, which is killed at the deadline; symbols held are always seen."""
    question = Question(attachment=attachment, part=Part.TERMINAL, symbols=symbols)
    return oneshot.ask(__name__, question, Examination, timeout_s)


def calls_timed(attachment: Attachment, timeout_s: float) -> CallFacts:
    """How long the heavier calls take, in the same way; on the first symbol that is held."""
    return oneshot.ask(__name__, Question(attachment=attachment, part=Part.CALLS), CallFacts, timeout_s)


def clock_found(attachment: Attachment, timeout_s: float) -> ClockFacts:
    """The broker's clock, in the same way; what the config says of it is not asked."""
    return oneshot.ask(__name__, Question(attachment=attachment, part=Part.CLOCK), ClockFacts, timeout_s)


def examine(attached: Attached, clock: Clock, symbols: Iterable[str] = ()) -> Examination:
    """Look at a terminal that is connected; TerminalError where it does not answer."""
    module = attached.module
    account, info = _asked(module, "account_info"), _asked(module, "terminal_info")
    held = _asked(module, "positions_get")
    names = sorted({row.symbol for row in held} | set(symbols))
    return Examination(
        package=str(module.__version__),
        name=info.name,
        build=info.build,
        path=info.path,
        data_path=info.data_path,
        company=account.company,
        login=account.login,
        server=account.server,
        kind=_named(KINDS, account.trade_mode),
        margin_mode=_named(MARGIN_MODES, account.margin_mode),
        trade_allowed=account.trade_allowed,
        trade_expert=account.trade_expert,
        algo_trading=info.trade_allowed,
        api_disabled=info.tradeapi_disabled,
        connected=info.connected,
        ping_ms=info.ping_last / 1000,
        positions=len(held),
        symbols=tuple(_symbol(module, name) for name in names),
        latency_ms=_latencies(module, clock, names),
    )


def time_calls(attached: Attached, clock: Clock) -> CallFacts:
    """Time them on a terminal that is connected; those of a symbol only where one is held."""
    module, took, faults = attached.module, dict[str, float](), list[str]()
    calls: dict[str, tuple[Any, ...]] = {"symbols_get": ()}
    held = _asked(module, "positions_get")
    if held:
        row = min(held, key=lambda row: (row.symbol, row.ticket))
        calls["order_calc_margin"] = (row.type, row.symbol, row.volume, row.price_current)
        calls["order_calc_profit"] = (row.type, row.symbol, row.volume, row.price_open, row.price_current)
        since_s = clock.utc_ms() // 1000 - LATELY_S
        calls["copy_ticks_from"] = (row.symbol, since_s, TICKS, COPY_TICKS_INFO)
    for name, given in calls.items():
        try:
            took[name] = _median_ms(partial(_asked, module, name, *given), clock)
        except TerminalError as error:
            faults.append(error.reason)
    return CallFacts(latency_ms=took, faults=tuple(faults))


def broker_clock(attached: Attached, clock: Clock) -> ClockFacts:
    """What bars and ticks of a connected terminal show, or what a simulated one says."""
    now = clock.utc_ms()
    if attached.zone:
        return ClockFacts(zone=attached.zone, certain=True, why="the terminal says so",
                          offset_s=_offset_s(attached.zone, now))  # fmt: skip
    found = detect(attached.module, now)
    offset_s = _offset_s(found.zone, now) if found.zone else 0
    return ClockFacts(zone=found.zone, certain=found.certain, why=found.why, offset_s=offset_s)


def _symbol(module: Any, name: str) -> SymbolFacts:
    try:
        row = _asked(module, "symbol_info", name)
        instrument = decode.instrument(row)
    except TerminalError as error:
        return SymbolFacts(symbol=name, fault=error.reason)
    return SymbolFacts(
        symbol=name,
        flagged=tuple(said for flag, said in FLAGS.items() if row.filling_mode & flag),
        closes_with=tuple(FILLINGS[mode] for mode in choices(instrument)),
        execution=_named(EXECUTIONS, row.trade_exemode),
        trade_mode=_named(TRADE_MODES, row.trade_mode),
        volume_min=row.volume_min,
        volume_step=row.volume_step,
        volume_max=row.volume_max,
    )


def _latencies(module: Any, clock: Clock, symbols: list[str]) -> dict[str, float]:
    now_s = clock.utc_ms() // 1000
    calls: dict[str, tuple[Any, ...]] = dict.fromkeys(
        ("account_info", "terminal_info", "positions_get", "orders_get"), ()
    )
    calls["history_deals_get"] = (now_s - LATELY_S, now_s + DAY_S)
    if symbols:
        calls |= dict.fromkeys(("symbol_info", "symbol_info_tick"), (symbols[0],))
    return {name: _median_ms(partial(_asked, module, name, *given), clock) for name, given in calls.items()}


def _median_ms(call: Callable[[], object], clock: Clock) -> float:
    took = []
    for _ in range(TIMES):
        began = clock.monotonic()
        call()
        took.append((clock.monotonic() - began) * 1000)
        if sum(took) > ENOUGH_MS:
            break
    return round(median(took), 3)


def _asked(module: Any, function: str, *given: Any) -> Any:
    found = getattr(module, function)(*given)
    if found is None:
        code, text = module.last_error()
        raise TerminalError(f"no answer to {function}: {text} ({code})", "look at MetaTrader 5")
    return found


def _named(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else f"number {number}"


def _offset_s(name: str, now_ms: int) -> int:
    return zone(name).offset_ms(now_ms) // 1000


def _run(question: Question) -> Examination | CallFacts | ClockFacts:
    clock, attached = SystemClock(), attach(question.attachment)
    attached.answering()
    try:
        if question.part is Part.CLOCK:
            return broker_clock(attached, clock)
        if question.part is Part.CALLS:
            return time_calls(attached, clock)
        return examine(attached, clock, question.symbols)
    finally:
        attached.module.shutdown()


if __name__ == "__main__":
    sys.exit(oneshot.answer(_run, Question))
