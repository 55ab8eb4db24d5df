"""A config as sentences: what is watched, and what each level of each rule does, as a person would say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.config import packs
from app.config.sections import DAYS
from app.plan_words import own_day, plan_sentences
from monitors.measures import Unit
from monitors.metrics import METRICS
from monitors.settings import Config, DaySettings, Level, Rule, TerminalSettings

SUBJECTS: Mapping[str, str] = {
    "pnl.floating": "the floating profit",
    "pnl.realized_today": "the profit realised today",
    "pnl.today": "today's profit, realised and floating,",
    "pnl.today_pct": "today's profit in percent",
    "pnl.week": "the week's profit",
    "drawdown.weekly": "the drawdown from the week's highest equity",
    "drawdown.weekly_pct": "the drawdown from the week's highest equity",
    "drawdown.max": "the drawdown from the highest equity ever",
    "drawdown.max_pct": "the drawdown from the highest equity ever",
    "drawdown.underwater_s": "the time below the highest equity",
    "drawdown.recovery_pct": "the regained part of the deepest drawdown",
    "exposure.total": "the gross exposure",
    "exposure.leverage": "the gross exposure as a multiple of equity",
    "exposure.symbol_pct": "the largest symbol's share of exposure",
    "exposure.hhi": "the concentration of exposure (HHI)",
    "exposure.currency_pct": "the largest net currency, in percent of equity,",
    "exposure.effective_n": "the effective number of symbols",
    "exposure.correlation": "the largest correlation among held symbols",
    "margin.level_pct": "the margin level",
    "margin.used": "the used margin",
    "margin.free": "the free margin",
    "equity": "the equity",
    "balance": "the balance",
    "risk.open_pct": "the loss if every stop is hit, in percent of equity,",
    "risk.missing_stops": "the number of positions without a stop",
    "risk.reward_min": "the least planned reward to risk",
    "position.profit": "a position's profit",
    "position.r": "a position's profit in R",
    "position.mae_r": "a position's worst excursion in R",
    "position.given_back_pct": "the part of its best profit that a position gave back",
    "position.unprotected_s": "the time that a position stands without a stop",
    "firm.daily_used_pct": "the used part of the plan's daily loss",
    "firm.daily_room": "what is left above the plan's daily floor",
    "firm.max_used_pct": "the used part of the plan's whole loss",
    "firm.max_room": "what is left above the plan's floor for good",
    "firm.reset_room": "what the coming reset would leave above the plan's floor",
    "terminal.silence_s": "the time without a new quote",
    "spread.points": "the spread in points",
}
_DAILY = {
    "balance": "the day's opening balance",
    "equity": "the equity at the day's reset",
    "higher": "the higher of balance and equity at the day's reset",
    "peak": "the day's highest equity",
}
WIDE = {"cancel_pendings": "cancelling pendings", "halt": "a halt", "emergency_stop": "an emergency stop"}
"""Actions that know no single position."""
_COUNTS = {1: "one reading", 2: "two readings in a row", 3: "three readings in a row"}


def sentences(config: Config, *, explain: bool = False) -> list[str]:
    """The mode, the terminals and every rule, a sentence for each thing that can happen.

    `explain` adds why each rule is there and what to do, and what a firm's plan means in money and where it was read.
    """
    mode = "Armed: rules may close positions." if config.armed else "Observe: rules warn and plan, and send nothing."
    lines = [mode, *map(_terminal, config.terminals)]
    planned = [terminal for terminal in config.terminals if terminal.pack]
    for terminal in planned:
        pack = packs.read(terminal.pack)
        if len(planned) > 1:
            pack = replace(pack, title=f'{pack.title} of "{terminal.name}"')
        lines += plan_sentences(terminal, pack) if explain else []
        lines += filter(None, (own_day(terminal, pack),))
    for rule in config.rules:
        lines += rule_sentences(rule, config, explain=explain)
    if not config.rules:
        lines.append("No rules: nothing is judged; the emergency stop works all the same.")
    return lines


def rule_sentences(rule: Rule, config: Config, *, explain: bool = False) -> list[str]:
    """One rule: a sentence for each of its levels, and what narrows or delays it."""
    lines = [f"when {_trip(rule, level)}. {level.severity.value.capitalize()}." for level in rule.levels]
    lines += [f"{remark}." for remark in _remarks(rule, config)]
    if explain:
        lines += [f"why: {rule.why}"] if rule.why else []
        lines += [f"what to do: {rule.do}"] if rule.do else []
    return [f"{rule.name}: {line}" for line in lines]


def level_sentence(rule: Rule, level: Level) -> str:
    """What one level does, as a sentence of its own."""
    return f"When {_trip(rule, level)}."


def amount(metric: str, value: float) -> str:
    """A value in the unit of the metric; money without its currency, which only the account knows."""
    unit = METRICS[metric].unit
    if unit is Unit.PERCENT:
        return f"{value:,.2f} %"
    if unit is Unit.SECONDS:
        return f"{value:,g} s"
    return f"{value:,.2f}" if unit is Unit.MONEY else f"{value:g}"


def _trip(rule: Rule, level: Level) -> str:
    move = "falls" if rule.when == "below" else "rises"
    reached = f"{_subject(rule)} {move} to {amount(rule.metric, level.at)}"
    return f"{reached}{_confirmation(rule, level)}, {level.response.sentence()}"


def _subject(rule: Rule) -> str:
    subject = SUBJECTS.get(rule.metric, rule.metric)
    if rule.metric.startswith("drawdown.daily"):
        subject = f"the drawdown from {_DAILY[rule.base]}"
    if rule.metric == "pnl.change":
        subject = f"the change of equity over {rule.window_s:g} s"
    return f"{subject}, in percent of the initial balance," if rule.of == "initial" else subject


def _confirmation(rule: Rule, level: Level) -> str:
    readings = rule.confirm or (2 if level.response.acts else 1)
    words = [_COUNTS.get(readings, f"{readings} readings in a row")] if readings > 1 else []
    if rule.confirm_s:
        words.append(f"for at least {rule.confirm_s:g} s")
    return f" ({', '.join(words)})" if words else ""


def _remarks(rule: Rule, config: Config) -> Iterable[str]:
    """What narrows or delays the rule."""
    if METRICS[rule.metric].each:
        yield "each position is judged by itself, and what is closed for it touches no other"
        wide = [WIDE[name] for name in WIDE if any(level.response.name == name for level in rule.levels)]
        if wide:
            yield f"{' and '.join(wide)} reaches the whole account all the same, not only that position"
    if rule.rearm:
        yield f"a level can trip again once it was left by {amount(rule.metric, rule.rearm)}"
    if not rule.hard and any(level.response.acts for level in rule.levels):
        yield "it waits while spreads are more than 5 times their median"
    if not any(rule.covers(terminal.name) for terminal in config.terminals):
        yield f"it judges no terminal of this config, for none is called {_alternatives(rule.accounts)}"
    elif rule.accounts != ("*",):
        yield f"it judges only {_alternatives(rule.accounts)}"
    touches = "judges and touches" if METRICS[rule.metric].each else "touches"
    if rule.symbols != ("*",):
        yield f"it {touches} only positions in {_alternatives(rule.symbols)}"
    if rule.magics:
        names = [config.strategies[m].name if m in config.strategies else f"magic {m}" for m in rule.magics]
        yield f"it {touches} only positions of {_alternatives(names)}"


def _terminal(terminal: TerminalSettings) -> str:
    account = (
        f"account {terminal.login}" if terminal.login else "any account, which is watched and which no rule touches"
    )
    server = f" on {terminal.server}" if terminal.server else ""
    plan = f"; under the plan {packs.read(terminal.pack).title}" if terminal.pack else ""
    return f'Terminal "{terminal.name}": {account}{server}; {_day(terminal.day)}{plan}.'


def _day(day: DaySettings) -> str:
    clock = "on the broker's clock" if day.zone == "server" else f"in {day.zone}"
    hours, minutes = divmod(day.reset_minute, 60)
    return f"a day begins at {hours:02}:{minutes:02} {clock}, a week on {DAYS[day.week_starts].capitalize()}"


def _alternatives(names: Iterable[str]) -> str:
    return " or ".join(names)
