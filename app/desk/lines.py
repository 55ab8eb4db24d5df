"""The desk without a window: a line for each event, each change of an account, each machine that goes or comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.desk.messages import Told
from app.events import Event, line, stamp
from app.words import plain, words
from monitors.desk import DeskView
from monitors.model import Value
from monitors.overview import calling
from monitors.ports import AccountFrame, AlertView


class Lines:
    """Remembers what it has said; used from one thread."""

    def __init__(self, write: Callable[[str], None], *, as_json: bool) -> None:
        self._write = write
        self._as_json = as_json
        self._accounts: dict[str, tuple[Any, ...]] = {}
        self._silent: dict[str, bool] = {}
        self._away = ""

    def told(self, told: Told) -> None:
        """An event of some machine."""
        self._say({**told.event, "machine": told.machine}, f"{plain(told.machine)}  {words(told.event)}")

    def viewed(self, view: DeskView) -> None:
        """Everything that is another than in the view before."""
        at_ms = view.frame.at_ms
        if view.away != self._away:
            self._away = view.away
            self._state(at_ms, "desk", "", view.away or "Kafka answers")
        for machine in view.machines:
            if self._silent.get(machine.name, False) is not machine.silent:
                since = f" since {stamp(machine.heard_ms)}" if machine.silent and machine.heard_ms else ""
                self._state(at_ms, "silent" if machine.silent else "heard", machine.name,
                            f"silent{since}" if machine.silent else "heard again")  # fmt: skip
            self._silent[machine.name] = machine.silent
        for account in view.frame.accounts:
            alerts = calling(view.frame.alerts, account.name)
            worst = max(alerts, key=lambda one: one.severity.rank, default=None)
            shown = account.link, account.mode, account.halt is not None, worst and (worst.rule, worst.severity)
            if self._accounts.get(account.name) != shown:
                self._accounts[account.name] = shown
                self._account(at_ms, account, worst)

    def _account(self, at_ms: int, view: AccountFrame, worst: AlertView | None) -> None:
        money, today = view.account, view.metrics.get("pnl.today")
        level = view.metrics.get("margin.level_pct")
        fields = {
            "at": stamp(at_ms), "event": "account", "account": view.name, "machine": view.machine,
            "server": view.server, "login": view.login, "link": view.link, "reason": view.reason,
            "as_of": stamp(view.as_of_ms) if view.as_of_ms is not None else None, "mode": view.mode,
            "halted": view.halt is not None, "currency": money.currency if money else None,
            "equity": money.equity if money else None, "balance": money.balance if money else None,
            "today": _number(today), "margin_level_pct": _number(level),
            "alert": worst.rule if worst else None, "severity": worst.severity if worst else None,
        }  # fmt: skip
        seen = f"{view.link}{f' ({view.reason})' if view.reason else ''}"
        parts = [view.name, str(view.login or "no login"), view.mode, seen, "halted" if view.halt else "",
                 f"equity {money.equity:.{money.digits}f} {money.currency}" if money else "equity unknown",
                 f"today {_words(today)}", f"margin level {_words(level)}",
                 f"worst: {worst.rule} ({worst.severity})" if worst else ""]  # fmt: skip
        self._say(fields, f"{stamp(at_ms)[11:19]}Z  {', '.join(filter(None, parts))}")

    def _state(self, at_ms: int, name: str, machine: str, reason: str) -> None:
        self._say({"at": stamp(at_ms), "event": name, "machine": machine, "reason": reason},
                  f"{stamp(at_ms)[11:19]}Z  {machine or 'desk'}: {reason}")  # fmt: skip

    def _say(self, fields: Event, sentence: str) -> None:
        self._write(line(fields).decode().rstrip() if self._as_json else plain(sentence).rstrip())


def _number(value: Value | None) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _words(value: Value | None) -> str:
    known = _number(value)
    return "unknown" if known is None else f"{known:.2f}"
