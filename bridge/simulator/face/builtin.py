"""A function of the package as a program meets it: called, failing, printed and inspected like the C one."""

from collections.abc import Callable
from typing import Any, Final, NoReturn

from bridge.simulator.backend import Refusal
from bridge.simulator.face.errors import BadArgument, LastError
from bridge.simulator.face.signatures import Convention, Signature


class Builtin:
    """One function: checks the convention, keeps `last_error`, turns refusals into None, False or what it returns then.

    A wrong convention raises TypeError and leaves `last_error` alone; everything else sets it.
    """

    __text_signature__: Final = None

    def __init__(self, name: str, signature: Signature, run: Callable[..., Any], last_error: LastError) -> None:
        self.__name__ = self.__qualname__ = name
        self.__doc__ = signature.doc
        self.__module__ = "MetaTrader5._core"
        self._signature = signature
        self._run = run
        self._last_error = last_error

    def __repr__(self) -> str:
        return f"<built-in function {self.__name__}>"

    @property
    def __signature__(self) -> NoReturn:
        raise ValueError(f"no signature found for builtin {self!r}")

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        if self._signature.convention is not Convention.FREE:
            self._keep_convention(args, kwargs)
        last_error = self._last_error
        last_error.clear()
        try:
            answer = self._run(*args, **kwargs)
        except BadArgument as bad:
            last_error.turn_away(bad)
            last_error.late = bad.cause or last_error.late
            answer = self._signature.misused
        except Refusal as refusal:
            last_error.refuse(refusal, self._signature.texts)
            answer = self._signature.refused
        if last_error.late is not None:
            raise SystemError(f"{self!r} returned a result with an exception set") from last_error.late
        return answer

    def _keep_convention(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        bare = self._signature.convention is Convention.NONE
        called = f"{self.__module__}.{self.__name__}()" if bare else f"{self.__name__}()"
        if kwargs:
            raise TypeError(f"{called} takes no keyword arguments")
        if bare and args:
            raise TypeError(f"{called} takes no arguments ({len(args)} given)")


class ErrorReader(Builtin):
    """last_error, the one function that leaves the last error as it is."""

    def __call__(self, /, *args: Any, **kwargs: Any) -> tuple[int, str]:
        self._keep_convention(args, kwargs)
        return self._last_error.value
