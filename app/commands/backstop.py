"""`plimsoll backstop`: what this machine's end would leave, the stops that would bound it, and a person's consent."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from app.commands import DONE, FAILED, told, written
from app.commands.remote import NOTHING_READ, folder
from app.instance.control import ask

HEADS = ("position", "symbol", "side", "lots", "stop now", "stop then", "loss there")
GAP = "A stop becomes a market order: in a gap it is filled beyond its price, and the loss is then larger."


def backstop(args: argparse.Namespace) -> int:
    """Show the preview; where something is not agreed to, the account's name must be typed, or given with --yes."""
    where = folder(args)
    answer = ask(where, verb="status")
    if not answer["ok"]:
        return told(answer.get("why") or NOTHING_READ, FAILED)
    accounts = {a["name"]: a["unattended"] for a in answer["status"]["accounts"]}
    having = [name for name, found in accounts.items() if found and found["backstops"]]
    name = args.account or (having[0] if len(having) == 1 else None)
    if name is None or name not in accounts:
        unseen = [each for each, found in accounts.items() if found is None]
        if unseen and not having and args.account is None:
            return told(f"{', '.join(unseen)} cannot be seen now: try again", FAILED)
        return told(_which(args.account, having, list(accounts)), FAILED)
    found = accounts[name]
    if found is None:
        return told(f"{name} cannot be seen now: try again", FAILED)
    written("\n".join(_lines(name, found)))
    asked = [one["terms"] for one in found["backstops"] if not one["agreed"]]
    if not asked:
        return DONE if found["backstops"] else told(f'{name} has no rule with the action "backstop"', FAILED)
    typed = args.yes if args.yes is not None else _typed(name)
    if typed != name:
        return told(f'not agreed: "{typed}" is not the account\'s name "{name}"', FAILED)
    done = ask(where, verb="consent", account=name, terms=asked)
    if not done["ok"]:
        return told(done.get("why") or f"{name}: not taken: the config has changed or the journal cannot be written; "
                    "look again", FAILED)  # fmt: skip
    written(f"{name}: agreed; stops are set once the level trips, and kept up while it stands")
    return DONE


def _which(given: str | None, having: list[str], all_: list[str]) -> str:
    if given is not None:
        return f'no account "{given}"; there are {", ".join(all_)}'
    if having:
        return f"{', '.join(having)} have a backstop; name one with --account"
    return 'no account has a rule with the action "backstop"; config.toml explains it'


def _lines(name: str, found: dict[str, Any]) -> Iterator[str]:
    room = "no rule limits it" if found["room"] is None else f"room {found['room']:.2f} to {found['rule']}"
    yield f"{name}: if this machine dies now: worst case {_loss(found['worst'])}, {room}"
    if found["pendings"]:
        yield f"  {found['pendings']} pending orders may open more meanwhile"
    for one in found["backstops"]:
        state = "agreed" if one["agreed"] else "NOT agreed"
        yield f"{one['rule']} at {one['at']:.10g}, {one['metric']} kept within {one['within']:.10g}: {state}" + (
            ", tripped" if one["stands"] else ""
        )
        if one["why"]:
            yield f"  {one['why']}"
            continue
        yield from _table(one["stops"])
        missing = f", {one['missing']:.2f} missing" if one["missing"] else ""
        yield f"  worst case {_loss(one['worst'])}, room {one['room']:.2f}{missing}"
    if found["backstops"]:
        yield GAP


def _table(stops: list[dict[str, Any]]) -> Iterator[str]:
    rows = [HEADS, *(_row(stop) for stop in stops)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    for row, why in zip(rows, ["", *(stop["why"] for stop in stops)], strict=True):
        cells = (cell.rjust(w) for cell, w in zip(row, wide, strict=True))
        yield f"  {'  '.join(cells)}  {why}".rstrip()


def _row(stop: dict[str, Any]) -> tuple[str, ...]:
    now, then = (f"{stop[key]:.10g}" if stop[key] else "none" for key in ("stop", "planned"))
    return (str(stop["position"]), stop["symbol"], stop["side"], f"{stop['volume']:g}", now,
            then if stop["planned"] != stop["stop"] else "as it is", _loss(stop["loss"]))  # fmt: skip


def _loss(figure: float | None) -> str:
    return "not bounded" if figure is None else f"{figure:.2f}"


def _typed(name: str) -> str:
    sys.stderr.write(f'To agree type the account\'s name ("{name}"): ')
    sys.stderr.flush()
    return sys.stdin.readline().strip()
