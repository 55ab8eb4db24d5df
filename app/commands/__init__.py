"""The commands, one file each; what they raise becomes one line and an exit code here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from app.config import ConfigError
from app.control import NotRunning
from app.store.journal import JournalError
from bridge.port import TerminalError
from bridge.simulator.tables import ScenarioError
from bridge.simulator.ticks import TickFileError

DONE, FAILED, BAD_INPUT = 0, 1, 2


def guarded(run: Callable[[argparse.Namespace], int], args: argparse.Namespace) -> int:
    """Run a command; bad input is told in lines that name file, key and remedy, and exits 2."""
    try:
        return run(args)
    except (ConfigError, ScenarioError, TickFileError, JournalError) as error:
        return told(str(error), BAD_INPUT)
    except TerminalError as error:
        return told(f"{error.reason}; {error.remedy}" if error.remedy else error.reason, BAD_INPUT)
    except NotRunning as error:
        return told(str(error), FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED


def told(text: str, code: int) -> int:
    """Say it on stderr; the code to exit with."""
    print(text, file=sys.stderr)
    return code
