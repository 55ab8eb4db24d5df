"""What a person's stop left in a file of its own, the journal being out of order or reach, goes into the journal."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from app.events import Event, event
from app.memory import Halt, Memory
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.model import Instrument
from monitors.outcomes import Request


class Record(msgspec.Struct, omit_defaults=True):
    """One line of the file: a halt, a request or the instrument of one, and whose."""

    key: str
    name: str
    server: str
    login: int
    halt: Halt | None = None
    request: Request | None = None
    lots: float = 0.0
    filled: float = 0.0
    instrument: Instrument | None = None


def absorb(spare: SpareJournal, journal: Journal) -> int:
    """How many records went over; the file is set aside once they are in one commit."""
    records = readable(spare.lines())
    if records:
        take(records, journal)
        spare.set_aside()
    return len(records)


def readable(lines: Iterable[bytes]) -> list[Record]:
    """The records of these lines; one that a kill tore is left out, whatever was written after it."""
    records = []
    for line in lines:
        try:
            records.append(msgspec.json.decode(line, type=Record))
        except msgspec.DecodeError:
            continue
    return records


def take(records: Iterable[Record], journal: Journal) -> None:
    """All of it in one commit; sqlite3.Error where the journal does not take it."""
    with journal.atomic():
        for record in records:
            _take(record, journal)


def _take(record: Record, journal: Journal) -> None:
    if record.request is not None:
        journal.write_request(record.server, record.login, record.name, record.request,
                              lots=record.lots, filled=record.filled)  # fmt: skip
        journal.write_event(_row(record, record.request))
    if record.instrument is not None:
        journal.save(record.key, record.instrument)
    if record.halt is not None:
        key = _key(record, journal)
        memory = journal.load(key, Memory) or Memory()
        memory.halt = record.halt
        journal.save(key, memory)
        if key.startswith("memory:") and record.login:
            journal.save(f"name:{record.name}", (record.server, record.login))


def _row(record: Record, request: Request) -> Event:
    """For the audit log: sent by a stop whose events went elsewhere, and what became of it."""
    return event(request.sent_ms, "absorbed", record.name, request=request.number, position=request.position,
                 symbol=request.symbol, side=str(request.side.opposite), volume=record.lots, state=str(request.state),
                 retcode=request.retcode, filled=record.filled)  # fmt: skip


def _key(record: Record, journal: Journal) -> str:
    """Where the halt belongs: a stop pressed before any account was seen is that of the account known by that name."""
    if record.key.startswith("memory:"):
        return record.key
    found = journal.load(f"name:{record.name}", tuple[str, int])
    if found is None or record.login not in (0, found[1]):
        return record.key
    return f"memory:{found[0]}:{found[1]}"
