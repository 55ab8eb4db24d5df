"""What a person has agreed to: the terms of a backstop's level, on one account, until any of them changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events import event
from app.memory import Memory, trip_key
from monitors.ports import Consent
from monitors.responses.backstop import Backstop, terms
from monitors.settings import Level, Rule

if TYPE_CHECKING:
    from app.guard import Guard


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A backstop's level: what it keeps within, whether it was agreed to, and the alert of its trip while it stands."""

    rule: Rule
    level: Level
    within: float
    terms: str
    agreed: bool
    alert: int | None


def offers(rules: Iterable[Rule], memory: Memory) -> Iterator[Offer]:
    """Every level whose action is a backstop; one whose episode is spent, or tripped by money moved, stands no more."""
    for rule in rules:
        for level in rule.levels:
            within = level.response.limit(rule) if isinstance(level.response, Backstop) else None
            if within is None:
                continue
            trip, agreed = memory.trips.get(trip_key(rule.name, level.at)), terms(rule, level)
            stands = trip is not None and trip.episode is not None and not trip.episode.spent
            yield Offer(rule=rule, level=level, within=within, terms=agreed, agreed=agreed in memory.consents,
                        alert=trip.alert if trip is not None and stands else None)  # fmt: skip


def prune(rules: Iterable[Rule], memory: Memory) -> None:
    """A level that has changed, or is gone, has to be agreed to again."""
    memory.consents &= {offer.terms for offer in offers(rules, memory)}


def agree(command: Consent, guard: Guard) -> bool:
    """On disk before it counts. False where the account has no such level, or nobody knows yet which account it is.

    A command that names terms agrees to these only, and only as they are now.
    """
    memory = guard.keeper.memory
    found = [o for o in offers(guard.ladder.rules, memory) if not command.terms or o.terms in command.terms]
    fresh = {offer.terms for offer in found} - memory.consents
    if not found or not guard.keeper.login:
        return False
    memory.consents |= fresh
    try:
        guard.keeper.write()
    except sqlite3.Error as error:
        memory.consents -= fresh
        guard.keeper.broken(error)
        return False
    for offer in found:
        guard.shared.tell(event(guard.shared.clock.utc_ms(), "consent", guard.settings.name, rule=offer.rule.name,
                                threshold=offer.level.at, within=offer.within))  # fmt: skip
    return True
