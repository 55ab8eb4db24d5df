"""The simulated terminal's face: a module with exactly the names of MetaTrader5, over any backend."""

from types import ModuleType
from typing import Any, Final

from bridge.simulator.backend import Backend
from bridge.simulator.face.builtin import Builtin, ErrorReader
from bridge.simulator.face.constants import CONSTANTS
from bridge.simulator.face.errors import LastError
from bridge.simulator.face.helpers import helper_functions
from bridge.simulator.face.market import MarketCalls
from bridge.simulator.face.signatures import SIGNATURES
from bridge.simulator.face.structures import TYPES
from bridge.simulator.face.terminal import TerminalCalls
from bridge.simulator.face.trading import TradingCalls

VERSION: Final = "5.0.6231"
AUTHOR: Final = "MetaQuotes Ltd."


class Face(ModuleType):
    """`sys.modules["MetaTrader5"] = Face(backend)` lets a program written for the package run unchanged.

    Every call checks its arguments first, then the connection, then asks the backend. One face is one process's module:
    it holds one last error and one connection.
    """

    def __init__(self, backend: Backend, name: str = "MetaTrader5") -> None:
        super().__init__(name)
        last_error = LastError()
        functions = _functions(backend, last_error)
        self._core = ModuleType(f"{name}._core", "API Connector to MetaTrader 5 Terminal")
        self._core.__dict__.update(functions, **TYPES)
        self.__dict__.update(CONSTANTS, **functions, **TYPES, **helper_functions(functions, name))
        self.__version__ = VERSION
        self.__author__ = AUTHOR


def as_module(backend: Backend, name: str = "MetaTrader5") -> ModuleType:
    return Face(backend, name)


def _functions(backend: Backend, last_error: LastError) -> dict[str, Any]:
    shares = [calls(backend, last_error) for calls in (TerminalCalls, MarketCalls, TradingCalls)]
    runs = {name: getattr(share, name) for share in shares for name in SIGNATURES if hasattr(share, name)}
    functions = {name: Builtin(name, SIGNATURES[name], run, last_error) for name, run in runs.items()}
    reader = ErrorReader("last_error", SIGNATURES["last_error"], tuple, last_error)
    return functions | {"last_error": reader}
