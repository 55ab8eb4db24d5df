"""A market that moves over a reset, a program that is off meanwhile, and what it remembers after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bridge.port import Unanswered
from monitors.history import History
from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Bars, Deal
from tests.app.scripted import ScriptedTerminal, plain
from tests.app.stand import Stand, rule
from tests.builders import DAY_MS, NOW_MS

RESET = DAY_MS + 86_400_000
MINUTE = 60_000
ALERT = {"at": 5_000.0, "severity": "high", "action": "alert"}
RULES = (
    rule("drawdown.daily", "above", ALERT, base="equity"),
    rule("drawdown.daily", "above", ALERT, base="peak", name="Peak"),
)
PRICES = ((NOW_MS, 1.0), (NOW_MS + 600_000, 1.004), (RESET - 40_000, 1.0025), (RESET + 3_600_000, 1.0071),
          (RESET + 3_620_000, 0.9990), (RESET + 7_200_000, 0.9985))  # fmt: skip
"""When the bid of PLAIN became what."""
END = RESET + 8 * 3_600_000

Make = Callable[..., Stand]


def bars(prices: tuple[tuple[int, float], ...] = PRICES, until_ms: int = END) -> Bars:
    """A bar for each minute from an hour before the first price on, with the spread of the scripted quotes."""
    starts = np.arange(NOW_MS - 3_600_000, until_ms, MINUTE)
    at, bid = (np.array(column) for column in zip(*prices, strict=True))
    rows = []
    for start in starts:
        inside = bid[(at >= start) & (at < start + MINUTE)]
        stood = bid[max(0, int(np.searchsorted(at, start, side="right")) - 1)]
        seen = np.append(stood, inside)
        rows.append((stood, seen.max(), seen.min(), seen[-1]))
    opened, high, low, close = np.array(rows).T
    return Bars(time_ms=starts, open=opened, high=high, low=low, close=close, spread=np.full(len(starts), 10.0))


def live(stand: Stand, prices: tuple[tuple[int, float], ...] = PRICES, until_ms: int = END) -> None:
    """The market moves and every beat sees it, the second before each change and each minute among them."""
    moments = sorted({ms for ms, _ in prices} | {ms - 1_000 for ms, _ in prices} | {RESET - 100, RESET + 100, until_ms})
    for ms in moments:
        if not stand.clock.utc_ms() <= ms <= until_ms:
            continue
        stand.clock.advance_to(ms)
        stand.terminal.bid = [bid for at, bid in prices if at <= ms][-1]
        stand.engine.beat()


def away(stand: Stand, prices: tuple[tuple[int, float], ...] = PRICES) -> None:
    """Seen for ten minutes and a bit, then the program is off until the end."""
    live(stand, prices, NOW_MS + 660_000)
    stand.kill()
    stand.clock.advance_to(END)
    stand.terminal.bid = prices[-1][1]
    stand.start()


def remembered(stand: Stand) -> History:
    found = stand.guard.keeper.memory.history
    assert found is not None
    return found


def figures(stand: Stand) -> dict[str, Any]:
    history = remembered(stand)
    assert history.day.equity is not None
    assert history.day.peak is not None
    assert history.week.peak is not None
    return {"reset": round(history.day.equity.money, 2), "day": round(history.day.peak.money, 2),
            "week": round(history.week.peak.money, 2), "ever": round(history.peak.money, 2),
            "balance": history.day.balance.money, "deepest": round(history.day.deepest, 2),
            "realized": history.day.realized, "eod": history.eod_high.money}  # fmt: skip


def of(stand: Stand, base: str) -> object:
    levels = stand.engine.frame().accounts[0].levels
    return next(level.value for level in levels if (level.rule == "Peak") == (base == "peak"))


def deal(ticket: int, time_ms: int, kind: DealKind = DealKind.TRADE, **changes: Any) -> Deal:
    plain_deal: dict[str, Any] = {
        "order": ticket, "position": 0, "symbol": "" if kind is not DealKind.TRADE else "PLAIN", "entry": Entry.IN,
        "side": Side.BUY, "lots": 0.0, "price": 0.0, "profit": 0.0, "swap": 0.0, "commission": 0.0, "fee": 0.0,
        "magic": 0, "reason": int(DealReason.TAKE_PROFIT),
    }  # fmt: skip
    return Deal(ticket=ticket, time_ms=time_ms, kind=kind, **(plain_deal | changes))


def book(terminal: ScriptedTerminal, happened: Deal) -> None:
    """The broker books the deal: balance and position follow."""
    terminal.deals.append(happened)
    terminal.balance = round(terminal.balance + happened.cash, 2)
    if happened.kind is DealKind.TRADE:
        terminal.hold(plain(1, 0.5))


class Late(ScriptedTerminal):
    """Its bars come when the test says so."""

    comes: bool = True

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        if not self.comes:
            raise Unanswered("still reading bars")
        return super().bars(symbol, minutes, since_ms, until_ms)


def awaiting(make: Make) -> tuple[Stand, Late]:
    """The program is back after the reset, and its terminal is still reading bars."""
    stand = make("missed")
    slow = Late(stand.clock)
    stand.terminals["main"] = slow.hold(plain(1))
    stand.restart()
    slow.charts["PLAIN"] = bars()
    away(stand)
    slow.comes = False
    return stand, slow
