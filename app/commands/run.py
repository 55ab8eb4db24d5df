"""`plimsoll` and `plimsoll run --headless`: the guard on the terminals of a config."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.commands import DONE, FAILED, say, told
from app.commands.show import Showing, display_there, headless, look, still, windowed
from app.commands.where import config_path
from app.config import load
from app.main import guard
from bridge.port import TerminalError
from monitors.settings import TerminalSettings


def run(args: argparse.Namespace) -> int:
    """Without a window, until Ctrl-C."""
    program = guard(load(config_path(args.config), os.environ), say)
    return headless(program, seconds=args.seconds, as_json=args.json, guarding=True)


def window(args: argparse.Namespace) -> int:
    """The window; a first-run page where there is no config or no terminal; headless where there is no display."""
    path = config_path(args.config)
    config = load(path, os.environ)
    if path is None and config.terminals == (TerminalSettings(),) and display_there():
        return _first_run(args, None)
    try:
        program = guard(config, say)
    except TerminalError as error:
        return _first_run(args, path, error)
    if display_there():
        return windowed(program, Showing(look=look(args), still=still(args)), offscreen=False, guarding=True)
    told("no display: running headless; a line per event, Ctrl-C ends", DONE)
    return headless(program, seconds=None, as_json=False, guarding=True)


def _first_run(args: argparse.Namespace, path: Path | None, error: TerminalError | None = None) -> int:
    """What was found and the demo; on a machine without a display the same in two lines."""
    if error is not None and not display_there():
        found = f"{path}" if path else "no config file was found; the default observes only"
        return told(f"{found}\n{error.reason}; {error.remedy}", FAILED)
    from app.window.first_run import offer  # noqa: PLC0415 -- needs Qt

    return offer(path, lambda config: window(argparse.Namespace(**{**vars(args), "config": config})))
