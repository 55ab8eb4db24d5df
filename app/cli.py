"""`plimsoll …`: arguments in, one call out; exit 0 done, 1 failed, 2 bad input."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import version

_CONFIG = ("--config", {"metavar": "FILE", "help": "the config file; without it config.toml here or in your settings"})
_DATA = ("--data", {"metavar": "DIR", "help": "the data folder of the running instance, where the config does not say"})


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    args = _parser().parse_args(given)
    from app.commands import guarded  # noqa: PLC0415 -- `--help` and `--version` need none of it

    module, _, function = args.run.partition(":")
    return guarded(getattr(importlib.import_module(f"app.commands.{module}"), function), args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plimsoll",
        description="The load line for a trading account: watches margin and drawdown beside MetaTrader 5 and cuts "
        "by as little as restores them. Without a command: the window on the terminals of the config.",
    )
    parser.add_argument("--version", action="version", version=f"plimsoll {version('plimsoll')}")
    _add(parser, _CONFIG)
    parser.set_defaults(run="run:window")
    commands = parser.add_subparsers(metavar="command", title="commands")

    demo = _command(commands, "demo", "the window on a simulated terminal with a live story", "demo:run")
    demo.add_argument("--ticks", metavar="SYMBOL=FILE", action="append", default=[], help="play a recorded tape (Parquet or MT5's CSV)")
    demo.add_argument("--speed", type=_speed, default=1.0, metavar="X", help="seconds of the tape a second (default 1)")
    demo.add_argument("--seed", type=int, default=1, metavar="N", help="of the made-up prices (default 1)")
    _for(demo)
    demo.add_argument("--screenshot", metavar="FILE", help="save the window as PNG before it ends")
    demo.add_argument("--data", metavar="DIR", help="keep the demo's data here; without it they are gone afterwards")

    run = _command(commands, "run", "the guard without a window: a line per event, Ctrl-C ends", "run:run")
    run.add_argument("--headless", action="store_true", required=True, help="say so: with a window it is plain `plimsoll`")
    _add(run, _CONFIG)
    _for(run)
    run.add_argument("--json", action="store_true", help="events as JSON Lines")

    simulate = _command(commands, "simulate", "one scenario on a virtual clock; JSON Lines on stdout", "simulate:run")
    simulate.add_argument("scenario", metavar="SCENARIO.toml")
    simulate.add_argument("--config", metavar="FILE", help="these rules instead of the scenario's own")
    simulate.add_argument("--seed", type=int, default=1, metavar="N", help="of whatever the scenario leaves to chance")

    check = _command(commands, "check", "validate a config and say its rules in words", "check:run")
    _add(check, _CONFIG)

    status = _command(commands, "status", "accounts, open alerts and halts of the running instance", "remote:status")
    status.add_argument("--json", action="store_true", help="for a program")
    acknowledge = _command(commands, "acknowledge", "say that a person has seen an alert", "remote:acknowledge")
    acknowledge.add_argument("alert", type=int, metavar="N", help="the alert's number")
    reset = _command(commands, "reset", "lift a halt; asks for the account's name to be typed", "remote:reset")
    reset.add_argument("--account", metavar="NAME", help="which account, where more than one is halted")
    reset.add_argument("--yes", metavar="NAME", help="the account's name, typed beforehand, for scripts")
    stop = _command(commands, "stop", "press the emergency stop of the running instance", "remote:stop")
    stop.add_argument("--account", metavar="NAME", help="this account only; without it all of them")
    for remote in (status, acknowledge, reset, stop):
        _add(remote, _CONFIG)
        _add(remote, _DATA)
    return parser


def _command(commands, name: str, what: str, run: str) -> argparse.ArgumentParser:  # noqa: ANN001
    made: argparse.ArgumentParser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    made.set_defaults(run=run)
    return made


def _add(parser: argparse.ArgumentParser, argument: tuple[str, dict[str, str]]) -> None:
    name, how = argument
    parser.add_argument(name, **how)  # type: ignore[arg-type]


def _for(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--for", dest="seconds", type=_seconds, metavar="SECONDS", help="end after that many seconds")


def _seconds(text: str) -> float:
    return _above_zero(text, "seconds such as 60")


def _speed(text: str) -> float:
    return _above_zero(text, "a speed such as 20")


def _above_zero(text: str, wanted: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected {wanted}")
    return found
