"""`plimsoll …`: arguments in, one call out; exit 0 done, 1 failed, 2 bad input."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NoReturn

LONGEST_S = 1_000_000.0
FASTEST = 100_000.0
LARGEST_AMOUNT = 1e12
OPENINGS = {
    "--balance": "balance at the day's reset",
    "--equity": "equity at the day's reset",
    "--day-high": "highest equity since the day's reset",
    "--week-high": "highest equity since the week's reset",
    "--high-water": "highest equity ever",
}
SMALLEST, LARGEST = 640, 8192
PAGES = "monitor", "exposure", "risk", "results", "accounts", "report", "settings"
TABLES = "samples", "equity", "alerts", "responses", "trades", "deals"
THEMES, PRESETS = ("dark", "light"), ("plimsoll", "blue-red", "tradingview")

_CONFIG = "the config file; without it config.toml here or in your settings"
_DATA = "the data folder of the running instance, where the config does not say"


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    _open_streams()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads cost a beat more than its sums gain
    args = _parser().parse_args(given)
    from app.commands import guarded  # noqa: PLC0415 -- `--help` and `--version` need none of it

    module, _, function = args.run.partition(":")
    return guarded(getattr(importlib.import_module(f"app.commands.{module}"), function), args)


def _open_streams() -> None:
    """UTF-8 whatever the machine's locale; a stream that was closed leads nowhere."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """See argparse; exit 2."""
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')}; {self.prog} --help says what is right\n")


_Commands = argparse._SubParsersAction  # noqa: SLF001 -- argparse gives its type no other name


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from bridge.versions import lines  # noqa: PLC0415 -- slow to import

        print("\n".join(lines()))
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="plimsoll",
        description="The load line for a trading account: watches margin and drawdown beside MetaTrader 5 and cuts "
        "by as little as restores them. Without a command: the window on the terminals of the config.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="this program's version and those that it runs on")
    parser.add_argument("--config", metavar="FILE", help=_CONFIG)
    _look(parser)
    parser.set_defaults(run="run:window", endless=True)
    commands = parser.add_subparsers(metavar="command", title="commands")
    for add in (_demo, _run, _simulate, _check, _doctor, _drill, _remotes, _stream, _desk, _report, _audit, _export,
                _keep, _push):  # fmt: skip
        add(commands)
    return parser


def _demo(commands: _Commands[_Parser]) -> None:
    demo = _command(commands, "demo", "the window on a simulated terminal with a live story", "demo:run", endless=True)
    demo.add_argument("--ticks", metavar="SYMBOL=FILE", action="append", default=[],
                      help="play a recorded tape (Parquet or MT5's CSV)")  # fmt: skip
    demo.add_argument("--speed", type=_number("a speed above 0, at most 100000", FASTEST), default=1.0, metavar="X",
                      help="seconds of the tape a second (default 1)")  # fmt: skip
    demo.add_argument("--seed", type=_whole, default=1, metavar="N", help="of the made-up prices (default 1)")
    _for(demo)
    demo.add_argument("--screenshot", metavar="FILE", help="save the window as PNG before it ends")
    demo.add_argument("--page", choices=PAGES, default=PAGES[0], help="the page that is shown first")
    demo.add_argument("--size", type=_size, metavar="WxH", help="of the window, in pixels (default 1280x800)")
    _look(demo)
    demo.add_argument("--data", metavar="DIR", help="keep the demo's data here; without it they are gone afterwards")


def _run(commands: _Commands[_Parser]) -> None:
    run = _command(commands, "run", "the guard without a window: a line per event, Ctrl-C ends", "run:run",
                   endless=True)  # fmt: skip
    run.add_argument("--headless", action="store_true", required=True,
                     help="say so: with a window it is plain `plimsoll`")  # fmt: skip
    _config(run)
    _for(run)
    run.add_argument("--json", action="store_true", help="events as JSON Lines")


def _simulate(commands: _Commands[_Parser]) -> None:
    simulate = _command(commands, "simulate", "one scenario on a virtual clock; JSON Lines on stdout", "simulate:run")
    simulate.add_argument("scenario", metavar="SCENARIO.toml")
    simulate.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS,
                          help="these rules instead of the scenario's own")  # fmt: skip
    simulate.add_argument("--seed", type=_whole, default=1, metavar="N",
                          help="of whatever a scenario leaves to chance; today's scenarios leave nothing")  # fmt: skip


def _check(commands: _Commands[_Parser]) -> None:
    check = _command(commands, "check", "validate a config and say its rules in words", "check:run")
    _config(check)
    check.add_argument("--explain", action="store_true", help="also why each rule is there and what to do, and what "
                       "a firm's plan means in money and where it was read")  # fmt: skip
    check.add_argument("--json", action="store_true", help="rules and plans with their sentences, for a program")


def _doctor(commands: _Commands[_Parser]) -> None:
    doctor = _command(commands, "doctor", "everything that could keep the guard from acting, and the remedy",
                      "doctor:run")  # fmt: skip
    _config(doctor)
    doctor.add_argument("--json", action="store_true", help="for a program")


def _drill(commands: _Commands[_Parser]) -> None:
    drill = _command(commands, "drill", "close one volume step on a demo account and record how the broker answers",
                     "drill:run")  # fmt: skip
    _config(drill)
    drill.add_argument("--account", metavar="NAME", help="which terminal of the config, where it has several")
    drill.add_argument("--position", type=_whole, metavar="ID", help="which position; without it the largest")
    drill.add_argument("--yes", action="store_true", help="without asking, for scripts")
    drill.add_argument("--json", action="store_true", help="the outcome for a program")


def _remotes(commands: _Commands[_Parser]) -> None:
    status = _command(commands, "status", "accounts, open alerts and halts of the running instance", "remote:status")
    status.add_argument("--json", action="store_true", help="for a program")
    acknowledge = _command(commands, "acknowledge", "say that a person has seen an alert", "remote:acknowledge")
    acknowledge.add_argument("alert", type=_alert, metavar="N", help="the alert's number")
    reset = _command(commands, "reset", "lift a halt; asks for the account's name to be typed", "remote:reset")
    reset.add_argument("--account", metavar="NAME", help="which account, where more than one is halted")
    reset.add_argument("--yes", metavar="NAME", help="the account's name, typed beforehand, for scripts")
    loosen = _command(commands, "loosen", "let looser limits of the config hold now, not after the next reset; asks "
                      "for the account's name to be typed", "remote:loosen")  # fmt: skip
    loosen.add_argument("--account", metavar="NAME", help="which account, where limits of more than one are held")
    loosen.add_argument("--yes", metavar="NAME", help="the account's name, typed beforehand, for scripts")
    stop = _command(commands, "stop", "the emergency stop, by the running instance or, where none answers, without it",
                    "stop:stop")  # fmt: skip
    stop.add_argument("--account", metavar="NAME", help="this account only; without it all of them")
    _for(stop)
    opening = _command(commands, "opening", "type the day's openings and the highs as the firm states them",
                       "remote:opening")  # fmt: skip
    opening.add_argument("--account", metavar="NAME", required=True, help="which account")
    amount = _number("an amount above 0, such as 10000", LARGEST_AMOUNT)
    for option, what in OPENINGS.items():
        opening.add_argument(option, type=amount, metavar="X", help=what)
    backstop = _command(commands, "backstop", "show the stops that a backstop would set, and agree to them",
                        "backstop:backstop")  # fmt: skip
    backstop.add_argument("--account", metavar="NAME", help="which account, where more than one has a backstop")
    backstop.add_argument("--yes", metavar="NAME", help="the account's name, typed beforehand, for scripts")
    for remote in (status, acknowledge, reset, loosen, stop, opening, backstop):
        _config(remote)
        remote.add_argument("--data", metavar="DIR", help=_DATA)


def _stream(commands: _Commands[_Parser]) -> None:
    what = "the read-only stream for dashboards, which [stream] of the config switches on"
    stream = commands.add_parser("stream", help=f"the token of {what}", description=f"Of {what}.", allow_abbrev=False)
    kinds = stream.add_subparsers(metavar="token", title="commands", required=True)
    token = _command(kinds, "token", "print the token that a client of the stream must know; keep it to yourself",
                     "stream:token")  # fmt: skip
    token.add_argument("--renew", action="store_true", help="make another; the one before opens nothing any more")
    _config(token)
    token.add_argument("--data", metavar="DIR", help=_DATA)


def _desk(commands: _Commands[_Parser]) -> None:
    desk = _command(commands, "desk", "the overview of every account on every machine, from Kafka, read-only",
                    "desk:run", endless=True)  # fmt: skip
    desk.add_argument("--brokers", metavar="HOST:PORT", help="Kafka's brokers, separated by commas (default: the "
                      "config's [desk], which also says how to sign in)")  # fmt: skip
    desk.add_argument("--topic", metavar="NAME", help="the beginning of the topics' names (default plimsoll)")
    desk.add_argument("--headless", action="store_true", help="a line per event, per change of an account and per "
                      "machine that goes silent; also where there is no display")  # fmt: skip
    desk.add_argument("--json", action="store_true", help="the same as JSON Lines")
    desk.add_argument("--screenshot", metavar="FILE", help="save the window as PNG before it ends")
    _config(desk)
    _for(desk)
    _look(desk)


def _report(commands: _Commands[_Parser]) -> None:
    report = _command(commands, "report", "the risk report of a day or a range, as HTML or PDF", "report:run")
    report.add_argument("--from", dest="since", type=_day, metavar="DAY",
                        help="the first day, such as 2026-03-02 (default: the last recorded one)")  # fmt: skip
    report.add_argument("--to", dest="until", type=_day, metavar="DAY", help="the last day (default: the first one)")
    report.add_argument("--account", metavar="NAME", help="which account, where more than one was recorded")
    report.add_argument("--out", metavar="FILE.html|FILE.pdf", required=True, help="the file to write")
    _config(report)
    report.add_argument("--data", metavar="DIR", help=_DATA)


def _audit(commands: _Commands[_Parser]) -> None:
    what = "the log of what was seen, decided, sent, answered and clicked"
    audit = commands.add_parser("audit", help=f"verify or export {what}", description=f"Of {what}.", allow_abbrev=False)
    kinds = audit.add_subparsers(metavar="verify|export", title="commands", required=True)
    verify = _command(kinds, "verify", f"whether {what} is as it was written; names the first damaged row",
                      "audit:verify")  # fmt: skip
    verify.add_argument("--json", action="store_true", help="for a program")
    export = _command(kinds, "export", f"{what}, row by row", "audit:export")
    export.add_argument("--format", choices=("csv", "jsonl"), help="for a spreadsheet, or JSON Lines; without it as "
                        "FILE ends, else csv")  # fmt: skip
    export.add_argument("--out", metavar="FILE", help="the file to write; without it stdout")
    export.add_argument("--from", dest="since", type=_day, metavar="DAY", help="the first day, UTC, such as 2026-03-02")
    export.add_argument("--to", dest="until", type=_day, metavar="DAY", help="the last day, UTC")
    for each in (verify, export):
        each.add_argument("--db", metavar="FILE", help="this journal; without it the one of the config's data folder")
        _config(each)
        each.add_argument("--data", metavar="DIR", help=_DATA)


def _export(commands: _Commands[_Parser]) -> None:
    what = "the history store's rows, for a spreadsheet or another program"
    export = commands.add_parser("export", help=what, description=f"{what.capitalize()}.", allow_abbrev=False)
    kinds = export.add_subparsers(metavar="history", title="commands", required=True)
    history = _command(kinds, "history", "samples of equity, balance, margin and drawdown, or what else was recorded",
                       "export:history")  # fmt: skip
    history.add_argument("--out", metavar="FILE.csv|FILE.parquet", required=True, help="the file to write")
    history.add_argument("--table", choices=TABLES, default=TABLES[0], help="what of it (default: samples)")
    history.add_argument("--from", dest="since", type=_day, metavar="DAY", help="the first day, UTC: 2026-03-02")
    history.add_argument("--to", dest="until", type=_day, metavar="DAY", help="the last day, UTC")
    history.add_argument("--account", metavar="NAME", help="this account only; without it all of them")
    history.add_argument("--db", metavar="FILE", help="this history.db; without it the one of the config's data folder")
    _config(history)
    history.add_argument("--data", metavar="DIR", help=_DATA)


def _keep(commands: _Commands[_Parser]) -> None:
    backup = _command(commands, "backup", "journal and archive into one file, while the guard runs too", "keep:backup")
    backup.add_argument("--out", metavar="FILE.zip", required=True, help="the file to write")
    restore = _command(commands, "restore", "a backup back into the data folder; not while the guard runs",
                       "keep:restore")  # fmt: skip
    restore.add_argument("backup", metavar="FILE.zip", help="what plimsoll backup wrote")
    for keep in (backup, restore):
        _config(keep)
        keep.add_argument("--data", metavar="DIR", help=_DATA)


def _push(commands: _Commands[_Parser]) -> None:
    what = "alerts as messages to a phone or a mailbox: their targets and secrets"
    push = commands.add_parser("push", help=what, description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False)
    kinds = push.add_subparsers(metavar="set|list|test", title="commands", required=True)
    given = _command(kinds, "set", "put an Apprise URL into the keyring; asks for it and shows nothing of it",
                     "push:store")  # fmt: skip
    given.add_argument("name", metavar="NAME", help='what the config calls it: urls = ["keyring:NAME"]')
    listed = _command(kinds, "list", "the targets of the config, and whether each can be used; sends nothing",
                      "push:listed")  # fmt: skip
    test = _command(kinds, "test", "send a test message to every target and say what each service answered",
                    "push:test")  # fmt: skip
    for each in (listed, test):
        each.add_argument("--json", action="store_true", help="for a program")
        _config(each)


def _command(commands: _Commands[_Parser], name: str, what: str, run: str, *, endless: bool = False) -> _Parser:
    """`endless`: runs until it is ended, so that Ctrl-C is how it succeeds."""
    made = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False)
    made.set_defaults(run=run, endless=endless)
    return made


def _config(parser: _Parser) -> None:
    """`--config` before or after the command."""
    parser.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS, help=_CONFIG)


def _look(parser: _Parser) -> None:
    parser.add_argument("--theme", choices=THEMES, default=argparse.SUPPRESS,
                        help="of the window (default: as it was last, at first dark)")  # fmt: skip
    parser.add_argument("--colours", choices=PRESETS, default=argparse.SUPPRESS,
                        help="of profit and loss; blue-red is MT5's own, and for the colour-blind")  # fmt: skip
    parser.add_argument("--reduced-motion", dest="still", action="store_true", default=argparse.SUPPRESS,
                        help="nothing moves by itself (default: as it was last)")  # fmt: skip


def _for(parser: _Parser) -> None:
    parser.add_argument("--for", dest="seconds", type=_number("seconds above 0, such as 60", LONGEST_S),
                        metavar="SECONDS", help="end after that many seconds")  # fmt: skip


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a day such as 2026-03-02") from None


def _number(wanted: str, most: float) -> Callable[[str], float]:
    """A reader of numbers above 0 and up to `most`."""

    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = 0.0
        if not 0 < found <= most:
            raise argparse.ArgumentTypeError(f"found {text!r}, expected {wanted}")
        return found

    return read


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and SMALLEST <= int(width) <= LARGEST >= int(height)):
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a width and a height such as 1920x1080")
    return int(width), int(height)


def _alert(text: str) -> int:
    """Alarms that stand while an account is not seen have numbers below 0."""
    return -_whole(text[1:]) if text.startswith("-") else _whole(text)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):  # noqa: PLR2004 -- fits 64 bits
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number such as 1")
    return int(text)
