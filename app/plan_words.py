"""A firm's plan in words: each floor in money for this account, where it was read, and what nobody here judges."""

from __future__ import annotations

from collections.abc import Iterator

from app.config.packs import Pack
from monitors.floors import Conduct, DailyLoss, Limit, MaximumLoss, Measured, Share, Trail
from monitors.settings import TerminalSettings

_HIGHEST = {
    Trail.EOD_BALANCE: "the highest balance at a reset",
    Trail.CLOSED_BALANCE: "the highest closed balance",
    Trail.LIVE_EQUITY: "the highest equity ever",
}


def plan_sentences(terminal: TerminalSettings, pack: Pack) -> list[str]:
    """What the plan asks of that account and where that was read, a sentence for each thing."""
    initial = terminal.initial_balance
    lines = []
    if pack.daily is not None:
        lines.append(f"the daily floor is {_daily(pack.daily, _reset(terminal), initial)}: {_end(pack.daily.touch)}.")
    if pack.maximum is not None:
        lines.append(f"the floor for good is {_maximum(pack.maximum, initial)}: {_end(pack.maximum.touch)}.")
    lines += [f"equity counts floating profit, swap and commission. Source: {pack.source}, checked {pack.checked}."]
    lines += [f"{'not confirmed' if note.unconfirmed else 'note'}: {note.text}." for note in pack.note]
    unjudged = [*_conduct(pack.conduct)]
    if unjudged:
        lines.append(f"not judged by Plimsoll: {'; '.join(unjudged)}.")
    return [f"{pack.title}: {line}" for line in lines]


def own_day(terminal: TerminalSettings, pack: Pack) -> str:
    """What is to be said where the terminal's day is not the plan's; else nothing."""
    if pack.day(terminal.day) == terminal.day:
        return ""
    zone = "on the broker's clock" if pack.zone == "server" else f"in {pack.zone}"
    return (f"{pack.title}: its day begins at {pack.reset} {zone}, yet the terminal has a day of its own, "
            "and that is what is judged by.")  # fmt: skip


def _reset(terminal: TerminalSettings) -> str:
    hours, minutes = divmod(terminal.day.reset_minute, 60)
    zone = "on the broker's clock" if terminal.day.zone == "server" else terminal.day.zone
    return f"{hours:02}:{minutes:02} {zone}"


def _daily(daily: DailyLoss, reset: str, initial: float) -> str:
    anchor = {
        Measured.BALANCE: f"the balance at {reset}",
        Measured.EQUITY: f"the equity at {reset}",
        Measured.HIGHER: f"the higher of balance and equity at {reset}",
        Measured.PEAK: f"the highest equity since {reset}",
    }[daily.anchor]
    return f"{anchor} less {_limit(daily.limit, initial)}"


def _maximum(maximum: MaximumLoss, initial: float) -> str:
    limit = _limit(maximum.limit, initial)
    if maximum.trail is Trail.STATIC:
        loss = maximum.limit.money(initial=initial, anchor=initial, balance=initial)
        share = limit if maximum.limit.of is Share.MONEY else f"{maximum.limit.amount:g} % of it"
        return f"{initial - loss:,.2f}, the initial {initial:,.2f} less {share}"
    floor = f"{_HIGHEST[maximum.trail]}, at least the initial {initial:,.2f}, less {limit}"
    kept = "; money paid out does not lower it" if maximum.keeps else ""
    locked = "" if maximum.lock is None else f", and never above {initial + maximum.lock:,.2f}"
    return f"{floor}{locked}{kept}"


def _limit(limit: Limit, initial: float) -> str:
    of = {Share.ANCHOR: "of that", Share.BALANCE: "of the balance then"}
    if limit.of is Share.MONEY:
        return f"{limit.amount:,.2f}"
    if limit.of is Share.INITIAL:
        return f"{limit.amount:g} % of the initial {initial:,.2f} ({initial * limit.amount / 100:,.2f})"
    return f"{limit.amount:g} % {of[limit.of]}"


def _end(touch: bool) -> str:  # noqa: FBT001 -- a truth of the plan, its only argument
    return "equity at or below it ends the account" if touch else "equity below it ends the account"


def _conduct(conduct: Conduct) -> Iterator[str]:
    if conduct.min_days is not None:
        yield f"at least {conduct.min_days} trading days"
    if conduct.consistency_pct is not None:
        yield f"no day may bring more than {conduct.consistency_pct:g} % of the profit"
    if conduct.news_min is not None:
        yield f"no orders within {conduct.news_min:g} minutes of high-impact news"
    if conduct.flat_weekend:
        yield "nothing held over the weekend"
    if conduct.symbol_lots is not None:
        yield f"at most {conduct.symbol_lots:g} lots of one symbol"
    if conduct.stop_within_s is not None:
        yield f"a stop on every position within {conduct.stop_within_s:g} s"
