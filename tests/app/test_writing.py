"""A file that a full disk does not take is named."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.commands import writing

FULL = os.strerror(errno.ENOSPC)


def test_a_full_disk_is_said_with_the_file_that_did_not_fit() -> None:
    with pytest.raises(OSError, match=FULL) as caught, writing(Path("report.html")):
        raise OSError(errno.ENOSPC, FULL)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "report.html")


def test_a_file_that_is_named_already_stays_named() -> None:
    with pytest.raises(OSError, match=FULL) as caught, writing(Path("report.html")):
        raise OSError(errno.ENOSPC, FULL, "history.db")
    assert caught.value.filename == "history.db"
