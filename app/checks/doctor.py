"""What could keep the guard from acting on a terminal: findings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bridge.brokerclock import REMEDY
from bridge.examine import DISABLED, CallFacts, ClockFacts, Examination, SymbolFacts
from bridge.port import TerminalError
from monitors.settings import TerminalSettings


class State(StrEnum):
    """How a finding stands; the guard may be unable to act where one failed."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `terminal` is empty where it concerns the machine."""

    terminal: str = ""
    check: str
    state: State
    found: str
    remedy: str = ""


def ok(check: str, found: str) -> Finding:
    """Nothing wrong there."""
    return Finding(check=check, state=State.OK, found=found)


def warned(check: str, found: str, remedy: str) -> Finding:
    """Something that a person should know of."""
    return Finding(check=check, state=State.WARNING, found=found, remedy=remedy)


def failed(check: str, found: str, remedy: str) -> Finding:
    """Something that keeps the guard from acting."""
    return Finding(check=check, state=State.FAILED, found=found, remedy=remedy)


def terminal_findings(
    settings: TerminalSettings,
    poll_ms: int,
    seen: Examination | TerminalError,
    calls: CallFacts | TerminalError,
    clock: ClockFacts | TerminalError,
) -> list[Finding]:
    """Everything about one terminal; where it could not be seen, that alone."""
    if isinstance(seen, TerminalError):
        found = [failed("terminal", seen.reason, seen.remedy)]
    else:
        found = _findings(settings, poll_ms, seen, calls, clock)
    return [replace(finding, terminal=settings.name) for finding in found]


def _findings(settings: TerminalSettings, poll_ms: int, seen: Examination, calls: CallFacts | TerminalError,
              clock: ClockFacts | TerminalError) -> list[Finding]:  # fmt: skip
    return [
        ok("package", f"MetaTrader5 {seen.package}"),
        ok("terminal", f"{seen.name}, build {seen.build}, {seen.path}"),
        _account(settings, seen),
        *_permissions(seen),
        *(_symbol(symbol) for symbol in seen.symbols),
        _clock(settings, clock),
        _latency(poll_ms, seen),
        _calls(calls),
    ]


def _account(settings: TerminalSettings, seen: Examination) -> Finding:
    found = f"{seen.login} on {seen.server} ({seen.company}), {seen.kind}, {seen.margin_mode}"
    wanted = (settings.login or seen.login, settings.server or seen.server)
    if wanted != (seen.login, seen.server):
        return failed("account", f"{found}; the config expects {wanted[0]} on {wanted[1]}",
                      "log in to that one in MetaTrader 5, or correct this [[terminal]]")  # fmt: skip
    if settings.login == 0:
        return warned("account", f"{found}; the config takes any account, which can never be armed",
                      f"set login = {seen.login} of this [[terminal]] to arm")  # fmt: skip
    return ok("account", found)


def _permissions(seen: Examination) -> Iterator[Finding]:
    """What has to be true before an order is taken, each by the place where it is set."""
    ping = f", {seen.ping_ms:.0f} ms away" if seen.connected else ""
    for check, good, found, remedy in (
        ("connected", seen.connected, ("connected to the broker" + ping, "not connected to the broker"),
         "look at the lower right corner of MetaTrader 5: log in, or mend the internet connection"),
        ("algo trading", seen.algo_trading, ("on", "off: the terminal refuses every order of a program"),
         "press Algo Trading in MetaTrader 5's toolbar"),
        ("python api", not seen.api_disabled, ("allowed", "disabled in the terminal's options"),
         "Tools, Options, Expert Advisors: allow algorithmic trading by the external Python API"),
        ("account may trade", seen.trade_allowed, ("yes", "no: logged in for looking only, or disabled"),
         "log in with the trading password, not the investor's; otherwise ask the broker"),
        ("programs may trade", seen.trade_expert, ("yes", "no: the broker forbids automated trading here"),
         "ask the broker to allow expert advisors on this account"),
    ):  # fmt: skip
        yield ok(check, found[0]) if good else failed(check, found[1], remedy)


def _symbol(symbol: SymbolFacts) -> Finding:
    """Whether a close of a symbol that is held is possible."""
    check = f"closing {symbol.symbol}"
    if symbol.fault:
        return failed(check, symbol.fault, "ask the broker what became of this symbol")
    found = (f"{symbol.execution} execution, fills {' or '.join(symbol.flagged) or 'nothing'}, closes with "
             f"{' then '.join(symbol.closes_with)}, {symbol.volume_min:g} to {symbol.volume_max:g} lots in steps of "
             f"{symbol.volume_step:g}, trading: {symbol.trade_mode}")  # fmt: skip
    if symbol.trade_mode == DISABLED:
        return failed(check, found, "nothing closes it now, by hand neither; ask the broker")
    if not set(symbol.closes_with) & {*symbol.flagged, "RETURN"}:
        return warned(check, found, "the broker flags no filling mode that a close can use: try plimsoll drill")
    return ok(check, found)


def _clock(settings: TerminalSettings, clock: ClockFacts | TerminalError) -> Finding:
    """The broker's clock as it was detected, beside the one that the config says."""
    if isinstance(clock, TerminalError):
        found, detected = clock.reason, ""
    else:
        found = f"{clock.zone or 'not known'}, {_offset(clock)}{'' if clock.certain else 'not certain, '}{clock.why}"
        detected = clock.zone
    if not detected:
        if settings.clock:
            return ok("broker's clock", f"{settings.clock}, as the config says; from the market: {found}")
        return failed("broker's clock", found, REMEDY)
    if settings.clock and settings.clock != detected:
        return warned("broker's clock", f"the config says {settings.clock}, the market shows {found}",
                      "compare with the clock of MetaTrader 5's Market Watch")  # fmt: skip
    if settings.clock or (isinstance(clock, ClockFacts) and clock.certain):
        return ok("broker's clock", found)
    return warned("broker's clock", found, REMEDY)


def _offset(clock: ClockFacts) -> str:
    return f"UTC{clock.offset_s / 3600:+g} h, " if clock.zone else ""


def _latency(poll_ms: int, seen: Examination) -> Finding:
    whole = sum(seen.latency_ms.values())
    found = f"{whole:.1f} ms for one of each: {_each(seen.latency_ms)}"
    if whole > poll_ms:
        return warned("latency", f"{found}; poll_ms is {poll_ms}",
                      "close charts, indicators and experts that keep it busy, or raise poll_ms")  # fmt: skip
    return ok("latency", found)


def _calls(calls: CallFacts | TerminalError) -> Finding:
    """Of the calls that no beat waits for; a symbol's first ticks alone can take most of a minute."""
    check, remedy = "latency, other calls", "run plimsoll doctor again: MetaTrader 5 may still fetch what was asked"
    if isinstance(calls, TerminalError):
        return warned(check, calls.reason, remedy)
    found = f"in ms: {_each(calls.latency_ms)}"
    return warned(check, "; ".join((found, *calls.faults)), remedy) if calls.faults else ok(check, found)


def _each(latency_ms: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {took:.2f}" for name, took in latency_ms.items())
