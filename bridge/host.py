"""`python -m bridge.host`: the process that owns one terminal and answers what its supervisor asks, a line each.

It may block for as long as the terminal does and may be killed at any moment: it keeps nothing that matters.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

from bridge import wire
from bridge.attach import Attached, Attachment, attach, found_clock, session
from bridge.children import answers, die_with_parent
from bridge.clock import SystemClock
from bridge.port import Receipt, Replaced, TerminalError
from bridge.session import Session
from monitors.ports import Clock

BAD_INPUT = 2


class Host:
    """Answers requests on one terminal; what goes wrong is an answer too."""

    def __init__(self, attachment: Attachment, clock: Clock) -> None:
        self._attachment = attachment
        self._clock = clock
        self._attached: Attached | None = None
        self._session: Session | None = None

    def answer(self, asked: wire.Request) -> wire.Reply:
        """The reply to one request; raises nothing."""
        try:
            return self._answer(asked)
        except TerminalError as error:
            if isinstance(error, Replaced):
                self._session = self._attached = None
            return wire.Failed(asked.number, error.reason, error.remedy)
        except Exception as error:  # noqa: BLE001 -- the supervisor is told what a broken answer was, and goes on
            said = f"{type(error).__name__}: {error}"
            if isinstance(
                asked, wire.Send | wire.Cancel | wire.Protect
            ):  # it may have left: only the broker's records can tell
                return wire.Answered(asked.number, Receipt(retcode=None, text=said))
            return wire.Failed(asked.number, f"the answer could not be read: {said}")

    def connect(self) -> None:
        """Open the connection ahead of the greeting, so that no request is written to a host that hangs in it."""
        if self._attachment.clock:
            self.answer(wire.Read(0, self._clock.utc_ms()))

    def close(self) -> None:
        """Let the terminal go."""
        if self._session:
            self._session.hang_up()

    def _answer(self, asked: wire.Request) -> wire.Reply:
        match asked:
            case wire.Look(number=number, deals_since_ms=since_ms, warm=warm, cursors=cursors):
                terminal = self._terminal()
                prices = terminal.prices
                prices.warm, prices.ticks.cursors = warm, cursors
                seen = terminal.look(since_ms)
                return wire.Looked(number, wire.pack(seen), prices.cold, prices.ticks.cursors)
            case wire.Read(number=number, deals_since_ms=since_ms):
                return self._read(number, since_ms)
            case wire.ReadBars(number=number, symbol=symbol, minutes=minutes, since_ms=since_ms, until_ms=until_ms):
                return wire.pack_bars(number, self._terminal().bars(symbol, minutes, since_ms, until_ms))
            case wire.Send(number=number, order=order, login=login, server=server):
                terminal = self._terminal()
                terminal.expect(login, server)
                return wire.Answered(number, terminal.send(order))
            case wire.Cancel(number=number, ticket=ticket, login=login, server=server):
                terminal = self._terminal()
                terminal.expect(login, server)
                return wire.Answered(number, terminal.cancel(ticket))
            case wire.Protect(number=number, order=order, login=login, server=server):
                terminal = self._terminal()
                terminal.expect(login, server)
                return wire.Answered(number, terminal.protect(order))
            case wire.WarmUp(number=number, symbol=symbol):
                self._terminal().warm_up(symbol)
                return wire.Done(number)
            case wire.FindClock(number=number):
                attached = self._module()
                if told := self._attachment.clock or attached.zone:
                    return wire.Clocked(number, told)
                found = found_clock(attached, self._clock)
                return wire.Clocked(number, found.zone, "" if found.certain else found.why)

    def _read(self, number: int, since_ms: int) -> wire.ReadOut:
        """Records with the account they are of; TerminalError where it changed meanwhile."""
        terminal = self._terminal()
        before, records, after = terminal.whose(), terminal.records(since_ms), terminal.whose()
        if before != after:
            raise TerminalError(f"the account changed while it was read: {before[0]} to {after[0]}")
        return wire.ReadOut(number, *after, records)

    def _module(self) -> Attached:
        self._attached = self._attached or attach(self._attachment)
        return self._attached

    def _terminal(self) -> Session:
        self._session = self._session or session(self._attachment, self._clock, self._module())
        return self._session


def serve(source: BinaryIO, sink: BinaryIO, clock: Clock) -> int:
    """Answer lines until they end; the exit code."""

    def say(message: wire.Reply) -> None:
        sink.write(wire.line(message))
        sink.flush()

    try:
        first = wire.request(source.readline())
        if not isinstance(first, wire.Attach) or first.version != wire.VERSION:
            say(wire.Failed(0, f"this host speaks version {wire.VERSION} and was spoken to otherwise"))
            return BAD_INPUT
        host = Host(first.attachment, clock)
        host.connect()
        say(wire.Hello(wire.VERSION))
        for text in source:
            asked = wire.request(text)
            if isinstance(asked, wire.Attach):
                return BAD_INPUT
            say(host.answer(asked))
        host.close()
    except TerminalError as error:
        say(wire.Failed(0, error.reason))
        return BAD_INPUT
    return 0


def main() -> int:
    """Speak over the pipes this process was given; whatever else is printed goes to stderr."""
    die_with_parent()
    try:
        return serve(sys.stdin.buffer, answers(), SystemClock())
    except OSError:  # nobody listens any more, for which Windows has another error than a broken pipe
        return 0


if __name__ == "__main__":
    sys.exit(main())
