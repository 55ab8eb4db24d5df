"""`python -m bridge.simulator.serve FILE`: a simulated terminal as a process of its own, in real time."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

from bridge.children import die_with_parent
from bridge.simulator import addressed, scenario, story
from bridge.simulator.clock import WallClock
from bridge.simulator.exchange import Exchange
from bridge.simulator.listener import Listener
from bridge.simulator.tables import ScenarioError

BEAT_S = 0.5
"""How often the world goes on where nobody asks it anything."""
BAD_ARGUMENTS = 2


def main(argv: list[str] | None = None) -> int:
    """Serve until a signal, or with `--own` until the end of standard input."""
    given = _parser().parse_args(argv)
    if given.own:
        die_with_parent()
    file: Path = given.file
    if other := addressed.running(file):
        return _said(f"{file}: the simulated terminal of process {other.pid} answers there", BAD_ARGUMENTS)
    try:
        exchange = _world(given.seed, given.scenario)
    except ScenarioError as error:
        return _said("; ".join(error.faults), BAD_ARGUMENTS)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if given.own:
        threading.Thread(target=_read_to_end, args=(ended,), name="owner", daemon=True).start()
    return _serve(file, exchange, ended, rehearsing=given.rehearse)


def _serve(file: Path, exchange: Exchange, ended: threading.Event, *, rehearsing: bool) -> int:
    listener = Listener(exchange, rehearsing=rehearsing)
    address = addressed.Address(
        port=listener.port,
        secret=listener.secret,
        pid=os.getpid(),
        world=secrets.token_hex(8),
        zone=exchange.desk().zone.name,
        accounts=listener.accounts,
    )
    try:
        addressed.write(file, address)
    except OSError as error:
        listener.close()
        return _said(f"{file}: {(error.strerror or str(error)).lower()}", BAD_ARGUMENTS)
    while not ended.wait(BEAT_S):
        exchange.advance()
    addressed.remove(file, address)
    listener.close()
    return 0


def _world(seed: int, file: Path | None) -> Exchange:
    """The story's three accounts, or the one of a scenario, beginning now on this machine's clock."""
    clock = WallClock()
    begin = clock.utc()
    if file is None:
        return story.build(seed=seed, begin=begin).exchange
    loaded = scenario.load(file, begin)
    return Exchange(clock, list(loaded.exchange.desks.values()))


def _read_to_end(ended: threading.Event) -> None:
    """Whoever started this process holds the other end, and lets go of it however it ends."""
    while os.read(0, 4096):
        pass
    ended.set()


def _said(line: str, code: int) -> int:
    sys.stderr.write(f"simulated terminal: {line}\n")
    return code


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_said(message, BAD_ARGUMENTS))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bridge.simulator.serve", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write port, secret and process number")
    parser.add_argument("--seed", type=_seed, default=1, help="of the story's prices")
    parser.add_argument("--scenario", type=Path, metavar="TOML", help="the account, positions and events of this file")
    parser.add_argument("--own", action="store_true", help="end with the end of standard input")
    parser.add_argument("--rehearse", action="store_true", help="let clients order events and faults")
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} should be a whole number")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
