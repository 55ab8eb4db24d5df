"""What runs in Wine's Python: answers expressions on the genuine package, one JSON line for each."""

from __future__ import annotations

import json
import pickle
import sys
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import numpy as np  # noqa: F401 -- for the expressions

from bridge import wire
from bridge.attach import Attachment
from bridge.children import spawn
from bridge.clock import SystemClock
from bridge.lane import Lane, Outcome
from bridge.port import CloseOrder, Receipt
from bridge.session import Session
from monitors.kinds import Side

TICKET = 7
LONG_S = 30.0
FOR_EVER = "import threading; threading.Event().wait()"
kept: list[Popen[bytes]] = []


class Answering:
    """The package, and where it needs a terminal for what is asked before a close, structures made by hand."""

    def __init__(self, mt5: Any) -> None:
        self._mt5 = mt5

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mt5, name)

    def initialize(self) -> bool:
        return True

    def account_info(self) -> Any:
        return self._mt5.AccountInfo(range(28))

    def positions_get(self, ticket: int) -> Any:
        """A buy of one lot."""
        return (self._mt5.TradePosition([*[0] * 9, 1.0, *[0] * 9]),) if ticket == TICKET else ()

    def symbol_info_tick(self, symbol: str) -> Any:
        return self._mt5.Tick(range(8)) if symbol else None


def closed(mt5: Any) -> Receipt:
    """The receipt of a close that the session sends."""
    order = CloseOrder(
        ticket=TICKET,
        symbol="EURUSD",
        side=Side.SELL,
        lots=1,
        held=1,
        filling=1,
        magic=2**63,
        comment="x" * 29,
        identifiers=(TICKET,),
    )
    return Session(Answering(mt5), SystemClock(), "UTC").send(order)


def cancelled(mt5: Any) -> Receipt:
    """The receipt of the session's request to remove a pending order."""
    return Session(Answering(mt5), SystemClock(), "UTC").cancel(TICKET)


def fetched(lane: Lane, key: str) -> Outcome:
    """The outcome, which the lane's deadline brings at the latest; the lane looks at that at every question."""
    while True:
        outcome = lane.fetch(key, 0.1)
        if outcome:
            return outcome


def told_by_lane() -> Any:
    """What a host answers that was started from here, and is ended again."""
    lane = Lane(Attachment(name="main", backend="mt5"), SystemClock(), LONG_S)
    try:
        lane.ask("records", lambda number: wire.Read(number, 0))
        return fetched(lane, "records").reply
    finally:
        lane.close()


def stuck_child() -> None:
    """A child that would run for ever and hears nothing."""
    kept.append(spawn((sys.executable, "-c", FOR_EVER), stdin=DEVNULL, stdout=PIPE, stderr=PIPE))


def picklable(value: Any) -> bool:
    try:
        pickle.dumps(value)
    except pickle.PicklingError:
        return False
    return True


def request(**other: Any) -> dict[str, Any]:
    """A close, but for `other`."""
    return {
        "action": 1, "position": 7, "symbol": "EURUSD", "volume": 0.1, "type": 1, "price": 1.1, "deviation": 100,
        "type_filling": 1, "type_time": 0, "magic": 7, "comment": "plimsoll 1", **other,
    }  # fmt: skip


def answer(mt5: Any, call: str) -> dict[str, Any]:
    """What an expression comes to, or what it raises, and the package's word on it."""
    try:
        shown = repr(eval(call, {**globals(), "mt5": mt5}))  # noqa: S307 -- the expressions are this test's own
    except Exception as error:  # noqa: BLE001 -- whatever it raises is the answer
        shown = f"{type(error).__name__}: {error}"
    return {"shown": shown, "last_error": list(mt5.last_error())}


def main() -> None:
    """Until there are no more lines."""
    import MetaTrader5  # noqa: PLC0415 -- this file is read outside Wine too

    for line in sys.stdin:
        print(json.dumps(answer(MetaTrader5, json.loads(line))), flush=True)  # noqa: T201 -- its way to answer


if __name__ == "__main__":
    main()
