"""What an alert did in a commit that failed was never said, so it does it again, and is heard."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.alerts import AlertBook
from app.events import Event
from app.store.journal import Journal
from bridge.simulator.clock import VirtualClock
from monitors.ports import Severity
from tests.app.scripted import START


class Picky(Journal):
    """A disk that takes no alert while it is told not to."""

    picky = False

    def save(self, key: str, value: Any) -> None:
        if self.picky and key.startswith("alert:"):
            raise sqlite3.OperationalError("disk I/O error")
        super().save(key, value)


def test_an_alert_that_cleared_in_a_failed_commit_is_active_after_it_and_clears_once_more(tmp_path: Path) -> None:
    journal, heard = Picky(tmp_path / "journal.db"), list[Event]()
    book = AlertBook(journal, VirtualClock(START), lambda told: journal.once_kept(partial(heard.append, told)))
    number = book.raise_(account="main", rule="r", metric="equity", value=1.0, threshold=2.0, when="below",
                         severity=Severity.HIGH, episode=None)  # fmt: skip

    def fail() -> None:
        with journal.atomic():
            journal.picky = True
            book.clear(number, 3.0)
            journal.picky = False
            book.raise_(account="main", rule="s", metric="equity", value=1.0, threshold=2.0, when="below",
                        severity=Severity.HIGH, episode=None)  # fmt: skip
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError):
        fail()
    book.roll_back()
    assert [view.active for view in book.views()] == [True]
    book.clear(number, 3.0)
    assert [told["state"] for told in heard] == ["raised", "cleared"]
    assert book.raise_(account="main", rule="s", metric="equity", value=1.0, threshold=2.0, when="below",
                       severity=Severity.HIGH, episode=None) == number + 1  # fmt: skip
    journal.close()
