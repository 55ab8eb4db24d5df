"""`plimsoll demo`: the window on a simulated terminal with a live story."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from app.commands import BAD_INPUT, misplaced, say, told
from app.commands.show import Showing, look, show, still
from app.main import demo
from bridge.simulator.catalogue import LISTINGS
from bridge.simulator.ticks import TickFileError, Ticks, read_ticks


def run(args: argparse.Namespace) -> int:
    """Data live in a folder that is gone afterwards, unless --data names one."""
    tapes: dict[str, Ticks] = {}
    for given in args.ticks:
        symbol, _, file = given.partition("=")
        if not file or symbol not in LISTINGS:
            known = ", ".join(LISTINGS)
            return told(f"--ticks {given}: expected SYMBOL=FILE with a symbol of the demo: {known}", BAD_INPUT)
        if symbol in tapes:
            return told(f"--ticks {given}: found {symbol} twice, expected one file a symbol", BAD_INPUT)
        tapes[symbol] = _tape(Path(file))
    picture = Path(args.screenshot) if args.screenshot else None
    if picture and (why := misplaced(picture)):
        return told(f"--screenshot {picture}: {why}", BAD_INPUT)
    with TemporaryDirectory(prefix="plimsoll-demo-") as folder:
        program = demo(tapes, args.speed, args.seed, Path(args.data or folder), say)
        return show(
            program,
            Showing(
                seconds=args.seconds,
                picture=picture,
                size=args.size,
                page=args.page,
                look=look(args),
                still=still(args),
            ),
        )


def _tape(path: Path) -> Ticks:
    """The file's ticks; a file that is not one at all is told what would be."""
    try:
        return read_ticks(path)
    except TickFileError as error:
        remedy = "" if "should be" in str(error) else "; expected Parquet with time_msc, bid, ask, or MT5's CSV"
        raise TickFileError(path, f"{str(error).removeprefix(f'{path}: ')}{remedy}") from error
