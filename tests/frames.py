"""Plausible frames for tests and screenshots of the window, one for each state it can be in."""

from __future__ import annotations

from dataclasses import replace

from monitors.kinds import Side
from monitors.model import NotApplicable, PendingOrder, Unknown, Value
from monitors.ports import AccountFrame, AlertView, Frame, HaltView, Link, Severity
from monitors.series import SeriesView
from tests.frame_parts import ALERTS, BOOK, NOW_MS, OFFSET_S, account, alert, levels, series
from tests.pages import analysed, roll


def funded() -> AccountFrame:
    """An armed account in trouble: margin level 143.3 %, and near 4 % under its peak."""
    day, depth = series(), float(series().column("drawdown_pct")[-1])
    metrics: dict[str, Value] = {
        "margin.level_pct": 143.3,
        "pnl.today": -2_553.45,
        "drawdown.daily": 2_553.45,
        "drawdown.max_pct": depth,
        "risk.open_pct": 4.32,
    }
    return AccountFrame(
        name="Funded 100k",
        login=51_023_381,
        server="FTMO-Server4",
        mode="armed",
        link=Link.LIVE,
        reason="",
        as_of_ms=NOW_MS,
        account=account(),
        positions=BOOK,
        orders=(),
        metrics=metrics,
        levels=levels(143.3, 2_553.45, depth, 4.32),
        series=day,
        position_states={502: "halved 14:18"},
        volume_digits={p.symbol: 2 for p in BOOK},
        price_digits={"XAUUSD": 2, "EURUSD": 5, "GBPJPY": 3, "US500": 1},
        last_action="Close 50 % 14:18:04",
        next_trip="Equity 96 000",
        can_stop=True,
        broker_offset_s=OFFSET_S,
        next_reset_ms=NOW_MS + 34_073_000,
        tick_age_s=0.3,
        call_ms=4.0,
    )


def calm_account() -> AccountFrame:
    """An armed account with nothing to say."""
    metrics: dict[str, Value] = {
        "margin.level_pct": 512.6,
        "pnl.today": 412.60,
        "drawdown.daily": 0.0,
        "drawdown.max_pct": 0.43,
        "risk.open_pct": 1.1,
    }
    book = tuple(replace(one, profit=abs(one.profit) / 4) for one in BOOK)
    return replace(
        funded(),
        metrics=metrics,
        levels=levels(512.6, 0.0, 0.43, 1.1),
        positions=book,
        position_states={},
        last_action="",
        account=account(equity=101_182.6, balance=100_408.8, margin=19_739.0),
        series=series(end=101_182.6, gap=None, booked=100_408.8, margin=19_739.0),
    )


def full() -> AccountFrame:
    """The account in trouble with everything that is computed of it."""
    return analysed(funded())


def analysed_frame() -> Frame:
    return frame(full(), alerts=ALERTS)


def rolling() -> Frame:
    """The next reset would lift the floor over equity."""
    view = full()
    found = view.analysis
    return frame(replace(view, analysis=replace(found, rolls=(roll(),)) if found else None), alerts=ALERTS)


def remembered() -> Frame:
    """The terminal went away, and what was computed last is still there."""
    return frame(analysed(blind().accounts[0]), alerts=blind().alerts)


def desk_frame() -> Frame:
    """Three accounts: one in trouble, one in euro, and one that has not been read."""
    first, swing, gold = three_accounts().accounts
    euro = analysed(swing)
    found = euro.analysis
    if found is not None:
        shown = replace(found.results, display_rate=1.16108)
        euro = replace(euro, analysis=replace(found, results=shown))
    return frame(analysed(first), euro, gold, alerts=ALERTS)


def frame(*accounts: AccountFrame, alerts: tuple[AlertView, ...] = (), number: int = 1, title: str = "") -> Frame:
    """A frame of these accounts."""
    return Frame(number=number, at_ms=NOW_MS, accounts=accounts, alerts=alerts, beat_ms=1.2, title=title)


def calm() -> Frame:
    return frame(calm_account())


def warning() -> Frame:
    return frame(funded(), alerts=ALERTS)


def observe() -> Frame:
    return frame(replace(funded(), mode="observe", last_action=""), alerts=ALERTS[:2])


def latched(*, flat: bool = False) -> Frame:
    """The stop was pressed; one position resists, or all is flat."""
    progress = "flat: no positions, no pendings" if flat else "3 of 4 closed, NOT flat: act in MT5"
    halt = HaltView(kind="stop", reason="by click", since_ms=NOW_MS - 15_000, flat=flat, progress=progress)
    left = () if flat else BOOK[2:3]
    view = replace(
        funded(),
        halt=halt,
        positions=left,
        position_states={503: "retry 2, requote"},
        last_action="Stop 14:31:52",
        next_trip="",
    )
    return frame(view, alerts=ALERTS)


def blind() -> Frame:
    """The terminal went away six minutes ago."""
    lost_ms = NOW_MS - 327_000
    full = series(end=97_448.54)
    kept = SeriesView(full.columns[:, full.column("time_s") <= lost_ms / 1_000])
    view = replace(
        funded(),
        link=Link.BLIND,
        reason="no answer from the terminal",
        as_of_ms=lost_ms,
        series=kept,
        can_stop=False,
        cannot_stop_reason="No answer from the terminal",
        tick_age_s=None,
        levels=levels(143.3, 2_551.46, 4.11, 4.32),
        metrics={**funded().metrics, "pnl.today": Unknown("blind")},
    )
    gone = alert(
        9,
        "terminal",
        0.0,
        Severity.CRITICAL,
        rule="No data from Funded 100k",
        threshold=None,
        value=None,
        latest=None,
        raised_ms=lost_ms + 10_000,
        why="rules cannot act",
    )
    return frame(view, alerts=(gone, *ALERTS[2:3]))


def uncertain() -> Frame:
    return frame(replace(funded(), link=Link.UNCERTAIN, reason="account and positions do not agree"))


def no_positions() -> Frame:
    """Nothing is open, so margin has no level."""
    idle = NotApplicable("no margin is used")
    view = replace(
        calm_account(),
        positions=(),
        metrics={"margin.level_pct": idle, "pnl.today": 0.0},
        levels=levels(idle, 0.0, 0.2, 0.0),
        account=account(equity=100_408.8, balance=100_408.8, margin=0.0),
        next_trip="",
        orders=(PendingOrder(ticket=9, symbol="EURUSD", side=Side.BUY, lots=0.5, price=1.155, magic=0),),
    )
    return frame(view)


def three_accounts() -> Frame:
    """One in trouble, one calm in euro, one only watched."""
    swing = replace(
        calm_account(),
        name="Swing",
        login=88_120_475,
        server="ICMarketsEU-MT5-4",
        account=account(equity=24_871.15, balance=24_558.75, margin=3_635.0, currency="EUR"),
        metrics={**calm_account().metrics, "pnl.today": 312.40},
    )
    gold = replace(
        calm_account(),
        name="Gold EA",
        login=70_993_012,
        mode="observe",
        account=account(equity=5_204.77, balance=5_186.71, margin=1_205.0),
        metrics={**calm_account().metrics, "pnl.today": 18.06},
    )
    return frame(funded(), swing, gold, alerts=ALERTS)


def empty() -> Frame:
    return frame()


ALL = {
    "calm": calm,
    "warning": warning,
    "latched": latched,
    "blind": blind,
    "uncertain": uncertain,
    "observe": observe,
    "no_positions": no_positions,
    "three_accounts": three_accounts,
    "empty": empty,
    "analysed": analysed_frame,
    "rolling": rolling,
    "remembered": remembered,
    "desk": desk_frame,
}
