"""`plimsoll simulate`: one scenario on a virtual clock, JSON Lines on stdout."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.commands import DONE
from app.config import load as load_config
from app.events import Event, line
from app.simulate import simulate
from bridge.simulator.scenario import load


def run(args: argparse.Namespace) -> int:
    """Exit 0 when the scenario ran to its end, whatever happened in it; 1 where its lines could not be written."""
    scenario = load(args.scenario)
    config = load_config(Path(args.config), os.environ) if args.config else None
    out = sys.stdout.buffer
    failures: list[OSError] = []

    def sink(told: Event) -> None:
        """An error here would be the engine's; it is kept for the end instead."""
        if failures:
            return
        try:
            out.write(line(told))
        except OSError as error:
            failures.append(error)

    simulate(scenario, sink, os.environ, config)
    if failures:
        raise failures[0]
    out.flush()
    return DONE
