"""`plimsoll check`: validates a config and prints the rules as a person would say them."""

from __future__ import annotations

import argparse
import json
import os
from contextlib import suppress
from typing import Any

from app.commands import DONE, written
from app.commands.remote import held_lines
from app.commands.where import config_path
from app.config import load, packs
from app.explain import rule_sentences, sentences
from app.instance.control import NotRunning, ask
from app.main import data_folder
from app.plan_words import plan_sentences
from monitors.settings import Config

ANSWER_S = 1.0


def run(args: argparse.Namespace) -> int:
    """Exit 2 with every fault where there is one."""
    path = config_path(args.config)
    config = load(path, os.environ)
    if args.json:
        written(json.dumps(_table(config, str(path) if path else None), ensure_ascii=False, indent=2))
        return DONE
    written(f"{path or 'no config file; these are the defaults'}: no fault. Digest {config.digest}.")
    written("\n".join([*sentences(config, explain=args.explain), *_held(config)]))
    return DONE


def _held(config: Config) -> list[str]:
    """What a running instance on that config's data holds of the limits in force before; nothing where none runs."""
    with suppress(NotRunning, OSError):
        found = ask(data_folder(config), within_s=ANSWER_S, verb="status").get("status")
        return [line for a in found["accounts"] for line in held_lines(a)] if found else []
    return []


def _table(config: Config, path: str | None) -> dict[str, Any]:
    """The same for a program: every rule with its sentences, every plan with its own."""
    return {
        "config": path,
        "digest": config.digest,
        "mode": "armed" if config.armed else "observe",
        "plans": [
            {
                "account": terminal.name,
                "pack": terminal.pack,
                "source": packs.read(terminal.pack).source,
                "checked": packs.read(terminal.pack).checked.isoformat(),
                "sentences": plan_sentences(terminal, packs.read(terminal.pack)),
            }
            for terminal in config.terminals
            if terminal.pack
        ],
        "rules": [
            {
                "name": rule.name,
                "metric": rule.metric,
                "accounts": list(rule.accounts),
                "sentences": rule_sentences(rule, config),
                "why": rule.why,
                "do": rule.do,
            }
            for rule in config.rules
        ],
    }
