"""What every function goes through before it asks the terminal: is there a connection at all."""

from bridge.simulator.backend import Backend, Refusal
from bridge.simulator.face.errors import NO_CONNECTION, LastError


class Calls:
    """A share of the package's functions: the terminal they ask, and the last error they may leave."""

    def __init__(self, backend: Backend, last_error: LastError) -> None:
        self._backend = backend
        self._last_error = last_error

    @property
    def _terminal(self) -> Backend:
        """The terminal, when connected; Refusal(-10004) otherwise. Asked for after the arguments are checked."""
        if not self._backend.connected:
            raise Refusal(NO_CONNECTION)
        return self._backend
