"""`plimsoll status`, `acknowledge`, `reset`, `loosen`, `opening`: to a running instance, found by its data folder."""

from __future__ import annotations

import argparse
import json
import os
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

from app.commands import BAD_INPUT, DONE, FAILED, told, written
from app.commands.where import config_path
from app.config import ConfigError, lenient, load
from app.instance.control import ask
from app.main import data_folder
from monitors.ports import Link
from monitors.settings import Config

FIGURES = ("balance", "equity", "day_high", "week_high", "high_water")
ORDERED = tuple(combinations(FIGURES[1:], 2))
"""A high is never below the equity that it began with, nor below the high of a shorter time."""
NOTHING_READ = "the running Plimsoll has not read anything yet; try again in a moment"


def folder(args: argparse.Namespace) -> Path:
    """Where the instance keeps its data: `--data`, or what the config says."""
    return Path(args.data) if args.data else own_folder(args)


def own_folder(args: argparse.Namespace) -> Path:
    """What the config says, however broken the rest of it is."""
    path = config_path(args.config)
    try:
        return data_folder(load(path, os.environ))
    except ConfigError:
        return data_folder(Config(data_dir=lenient.data_dir(path, os.environ)))


def status(args: argparse.Namespace) -> int:
    """Accounts, open alerts, halts."""
    answer = ask(folder(args), verb="status")
    if not answer["ok"]:
        return told(answer.get("why") or NOTHING_READ, FAILED)
    found = answer["status"]
    written(json.dumps(found, ensure_ascii=False, indent=1) if args.json else "\n".join(_lines(found)))
    return DONE


def acknowledge(args: argparse.Namespace) -> int:
    """One alert has been seen by a person."""
    return _done(ask(folder(args), verb="acknowledge", alert=args.alert), f"alert {args.alert} acknowledged",
                 f"there is no alert {args.alert}; plimsoll status lists them")  # fmt: skip


def reset(args: argparse.Namespace) -> int:
    """Lift a halt; the account's name must be typed, or given with --yes."""
    where = folder(args)
    found = ask(where, verb="status").get("status")
    if not found:
        return told(NOTHING_READ, FAILED)
    halted = [a["name"] for a in found["accounts"] if a["halt"]]
    name = args.account or (halted[0] if len(halted) == 1 else None)
    if name is None:
        which = f"halted are {', '.join(halted)}; name one with --account" if halted else "no account is halted"
        return told(which, FAILED)
    typed = args.yes if args.yes is not None else _typed(name, "To lift the halt")
    if typed != name:
        return told(f'not reset: "{typed}" is not the account\'s name "{name}"', FAILED)
    return _done(ask(where, verb="reset", account=name), f"{name}: halt lifted; no level is re-armed by this",
                 _not_lifted(name, halted))  # fmt: skip


def loosen(args: argparse.Namespace) -> int:
    """Let the config's looser limits hold now, not after the next reset; the account's name must be typed."""
    where = folder(args)
    found = ask(where, verb="status").get("status")
    if not found:
        return told(NOTHING_READ, FAILED)
    holding = {a["name"]: a for a in found["accounts"] if a["held"]}
    name = args.account or (next(iter(holding)) if len(holding) == 1 else None)
    if name is None or name not in holding:
        which = f"held are limits of {', '.join(holding)}; name one with --account" if holding else "nothing is held"
        return told(f"{name}: nothing is held" if name else which, FAILED)
    written("\n".join(held_lines(holding[name])))
    typed = args.yes if args.yes is not None else _typed(name, "To loosen that now")
    if typed != name:
        return told(f'not loosened: "{typed}" is not the account\'s name "{name}"', FAILED)
    return _done(ask(where, verb="loosen", account=name), f"{name}: the limits are what the config says",
                 f"{name}: nothing is held any longer")  # fmt: skip


def held_lines(a: dict[str, Any]) -> list[str]:
    """What is held of an account against its config, a line a rule."""
    return [f"{a['name']}: loosening of {one['rule']} held until {one['until'] or 'the next reset'} "
            f"(or confirm: plimsoll loosen); in force: {one['what']}" for one in a["held"]]  # fmt: skip


def opening(args: argparse.Namespace) -> int:
    """Openings and highs as the firm states them; they go before what was seen or rebuilt."""
    figures = {name: given for name in FIGURES if (given := getattr(args, name)) is not None}
    if not figures:
        return told(f"nothing typed: give {', '.join(_option(name) for name in FIGURES)}", BAD_INPUT)
    for low, high in ORDERED:
        if low in figures and high in figures and figures[high] < figures[low]:
            return told(f"{_option(high)} {figures[high]:.2f}: found less than {_option(low)} {figures[low]:.2f}; "
                        "expected at least that, for a high counts everything since", BAD_INPUT)  # fmt: skip
    said = ", ".join(f"{_option(name)[2:]} {figure:.2f}" for name, figure in figures.items())
    return _done(ask(folder(args), verb="opening", account=args.account, figures=figures),
                 f"{args.account}: taken: {said}",
                 f"{args.account} has not been read yet, or the journal cannot be written; try again")  # fmt: skip


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _not_lifted(name: str, halted: list[str]) -> str:
    if name in halted:
        return f"{name} stays halted: the stop process is closing, or the journal cannot be written; try again"
    return f"{name} is not halted"


def _typed(name: str, to: str) -> str:
    sys.stderr.write(f'{to} type the account\'s name ("{name}"): ')
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _done(answer: dict[str, Any], good: str, bad: str) -> int:
    if answer["ok"]:
        written(good)
        return DONE
    return told(answer.get("why") or bad, FAILED)


def _figures(a: dict[str, Any]) -> str:
    """Equity, margin level and positions; when that was where the account is not seen now."""
    past = a["link"] != Link.LIVE
    if a["equity"] is None:
        return "equity, margin level and positions unknown" + (f" since {a['as_of']}" if a["as_of"] else "")
    level = a["metrics"].get("margin.level_pct")
    if level is None and past and a["margin"]:
        level = 100 * a["equity"] / a["margin"]
    unknown = "unknown" if a["margin"] else "not applicable"
    shown = unknown if level is None else f"{level:.2f} %"
    when = f"as of {a['as_of']}: " if past else ""
    return f"{when}equity {a['equity']:.2f}, margin level {shown}, {a['positions']} positions"


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"at {found['at']}"]
    for a in found["accounts"]:
        lines.append(
            f"{a['name']} ({a['login']}, {a['mode']}): {a['link']}" + (f" - {a['reason']}" if a["reason"] else "")
        )
        if a["mode_reason"]:
            lines.append(f"  {a['mode_reason']}")
        lines.append(f"  {_figures(a)}")
        if a["halt"]:
            lines.append(f"  HALTED ({a['halt']['kind']}): {a['halt']['reason']}. {a['halt']['progress']}")
        lines += [f"  {line}" for line in held_lines(a)]
    for alert in found["alerts"]:
        seen = "acknowledged" if alert["acknowledged"] else "NOT acknowledged"
        state = "active" if alert["active"] else "cleared"
        lines.append(f"alert {alert['alert']} {alert['severity']} {alert['account']}: {alert['rule']}, {state}, {seen}")
        if alert["active"]:
            lines += [f"  {line}" for line in f"{alert['why']}\n{alert['do']}".splitlines() if line]
    return lines
