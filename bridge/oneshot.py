"""A process for one question to a terminal: asked on its stdin, answered on its stdout, killed when it is late."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from subprocess import PIPE
from typing import Any, TypeVar

import msgspec

from bridge.children import answers, die_with_parent, python, spawn
from bridge.port import TerminalError

T = TypeVar("T")


class NoAnswer(TerminalError):
    """The process was late, broke or died: what it had already done is not known."""


class _Answer(msgspec.Struct, omit_defaults=True):
    """Either what was found, or why there is nothing; `broke` where the process itself failed at some point."""

    found: Any = None
    reason: str = ""
    remedy: str = ""
    broke: bool = False


def ask(module: str, question: object, kind: type[T], timeout_s: float) -> T:
    """The answer of `python -m MODULE` to a JSON-able question, as `kind`.

    TerminalError is that process's own; NoAnswer where it gave none in time, and then it is dead.
    """
    asked = msgspec.json.encode(question)
    with spawn(python(module), stdin=PIPE, stdout=PIPE, stderr=PIPE) as child:
        try:
            out, errors = child.communicate(asked, timeout_s)
        except subprocess.TimeoutExpired as late:
            raise NoAnswer(f"no answer within {timeout_s:g} s", "the terminal hangs or is busy: look at it") from late
        finally:
            child.kill()
    try:
        answer = msgspec.json.decode(out, type=_Answer)
        if answer.found is not None:
            return msgspec.convert(answer.found, kind)
    except msgspec.DecodeError as error:
        said = errors.decode("utf-8", "replace").strip().splitlines() or [str(error)]
        raise NoAnswer(f"ended without a readable answer (exit {child.returncode}): {said[-1]}") from error
    if answer.broke:
        raise NoAnswer(answer.reason)
    raise TerminalError(answer.reason, answer.remedy)


def answer(run: Callable[[T], Any], kind: type[T]) -> int:
    """The other side: read the question as `kind`, write what `run` makes of it, whatever goes wrong; the exit code."""
    die_with_parent()
    with answers() as sink:
        sink.write(msgspec.json.encode(_answered(run, kind)))
    return 0


def _answered(run: Callable[[T], Any], kind: type[T]) -> _Answer:
    try:
        question = msgspec.json.decode(sys.stdin.buffer.read(), type=kind)
        return _Answer(found=run(question))
    except TerminalError as error:
        return _Answer(reason=error.reason, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 -- whoever asked is told in one line, and no traceback
        return _Answer(reason=f"{type(error).__name__}: {error}", broke=True)
