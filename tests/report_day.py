"""A full day in a history store, whose figures add up: what the tests and the pictures of the report show."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.archive.facts import Beat, Dealt, Excursed, Item, Risk, Told
from app.archive.opening import FILE
from app.archive.reader import Reader
from app.archive.store import Store
from app.events import event
from app.report.facts import gather
from monitors.day_report import Audit, Report
from monitors.excursions import Excursion
from monitors.kinds import Entry, Side
from monitors.model import Deal
from monitors.record import Whose
from monitors.settings import Strategy
from monitors.wall import Times
from tests.builders import deal

WHOSE = Whose(server="FTMO-Server4", login=51_023_381, name="Funded 100k", currency="USD", digits=2,
              zone="new-york-close")  # fmt: skip
DAY, NEXT = "2026-03-02", "2026-03-03"
TIMES = Times(WHOSE.zone)
BEGAN = TIMES.midnight_ms(DAY)
MINUTE, STEP = 60_000, 10
STRATEGIES = {
    501: Strategy(name="London breakout", timeframe="M15"), 503: Strategy(name="Carry basket", timeframe="H4"),
    504: Strategy(name="Index fade", timeframe="H1"), 505: Strategy(name="Asia range", timeframe="M30"),
}  # fmt: skip
AUDIT = Audit(rows=1_284, checked=1_284, head="7c1e04a2b9d5a90f", damage="")


def at(clock: str) -> int:
    """A time of the day by the broker's clock; UTC epoch ms."""
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    return BEGAN + ((hours * 60 + minutes) * 60 + seconds) * 1_000


# position, symbol, side, lots, magic, opened, open, stop, then its closes: when, lots, price, profit, request
BOOK = (
    (11, "XAUUSD", Side.SELL, 2.0, 501, "07:10:00", 2_650.00, 2_675.11,
     (("15:05:24", 1.0, 2_667.96, -1_796.19, 2), ("16:30:00", 1.0, 2_670.69, -2_069.19, 0))),
    (12, "EURUSD", Side.BUY, 7.0, 0, "08:02:00", 1.08210, 1.07870,
     (("14:18:06", 3.5, 1.08027, -640.00, 1), ("15:05:24", 1.75, 1.08008, -352.63, 3),
      ("19:40:00", 1.75, 1.07914, -517.13, 0))),
    (13, "GBPJPY", Side.BUY, 0.8, 503, "09:30:00", 192.110, 191.710,
     (("15:05:24", 0.4, 192.279, 45.38, 4), ("17:20:00", 0.4, 192.673, 151.06, 0))),
    (14, "US500", Side.SELL, 1.2, 504, "10:05:00", 5_870.0, 5_920.0,
     (("15:05:24", 0.6, 5_847.3, 13.59, 5), ("18:00:00", 0.6, 5_764.4, 63.39, 0))),
    (15, "USDJPY", Side.SELL, 1.5, 505, "02:00:00", 151.200, 150.800 + 0.8, (("05:40:00", 1.5, 150.600, 600.00, 0),)),
    (16, "AUDUSD", Side.BUY, 2.0, 503, "01:20:00", 0.65100, 0.64975, (("02:05:00", 2.0, 0.65255, 310.00, 0),)),
    (17, "EURGBP", Side.SELL, 1.0, 505, "04:10:00", 0.83400, 0.83620, (("06:30:00", 1.0, 0.83510, -140.00, 0),)),
)  # fmt: skip
# raised, rule, metric, value, threshold, severity, acknowledged after seconds, episode
ALERTS = (
    ("10:05:11", "XAUUSD spread", "spread.points", 9.4, 9.0, "medium", 29, None),
    ("11:12:45", "Terminal away", "terminal.silence_s", 38.0, 30.0, "low", 77, None),
    ("14:02:10", "Margin level", "margin.level_pct", 148.2, 150.0, "high", 1_855, None),
    ("14:18:02", "Margin level", "margin.level_pct", 119.6, 120.0, "critical", 18, 1),
    ("14:18:05", "XAUUSD share", "exposure.symbol_pct", 58.5, 50.0, "medium", 65, None),
    ("14:25:48", "Day drawdown", "drawdown.daily_pct", 4.0, 4.0, "critical", 401, None),
    ("14:28:17", "Equity under 97 250", "equity", 97_249.18, 97_250.0, "high", 284, None),
    ("14:58:31", "Day drawdown", "drawdown.daily_pct", 5.0, 5.0, "critical", 21, None),
    ("15:05:20", "Equity at 96 000, close 50 %", "equity", 95_998.40, 96_000.0, "high", None, 2),
)
PLANS = (("14:18:04", "Margin level", 1, (12,)), ("15:05:22", "Equity at 96 000, close 50 %", 2, (11, 12, 13, 14)))
EQUITY = ((0, 100_000), (380, 101_300), (520, 101_623), (640, 100_400), (720, 99_560), (840, 98_780), (858, 98_150),
          (905, 95_990), (930, 95_560), (1_000, 95_212), (1_050, 95_480), (1_110, 95_400), (1_180, 95_668.28),
          (1_440, 95_668.28))  # fmt: skip


def deals() -> list[Deal]:
    """Every deal of the book."""
    made = list[Deal]()
    for position, symbol, side, lots, magic, opened, price, _, closes in BOOK:
        common: dict[str, Any] = {"position": position, "symbol": symbol}
        made.append(deal(len(made) + 1, **common, entry=Entry.IN, side=side, lots=lots, magic=magic, price=price,
                         time_ms=at(opened)))  # fmt: skip
        for when, part, out, profit, request in closes:
            comment = f"plimsoll 0a1b2c {request}" if request else ""
            made.append(deal(len(made) + 1, **common, side=Side.SELL if side is Side.BUY else Side.BUY, lots=part,
                             price=out, profit=profit, time_ms=at(when), comment=comment))  # fmt: skip
    return made


def curve() -> list[Item]:
    """Equity every ten seconds, with a gap at noon; a row of risk an hour."""
    walk = np.random.default_rng(3)
    seconds = np.arange(0, 86_400, STEP)
    minutes, levels = zip(*EQUITY, strict=True)
    equity = np.interp(seconds / 60, minutes, levels) + 90 * np.sin(seconds / 1_900) * (seconds < 69_000)
    equity += walk.normal(0, 18, len(seconds)) * (seconds < 70_800)
    booked = sorted((one.time_ms, one.profit) for one in deals())
    found = list[Item]()
    for second, value in zip(seconds.tolist(), equity.tolist(), strict=True):
        now = BEGAN + 1_000 * second
        if 11.2 * 3_600 < second < 11.6 * 3_600:
            continue
        balance = 100_000 + sum(profit for when, profit in booked if when <= now)
        found.append(Beat(WHOSE, now, value, value - 6, balance))
        if second % 3_600 == 0:
            found.append(Risk(WHOSE, now, kept=False, alerts=0, figures=_risk(value, balance)))
    return found


def _risk(equity: float, balance: float) -> tuple[float | None, ...]:
    level, fall = 100 * equity / 41_000, max(0.0, 101_623 - equity)
    return (equity, balance, equity - balance, 41_000.0, equity - 41_000, level, fall, fall / 1_000, fall, fall / 1_000,
            fall, fall / 1_000, 837_000.0, 8.4, 0.31, None)  # fmt: skip


def told() -> list[Item]:
    """Alerts with their lives, plans, requests and answers, in the order of time."""
    events: list[tuple[int, str, dict[str, Any]]] = [(BEGAN, "started", {"config": "3f9a12c4"})]
    for number, (raised, rule, metric, value, threshold, severity, after, episode) in enumerate(ALERTS, 1):
        body: dict[str, Any] = {"alert": number, "episode": episode, "rule": rule, "metric": metric, "value": value,
                "threshold": threshold, "severity": severity}  # fmt: skip
        events.append((at(raised), "alert", {**body, "state": "raised"}))
        if after is not None:
            events.append((at(raised) + 1_000 * after, "alert", {**body, "state": "acknowledged"}))
    held = {one[0]: one for one in BOOK}
    request = 0
    for planned, rule, episode, positions in PLANS:
        events.append((at(planned), "plan", {"episode": episode, "rule": rule, "closes": [], "expects": {}}))
        for position in positions:
            request += 1
            _, symbol, side, _, _, _, _, _, closes = held[position]
            when, lots, *_ = next(one for one in closes if one[4] == request)
            body = {"request": request, "episode": episode, "position": position, "symbol": symbol,
                    "side": "sell" if side is Side.BUY else "buy", "volume": lots}  # fmt: skip
            events.append((at(planned) + 100 + request, "intent", body))
            events.append((at(when), "outcome", {"request": request, "state": "done", "retcode": 10_009,
                                                 "filled": lots}))  # fmt: skip
    return [Told(WHOSE, event(when, name, WHOSE.name, **body)) for when, name, body in sorted(events, key=_moment)]


def _moment(one: tuple[int, str, dict[str, Any]]) -> int:
    return one[0]


def seen() -> list[Item]:
    """The first stops, which give each position its R."""
    return [
        Excursed(whose=WHOSE, position=position, symbol=symbol, side=side, magic=magic, lots=lots, open=price,
                 opened_ms=at(opened), target=0.0, seen_ms=at(closes[-1][0]), closed=True, excursion=Excursion(
                     best=100.0, worst=-100.0, best_points=10.0, worst_points=-10.0, stop=stop, unprotected_ms=None,
                     under_ms=0, since_ms=at(opened)))
        for position, symbol, side, lots, magic, opened, price, stop, closes in BOOK
    ]  # fmt: skip


def write(folder: Path) -> Path:
    """The day's archive in a data folder; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder / FILE)
    store.write(curve())
    store.write([*told(), *(Dealt(WHOSE, one) for one in deals()), *seen()])
    store.close()
    return folder


def report(folder: Path, audit: Audit | None = AUDIT) -> Report:
    """The report of the day, from an archive that is there."""
    with closing(Reader(folder / FILE)) as reader:
        return gather(reader, 1, BEGAN, TIMES.midnight_ms(NEXT), strategies=STRATEGIES, audit=audit)


@lru_cache(maxsize=1)
def whole() -> Report:
    """The report of the day, from an archive that is gone again."""
    with TemporaryDirectory(prefix="plimsoll-report-") as folder:
        return report(write(Path(folder)))


@dataclass(slots=True)
class Kept:
    """Reports of one account from memory; `trouble` is why nothing can be read or written."""

    trouble: str = ""
    found: tuple[str, ...] = (DAY, "2026-02-27", "2026-02-26")
    asked: list[tuple[str, int, str]] = field(default_factory=list)
    saved: list[tuple[str, int, str, Path]] = field(default_factory=list)

    def days(self, server: str, login: int) -> tuple[str, ...]:
        self._refuse()
        return self.found if (server, login) == (WHOSE.server, WHOSE.login) else ()

    def report(self, server: str, login: int, day: str) -> Report:
        self._refuse()
        self.asked.append((server, login, day))
        return whole()

    def save(self, server: str, login: int, day: str, out: Path) -> None:
        self._refuse()
        self.saved.append((server, login, day, out))

    def _refuse(self) -> None:
        if self.trouble:
            raise OSError(self.trouble)
