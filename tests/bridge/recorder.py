"""The package's face, passing every call on, writing it down, and answering otherwise where it is told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Recorder:
    """Stands between a session and the simulated face; `answers` maps a function's name to what is called instead."""

    def __init__(self, mt5: Any) -> None:
        self.mt5 = mt5
        self.answers: dict[str, Callable[..., Any]] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.error: tuple[int, str] | None = None

    def named(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of one function."""
        return [given for called, given in self.calls if called == name]

    def nothing(self, name: str, code: int, text: str = "forced") -> None:
        """From now on a function answers None and leaves this error."""

        def answer(*_: Any, **__: Any) -> None:
            self.error = code, text

        self.answers[name] = answer

    def last_error(self) -> Any:
        return self.error or self.mt5.last_error()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.calls.append((name, given))
            self.error = None
            return self.answers.get(name, getattr(self.mt5, name))(*given, **named)

        return call
