"""`python -m tests.bridge.reluctant_host SYMBOL`: a host that gives everything but the first ticks of one symbol."""

from __future__ import annotations

import sys

from bridge import wire
from bridge.children import answers, die_with_parent
from bridge.clock import SystemClock
from bridge.host import Host


def main(symbol: str) -> int:
    """Answer line by line until they end; the exit code."""
    die_with_parent()
    sink = answers()
    first = wire.request(sys.stdin.buffer.readline())
    if not isinstance(first, wire.Attach):
        return 2
    host = Host(first.attachment, SystemClock())
    said: wire.Reply = wire.Hello(wire.VERSION)
    while True:
        sink.write(wire.line(said))
        sink.flush()
        text = sys.stdin.buffer.readline()
        if not text:
            return 0
        asked = wire.request(text)
        if isinstance(asked, wire.Attach):
            return 2
        refused = isinstance(asked, wire.WarmUp) and asked.symbol == symbol
        said = wire.Failed(asked.number, "no ticks of it") if refused else host.answer(asked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
