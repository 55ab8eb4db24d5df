"""`python -m bridge.child MODULE …` runs a module of ours so that what ends it is reported where the parent says."""

from __future__ import annotations

import faulthandler
import os
import runpy
import sys
import threading

WHERE, CONFIG = "CRASHES_OF_PLIMSOLL", "CONFIG_OF_PLIMSOLL"
"""Where reports go, and the digest of the config, in a child's environment; no names of the config's own."""


def main() -> None:
    """The module as `python -m` would run it; until something goes wrong nothing else is imported for that."""
    del sys.argv[0]
    module, where = sys.argv[0], os.environ.get(WHERE)
    if where:
        _watch(module, where)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except Exception as error:
        _report(module, error)
        raise


def _watch(module: str, where: str) -> None:
    file = f"{where}{os.sep}fault-{module}.txt"
    try:
        # Open for as long as the process lives: a fault leaves no time to.
        faulthandler.enable(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except OSError:
        return
    before = threading.excepthook

    def hook(args: threading.ExceptHookArgs) -> None:
        if isinstance(args.exc_value, Exception):
            _report(module, args.exc_value)
        before(args)

    threading.excepthook = hook


def _report(module: str, error: Exception) -> None:
    where = os.environ.get(WHERE)
    if where:
        from bridge.crashes import report  # noqa: PLC0415 -- a child has better to do than to import that

        report(where, module, os.environ.get(CONFIG, ""), error)


if __name__ == "__main__":
    main()
