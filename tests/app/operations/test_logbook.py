"""The log: bounded, masked, and never in anybody's way."""

from __future__ import annotations

import logging
import queue
from collections import deque
from pathlib import Path

import pytest

from app.operations.logbook import FILE, FOLDER, KEPT, LARGEST, LAST, LOG, Passing, kept
from monitors.masking import masked

THIRD = LARGEST // 3


def written(folder: Path) -> str:
    return (folder / FOLDER / FILE).read_text("utf-8")


def test_lines_carry_utc_and_thread_and_no_secret_traceback_included(tmp_path: Path) -> None:
    with kept(tmp_path, masked) as last:
        LOG.info("sent to %s", "tgram://hidden/1")
        LOG.error("failed", exc_info=ValueError("tgram://hidden/2"))
    text = written(tmp_path)
    assert "Z INFO MainThread: sent to tgram://••••" in text
    assert "ValueError: tgram://••••" in text
    assert "hidden" not in text + "".join(last)


def test_the_files_are_bounded_in_number_and_size(tmp_path: Path) -> None:
    with kept(tmp_path, str):
        for n in range(6 * (KEPT + 2)):
            LOG.info("%s %s", n, "x" * THIRD)
    files = list((tmp_path / FOLDER).iterdir())
    assert len(files) == KEPT + 1
    assert all(file.stat().st_size <= LARGEST for file in files)


def test_outside_nothing_is_kept_and_nothing_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with kept(tmp_path, str):
        LOG.info("within")
    LOG.error("outside")
    assert "outside" not in written(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_a_disk_that_takes_nothing_is_no_error_and_the_last_lines_are_still_known(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FOLDER / FILE).mkdir(parents=True)
    with kept(tmp_path, str) as last:
        for n in range(LAST + 50):
            LOG.info("line %s", n)
    assert len(last) == LAST
    assert last[-1].endswith(f"line {LAST + 49}")
    assert capfd.readouterr() == ("", "")


def test_a_writer_whose_lines_find_no_room_does_not_wait(capfd: pytest.CaptureFixture[str]) -> None:
    waiting = queue.Queue[logging.LogRecord](1)
    last = deque[str](maxlen=5)
    passing = Passing(waiting, last)
    for n in range(10):
        passing.handle(logging.makeLogRecord({"msg": f"line {n}"}))
    assert (waiting.qsize(), list(last)[-1]) == (1, "line 9")
    assert capfd.readouterr() == ("", "")
