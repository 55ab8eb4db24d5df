"""What could keep the guard from acting on a terminal: findings, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bridge.brokerclock import REMEDY
from bridge.examine import DISABLED, ClockFacts, Examination, SymbolFacts
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


def terminal_findings(settings: TerminalSettings, poll_ms: int, seen: Examination | TerminalError,
                      clock: ClockFacts | TerminalError) -> list[Finding]:  # fmt: skip
    """Everything about one terminal; where it could not be seen, that alone."""
    if isinstance(seen, TerminalError):
        return [_failed(settings, "terminal", seen.reason, seen.remedy)]
    return [
        _ok(settings, "package", f"MetaTrader5 {seen.package}"),
        _ok(settings, "terminal", f"{seen.name}, build {seen.build}, {seen.path}"),
        _account(settings, seen),
        *_permissions(settings, seen),
        *(_symbol(settings, symbol) for symbol in seen.symbols),
        _clock(settings, clock),
        _latency(settings, poll_ms, seen),
    ]


def _account(settings: TerminalSettings, seen: Examination) -> Finding:
    found = f"{seen.login} on {seen.server} ({seen.company}), {seen.kind}, {seen.margin_mode}"
    wanted = (settings.login or seen.login, settings.server or seen.server)
    if wanted != (seen.login, seen.server):
        return _failed(settings, "account", f"{found}; the config expects {wanted[0]} on {wanted[1]}",
                       "log in to that one in MetaTrader 5, or correct this [[terminal]]")  # fmt: skip
    if settings.login == 0:
        return _warned(settings, "account", f"{found}; the config takes any account, which can never be armed",
                       f"set login = {seen.login} of this [[terminal]] to arm")  # fmt: skip
    return _ok(settings, "account", found)


def _permissions(settings: TerminalSettings, seen: Examination) -> Iterator[Finding]:
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
        yield _ok(settings, check, found[0]) if good else _failed(settings, check, found[1], remedy)


def _symbol(settings: TerminalSettings, symbol: SymbolFacts) -> Finding:
    """Whether a close of a symbol that is held is possible."""
    check = f"closing {symbol.symbol}"
    if symbol.fault:
        return _failed(settings, check, symbol.fault, "ask the broker what became of this symbol")
    found = (f"{symbol.execution} execution, fills {' or '.join(symbol.flagged) or 'nothing'}, closes with "
             f"{' then '.join(symbol.closes_with)}, {symbol.volume_min:g} to {symbol.volume_max:g} lots in steps of "
             f"{symbol.volume_step:g}, trading: {symbol.trade_mode}")  # fmt: skip
    if symbol.trade_mode == DISABLED:
        return _failed(settings, check, found, "nothing closes it now, by hand neither; ask the broker")
    if not set(symbol.closes_with) & {*symbol.flagged, "RETURN"}:
        return _warned(
            settings, check, found, "the broker flags no filling mode that a close can use: try plimsoll drill"
        )
    return _ok(settings, check, found)


def _clock(settings: TerminalSettings, clock: ClockFacts | TerminalError) -> Finding:
    """The broker's clock as it was detected, beside the one that the config says."""
    if isinstance(clock, TerminalError):
        found, detected = clock.reason, ""
    else:
        found = f"{clock.zone or 'not known'}, {_offset(clock)}{'' if clock.certain else 'not certain, '}{clock.why}"
        detected = clock.zone
    if not detected:
        if settings.clock:
            return _ok(settings, "broker's clock", f"{settings.clock}, as the config says; from the market: {found}")
        return _failed(settings, "broker's clock", found, REMEDY)
    if settings.clock and settings.clock != detected:
        return _warned(settings, "broker's clock", f"the config says {settings.clock}, the market shows {found}",
                       "compare with the clock of MetaTrader 5's Market Watch")  # fmt: skip
    if settings.clock or (isinstance(clock, ClockFacts) and clock.certain):
        return _ok(settings, "broker's clock", found)
    return _warned(settings, "broker's clock", found, REMEDY)


def _offset(clock: ClockFacts) -> str:
    return f"UTC{clock.offset_s / 3600:+g} h, " if clock.zone else ""


def _latency(settings: TerminalSettings, poll_ms: int, seen: Examination) -> Finding:
    calls = ", ".join(f"{name} {took:.2f}" for name, took in seen.latency_ms.items())
    whole = sum(seen.latency_ms.values())
    found = f"{whole:.1f} ms for one of each: {calls}"
    if whole > poll_ms:
        return _warned(settings, "latency", f"{found}; poll_ms is {poll_ms}",
                       "close charts, indicators and experts that keep it busy, or raise poll_ms")  # fmt: skip
    return _ok(settings, "latency", found)


def _ok(settings: TerminalSettings, check: str, found: str) -> Finding:
    return Finding(terminal=settings.name, check=check, state=State.OK, found=found)


def _warned(settings: TerminalSettings, check: str, found: str, remedy: str) -> Finding:
    return Finding(terminal=settings.name, check=check, state=State.WARNING, found=found, remedy=remedy)


def _failed(settings: TerminalSettings, check: str, found: str, remedy: str) -> Finding:
    return Finding(terminal=settings.name, check=check, state=State.FAILED, found=found, remedy=remedy)
