"""Orders events and faults of a served terminal that was started with `--rehearse`, and reads its broker's books."""

from __future__ import annotations

import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bridge.simulator import addressed, wirecalls

PATIENCE_S = 10.0


class Rehearse:
    """One line to the desk of that name; use it in a `with`."""

    def __init__(self, file: Path, account: str = "") -> None:
        address = addressed.running(file)
        assert address, f"no simulated terminal at {file}"
        self._socket = socket.create_connection((addressed.HOST, address.port), timeout=PATIENCE_S)
        self._stream = self._socket.makefile("rwb")
        self._ask({"secret": address.secret, "name": account, "login": 0})

    def event(self, do: str, **facts: Any) -> None:
        """Let a scenario's event happen now."""
        self._ask({"event": {"do": do, **facts}})

    def fault(self, kind: str, **facts: Any) -> None:
        """Spoil the next answers of this desk: slow (seconds), garbage, silent, none; `times` of them, else all."""
        self._ask({"fault": {"kind": kind, **facts}})

    def books(self) -> tuple[dict[str, float | None], list[dict[str, Any]]]:
        """The account's figures, and what is held, as the broker has them; answered by a desk that hangs as well."""
        figures, held = self._ask({"books": True})
        return figures, held

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
                 ) -> None:  # fmt: skip
        self.close()

    def _ask(self, frame: dict[str, Any]) -> Any:
        wirecalls.put(self._stream, frame)
        answer = wirecalls.take(self._stream)
        assert answer is not None, "hung up"
        assert "wrong" not in answer, answer["wrong"]
        return wirecalls.outcome(answer)
