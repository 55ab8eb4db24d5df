"""The app was off over a reset: once bars have come, its figures are those of a run that was never interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.rebuilding import ATTEMPTS, PATIENCE_S
from bridge.port import Unanswered
from monitors.drawdown import MISSED
from monitors.history import History
from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Bars, Deal, Unknown
from monitors.ports import Opening
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


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Stand] = []

    def build(name: str) -> Stand:
        folder = tmp_path / name
        folder.mkdir()
        made.append(Stand(folder, *RULES))
        made[-1].terminal.hold(plain(1))
        return made[-1]

    yield build
    for stand in made:
        stand.kill()


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


def test_a_reset_missed_is_as_if_it_had_been_watched(make: Make) -> None:
    watched, missed = make("watched"), make("missed")
    live(watched)
    missed.terminal.charts["PLAIN"] = bars()
    away(missed)
    missed.beat(2)
    assert figures(missed) == figures(watched)
    assert figures(watched)["reset"] == 10_250.0
    assert figures(watched)["day"] == 10_710.0
    for base in ("equity", "peak"):
        assert of(missed, base) == of(watched, base)
    assert remembered(missed).day.reconstructed
    assert not remembered(watched).day.reconstructed
    assert missed.guard.keeper.memory.unseen is None


def test_a_position_closed_meanwhile_and_a_deposit_are_undone(make: Make) -> None:
    """Half of it is closed by its target after the reset, and money comes in before and after that."""
    happened = (
        deal(1, RESET - 7_200_000, kind=DealKind.TRANSFER, profit=500.0),
        deal(2, RESET + 3_600_000, entry=Entry.OUT, side=Side.SELL, position=1, lots=0.5, price=1.0071, profit=355.0),
        deal(3, RESET + 3_700_000, kind=DealKind.TRANSFER, profit=-200.0),
    )
    watched, missed = make("watched"), make("missed")
    prices = tuple(sorted({*PRICES, *((d.time_ms, 0.0) for d in happened)}))
    known = dict(PRICES)
    bids, stood = [], 1.0
    for ms, _ in prices:
        stood = known.get(ms, stood)
        bids.append((ms, stood))
    for ms, bid in dict(bids).items():
        watched.clock.advance_to(ms - 100)
        watched.engine.beat()
        watched.clock.advance_to(ms)
        watched.terminal.bid = bid
        watched.engine.beat()
        for d in happened:
            if d.time_ms == ms:
                book(watched.terminal, d)
                watched.engine.beat()
        if ms == RESET - 40_000:
            watched.clock.advance_to(RESET - 100)
            watched.engine.beat()
            watched.clock.advance_to(RESET + 100)
            watched.engine.beat()
    watched.clock.advance_to(END)
    watched.engine.beat()
    live(missed, until_ms=NOW_MS + 660_000)
    missed.kill()
    missed.clock.advance_to(END)
    missed.terminal.bid = PRICES[-1][1]
    for d in happened:
        book(missed.terminal, d)
    missed.terminal.charts["PLAIN"] = bars()
    missed.start()
    missed.beat(2)
    mine, right = figures(missed), figures(watched)
    assert (mine.pop("deepest"), right.pop("deepest")) == (810.0, 430.0), "the minute of the close allows the deeper"
    assert mine == right
    assert remembered(missed).day.peak == pytest.approx(remembered(watched).day.peak)


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


def test_what_happens_while_bars_are_awaited_is_not_lost(make: Make) -> None:
    stand = make("missed")
    slow = Late(stand.clock)
    stand.terminals["main"] = slow.hold(plain(1))
    stand.restart()
    slow.charts["PLAIN"] = bars()
    away(stand)
    slow.comes = False
    stand.beat(2)
    assert remembered(stand).day.peak is None
    assert of(stand, "peak") == Unknown(MISSED)
    slow.bid = 1.02
    stand.beat(2)
    slow.bid = 0.9985
    stand.beat(2)
    slow.comes = True
    stand.beat()
    peak = remembered(stand).day.peak
    assert peak is not None
    assert peak.money == pytest.approx(12_000.0)
    assert of(stand, "peak") == pytest.approx(12_000.0 - 9_850.0)
    assert of(stand, "equity") == pytest.approx(10_250.0 - 9_850.0)


class Late(ScriptedTerminal):
    """Its bars come when the test says so."""

    comes: bool = True

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        if not self.comes:
            raise Unanswered("still reading bars")
        return super().bars(symbol, minutes, since_ms, until_ms)


def test_killed_while_bars_are_awaited_it_is_rebuilt_after_the_next_start(make: Make) -> None:
    stand = make("missed")
    slow = Late(stand.clock)
    stand.terminals["main"] = slow.hold(plain(1))
    stand.restart()
    slow.charts["PLAIN"] = bars()
    away(stand)
    slow.comes = False
    stand.beat(20)
    stand.kill()
    stand.clock.advance_to(stand.clock.utc_ms() + 120_000)
    stand.start()
    slow.comes = True
    stand.beat(2)
    assert figures(stand)["reset"] == 10_250.0
    assert figures(stand)["day"] == 10_710.0


def test_where_it_is_impossible_the_figures_stay_unknown_and_say_why(make: Make) -> None:
    stand = make("missed")
    away(stand)
    for _ in range(ATTEMPTS):
        stand.beat(2, seconds=31.0)
    assert of(stand, "equity") == of(stand, "peak") == Unknown(f"{MISSED}; there are no bars of PLAIN")
    assert stand.guard.keeper.memory.unseen is None
    asked = len(stand.terminal.charted)
    stand.beat(10, seconds=31.0)
    assert len(stand.terminal.charted) == asked


def test_a_balance_that_the_deals_do_not_explain_is_not_rebuilt(make: Make) -> None:
    stand = make("missed")
    stand.terminal.charts["PLAIN"] = bars()
    live(stand, until_ms=NOW_MS + 660_000)
    stand.kill()
    stand.clock.advance_to(END)
    stand.terminal.balance += 123.0
    stand.start()
    stand.beat(5)
    assert remembered(stand).day.peak is None


def test_bars_that_are_missing_are_asked_for_again_and_not_in_every_beat(make: Make) -> None:
    stand = make("missed")
    away(stand)
    stand.beat(20)
    assert len(stand.terminal.charted) == 1
    assert stand.guard.keeper.memory.unseen is not None
    stand.terminal.charts["PLAIN"] = bars()
    stand.beat(2, seconds=60.0)
    assert figures(stand)["reset"] == 10_250.0


@pytest.mark.parametrize("beats", [1, 30], ids=["not yet on disk", "on disk"])
def test_a_deal_of_the_last_moment_seen_counts_once(make: Make, beats: int) -> None:
    stand = make("missed")
    stand.terminal.charts["PLAIN"] = bars()
    live(stand, until_ms=NOW_MS + 660_000)
    book(stand.terminal, deal(1, stand.clock.utc_ms(), entry=Entry.OUT, side=Side.SELL, position=1, lots=0.5,
                              price=1.004, profit=200.0))  # fmt: skip
    stand.beat(beats)
    away(stand)
    stand.beat(2)
    assert figures(stand)["reset"] == 10_325.0


def test_a_short_absence_within_a_day_asks_for_no_bars(make: Make) -> None:
    stand = make("short")
    live(stand, until_ms=NOW_MS + 660_000)
    stand.restart()
    stand.beat(3)
    assert stand.terminal.charted == []


def test_what_a_person_types_while_bars_are_awaited_goes_before_what_is_rebuilt(make: Make) -> None:
    stand = make("missed")
    slow = Late(stand.clock)
    stand.terminals["main"] = slow.hold(plain(1))
    stand.restart()
    slow.charts["PLAIN"] = bars()
    away(stand)
    slow.comes = False
    stand.beat(2)
    assert stand.engine.obey(Opening(account="main", day_high=10_900.0))
    stand.beat()
    assert of(stand, "peak") == pytest.approx(10_900.0 - 9_850.0)
    slow.comes = True
    stand.beat(2)
    assert of(stand, "peak") == pytest.approx(10_900.0 - 9_850.0)
    assert of(stand, "equity") == pytest.approx(10_250.0 - 9_850.0)
    assert stand.of("opening", day_high=10_900.0)


@pytest.mark.parametrize("killed", [False, True])
def test_what_was_typed_stays_where_bars_come_after_a_minute_or_a_restart(make: Make, killed: bool) -> None:
    """What is asked for anew reaches from before the absence to now, so past the moment it was typed."""
    stand = make("missed")
    away(stand)
    stand.beat(2)
    assert stand.engine.obey(Opening(account="main", equity=10_400.0, week_high=10_800.0, high_water=11_000.0))
    if killed:
        stand.restart()
    stand.terminal.charts["PLAIN"] = bars(until_ms=END + 3_600_000)
    stand.beat(3, seconds=PATIENCE_S + 10)
    assert stand.guard.keeper.memory.unseen is None
    assert of(stand, "equity") == pytest.approx(10_400.0 - 9_850.0)
    assert of(stand, "peak") == pytest.approx(10_710.0 - 9_850.0), "the day's high was not typed"
    found = remembered(stand)
    assert (found.week.peak and found.week.peak.money, found.peak.money) == (10_800.0, 11_000.0)


def test_an_opening_of_an_account_that_was_never_read_means_nothing(make: Make) -> None:
    stand = make("new")
    assert not stand.engine.obey(Opening(account="main", equity=10_000.0))
    stand.beat()
    assert not stand.engine.obey(Opening(account="other", equity=10_000.0))
    assert not stand.engine.obey(Opening(account="main", equity=-1.0))
    assert stand.engine.obey(Opening(account="main", equity=10_000.0))
    assert len(stand.of("opening")) == 1
