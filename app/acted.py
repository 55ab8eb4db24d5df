"""What was done on each account in this run, as a chart marks it: plans, fills, halts, stops and resets."""

from __future__ import annotations

from collections import deque

from app.events import Event, epoch_ms
from monitors.acts import Act, ActKind, Acts

KEPT = 400
"""Of an account; older ones are read from the history store like the curve they stand under."""
EPISODES, REQUESTS = 500, 500
"""Remembered, so that a plan knows its level and a fill its symbol; none is open for so long."""


class Acted:
    """A sink of events; what it hands out is the same tuple until something more was done."""

    def __init__(self, since_ms: int) -> None:
        """`since_ms`: from when on it hears everything, UTC epoch ms."""
        self._since_ms = since_ms
        self._acts: dict[str, deque[Act]] = {}
        self._views: dict[str, Acts] = {}
        self._levels: dict[int, Event] = {}
        """Episode to the alert that began it."""
        self._sent: dict[int, Event] = {}

    def hear(self, told: Event) -> None:
        """An event, in the order in which they were told."""
        match told["event"]:
            case "alert" if told["state"] == "raised" and told["episode"] is not None:
                _remember(self._levels, told["episode"], told, EPISODES)
            case "intent":
                _remember(self._sent, told["request"], told, REQUESTS)
            case "plan":
                self._add(told, ActKind.PLAN, told["episode"],
                          tuple((close["symbol"], close["volume"]) for close in told["closes"]))  # fmt: skip
            case "outcome" if told["filled"] and told["request"] in self._sent:
                sent = self._sent.pop(told["request"])
                self._add(told, ActKind.CLOSE, sent["episode"], ((sent["symbol"], told["filled"]),))
            case "halt":
                stop = told.get("kind") == ActKind.STOP
                self._add(told, ActKind.STOP if stop else ActKind.HALT)
            case "reset":
                self._add(told, ActKind.RESET)

    def view(self, account: str) -> Acts:
        """Of one account."""
        if account not in self._views:
            held = self._acts.get(account, deque())
            since_ms = held[0].at_ms + 1 if len(held) == KEPT else self._since_ms
            self._views[account] = Acts(since_ms, tuple(act for act in held if act.at_ms >= since_ms))
        return self._views[account]

    def _add(self, told: Event, kind: ActKind, episode: int | None = None,
             closes: tuple[tuple[str, float], ...] = ()) -> None:  # fmt: skip
        if epoch_ms(told["at"]) < self._since_ms:  # of an earlier run, heard again: the history store has it
            return
        level = self._levels.get(episode) if episode is not None else None
        about = {key: level[key] for key in ("rule", "metric", "threshold", "value")} if level else {}
        act = Act(at_ms=epoch_ms(told["at"]), kind=kind, closes=closes, reason=told.get("reason", ""),
                  **(about or {"rule": told.get("rule", "")}))  # fmt: skip
        self._acts.setdefault(told["account"], deque(maxlen=KEPT)).append(act)
        self._views.pop(told["account"], None)


def _remember(known: dict[int, Event], number: int, told: Event, most: int) -> None:
    known[number] = told
    if len(known) > most:
        del known[next(iter(known))]
