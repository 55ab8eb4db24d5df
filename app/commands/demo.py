"""`plimsoll demo`: the window on a simulated terminal with a live story."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from app.commands import BAD_INPUT, DONE, told
from app.commands.show import show
from app.main import demo
from bridge.simulator.catalogue import LISTINGS
from bridge.simulator.ticks import Ticks, read_ticks


def run(args: argparse.Namespace) -> int:
    """Data live in a folder that is gone afterwards, unless --data names one."""
    tapes: dict[str, Ticks] = {}
    for given in args.ticks:
        symbol, _, file = given.partition("=")
        if not file or symbol not in LISTINGS:
            known = ", ".join(LISTINGS)
            return told(f"--ticks {given}: expected SYMBOL=FILE with a symbol of the demo: {known}", BAD_INPUT)
        tapes[symbol] = read_ticks(Path(file))
    with TemporaryDirectory(prefix="plimsoll-demo-") as folder:
        place = Path(args.data or folder)
        program = demo(tapes, args.speed, args.seed, place, lambda text: _say(text))
        return show(program, seconds=args.seconds, picture=Path(args.screenshot) if args.screenshot else None)


def _say(text: str) -> None:
    told(text, DONE)
