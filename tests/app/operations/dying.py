"""A process that ends as it is told: by an error, of a thread too, by the system, or in order."""

from __future__ import annotations

import ctypes
import sys
import threading


def fail() -> None:
    raise RuntimeError("token=hidden")


def fault() -> None:
    ctypes.string_at(0)


def main(how: str) -> int:
    if how == "raise":
        fail()
    if how == "fault":
        fault()
    if how == "thread":
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        return 0
    print(how, flush=True)  # noqa: T201 -- its answer
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
