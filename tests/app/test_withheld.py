"""A request that would break a promise is not sent, whatever planned it, and the account is halted."""

from __future__ import annotations

from pathlib import Path

from app.engine import Engine
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.gate import HaltKind
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Stand


class Forgetful(Journal):
    """A disk that says yes and keeps nothing."""

    def holds(self, number: int) -> bool:  # noqa: ARG002 -- the journal's signature
        return False


class OnForgetfulDisk(Stand):
    def start(self) -> Engine:
        journal = Forgetful(self.folder / "journal.db")
        self.engine = Engine(self.config, self.clock, journal, SpareJournal(self.folder / "emergency.jsonl"),
                             lambda t: self.terminals[t.name], (self.events.append,))  # fmt: skip
        self.engine.start()
        return self.engine


def test_a_request_whose_intent_is_not_on_disk_is_withheld_and_halts_the_account(tmp_path: Path) -> None:
    stand = OnForgetfulDisk(tmp_path, MARGIN_RULE)
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 3_400.0
    stand.beat()
    stand.terminal.bid = 0.995
    stand.beat(20)
    assert not stand.terminal.sent
    assert [(e["state"], e["filled"]) for e in stand.of("outcome")] == [("refused", 0.0)]
    (halt,) = stand.of("halt")
    assert halt["reason"] == "a request was about to be sent that is not on disk"
    assert stand.guard.halting.halt
    assert stand.guard.halting.halt.kind is HaltKind.FAULT
    stand.engine.close()
