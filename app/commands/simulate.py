"""`plimsoll simulate`: one scenario on a virtual clock, JSON Lines on stdout."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from app.config import load as load_config
from app.events import Event, line
from app.simulate import simulate
from bridge.simulator.scenario import load


def run(args: argparse.Namespace) -> int:
    """Exit 0 when the scenario ran to its end, whatever happened in it."""
    scenario = load(args.scenario)
    config = load_config(Path(args.config), os.environ) if args.config else None
    out = sys.stdout.buffer

    def sink(told: Event) -> None:
        out.write(line(told))

    simulate(scenario, sink, os.environ, config)
    out.flush()
    return 0
