"""What a terminal's `pack` adds to the config: the plan's rules, and the floors of the user's own rules on `firm.*`."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.config import packs
from app.config.faults import Faults, child, item
from app.config.levels import Step, check_ladder, check_responses, read_steps
from app.config.names import THRESHOLDS, Catalogue
from app.config.packs import Pack
from app.config.sections import tables
from monitors.floors import opening_loss
from monitors.ports import Severity
from monitors.responses.alert import Alert
from monitors.responses.close_all import CloseAll
from monitors.settings import Level, Rule, TerminalSettings

LADDER: tuple[Level, ...] = (
    Level(at=50.0, severity=Severity.MEDIUM, response=Alert()),
    Level(at=80.0, severity=Severity.HIGH, response=Alert()),
    Level(at=95.0, severity=Severity.CRITICAL, response=CloseAll()),
)
"""Of the used part of an allowed loss, in percent, unless the terminal's `pack_levels` says otherwise."""
REARM_PCT = 2.0
NEAR_PCT = 20.0
"""Less than this part of the allowed loss left after the coming reset is worth an alert."""
FIRM = "firm."


def with_plans(
    table: Mapping[str, Any],
    terminals: Sequence[TerminalSettings],
    rules: tuple[Rule, ...],
    faults: Faults,
    catalogue: Catalogue,
) -> tuple[Rule, ...]:
    """The user's rules, those on `firm.*` once for each account they cover, and then every pack's own."""
    raws = tables(table, "terminal", Faults(""))
    added: list[Rule] = []
    for index, terminal in enumerate(terminals):
        raw = raws[index] if index < len(raws) and isinstance(raws[index], Mapping) else {}
        path = item("terminal", index)
        if "pack_levels" in raw and "pack" not in raw:
            faults.add(
                child(path, "pack_levels"), raw["pack_levels"], "which has a meaning only beside pack: remove it"
            )
        if terminal.pack:
            added += _rules(terminal, raw, path, faults, catalogue)
    own = [one for rule in rules for one in _placed(table, rule, terminals, faults)]
    _own_names(table, added, faults)
    return (*own, *added)


def _rules(
    terminal: TerminalSettings, raw: Mapping[str, Any], path: str, faults: Faults, catalogue: Catalogue
) -> list[Rule]:
    """The pack's rules for that terminal."""
    pack = packs.read(terminal.pack)
    initial = terminal.initial_balance
    if initial <= 0 and not faults.at(child(path, "initial_balance")):
        remedy = f"expected the balance that {pack.title} began with: its limits are taken of it"
        faults.add(child(path, "initial_balance"), initial, remedy)
    levels, steps = LADDER, list[Step]()
    if "pack_levels" in raw:
        where = child(path, "pack_levels")
        steps = read_steps(raw["pack_levels"], where, faults, catalogue, THRESHOLDS["firm.daily_used_pct"])
        check_ladder(steps, "above", faults)
        levels = tuple(step.level for step in steps if step.level)
    made = _made(pack, glob.escape(terminal.name), initial, levels)
    if made:
        check_responses(steps, made[0], faults)
    return made


def _made(pack: Pack, account: str, initial: float, levels: tuple[Level, ...]) -> list[Rule]:
    floors = pack.floors(initial)

    def loss(name: str, metric: str, why: str, do: str) -> Rule:
        return Rule(name=f"{pack.title}: {name}", metric=metric, when="above", levels=levels, rearm=REARM_PCT,
                    accounts=(account,), floors=floors, why=why, do=do)  # fmt: skip

    made = []
    if pack.daily is not None:
        made.append(loss("daily loss", "firm.daily_used_pct",
                         "At 100 % the day's allowed loss is gone, and with it the account.",
                         "Open nothing. Close what can still cost the rest of the day's loss."))  # fmt: skip
    if pack.maximum is not None:
        made.append(loss("maximum loss", "firm.max_used_pct",
                         "At 100 % the account's whole allowed loss is gone, and with it the account.",
                         "Trade smaller, or not at all, until there is room again."))  # fmt: skip
    limit = opening_loss(floors)
    if floors.follows_reset and limit > 0:
        near = Level(at=limit * NEAR_PCT / 100, severity=Severity.MEDIUM, response=Alert())
        lost = Level(at=0.0, severity=Severity.HIGH, response=Alert())
        made.append(Rule(
            name=f"{pack.title}: coming reset", metric="firm.reset_room", when="below", levels=(near, lost),
            rearm=limit * REARM_PCT / 100, accounts=(account,), floors=floors,
            why="The next reset sets the floor anew from what is closed; losses that float count against it at once.",
            do="Before the reset, look at which closes lower the coming floor enough.",
        ))  # fmt: skip
    return made


def _own_names(table: Mapping[str, Any], added: Sequence[Rule], faults: Faults) -> None:
    """Record each rule of the user's that is named like one of a pack."""
    taken = {rule.name for rule in added}
    for index, raw in enumerate(tables(table, "rule", Faults(""))):
        name = raw.get("name") if isinstance(raw, Mapping) else None
        if isinstance(name, str) and name in taken:
            faults.add(child(item("rule", index), "name"), name, "expected a name of its own: a pack has this one")


def _placed(
    table: Mapping[str, Any], rule: Rule, terminals: Sequence[TerminalSettings], faults: Faults
) -> tuple[Rule, ...]:
    """A rule on `firm.*` once for each account with a pack that it covers; any other rule as it is."""
    if not rule.metric.startswith(FIRM):
        return (rule,)
    covered = [terminal for terminal in terminals if terminal.pack and rule.covers(terminal.name)]
    if not covered:
        raws = tables(table, "rule", Faults(""))
        index = next(i for i, raw in enumerate(raws) if isinstance(raw, Mapping) and raw.get("name") == rule.name)
        remedy = "which needs a terminal with a pack among those it judges"
        faults.add(child(item("rule", index), "metric"), rule.metric, remedy)
    return tuple(
        replace(
            rule,
            accounts=(glob.escape(terminal.name),),
            floors=packs.read(terminal.pack).floors(terminal.initial_balance),
        )
        for terminal in covered
    )
