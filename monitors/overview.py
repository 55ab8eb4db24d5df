"""All accounts side by side: sums by currency, never across, and the room of each to its nearest limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitors.ports import AccountFrame, AlertView, LevelView, Link

ENDLESS = {"equity", "balance"}
"""Metrics without a zero to measure a room from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is left on the way to a level: `share` 0 to 1 of that way, `left` and the level's `at` in its unit."""

    level: LevelView
    share: float
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencySum:
    """Of one currency's accounts that are seen; account currency. `without` names those that are not."""

    currency: str
    accounts: int
    equity: float
    today: float | None
    digits: int
    least: tuple[str, float] | None
    """The account with the least room, and that room's share; None where no limit has one."""
    without: tuple[str, ...] = ()


def seen(view: AccountFrame) -> bool:
    """Whether its figures are those of now."""
    return view.account is not None and view.link in (Link.LIVE, Link.UNCERTAIN)


def calling(alerts: Iterable[AlertView], account: str) -> list[AlertView]:
    """The alerts of an account that are active and wait for a person."""
    return [alert for alert in alerts if alert.account == account and alert.active and alert.waiting]


def waiting_by_account(alerts: Iterable[AlertView]) -> dict[str, tuple[AlertView, ...]]:
    """The same of all accounts; those without one are not in it."""
    found: dict[str, list[AlertView]] = {}
    for alert in alerts:
        if alert.active and alert.waiting:
            found.setdefault(alert.account, []).append(alert)
    return {account: tuple(own) for account, own in found.items()}


def room_share(value: float, at: float, when: str) -> float:
    """How much of the way to a level is left, 1 to 0."""
    if (value >= at) if when == "above" else (value <= at):
        return 0.0
    if at == 0:
        return 1.0
    used = at / value if when == "below" and at > 0 else value / at
    return 1.0 - min(max(used, 0.0), 1.0)


def nearest(levels: Sequence[LevelView]) -> Room | None:
    """The level not tripped yet to which the least is left; None where no level has a value to measure from."""
    rooms = [
        Room(level=level, share=room_share(level.value, level.at, level.when), left=abs(level.at - level.value))
        for level in levels
        if isinstance(level.value, float | int) and not level.tripped and level.metric not in ENDLESS
    ]
    return min(rooms, key=lambda room: room.share, default=None)


def sums(views: Iterable[AccountFrame]) -> tuple[CurrencySum, ...]:
    """One a currency, the currency of the most accounts first; an account never seen is of no currency."""
    by_currency: dict[str, list[AccountFrame]] = {}
    for view in views:
        if view.account is not None:
            by_currency.setdefault(view.account.currency, []).append(view)
    found = [_sum(currency, own) for currency, own in by_currency.items()]
    return tuple(sorted(found, key=lambda one: -(one.accounts + len(one.without))))


def _sum(currency: str, own: Sequence[AccountFrame]) -> CurrencySum:
    counted = [(view, view.account) for view in own if view.account is not None and seen(view)]
    today = [view.metrics.get("pnl.today") for view, _ in counted]
    known = [value for value in today if isinstance(value, float | int)]
    rooms = [(view.name, room.share) for view, _ in counted if (room := nearest(view.levels))]
    return CurrencySum(
        currency=currency, accounts=len(counted), equity=sum(account.equity for _, account in counted),
        today=sum(known) if len(known) == len(today) else None,
        digits=max((view.account.digits for view in own if view.account), default=2),
        least=min(rooms, key=lambda one: one[1], default=None),
        without=tuple(view.name for view in own if not seen(view)),
    )  # fmt: skip


def in_order(views: Sequence[AccountFrame], alerts: Sequence[AlertView]) -> list[AccountFrame]:
    """Those with the severest alert that waits first, then those with the least room; one that is not seen has none.

    Room in whole percent, so that accounts do not change places all the time.
    """
    waits = {name: max(a.severity.rank + 1 for a in own) for name, own in waiting_by_account(alerts).items()}

    def place(view: AccountFrame) -> tuple[int, float]:
        room = nearest(view.levels) if seen(view) else None
        return -waits.get(view.name, 0), round(room.share, 2) if room else (0.0 if not seen(view) else 1.0)

    return sorted(views, key=place)
