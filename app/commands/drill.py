"""`plimsoll drill`: closes the smallest volume on a demo account and keeps how this broker answered."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.attachments import attachment
from app.checks.drill import LOOK_AT_IT, Book, Closing, Held, Outcome, Unfit, chosen, close, look
from app.commands import BAD_INPUT, DONE, FAILED, told, written
from app.commands.where import config_path
from app.config import load
from app.events import event, line
from app.instance.control import NotRunning, ask
from app.main import data_folder
from app.store.latch import append
from app.words import plain
from bridge import private
from bridge.clock import SystemClock
from bridge.examine import FILLINGS
from bridge.port import TerminalError
from monitors.filling import choices
from monitors.outcomes import TAG, State
from monitors.settings import Config, TerminalSettings

LEDGER = "drills.jsonl"


def run(args: argparse.Namespace) -> int:
    """Exit 0 where the close is proven."""
    config = load(config_path(args.config), os.environ)
    folder = data_folder(config)
    settings = _meant(config, args.account)
    if isinstance(settings, str):
        return told(settings, BAD_INPUT)
    where = attachment(settings, folder)
    try:
        book = look(where)
        _expected(settings, book)
        held, steps = chosen(book, args.position)
    except (Unfit, TerminalError) as why:
        return told(f"{settings.name}: no drill: {why}", FAILED)
    ledger = Ledger(folder / LEDGER, settings.name)
    closing = Closing(login=book.login, server=book.server, position=held.position.identifier,
                      held=held.position.steps, steps=steps, comment=f"{TAG} drill {ledger.upcoming}")  # fmt: skip
    told(_plan(settings, book, held, closing, folder), DONE)
    if not args.yes and not _agreed():
        return told("not drilled; nothing was sent", FAILED)
    try:
        ledger.intend(held, closing)
        outcome = close(where, closing)
    except KeyboardInterrupt:
        told(f"{settings.name}: interrupted: what became of the close is unknown, as {folder / LEDGER} says too; "
             f"{LOOK_AT_IT}", FAILED)  # fmt: skip
        ledger.conclude(Outcome(state=State.UNKNOWN, why=f"interrupted; {LOOK_AT_IT}"))
        return FAILED
    record = ledger.conclude(outcome)
    written(line(record).decode().rstrip() if args.json else "\n".join(_report(outcome)))
    return DONE if outcome.state in (State.DONE, State.PARTIAL) else FAILED


class Ledger:
    """The drills of a data folder, a line before and a line after each, both synced."""

    def __init__(self, path: Path, account: str) -> None:
        self._path = path
        self._account = account
        self._clock = SystemClock()
        self.upcoming = 1 + (path.read_bytes().count(b'"drill_intent"') if path.is_file() else 0)

    def intend(self, held: Held, closing: Closing) -> None:
        """The intent; OSError where it cannot be kept, and then nothing may be sent."""
        fillings = [FILLINGS[mode] for mode in choices(held.instrument)]
        self._keep("drill_intent", login=closing.login, server=closing.server, position=closing.position,
                   symbol=held.position.symbol, side=str(held.position.side.opposite),
                   volume=held.instrument.lots(closing.steps), held=held.position.lots, fillings=fillings,
                   comment=closing.comment)  # fmt: skip

    def conclude(self, outcome: Outcome) -> dict[str, Any]:
        """The outcome, as it was kept."""
        return self._keep("drill_outcome", **asdict(outcome))

    def _keep(self, name: str, **body: Any) -> dict[str, Any]:
        record = event(self._clock.utc_ms(), name, self._account, drill=self.upcoming, **body)
        private.folder(self._path.parent)
        append(self._path, line(record).rstrip())
        return record


def _meant(config: Config, name: str | None) -> TerminalSettings | str:
    """The terminal of that name, or the only one; else what to say."""
    names = [settings.name for settings in config.terminals]
    if name is None and len(names) != 1:
        return f"which account? name one with --account: {', '.join(names)}"
    found = [settings for settings in config.terminals if name in (None, settings.name)]
    return found[0] if found else f"there is no account {name}; there is {', '.join(names)}"


def _expected(settings: TerminalSettings, book: Book) -> None:
    """Only the account that the config names is touched."""
    wanted = (settings.login or book.login, settings.server or book.server)
    if wanted != (book.login, book.server):
        raise Unfit(f"{book.login} on {book.server} is logged in, the config expects {wanted[0]} on {wanted[1]}")


def _plan(settings: TerminalSettings, book: Book, held: Held, closing: Closing, folder: Path) -> str:
    position, instrument = held.position, held.instrument
    whole = ", the whole position" if closing.steps == closing.held else ""
    fillings = " then ".join(FILLINGS[mode] for mode in choices(instrument))
    lots = f"{instrument.lots(closing.steps):g} of {position.lots:g} lots"
    text = (f"{settings.name} ({book.login} on {book.server}, {book.kind}): close {lots} {position.symbol}, "
            f"{position.side} #{position.identifier}{whole}, at the market, filling {fillings}, "
            f'with the comment "{closing.comment}"')  # fmt: skip
    try:
        ask(folder, verb="status")
    except NotRunning:
        return text
    return f"{text}; the running Plimsoll will see the deal as one of Plimsoll's own"


def _agreed() -> bool:
    sys.stderr.write("To close that now type yes: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() == "yes"


def _report(outcome: Outcome) -> list[str]:
    lines = [f"{outcome.state}: {outcome.why}" if outcome.why else str(outcome.state)]
    for answer in outcome.answers:
        code = "no answer" if answer.retcode is None else f"{answer.retcode} {answer.said}"
        words = f' "{answer.text}"' if answer.text else ""
        lines.append(f"  {answer.filling}: {code}{words} after {answer.answer_ms:.1f} ms")
    if outcome.shown_ms is not None:
        lines.append(f"  the position showed it after {outcome.shown_ms:.1f} ms")
    if outcome.booked_ms is not None:
        lines.append(f"  the deal was booked after {outcome.booked_ms:.1f} ms")
    if outcome.filled is not None:
        prices = f"{outcome.requested:.10g} asked for, {outcome.filled:.10g} filled"
        lines.append(f'  {prices}: {outcome.slippage_points:+g} points worse; comment "{outcome.comment}"')
    return [plain(text) for text in lines]
