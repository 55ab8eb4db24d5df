"""What a client subscribes to: accounts and kinds of message, as the URL says it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

EVENTS = (
    "alert", "plan", "intent", "outcome", "denied", "halt", "reset", "blind", "sighted", "flow", "started", "recovered",
    "commitment", "opening", "consent", "protect", "cancel",
)  # fmt: skip
PNL, DRAWDOWN, MARGIN, EXPOSURE, POSITION = UPDATES = ("pnl", "drawdown", "margin", "exposure", "position")
UPDATE = "update"
KINDS = (*EVENTS, UPDATE, *UPDATES)
MOST = 64
"""Parameters of one URL."""


class Refused(Exception):
    """The URL asks for what there is not; the text says what there is, and repeats nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Accounts and kinds; empty: all of them."""

    accounts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def covers(self, account: str) -> bool:
        return not self.accounts or account in self.accounts

    def wants_event(self, account: str, name: str) -> bool:
        return self.covers(account) and (not self.kinds or name in self.kinds)

    def wants_update(self, account: str, kind: str) -> bool:
        return self.covers(account) and (not self.kinds or UPDATE in self.kinds or kind in self.kinds)


def parameters(query: str) -> dict[str, set[str]]:
    """What a URL's query says; Refused where it says anything but accounts and kinds, such as a token."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST)
    except ValueError:
        pairs = [("", "")] if query else []
    found: dict[str, set[str]] = {"account": set(), "kind": set()}
    for key, value in pairs:
        if key not in found:
            raise Refused("only account=NAME and kind=NAME may stand in the URL; a token that stood in one is no "
                          "secret any more: plimsoll stream token --renew")  # fmt: skip
        found[key].add(value)
    return found


def asked(wanted: Mapping[str, set[str]], names: Collection[str]) -> Asked:
    """The subscription; `names` are the accounts that there are. Refused where any of it is unknown."""
    if not wanted["account"] <= set(names):
        raise Refused(f"no account of that name; there are {', '.join(names)}")
    if not wanted["kind"] <= set(KINDS):
        raise Refused(f"no kind of that name; there are {', '.join(KINDS)}")
    return Asked(frozenset(wanted["account"]), frozenset(wanted["kind"]))
