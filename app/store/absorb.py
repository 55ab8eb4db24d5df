"""At a start: what a person's stop left in the spare file, the journal being out of order, goes into the journal."""

from __future__ import annotations

import msgspec

from app.memory import Halt, Memory
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.outcomes import Request


class Record(msgspec.Struct):
    """One line of the spare file: a halt or a request, and whose."""

    key: str
    name: str
    server: str
    login: int
    halt: Halt | None = None
    request: Request | None = None
    lots: float = 0.0
    filled: float = 0.0


def absorb(spare: SpareJournal, journal: Journal) -> int:
    """How many records went over; the file is set aside once they are in one commit. A torn last line is left out."""
    records: list[Record] = []
    for line in spare.lines():
        try:
            records.append(msgspec.json.decode(line, type=Record))
        except msgspec.DecodeError:
            break
    if records:
        with journal.atomic():
            for record in records:
                _take(record, journal)
        spare.set_aside()
    return len(records)


def _take(record: Record, journal: Journal) -> None:
    if record.request is not None:
        journal.write_request(record.server, record.login, record.name, record.request,
                              lots=record.lots, filled=record.filled)  # fmt: skip
    if record.halt is not None:
        memory = journal.load(record.key, Memory) or Memory()
        memory.halt = record.halt
        journal.save(record.key, memory)
        if record.login:
            journal.save(f"name:{record.name}", (record.server, record.login))
