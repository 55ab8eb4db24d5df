"""Profit and loss by symbol, strategy, timeframe and period: what floats, and what was realised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitors.booked import Booked, Sums
from monitors.model import Snapshot, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Strategy
from monitors.statistics import Statistics
from monitors.strategies import named, timeframe


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One group's profit, account currency: `floating` with swap, the others realised since their reset."""

    name: str
    floating: float = 0.0
    today: Value = 0.0
    week: Value = 0.0
    month: Value = 0.0
    open: int = 0
    """Positions held."""
    closed: int = 0
    """Positions closed whole this month."""
    won: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A position whose profit the terminal states otherwise than our own arithmetic; account currency."""

    position: int
    symbol: str
    stated: float
    computed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One account's profit and loss, whole and in its parts, by name; account currency."""

    account: Tally
    symbols: tuple[Tally, ...]
    strategies: tuple[Tally, ...]
    timeframes: tuple[Tally, ...]
    statistics: tuple[tuple[str, Statistics], ...]
    """By strategy, all of them first."""
    apart: tuple[Apart, ...]
    uncomputed: tuple[str, ...]
    """Symbols whose profit could not be computed for comparison."""
    display_currency: str
    display_rate: Value
    """Display currency for one unit of account currency."""


def results(
    reading: Reading,
    booked: Booked,
    strategies: Mapping[int, Strategy],
    *,
    apart: tuple[Apart, ...] = (),
    uncomputed: tuple[str, ...] = (),
    display_currency: str = "",
    display_rate: Value = 1.0,
) -> Results:
    """What floats now beside what was realised (RULES: profit and loss).

    While the balance cannot be told from performance, what was realised is unknown. The account's day agrees with
    `history.day.realized`, which counts the same deals.
    """
    positions, account = reading.snapshot.positions, reading.snapshot.account
    profit = reading.book.profit.tolist()
    magics = [p.magic for p in positions]
    by_symbol = _floats([p.symbol for p in positions], profit)
    by_strategy = _floats([named(magic, strategies) for magic in magics], profit)
    by_timeframe = _floats([timeframe(magic, strategies) for magic in magics], profit)
    doubt = reading.unexplained
    return Results(
        account=_tally("Account", (account.profit, len(positions)), booked.account, booked, doubt),
        symbols=_tallies(by_symbol, booked.symbols, booked, doubt),
        strategies=_tallies(by_strategy, booked.strategies, booked, doubt),
        timeframes=_tallies(by_timeframe, booked.timeframes, booked, doubt),
        statistics=booked.statistics,
        apart=apart,
        uncomputed=uncomputed,
        display_currency=display_currency or account.currency,
        display_rate=display_rate,
    )


def _floats(names: Sequence[str], profit: Sequence[float]) -> dict[str, tuple[float, int]]:
    """Floating profit and count of the positions by name."""
    found: dict[str, tuple[float, int]] = {}
    for name, gain in zip(names, profit, strict=True):
        so_far, count = found.get(name, (0.0, 0))
        found[name] = so_far + gain, count + 1
    return found


def _tallies(floating: Mapping[str, tuple[float, int]], closed: Mapping[str, Sums], booked: Booked,
             doubt: str | None) -> tuple[Tally, ...]:  # fmt: skip
    names = sorted({*floating, *closed})
    return tuple(_tally(n, floating.get(n, (0.0, 0)), closed.get(n, Sums()), booked, doubt) for n in names)


def _tally(name: str, floating: tuple[float, int], sums: Sums, booked: Booked, doubt: str | None) -> Tally:
    day, week, month = (
        Unknown(doubt or lacking) if doubt or lacking else found
        for found, lacking in zip((sums.day, sums.week, sums.month), booked.lacking, strict=True)
    )
    return Tally(name=name, floating=floating[0], today=day, week=week, month=month, open=floating[1],
                 closed=sums.closed, won=sums.won)  # fmt: skip


def display_rate(snapshot: Snapshot, currency: str) -> Value:
    """Display currency for one unit of account currency, at the middle of the broker's pair; 1 where they are one."""
    if currency in ("", snapshot.account.currency):
        return 1.0
    pair = snapshot.conversions.get(currency)
    if pair is None:
        return Unknown(f"the broker has no pair of {snapshot.account.currency} and {currency}")
    quote = snapshot.quotes.get(pair.symbol)
    if quote is None or not quote.sane:
        return Unknown(f"{pair.symbol}: no quote")
    middle = (quote.bid + quote.ask) / 2
    return middle if pair.inverse else 1 / middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All accounts together in the display currency; a figure that one of them does not know is unknown."""

    currency: str
    accounts: int
    """How many are in the sums."""
    equity: Value
    floating: Value
    today: Value
    week: Value
    month: Value
    left_out: tuple[tuple[str, str], ...]
    """Accounts that are in no sum, and why."""


def desk(parts: Sequence[tuple[str, float | None, Results | None]]) -> Desk:
    """The sums over accounts given as name, equity in the account's own currency, and results; None where unseen."""
    currency = next((found.display_currency for _, _, found in parts if found), "")
    added: list[tuple[str, float, float, Tally]] = []
    left_out: list[tuple[str, str]] = []
    for name, equity, found in parts:
        if equity is None or found is None:
            left_out.append((name, "not seen"))
        elif not isinstance(found.display_rate, float):
            left_out.append((name, found.display_rate.reason))
        elif found.display_currency != currency:
            left_out.append((name, f"shown in {found.display_currency}"))
        else:
            added.append((name, equity, found.display_rate, found.account))

    def total(figure: str) -> Value:
        values = [(name, getattr(tally, figure), rate) for name, _, rate, tally in added]
        lacking = next((f"{name}: {v.reason}" for name, v, _ in values if not isinstance(v, float | int)), None)
        if lacking or not added:
            return Unknown(lacking or "no account is seen in the display currency")
        return float(sum(v * rate for _, v, rate in values))

    return Desk(
        currency=currency,
        accounts=len(added),
        equity=float(sum(e * rate for _, e, rate, _ in added)) if added else total("floating"),
        floating=total("floating"),
        today=total("today"),
        week=total("week"),
        month=total("month"),
        left_out=tuple(left_out),
    )
