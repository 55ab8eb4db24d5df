"""`plimsoll check`: validates a config and prints the rules as a person would say them."""

from __future__ import annotations

import argparse
import os

from app.commands import DONE, written
from app.commands.where import config_path
from app.config import load
from app.explain import sentences


def run(args: argparse.Namespace) -> int:
    """Exit 2 with every fault where there is one."""
    path = config_path(args.config)
    config = load(path, os.environ)
    written(f"{path or 'no config file; these are the defaults'}: no fault. Digest {config.digest}.")
    written("\n".join(sentences(config)))
    return DONE
