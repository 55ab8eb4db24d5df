"""`python -m tests.simulation`: any number of seeds, one seed in full, or every planted bug."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from tests.simulation.draw import draw
from tests.simulation.failed_seeds import FAILED
from tests.simulation.many import Sum, run
from tests.simulation.mutation import report
from tests.simulation.run import play
from tests.simulation.shrink import shrunk

EVERY = 500


def main() -> int:
    """The exit code: 0 where every promise held."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=_some, default=300, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument("--jobs", type=int, help="processes; default: one a core")
    parser.add_argument("--seed", type=int, help="one seed with everything that happens in it")
    parser.add_argument("--shrink", action="store_true", help="with --seed: as few happenings as break it still")
    parser.add_argument(
        "--mutants", nargs="*", metavar="NAME", help="plant bugs, all or those named; each must be caught"
    )
    given = parser.parse_args()
    if given.mutants is not None:
        return report(given.mutants, given.jobs)
    if given.seed is not None:
        return _one(given.seed, smaller=given.shrink)
    return _many(range(given.first, given.first + given.seeds), given.jobs)


def _some(text: str) -> int:
    """A number of seeds; none would prove nothing."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more seeds, not {number}")
    return number


def _one(seed: int, *, smaller: bool) -> int:
    story = draw(seed)
    done = play(story, trace=True)
    if smaller and done.breaches:
        story = shrunk(story, done.breaches[0].promise)
        done = play(story, trace=True)
    print("\n".join(story.lines()))
    print("\n".join(["", *done.trace, "", f"trace {done.digest}"]))
    print(*done.breaches, sep="\n")
    print(f"1 seeds, {len({breach.promise for breach in done.breaches})} violations")
    return 1 if done.breaches else 0


def _many(seeds: range, jobs: int | None) -> int:
    began, told = perf_counter(), list[int]()

    def heard(total: Sum) -> None:
        for seed in list(total.broken)[len(told) :]:
            told.append(seed)
            print(f"seed {seed}: {total.broken[seed].breaches[0]}; known for: {FAILED.get(seed, 'nothing yet')}",
                  flush=True)  # fmt: skip
        if total.seeds % EVERY == 0:
            pace = total.seeds / (perf_counter() - began)
            print(f"{total.seeds} seeds, {pace:.1f} a second, {total.violations} violations", flush=True)

    total = run(seeds, jobs, heard)
    took = perf_counter() - began
    print(f"{total.seeds / took:.1f} seeds a second, {total.beats} beats, {total.sends} orders sent; "
          f"{100 * total.ordering / max(total.seeds, 1):.1f} % of the seeds sent one")  # fmt: skip
    print("faults: " + ", ".join(f"{kind} {count}" for kind, count in sorted(total.faults.items())))
    promises = [breach.promise for played in total.broken.values() for breach in played.breaches[:1]]
    for promise in sorted(set(promises)):
        print(f"promise {promise}: {promises.count(promise)} seeds")
    for seed in list(total.broken)[:1]:
        story = shrunk(draw(seed), total.broken[seed].breaches[0].promise)
        print(f"\nthe smallest story that still breaks promise {total.broken[seed].breaches[0].promise}:")
        print("\n".join(story.lines()))
    print(f"{total.seeds} seeds, {total.violations} violations")
    return 1 if total.violations else 0


if __name__ == "__main__":
    sys.exit(main())
