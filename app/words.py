"""An event as one line for a person."""

from __future__ import annotations

from app.events import Event

TYPED = ("balance", "equity", "day_high", "week_high", "high_water")


def words(told: Event) -> str:
    """Time, account and what happened, in one line of plain text, whatever a broker's words hold."""
    return plain(_sentence(told)).rstrip()


def plain(text: str) -> str:
    """One line that drives no console, whatever a broker's names and words hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _sentence(told: Event) -> str:
    head = f"{told['at'][11:19]}Z  {told['account']}  "
    match told["event"]:
        case "alert":
            value = "not applicable" if told["value"] is None else f"{told['value']:g}"
            limit = "" if told["threshold"] is None else f", level {told['threshold']:g}"
            what = f"{told['rule']} ({told['severity']})"
            stage = f" (stage {told['stage']}, not acknowledged)" if "stage" in told else ""
            return f"{head}alert {told['alert']} {told['state']}{stage}: {what}, now {value}{limit}"
        case "plan":
            closes = ", ".join(f"{c['volume']:g} {c['symbol']} of #{c['position']}" for c in told["closes"])
            return f"{head}plan for {told['rule']}: close {closes or 'nothing'}"
        case "intent":
            return (f"{head}request {told['request']}: {told['side']} {told['volume']:g} {told['symbol']} "
                    f"to close #{told['position']}")  # fmt: skip
        case "outcome":
            code = "no answer" if told["retcode"] is None else f"code {told['retcode']}"
            return f"{head}request {told['request']} {told['state']}: {told['filled']:g} filled, {code}"
        case "denied":
            return f"{head}not sent for #{told['position']}: {told['reason']}"
        case "flow":
            return f"{head}{told['kind']} {told['amount']:+g}"
        case "commitment":
            end = f" until {told['until']}" if told["until"] else f", {told['how']}" if told["how"] else ""
            was, now = told["from"] or "nothing", told["to"] or "nothing"
            return f"{head}{told['rule']} {told['change']}{end}: {was} -> {now}"
        case "started":
            return f"{head}started with config {told['config']}"
        case "recovered":
            return f"{head}recovered; unsettled requests: {', '.join(map(str, told['unresolved'])) or 'none'}"
        case _:
            return head + _rarer(told)


def _rarer(told: Event) -> str:
    """Of what a person typed or agreed to, and of orders that close nothing."""
    match told["event"]:
        case "opening":
            figures = [f"{name.replace('_', ' ')} {told[name]:.2f}" for name in TYPED if name in told]
            return f"a person typed: {', '.join(figures)}"
        case "protect":
            state = f"{told['state']}" + (f" ({told['retcode']})" if told["retcode"] else "")
            return f"stop of {told['symbol']} {told['position']} to {told['stop']:.10g}: {state}"
        case "consent":
            return f"a person agreed to the backstop of {told['rule']} within {told['within']:.10g}"
        case "cancel":
            return f"pending order {told['order']} {told['symbol']}: cancel {told['state']}"
        case name:
            return f"{name}: {told.get('reason', '')}"
