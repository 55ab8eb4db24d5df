"""Deals and closed positions in memory: each once, this run's and the archive's, with what was seen of them."""

from __future__ import annotations

from pathlib import Path

from app.archive.facts import Dealt, Excursed
from app.archive.past import past_of
from app.archive.store import Store
from app.dealings import Dealings
from monitors.excursions import Excursion
from monitors.kinds import Entry, Side
from monitors.zones import DAY_MS
from tests.app.archive.parts import DAY, WHOSE
from tests.builders import deal

OPENING = deal(1, entry=Entry.IN, side=Side.BUY, time_ms=DAY - DAY_MS, magic=3)
CLOSING = deal(2, profit=25.0, time_ms=DAY)


def seen(best: float, *, closed: bool = True) -> Excursed:
    return Excursed(whose=WHOSE, position=1, symbol="EURUSD", side=Side.BUY, magic=3, lots=1.0, open=1.1, opened_ms=DAY,
                    target=1.2, excursion=Excursion(best=best, stop=1.05), seen_ms=DAY, closed=closed)  # fmt: skip


def test_a_trade_has_the_deals_of_the_past_and_of_now_and_what_was_seen_of_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "history.db")
    store.write([Dealt(WHOSE, OPENING), seen(20.0, closed=False)])
    store.close()
    dealings = Dealings(past_of(tmp_path / "history.db", lambda: DAY))
    assert dealings.trades("Demo", 1001) == ()
    dealings.add("Demo", 1001, [OPENING, CLOSING])
    dealings.see(seen(30.0))
    (trade,) = dealings.trades("Demo", 1001)
    assert (trade.net, trade.stop, trade.target, trade.excursion) == (25.0, 1.05, 1.2, Excursion(best=30.0, stop=1.05))
    assert dealings.deals("Demo", 1001) == (OPENING, CLOSING)
    assert dealings.deals("Demo", 1001, since_ms=DAY) == (CLOSING,)
    assert dealings.trades("Demo", 1001, since_ms=DAY + 1) == ()


def test_accounts_are_kept_apart_and_without_an_archive_there_is_no_past(tmp_path: Path) -> None:
    dealings = Dealings(past_of(tmp_path / "nothing.db", lambda: DAY))
    dealings.add("Demo", 1001, [OPENING, CLOSING])
    assert len(dealings.trades("Demo", 1001)) == 1
    assert dealings.trades("Demo", 1002) == ()
    assert dealings.trades("Other", 1001) == ()
