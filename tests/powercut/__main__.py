"""`python -m tests.powercut`: the power is cut at every write and sync of the real journal; nothing claimed is lost."""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.powercut.claims import Claims, Found, hold_against
from tests.powercut.disk import Disk, Kind, Told
from tests.powercut.record import missing, recorded

FAST = Path("/dev/shm")  # noqa: S108 -- a disk in memory, where there is one: what is rebuilt need not outlive this
STATING = (Kind.OPEN, Kind.CLOSE, Kind.MARK)


@dataclass(slots=True)
class Report:
    """What all the cuts did."""

    cuts: int = 0
    moments: int = 0
    claims: Claims = field(default_factory=Claims)
    lost: list[str] = field(default_factory=list)
    intents_lost: set[str] = field(default_factory=set)
    rows_lost: list[str] = field(default_factory=list)
    """Cuts after which the audit log was not whole, or ended before a row that was told of."""
    corrupt: list[str] = field(default_factory=list)

    def add(self, cut: str, found: Found) -> None:
        self.cuts += 1
        self.lost += [f"{cut}: {found.lost[0]}"] if found.lost else []
        self.intents_lost |= {what for what in found.lost if what.startswith("intent")}
        self.rows_lost += [cut] if any("audit" in what for what in found.lost) else []
        self.corrupt += [f"{cut}: {found.corrupt}"] if found.corrupt else []


def measure(cuts: int, *, synchronous: str, rounds: int, seed: int) -> Report:
    """Record one run of the program, then cut it `cuts` times, spread evenly over its moments."""
    with TemporaryDirectory(prefix="plimsoll-cut-", dir=FAST if FAST.is_dir() else None) as made:
        place, report = Path(made), Report()
        records, left = recorded(place, synchronous=synchronous, rounds=rounds)
        report.moments = sum(_changes(told) for record in records for told in record) + 1
        tried = Counter(index * report.moments // cuts for index in range(cuts))
        disk, claims = Disk(), report.claims
        for index in _moments(records, disk, claims):
            for turn in range(tried[index]):
                chance = random.Random(f"{seed} {index} {turn}")
                with TemporaryDirectory(dir=made) as folder:
                    report.add(f"cut {index}.{turn}", hold_against(disk.cut(chance), claims, Path(folder), chance))
        if disk.whole() != left:
            raise RuntimeError("the record is not whole: the disk holds something else than was recorded")
        return report


def _changes(told: Told) -> bool:
    return told.kind not in STATING or (told.kind is Kind.OPEN and bool(told.a or told.b))


def _moments(records: list[list[Told]], disk: Disk, claims: Claims) -> Iterator[int]:
    """Before each change of the disk, with everything claimed by then, and at the end."""
    index = 0
    for record in records:
        disk.restart()
        for told in record:
            if _changes(told):
                yield index
                index += 1
            disk.take(told)
            if told.kind is Kind.MARK:
                claims.take(told.text)
    yield index


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.powercut", description=__doc__)
    parser.add_argument("--cuts", type=int, default=2_000, help="cut points (default 2000)")
    parser.add_argument("--synchronous", choices=("FULL", "NORMAL"), default="FULL",
                        help="how SQLite syncs; NORMAL shows that intents can be lost (default FULL)")  # fmt: skip
    parser.add_argument("--rounds", type=int, default=9, help="rounds of trading in each of two processes (default 9)")
    parser.add_argument("--seed", type=int, default=1, help="of what a cut leaves (default 1)")
    args = parser.parse_args()
    if why := missing():
        print(f"not run: {why}")
        return 2
    found = measure(args.cuts, synchronous=args.synchronous, rounds=args.rounds, seed=args.seed)
    for line in (*found.lost[:20], *found.corrupt[:20]):
        print(line)
    intents = len(found.claims.intents)
    print(f"{found.moments} moments of writes and syncs, cut {found.cuts} times, synchronous={args.synchronous}")
    print(f"{found.claims.row.number} rows of the audit log told of, {len(found.rows_lost)} cuts without all of them")
    print(f"{intents} intents acknowledged, {len(found.intents_lost)} of them lost at some cut")
    print(f"{found.cuts} cut points, {len(found.lost)} lost, {len(found.corrupt)} corrupt")
    return 0 if not found.lost and not found.corrupt else 1


if __name__ == "__main__":
    sys.exit(main())
